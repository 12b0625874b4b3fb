"""The gate on the command line: what it says, and the code it leaves with."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from dedupe_news.__main__ import main
from kept import INDEX, put, story
from repositories import commit


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A corpus outside of git: a report, a reprint, and a stranger."""
    monkeypatch.chdir(tmp_path)
    put("news/a.txt", story(1, 2, 3))
    put("news/b.txt", story(1, 2, 3, 4))
    put("news/z.txt", story(7, 8))


def test_nothing_is_said_when_all_is_fine(capsys):
    """Neither here nor there."""
    assert main(["check", "news/z.txt"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_find_is_told_with_the_next_two_commands(capsys):
    """Both names, how much, what to type."""
    assert main(["check", "news/b.txt"]) == 1

    told = capsys.readouterr().out
    assert " repeats news/" in told
    assert "% of its words" in told or "% of it stands there" in told
    assert "see:    dedupe-news diff news/" in told
    assert "accept: dedupe-news accept " in told
    assert told.endswith("1 new near-duplicate\n")


def test_what_is_told_to_type_runs_as_it_stands(capsys):
    """Also where the name of a file looks like an option."""
    Path("dedupe-news.toml").write_text('paths = ["-f.txt", "a b.txt"]\n', "utf-8")
    put("-f.txt", story(1, 2, 3))
    put("a b.txt", story(1, 2, 3, 4))
    assert main(["check"]) == 1
    told = capsys.readouterr().out
    [see] = [line.partition("see:")[2] for line in told.splitlines() if "see:" in line]

    _, *words = shlex.split(see)

    assert main(words) == 0
    assert "-f.txt" in capsys.readouterr().out


def test_what_is_told_to_type_runs_where_it_is_told(capsys, monkeypatch):
    """Names are relative to the root; commands are typed in some folder below."""
    put("dedupe-news.toml", "")
    monkeypatch.chdir("news")
    assert main(["check"]) == 1
    [see] = [line for line in capsys.readouterr().out.splitlines() if "see:" in line]

    assert " ../news/" in see
    assert main(shlex.split(see.partition("dedupe-news")[2])) == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--isolated"],
        ["--config", "own settings.toml"],
        ["--config", "own settings.toml", "--staged"],
    ],
)
def test_what_is_told_to_type_looks_at_the_same_corpus(words, run):
    """Another configuration has other paths."""
    put("own settings.toml", 'paths = ["news"]')
    put("dedupe-news.toml", 'paths = ["elsewhere"]')
    put("elsewhere/a.txt", story(50))
    commit()
    told = run("check", "news", *words)[1]
    [accept] = [line for line in told.splitlines() if "accept:" in line]

    assert run(*shlex.split(accept.partition("dedupe-news")[2]))[0] == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 1),
        (["--exit-zero"], 0),
        (["--fail-on", "identical"], 0),
        (["--fail-on", "identical,excerpt,reprint"], 1),
        (["news"], 1),
        (["."], 1),
        (["news/missing.txt"], 2),
        (["--fail-on", "nonsense"], 2),
        (["--since", "HEAD"], 2),
        (["--include", "*.md"], 2),
        (["--include", "*.md", "--allow-empty"], 0),
        (["--min-containment", "7"], 2),
        (["--format", "nonsense"], 2),
        (["--show-files"], 0),
        (["--show-config"], 0),
    ],
)
def test_exit_codes(words, code, capsys):
    """Scripts rely on them."""
    assert main(["check", *words]) == code


def test_excludes_hold_for_files_that_are_named(capsys):
    """A hook hands over whatever was staged."""
    assert main(["check", "news/b.txt", "--exclude", "b.txt"]) == 0
    assert main(["check", "news/b.txt", "--exclude", "b.txt", "-v"]) == 0
    assert "not of the corpus: 1 (news/b.txt)" in capsys.readouterr().err


def test_an_unreadable_input_leaves_with_3_unless_it_may_be_skipped(capsys):
    """A gate that could not see is not green."""
    put("news/bad.jsonl", "{")

    assert main(["check", "news/z.txt"]) == 3
    assert main(["check", "news/z.txt", "--skip-unreadable"]) == 0


@pytest.mark.parametrize("form", ["json", "jsonl", "brief", "sarif", "github", "gitlab", "junit"])
def test_every_form_can_be_asked_for(form, capsys):
    """The report holds what is new, and nothing else."""
    assert main(["check", "--format", form]) == 1
    assert "news/b.txt" in capsys.readouterr().out


def test_targets_are_written_beside_the_text(capsys):
    """A gate with a console and a file."""
    assert main(["check", "-o", "found.json"]) == 1

    assert len(json.loads(Path("found.json").read_text("utf-8"))["clusters"]) == 1
    assert "near-duplicate" in capsys.readouterr().out


def test_an_index_is_used_if_it_is_there(capsys):
    """And brought up to date; what is found is the same."""
    assert main(["index", "build", "-q"]) == 0
    put("news/c.txt", story(7, 8, 9))
    with_index = (main(["check"]), capsys.readouterr().out)

    assert with_index == (main(["check", "--no-index"]), capsys.readouterr().out)
    assert with_index[0] == 1
    assert "c.txt" in with_index[1]


