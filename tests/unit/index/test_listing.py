"""Which files a corpus consists of, in git and elsewhere, and which have changed."""

import os
import subprocess
from pathlib import Path

import pytest

from dedupe_news.errors import PathError
from dedupe_news.index.git import ask_git
from dedupe_news.index.listing import Tracked, Walked, changed_since, list_corpus
from dedupe_news.model import LeftOut
from dedupe_news.sources import ReadOptions
from kept import put

PLAIN = ReadOptions()


@pytest.fixture
def git(tmp_path, monkeypatch):
    """A repository in the working folder; returns what runs git in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "someone")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "someone@example.org")

    def run(*words):
        subprocess.run(["git", *words], check=True, capture_output=True)

    run("init", "--quiet")
    return run


def listed(*paths, options=PLAIN):
    """Return the listing of some paths, or of the working folder."""
    return list_corpus(paths or ["."], options)


def tracked(git, *names):
    """Put files under git."""
    for name in names:
        put(name, ascii(f"the text of {name}")[1:-1])
    git("add", "--force", ".")


def test_what_git_tracks_is_the_corpus(git):
    """Staged files count; drafts, hidden files and other formats do not."""
    tracked(git, "a.txt", "b/c.md", ".hidden.txt", ".x/y.txt", "picture.jpg")
    put("draft.txt", "not yet")

    found = listed()

    assert isinstance(found, Tracked)
    assert sorted(found.files) == ["a.txt", "b/c.md"]
    assert found.notes == (LeftOut("hidden", 2), LeftOut("other-format", 1))


def test_outside_of_git_folders_are_walked(tmp_path, monkeypatch):
    """With the same rules as a scan."""
    monkeypatch.chdir(tmp_path)
    put("a.txt", "text")
    put("picture.jpg", "none")

    found = listed()

    assert isinstance(found, Walked)
    assert (list(found.files), found.notes) == (["a.txt"], (LeftOut("other-format", 1),))


def test_a_path_outside_of_the_repository_is_walked(git, tmp_path_factory):
    """Git knows nothing of it."""
    other = tmp_path_factory.mktemp("other")
    put(other / "a.txt", "text")

    assert isinstance(listed(str(other)), Walked)


def test_only_the_named_paths_belong_to_it(git):
    """A file that is named is taken whatever its suffix."""
    tracked(git, "a/1.txt", "b/2.txt", "notes")

    assert sorted(listed("a", "notes").files) == ["a/1.txt", "notes"]


def test_excludes_hold(git):
    """By the path as shown, and by the path inside what was named."""
    tracked(git, "a/1.txt", "a/drafts/2.txt", "a/3.md")

    found = listed("a", options=ReadOptions(exclude=("drafts/", "/3.md")))

    assert (list(found.files), found.notes) == (["a/1.txt"], (LeftOut("excluded", 2),))


def test_odd_names_are_shown_and_opened(git):
    """Bytes that are no UTF-8, quotes, line breaks."""
    names = ["é ö.txt", 'quo"te.txt', "line\nbreak.txt", os.fsdecode(b"byte\xff.txt")]
    tracked(git, *names)

    found = listed().files

    assert sorted(each.path for each in found.values()) == sorted(names)
    assert "byte\\xff.txt" in found


def test_a_file_that_git_has_as_it_is_needs_no_look(git):
    """Its content has a name; a changed one has size and time."""
    tracked(git, "a.txt", "b.txt")
    put("b.txt", "another text")

    files = listed().files

    assert (len(files["a.txt"].row.object), files["a.txt"].row.size) == (40, -1)
    assert (files["b.txt"].row.object, files["b.txt"].row.size) == ("", 12)


def test_a_file_that_was_deleted_is_not_there(git):
    """Though git still tracks it."""
    tracked(git, "a.txt", "b.txt")
    Path("b.txt").unlink()

    assert list(listed().files) == ["a.txt"]


def test_links_are_left_out(git):
    """What they lead to is tracked itself."""
    Path("link.txt").symlink_to("a.txt")
    tracked(git, "a.txt")

    assert (list(listed().files), listed().notes) == (["a.txt"], (LeftOut("other-format", 1),))


def test_a_file_that_was_just_written_may_change_unseen(tmp_path, monkeypatch):
    """Its time tells nothing yet."""
    monkeypatch.chdir(tmp_path)
    Path("young.txt").write_text("text", "utf-8")
    put("old.txt", "text")

    rows = {path: each.row.mtime for path, each in listed().files.items()}

    assert rows["young.txt"] == -1
    assert rows["old.txt"] > 0


def test_what_git_says_now_is_compared_with_what_it_said(git):
    """New, changed, gone and dirty files; nothing else."""
    tracked(git, "a.txt", "b.txt", "c.txt", "d.txt")
    before = listed().raw
    put("a.txt", "changed and staged")
    tracked(git, "e.txt")
    git("rm", "--quiet", "--cached", "b.txt")
    put("c.txt", "changed only")

    assert listed().changed_names(before) >= {b"a.txt", b"b.txt", b"c.txt", b"e.txt"}
    assert b"d.txt" not in listed().changed_names(listed().raw)


def test_other_paths_or_patterns_are_not_compared(git):
    """Then everything has to be looked at."""
    tracked(git, "a/1.txt", "b/2.txt")

    assert listed("a").changed_names(listed("b").raw) is None
    assert listed().changed_names(listed(options=ReadOptions(exclude=("x",))).raw) is None


def test_what_is_passed_over_is_counted_by_what_changed(git):
    """As if all had been looked at."""
    tracked(git, "a.txt", "b.jpg", ".c.txt")
    before = listed()
    tracked(git, "d.jpg", "e.jpg")
    git("rm", "--quiet", "--cached", ".c.txt")

    assert listed().notes_since(before.raw, before.notes) == listed().notes
    assert listed().notes_since(b"", ()) == listed().notes


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a/1.txt"], {"a/1.txt"}),
        (["a"], {"a/1.txt", "a/2.txt"}),
        (["."], {"a/1.txt", "a/2.txt", "ab.txt"}),
        (["b", "a/2.txt", "draft.txt"], {"a/2.txt"}),
        (["picture.jpg"], set()),
        ([*(f"x{number}" for number in range(60)), "ab.txt"], {"ab.txt"}),
    ],
)
def test_files_and_folders_are_found_in_a_listing(git, names, found):
    """Few are looked up, many are searched for; the result is the same."""
    tracked(git, "a/1.txt", "a/2.txt", "ab.txt", "picture.jpg")
    put("draft.txt", "not yet")

    assert listed().within(names) == found


def test_a_commit_tells_what_was_there(git):
    """Changed and deleted files with their old content, new ones with none."""
    tracked(git, "a.txt", "b.txt", "c.txt")
    git("commit", "--quiet", "--message", "first")
    put("a.txt", "new text")
    Path("b.txt").unlink()
    tracked(git, "d.txt")

    assert changed_since("HEAD", ["."]) == {
        "a.txt": b"the text of a.txt",
        "b.txt": b"the text of b.txt",
        "d.txt": b"",
    }


def test_an_unknown_commit_is_named(git):
    """With git's own words."""
    tracked(git, "a.txt")

    with pytest.raises(PathError, match="no-such-commit"):
        changed_since("no-such-commit", ["."])


