"""What git is asked, and what its answers mean."""

import os
from pathlib import Path

import pytest

from dedupe_news.errors import PathError
from dedupe_news.index.git import (
    GitError,
    State,
    parse_difference,
    parse_staged,
    parse_tree,
    repository,
)
from kept import put
from repositories import commit, git


@pytest.fixture
def found(repo):
    """A repository with a commit of three files, seen from its root."""
    for name in ("a.txt", "b/c.txt", "é ö\n.txt"):
        put(name, f"the text of {name!a}")
    commit()
    return repository(["."])


def difference(found, **how):
    """Return what is not as the present commit has it."""
    return parse_difference(found.compare(found.head(), **how).answer())


def test_a_tree_has_all_files_of_a_commit(found):
    """By path, and with a name for each content."""
    tree = parse_tree(found.tree(found.head()).answer())

    assert sorted(tree) == sorted([b"a.txt", b"b/c.txt", "é ö\n.txt".encode()])
    assert found.contents([state.object for state in tree.values()]) == [
        Path(os.fsdecode(path)).read_bytes() for path in tree
    ]


def test_nothing_has_changed_at_first(found):
    """Nor is anything told of a file that was only touched."""
    os.utime("a.txt")

    assert difference(found) == difference(found, staged=True) == {}


def changed():
    """Change files in all ways."""
    put("a.txt", "on the disk only")
    put("b/c.txt", "staged")
    git("rm", "--quiet", "--cached", "é ö\n.txt")
    Path("link.txt").symlink_to("a.txt")
    git("add", "b/c.txt", "link.txt")


def test_the_disk_is_compared_with_a_commit(found):
    """What only the disk has has no name."""
    changed()

    now = {path: state for path, (_, state) in difference(found).items()}

    assert now[b"a.txt"] == State("")
    assert found.contents([now[b"b/c.txt"].object]) == [b"staged"]
    assert now["é ö\n.txt".encode()] is None
    assert not now[b"link.txt"].regular


def test_what_is_staged_is_compared_with_a_commit(found):
    """The disk does not matter then."""
    changed()

    now = {path: state for path, (_, state) in difference(found, staged=True).items()}

    assert b"a.txt" not in now
    assert found.contents([now[b"b/c.txt"].object]) == [b"staged"]


def test_what_is_staged_can_be_written_elsewhere(found, tmp_path_factory):
    """Each file under its path from the root."""
    folder = tmp_path_factory.mktemp("staged")
    put("b/c.txt", "staged")
    git("add", "b/c.txt")
    put("b/c.txt", "on the disk only")

    found.check_out([b"b/c.txt"], str(folder))

    assert (folder / "b/c.txt").read_text("utf-8") == "staged"
    with pytest.raises(GitError, match="checkout-index failed"):
        found.check_out([b"nowhere.txt"], str(folder))


def test_a_folder_of_a_repository_has_its_own_paths(found, monkeypatch):
    """Git tells them from the root, and everybody else from where one stands."""
    monkeypatch.chdir("b")
    here = repository([".", "../a.txt"])

    assert here.from_root(b"b/c.txt") == b"c.txt"
    assert here.from_root(b"a.txt") == b"../a.txt"
    assert here.to_root(b"c.txt") == b"b/c.txt"
    assert here.to_root(b"../a.txt") == b"a.txt"
    assert sorted(parse_tree(here.tree(here.head()).answer())) == [b"../a.txt", b"c.txt"]


def test_a_repository_without_a_commit_has_staged_files(repo):
    """And no present commit."""
    put("a.txt", "text")
    git("add", "a.txt")
    found = repository(["."])
    put("a.txt", "another text")

    assert found.head() == ""
    assert [*parse_staged(found.staged().answer())] == [b"a.txt"]
    assert found.dirty().answer() == b"a.txt\0"


def test_paths_outside_are_in_no_repository(found, tmp_path_factory):
    """Nor those of which some are."""
    other = str(tmp_path_factory.mktemp("other"))

    assert repository([other]) is None
    assert repository([".", other]) is None


def test_a_content_that_git_does_not_have_is_named(found):
    """It may be fetched."""
    with pytest.raises(GitError, match="does not have the content") as caught:
        found.contents(["0" * 40])

    assert "git fetch" in caught.value.hint


def test_git_says_no_in_its_own_words(found):
    """With what to look at."""
    with pytest.raises(GitError, match=r"git diff failed: fatal: .*no-such-commit") as caught:
        found.compare("no-such-commit").answer()

    assert "git status" in caught.value.hint


def test_without_git_nothing_is_guessed(found, monkeypatch):
    """A walk would take drafts for articles."""
    monkeypatch.setenv("PATH", "")

    with pytest.raises(PathError, match="git cannot be run"):
        found.head()


def test_git_may_be_asked_and_not_heard_out(found):
    """Nothing of it is left running; whoever was heard out may be let go too."""
    run, heard = found.tree("HEAD"), found.tree("HEAD")
    heard.answer()
    run.end()
    heard.end()

    assert run.process.returncode is not None