def test_without_one_none_is_made(capsys):
    """A question leaves nothing behind."""
    main(["check"])

    assert not INDEX.exists()


def test_a_project_is_checked_from_any_folder_in_it(monkeypatch, capsys):
    """Names are relative to where one stands, what is told to the root."""
    put("dedupe-news.toml", 'paths = ["news"]')
    monkeypatch.chdir("news")

    assert main(["check", "b.txt", "-v"]) == 1
    out, err = capsys.readouterr()
    assert "news/b.txt" in out
    assert "note: paths are relative to" in err


def git(*words):
    """Run git in the working folder."""
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


def test_since_a_commit_only_what_is_new_is_looked_at(capsys):
    """Articles that the commit has are no news, wherever they stand now."""
    git("init", "--quiet")
    put("feed.jsonl", json.dumps({"id": "old", "text": story(1, 2, 3, 5)}))
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    assert main(["check", "--since", "HEAD"]) == 0
    git("mv", "news/b.txt", "news/c.txt")
    assert main(["check", "--since", "HEAD"]) == 0
    rows = [{"id": "old", "text": story(1, 2, 3, 5)}, {"id": "new", "text": story(7, 8, 9)}]
    put("feed.jsonl", "\n".join(map(json.dumps, rows)))

    assert main(["check", "--since", "HEAD"]) == 1
    told = capsys.readouterr().out
    assert "feed.jsonl#new" in told
    assert "#old" not in told


def test_a_corpus_without_articles_says_what_was_seen(run):
    """An empty check must not look like a clean one."""
    for path in Path("news").iterdir():
        path.unlink()
    put("news/photo.jpg", "no text")

    code, out, err = run("check")

    assert (code, out) == (2, "")
    assert "no article was found in . (seen: 1 of another format)" in err
    assert "--allow-empty accepts this" in err


def test_inside_git_the_corpus_is_what_is_tracked(run):
    """A draft that nobody has added neither fails a check nor helps it."""
    commit()
    put("news/draft.txt", story(7, 8))

    assert "draft" not in run("check")[1]
    assert run("check", "-v", "news/draft.txt") == (
        0,
        "",
        "not of the corpus: 1 (news/draft.txt)\n",
    )
    commit()
    assert run("check", "news/draft.txt")[0] == 1


def test_it_is_said_when_all_that_was_named_is_passed_over(run):
    """A check of nothing would look like a clean one; a hook hands over what it has."""
    commit()
    put("news/draft.txt", story(1, 2, 3))

    code, told, said = run("check", "news/draft.txt")

    assert (code, told) == (0, "")
    assert said.startswith("note: nothing was checked, for this is not of the corpus: news/draft.")
    assert "git add" in said
    assert run("check", "news/draft.txt", "news/z.txt") == (0, "", "")
    for words in (["-q"], ["--staged"], ["--since", "HEAD"]):
        assert run("check", "news/draft.txt", *words) == (0, "", "")


def test_a_file_that_is_no_news_since_a_commit_is_not_looked_at(run):
    """Both wishes hold together."""
    commit()
    put("news/c.txt", story(7, 8, 9))
    commit()

    assert run("check", "--since", "HEAD~1", "news/b.txt") == (0, "", "")
    assert run("check", "--since", "HEAD~1", "news/c.txt")[0] == 1


@pytest.mark.parametrize("index", [[], ["index", "build", "-q"]])
def test_where_nothing_is_new_whoever_waits_for_a_report_gets_one(index, run):
    """A script that reads it need not know that there may be none."""
    commit()
    if index:
        run(*index)
    words = ("check", "--since", "HEAD")

    assert run(*words) == (0, "", "")
    code, told, _ = run(*words, "--format", "json", "-o", "report.sarif")
    assert (code, json.loads(told)["clusters"]) == (0, [])
    assert json.loads(Path("report.sarif").read_text("utf-8"))["runs"][0]["results"] == []


def test_targets_are_relative_to_where_they_were_typed(run, monkeypatch):
    """And one among the articles is no article of the next run."""
    put("dedupe-news.toml", 'paths = ["news"]')
    monkeypatch.chdir("news")
    run("check", "-o", "report.json")

    code, _, err = run("check", "-o", "report.json")

    assert (code, err) == (1, "")
    assert "report.json" not in run("check", "--show-files", "-o", "report.json")[1]


@pytest.mark.parametrize(("words", "said"), [([], "note: the index is not used: "), (["-q"], "")])
def test_an_index_that_cannot_be_written_is_done_without(run, monkeypatch, words, said):
    """The corpus itself is read, and that is said unless nothing shall be."""
    run("index", "build", "-q")
    put("news/c.txt", story(7, 8, 9))

    def denied(*_):
        raise PermissionError(13, "Permission denied", str(INDEX))

    monkeypatch.setattr("dedupe_news.updating.locked", denied)
    code, out, err = run("check", *words)

    assert code == 1
    assert out.endswith("2 new near-duplicates\n")
    assert err.startswith(said)
    assert bool(err) == bool(said)
