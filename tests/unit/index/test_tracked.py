"""Corpora that git tracks, all files of which are looked at."""

import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from dedupe_news.index.asking import Record, ask_git, remembered
from dedupe_news.index.followed import list_corpus, look
from dedupe_news.index.listing import Walked
from dedupe_news.index.tracked import Tracked
from dedupe_news.model import LeftOut
from dedupe_news.sources.options import ReadOptions
from kept import put
from repositories import commit, git

PLAIN = ReadOptions()


@pytest.fixture(params=[False, True], ids=["staged", "committed"])
def tracked(request, repo):
    """A function that puts files under git, in a repository with a commit or without one."""

    def put_under_git(*names):
        for name in names:
            put(name, ascii(f"the text of {name}")[1:-1])
        git("add", "--force", ".")
        if request.param:
            git("commit", "--quiet", "--message", "more")

    return put_under_git


def listed(*paths, options=PLAIN, staged=False):
    """Return the listing of some paths, or of the working folder."""
    with ExitStack() as stack:
        asked = ask_git(paths or ["."], staged=staged)
        return look(stack, paths or ["."], options, None, asked)[0]


def texts(listing):
    """Return the text of each file, by path as shown."""
    return {path: Path(each.path).read_text("utf-8") for path, each in listing.files.items()}


def test_what_git_tracks_is_the_corpus(tracked):
    """Drafts, hidden files and other formats do not count."""
    tracked("a.txt", "b/c.md", ".hidden.txt", ".x/y.txt", "picture.jpg")
    put("draft.txt", "not yet")

    found = listed()

    assert isinstance(found, Tracked)
    assert sorted(found.files) == ["a.txt", "b/c.md"]
    assert found.notes == (LeftOut("hidden", 2), LeftOut("other-format", 1))
    assert found.within(["b", "draft.txt"]) == {"b/c.md"}


def test_a_path_outside_of_the_repository_is_walked(repo, tmp_path_factory):
    """Git knows nothing of it."""
    other = tmp_path_factory.mktemp("other")
    put(other / "a.txt", "text")

    assert isinstance(list_corpus([str(other)], PLAIN), Walked)


def test_only_the_named_paths_belong_to_it(tracked):
    """A file that is named is taken whatever its suffix."""
    tracked("a/1.txt", "b/2.txt", "notes")

    assert sorted(listed("a", "notes").files) == ["a/1.txt", "notes"]


def test_paths_are_relative_to_where_one_stands(tracked, monkeypatch):
    """Also those that lead up."""
    tracked("a/1.txt", "b/2.txt")
    put("b/2.txt", "changed")
    monkeypatch.chdir("a")

    assert sorted(listed(".", "../b").files) == ["../b/2.txt", "1.txt"]
    assert listed("../b").files["../b/2.txt"].row.object == ""


def test_excludes_hold(tracked):
    """By the path as shown, and by the path inside what was named."""
    tracked("a/1.txt", "a/drafts/2.txt", "a/3.md")

    found = listed("a", options=ReadOptions(exclude=("drafts/", "/3.md")))
    named = listed("a/3.md", options=ReadOptions(exclude=("*.md",)))

    assert (list(found.files), found.notes) == (["a/1.txt"], (LeftOut("excluded", 2),))
    assert (list(named.files), named.notes) == ([], (LeftOut("excluded", 1),))


def test_odd_names_are_shown_and_opened(tracked):
    """Bytes that are no UTF-8, quotes, line breaks."""
    names = ["é ö.txt", 'quo"te.txt', "line\nbreak.txt", os.fsdecode(b"byte\xff.txt")]
    tracked(*names)

    found = listed().files

    assert sorted(each.path for each in found.values()) == sorted(names)
    assert "byte\\xff.txt" in found


def test_a_file_that_git_has_as_it_is_needs_no_look(tracked):
    """Its content has a name; a changed one has size and time."""
    tracked("a.txt", "b.txt")
    put("b.txt", "another text")

    files = listed().files

    assert (len(files["a.txt"].row.object), files["a.txt"].row.size) == (40, -1)
    assert (files["b.txt"].row.object, files["b.txt"].row.size) == ("", 12)


def test_what_is_staged_is_read_from_git_where_the_disk_has_something_else(tracked):
    """And from the disk where that is the same; what was staged and deleted is still staged."""
    tracked("a.txt", "b.txt", "c.txt", "d.txt")
    put("b.txt", "staged")
    git("add", "b.txt")
    put("b.txt", "on the disk only")
    put("c.txt", "on the disk only")
    Path("d.txt").unlink()
    put("e.txt", "staged too")
    git("add", "e.txt")

    with ExitStack() as stack:
        asked = ask_git(["."], staged=True)
        found = look(stack, ["."], PLAIN, None, asked)[0]

        assert texts(found) == {
            "a.txt": "the text of a.txt",
            "b.txt": "staged",
            "c.txt": "the text of c.txt",
            "d.txt": "the text of d.txt",
            "e.txt": "staged too",
        }
        assert found.files["a.txt"].path == "a.txt"
        assert all(len(each.row.object) == 40 for each in found.files.values())
    assert not Path(found.files["b.txt"].path).exists()


def test_a_file_that_was_deleted_is_not_there(tracked):
    """Though git still tracks it."""
    tracked("a.txt", "b.txt")
    Path("b.txt").unlink()

    assert list(listed().files) == ["a.txt"]


def test_links_are_left_out(tracked):
    """What they lead to is tracked itself."""
    Path("link.txt").symlink_to("a.txt")
    tracked("a.txt")

    assert (list(listed().files), listed().notes) == (["a.txt"], (LeftOut("other-format", 1),))


@pytest.mark.parametrize("staged", [False, True])
def test_a_file_in_conflict_is_one_file_and_may_change(repo, staged):
    """Git knows three contents of it, and none is that on the disk."""
    put("a.txt", "text")
    commit()
    git("checkout", "--quiet", "-b", "side")
    put("a.txt", "one side")
    commit()
    git("checkout", "--quiet", "-")
    put("a.txt", "the other side")
    commit()
    subprocess.run(["git", "merge", "side"], check=False, capture_output=True)

    found = listed(staged=staged)

    assert list(found.files) == ["a.txt"]
    assert found.files["a.txt"].row.object == ""


def test_a_corpus_of_nothing_is_empty(tracked):
    """Whether git tracks nothing, or nothing that is an article."""
    assert listed().is_empty
    tracked("picture.jpg")
    assert listed().is_empty
    tracked("a.txt")
    assert not listed().is_empty


def test_a_record_tells_what_git_said(repo):
    """Which files were meant, a commit, and in what they differed from it."""
    put("a.txt", "text")
    git("add", "a.txt")
    assert Record.parse(listed().record).commit == ""
    commit()
    put("a.txt", "another text")

    record = Record.parse(listed().record)

    assert len(record.commit) == 40
    assert b"a.txt" in record.told
    assert Record.parse(record.dump()) == record
    assert Record.parse(listed("a.txt").record).scope != record.scope
    assert Record.parse(b"") == Record(b"", "", b"")


def test_what_is_no_index_remembers_nothing(tmp_path):
    """Nor is one made."""
    path = tmp_path / "index.sqlite"
    assert remembered(path) == ""
    assert not path.exists()
    path.write_bytes(b"no database " * 100)

    assert remembered(path) == ""
