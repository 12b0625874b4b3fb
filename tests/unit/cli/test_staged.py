"""Checking and accepting what is staged, whatever the disk has."""

import shutil

import pytest

from kept import put, story
from repositories import commit, git


@pytest.fixture(autouse=True)
def repository(corpus):
    """A repository in which one text is staged and another one is on the disk."""
    put("news/paper.txt", story(30, 31))
    commit()
    put("news/late/new.txt", story(7, 8, 9))
    git("add", "news/late")
    put("news/late/new.txt", story(40, 41))
    return corpus


@pytest.fixture(params=[False, True], ids=["without an index", "with an index"], autouse=True)
def index(request, run):
    """Each test runs without an index and with one."""
    if request.param:
        run("index", "build", "-q")


def test_what_is_staged_counts_and_not_what_the_disk_has(run):
    """The next commit would hold the reprint, though it was rewritten meanwhile."""
    assert run("check", "news/late/new.txt") == (0, "", "")

    code, told, _ = run("check", "--staged", "news/late/new.txt")

    assert code == 1
    assert told.startswith("news/late/new.txt repeats news/other.txt\n")


def test_what_is_told_to_type_accepts_it(run):
    """The disk has no such finding."""
    told = run("check", "--staged")[1]
    [accept] = [line for line in told.splitlines() if "accept:" in line]
    id_ = accept.split()[3]
    assert accept == f"  accept: dedupe-news accept {id_} --staged --reason '...'"

    assert run("accept", id_)[0] == 2
    assert run("accept", id_, "--staged", "--reason", "both") == (
        0,
        "",
        ".dedupe-news-baseline.json: +1 -0\n",
    )
    assert run("check", "--staged") == (0, "", "")


def test_a_hook_of_a_further_worktree_looks_at_its_own_files(run, monkeypatch, tmp_path):
    """Git tells it where the repository is, and takes any folder for the root of the files then."""
    put("news/dedupe-news.toml", "")
    commit()
    git("worktree", "add", "--quiet", "further")
    monkeypatch.chdir("further")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / ".git/worktrees/further"))

    told = run("check", "--staged", "--config", "news/dedupe-news.toml", "--show-files")[1]

    assert told.splitlines() == ["agency.txt", "late/new.txt", "other.txt", "paper.txt"]


@pytest.mark.parametrize("name", ["news/late", "news/late/new.txt", "."])
def test_files_that_are_not_on_the_disk_can_be_named(name, run):
    """Git has what is staged."""
    shutil.rmtree("news/late")

    assert run("check", "--staged", name)[0] == 1


def test_a_file_that_is_nowhere_is_a_mistake(run):
    """A slip of the pen is not green."""
    assert run("check", "--staged", "news/nwe.txt") == (
        2,
        "",
        "error: no such file or folder: news/nwe.txt\nhint: check the spelling\n",
    )


def test_a_draft_that_is_on_the_disk_is_passed_over(run):
    """It is no part of the next commit."""
    put("news/draft.txt", story(7, 8))

    code, told, said = run("check", "--staged", "-v", "news/draft.txt")

    assert (code, told) == (0, "")
    assert "not of the corpus: 1 (news/draft.txt)" in said


def test_what_is_staged_is_new_since_a_commit(run):
    """And what is only on the disk is not."""
    assert run("check", "--since", "HEAD")[0] == 0
    assert run("check", "--since", "HEAD", "--staged")[0] == 1


def test_outside_of_git_nothing_is_staged(run, tmp_path, monkeypatch):
    """So it cannot be asked for."""
    shutil.rmtree(".git")

    code, _, said = run("check", "--staged")

    assert code == 2
    assert "error: news is not in one git repository" in said
