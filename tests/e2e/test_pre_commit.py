"""The hooks as pre-commit runs them, in a git repository of their own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from invented import prose

ROOT = Path(__file__).parents[2]
SHIM = """\
#!/bin/sh
exec '{python}' -m dedupe_news "$@"
"""


class Repository:
    """A git repository with the hooks of this checkout, and the program beside it."""

    def __init__(self, folder, environ):
        self.folder = folder
        self.environ = environ

    def run(self, *words):
        """Return a finished program, run in the repository."""
        return subprocess.run(
            words,
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    def git(self, *words):
        """Run git, which must succeed."""
        done = self.run("git", *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def put(self, name, *seeds, stage=True):
        """Write an article of some paragraphs, and stage it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(prose(60, seed) for seed in seeds), "utf-8")
        if stage:
            self.git("add", name)

    def commit(self):
        """Commit without hooks."""
        self.git("commit", "--quiet", "--no-verify", "--message", "more")

    def hook(self, *words):
        """Return what a hook says, run as pre-commit runs it."""
        return self.run(sys.executable, "-m", "pre_commit", "run", "--color=never", *words)


def _git_environment(home, tools):
    names = {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "HOME": str(home),
        "PRE_COMMIT_HOME": f"{home}/cache",
    }
    who = {
        f"GIT_{role}_{what}": "someone@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    kept = {name: os.environ[name] for name in ("COVERAGE_PROCESS_START",) if name in os.environ}
    return {**kept, **names, **who, "GIT_CONFIG_NOSYSTEM": "1", "PYTHONPATH": str(ROOT / "src")}


@pytest.fixture
def repository(tmp_path):
    """A corpus of three articles under git; the hook's own installation is left to pip."""
    tools, manifest, corpus = (tmp_path / name for name in ("tools", "manifest", "corpus"))
    for folder in (tools, manifest, corpus):
        folder.mkdir()
    (tools / "dedupe-news").write_text(SHIM.format(python=sys.executable), "utf-8")
    (tools / "dedupe-news").chmod(0o755)
    environ = _git_environment(tmp_path, tools)
    hooks = Repository(manifest, environ)
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", manifest)
    hooks.git("init", "--quiet")
    hooks.git("add", ".")
    hooks.commit()
    made = Repository(corpus, environ)
    made.git("init", "--quiet")
    _configure(corpus, manifest, hooks.git("rev-parse", "HEAD").strip())
    for number in range(3):
        made.put(f"news/{number}.txt", 10 * number, 10 * number + 1)
    made.git("add", ".")
    made.commit()
    return made


def _configure(corpus, manifest, revision):
    ids = ("dedupe-news", "dedupe-news-corpus")
    hooks = [{"id": id_, "language": "system", "stages": ["manual", "pre-commit"]} for id_ in ids]
    repositories = [{"repo": str(manifest), "rev": revision, "hooks": hooks}]
    text = json.dumps({"repos": repositories})  # which is YAML too
    (corpus / ".pre-commit-config.yaml").write_text(text, "utf-8")
    (corpus / "dedupe-news.toml").write_text('paths = ["news"]\n', "utf-8")


def test_a_clean_article_passes(repository):
    """And the hook says nothing but that."""
    repository.put("news/new.txt", 70, 71)

    done = repository.hook("dedupe-news")

    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout


def test_a_new_duplicate_fails_and_says_what_to_type(repository):
    """Both names, and the next two commands."""
    repository.put("news/new.txt", 0, 1, 70)

    done = repository.hook("dedupe-news")

    assert done.returncode == 1
    assert (
        "news/new.txt repeats news/0.txt" in done.stdout
        or "news/0.txt repeats news/new.txt" in done.stdout
    )
    assert "dedupe-news diff news/" in done.stdout
    assert "dedupe-news accept " in done.stdout


def test_an_accepted_duplicate_passes(repository):
    """The baseline is read from the repository."""
    repository.put("news/new.txt", 0, 1, 70)
    repository.run("dedupe-news", "accept", "news/new.txt", "--reason", "wanted")
    repository.git("add", ".")

    assert repository.hook("dedupe-news").returncode == 0


def test_two_new_files_that_repeat_each_other_fail_in_separate_calls_too(repository):
    """The other side of each is the whole corpus, what is staged included."""
    repository.put("news/one.txt", 80, 81)
    repository.put("news/two.txt", 80, 81, 82)

    assert repository.hook("dedupe-news").returncode == 1
    for name in ("news/one.txt", "news/two.txt"):
        assert repository.hook("dedupe-news", "--files", name).returncode == 1


def test_an_untracked_draft_is_ignored(repository):
    """It neither fails a check nor helps it."""
    repository.put("news/draft.txt", 80, 81, stage=False)
    repository.put("news/new.txt", 80, 81, 82)

    assert repository.hook("dedupe-news").returncode == 0


def test_files_outside_the_corpus_are_passed_over(repository):
    """The configuration says which files are articles."""
    repository.put("notes/copy.txt", 0, 1)

    assert repository.hook("dedupe-news").returncode == 0


def test_all_files_report_what_the_corpus_hook_reports(repository):
    """However the names are handed over."""
    repository.put("news/new.txt", 0, 1, 70)
    repository.put("news/other.txt", 10, 11, 71)

    staged = repository.hook("dedupe-news", "--all-files").stdout
    whole = repository.hook("dedupe-news-corpus").stdout

    findings = [line for line in whole.splitlines() if " repeats " in line]
    assert len(findings) == 2
    assert findings == [line for line in staged.splitlines() if " repeats " in line]


def test_a_commit_is_stopped(repository):
    """The hook does its work where it is installed."""
    repository.run(sys.executable, "-m", "pre_commit", "install")
    repository.put("news/new.txt", 0, 1, 70)

    done = repository.run("git", "commit", "--message", "new")

    assert done.returncode == 1
    assert "1 new near-duplicate" in done.stdout + done.stderr


def test_an_index_changes_nothing_but_the_time(repository):
    """It is kept by the check itself, and git does not see it."""
    assert repository.run("dedupe-news", "index", "build").returncode == 0
    repository.put("news/new.txt", 0, 1, 70)

    done = repository.hook("dedupe-news")

    assert done.returncode == 1
    assert "1 new near-duplicate" in done.stdout
    assert ".dedupe-news/" not in repository.git("status", "--porcelain")