def test_without_git_nothing_is_guessed(git, monkeypatch):
    """A walk would take drafts for articles."""
    monkeypatch.setenv("PATH", "")

    with pytest.raises(PathError, match="git cannot be run"):
        listed()


def test_git_may_be_asked_and_not_heard_out(git):
    """Nothing of it is left running."""
    tracked(git, "a.txt")

    runs = ask_git(["."])
    runs.end()

    assert runs.tracked.returncode is not None


def test_a_file_that_goes_on_the_way_is_not_the_end(git):
    """It is listed as one of which nothing is known, and whoever reads it will say so."""
    tracked(git, "a.txt")
    found = listed().files["a.txt"]
    Path("a.txt").unlink()

    assert found.file().size == 0


def test_a_link_into_nowhere_looks_changed(git):
    """There is nothing to compare."""
    tracked(git, "a.txt")
    Path("a.txt").unlink()
    Path("a.txt").symlink_to("nowhere")

    row = listed().files["a.txt"].row

    assert (row.object, row.size, row.mtime) == ("", -1, -1)
    assert not row.is_same(row)


def test_a_file_in_conflict_is_one_file_and_may_change(git):
    """Git knows three contents of it, and none is that on the disk."""
    tracked(git, "a.txt")
    git("commit", "--quiet", "--message", "first")
    git("checkout", "--quiet", "-b", "side")
    put("a.txt", "one side")
    git("commit", "--quiet", "--all", "--message", "one")
    git("checkout", "--quiet", "-")
    put("a.txt", "the other side")
    git("commit", "--quiet", "--all", "--message", "other")
    with pytest.raises(subprocess.CalledProcessError):
        git("merge", "side")

    found = listed()

    assert list(found.files) == ["a.txt"]
    assert found.files["a.txt"].row.object == ""
    assert found.one(b"a.txt").row.object == ""


def test_a_corpus_of_nothing_is_empty(git):
    """Whether git tracks nothing, or nothing that is an article."""
    assert listed().is_empty
    tracked(git, "picture.jpg")
    assert listed().is_empty
    tracked(git, "a.txt")
    assert not listed().is_empty
