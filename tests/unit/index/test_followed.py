"""Corpora in git of which an index is kept: only what has changed is looked at."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from dedupe_news.index.asking import ask_git, remembered
from dedupe_news.index.followed import Followed, look
from dedupe_news.index.store import Store
from dedupe_news.index.tracked import Tracked
from dedupe_news.sources.options import ReadOptions
from kept import INDEX, KEEPING, put, updated
from repositories import commit, git

NAMES = ("a.txt", "b/1.txt", "b/2.txt", "c.txt", "picture.jpg", ".hidden.txt")


@pytest.fixture(autouse=True)
def folder(repo):
    """A corpus in git, of which there is an index."""
    for name in NAMES:
        put(name, f"the text of {name}")
    commit()
    updated()


def looked(check, paths=(".",), *, staged=False, options=KEEPING.reading):
    """Return what a function says of the corpus as it is followed."""
    with ExitStack() as stack:
        asked = ask_git(paths, remembered(INDEX), staged=staged)
        listing, store = look(stack, paths, options, INDEX, asked)
        return check(listing, store)


def changes(**how):
    """Return the paths of the files that are gone, and those of fresh ones."""

    def told(listing, store):
        assert isinstance(listing, Followed)
        found = listing.changes(store)
        return sorted(found.gone), sorted(each.row.path for each in found.fresh)

    return looked(told, **how)


def moved():
    """Rename a file."""
    git("mv", "c.txt", "d.txt")


EDITS = {
    "nothing": (lambda: None, [], []),
    "a draft": (lambda: put("draft.txt", "x"), [], []),
    "edited": (lambda: put("a.txt", "x"), ["a.txt"], ["a.txt"]),
    "staged": (lambda: (put("a.txt", "x"), git("add", ".")), ["a.txt"], ["a.txt"]),
    "committed": (lambda: (put("a.txt", "x"), commit()), ["a.txt"], ["a.txt"]),
    "added": (lambda: (put("d.txt", "x"), git("add", ".")), [], ["d.txt"]),
    "another format": (lambda: (put("d.jpg", "x"), git("add", ".")), [], []),
    "moved": (moved, ["c.txt"], ["d.txt"]),
    "deleted": (lambda: Path("c.txt").unlink(), ["c.txt"], []),
    "forgotten": (lambda: git("rm", "--quiet", "--cached", "c.txt"), ["c.txt"], []),
    "touched": (lambda: os.utime("c.txt"), [], []),
    "now a link": (
        lambda: (Path("c.txt").unlink(), Path("c.txt").symlink_to("a.txt")),
        ["c.txt"],
        [],
    ),
}


@pytest.mark.parametrize(("edit", "gone", "fresh"), EDITS.values(), ids=EDITS)
def test_what_has_changed_is_told(edit, gone, fresh):
    """The same as by a look at all files, and what is passed over too."""
    edit()

    assert changes() == (gone, fresh)

    def as_a_whole(listing, store):
        whole = listing.whole
        compared = whole.changes(store)
        assert listing.notes == whole.notes
        assert sorted(listing.files) == sorted(whole.files)
        return sorted(compared.gone), sorted(each.row.path for each in compared.fresh)

    assert looked(as_a_whole) == (gone, fresh)


STAGED = {
    "edited": (lambda: put("a.txt", "x"), [], []),
    "staged": (lambda: (put("a.txt", "x"), git("add", ".")), ["a.txt"], ["a.txt"]),
    "deleted": (lambda: Path("c.txt").unlink(), [], []),
    "forgotten": (lambda: git("rm", "--quiet", "--cached", "c.txt"), ["c.txt"], []),
}


@pytest.mark.parametrize(("edit", "gone", "fresh"), STAGED.values(), ids=STAGED)
def test_where_what_is_staged_counts_the_disk_does_not(edit, gone, fresh):
    """A file that is not staged is a draft."""
    edit()

    assert changes(staged=True) == (gone, fresh)


def test_what_is_staged_is_read_from_git():
    """Whatever is on the disk."""
    put("a.txt", "staged")
    git("add", "a.txt")
    put("a.txt", "on the disk only")

    def text(listing, store):
        (fresh,) = listing.changes(store).fresh
        return Path(fresh.path).read_text("utf-8")

    assert looked(text, staged=True) == "staged"
    assert looked(text) == "on the disk only"


def test_a_file_that_was_dirty_is_looked_at_again():
    """Until git vouches for it."""
    put("a.txt", "on the disk only")
    updated()
    assert changes() == ([], [])
    put("a.txt", "again, and as long as x")
    assert changes() == (["a.txt"], ["a.txt"])
    updated()
    git("checkout", "--quiet", "a.txt")

    assert changes() == (["a.txt"], ["a.txt"])


def test_a_file_of_which_git_says_nothing_is_asked_about_by_name():
    """It is as it was committed, but it could not be read then."""
    with Store(INDEX, writes=True) as store, store.writing():
        store._db.execute("UPDATE file SET object = x'' WHERE path = 'c.txt'")

    assert changes() == (["c.txt"], ["c.txt"])


def test_a_name_that_may_stand_for_another_takes_a_look_at_all():
    """A byte that is no UTF-8 is shown as four signs, and four signs may be a name."""
    put(os.fsdecode(b"byte\xff.txt"), "text")
    commit()
    INDEX.unlink()
    updated()
    with Store(INDEX, writes=True) as store, store.writing():
        store._db.execute("UPDATE file SET object = x'' WHERE path = ?", ("byte\\xff.txt",))

    assert isinstance(looked(lambda listing, _: listing), Tracked)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a.txt"], {"a.txt"}),
        (["b"], {"b/2.txt", "b/3.txt"}),
        (["."], {"a.txt", "b/2.txt", "b/3.txt", "c.txt"}),
        (["b/1.txt", "nowhere", "picture.jpg"], set()),
        (["b/3.txt", "b/2.txt"], {"b/2.txt", "b/3.txt"}),
    ],
)
def test_files_and_folders_are_found_in_it(names, found):
    """As they are now."""
    git("rm", "--quiet", "b/1.txt")
    put("b/3.txt", "new")
    git("add", "b/3.txt")

    assert looked(lambda listing, _: listing.within(names)) == found


def test_it_is_empty_when_nothing_is_left():
    """Whatever the index has."""
    assert not looked(lambda listing, _: listing.is_empty)
    git("rm", "--quiet", "-r", "--cached", ".")
    assert looked(lambda listing, _: listing.is_empty)


def test_other_paths_or_patterns_are_another_corpus():
    """All of it is looked at, and nothing is lost."""
    for how in ({"paths": ["b"]}, {"options": ReadOptions(exclude=("x",))}):
        listing = looked(lambda listing, _: listing, **how)
        assert isinstance(listing, Tracked)
        assert not listing.is_lost


def test_a_commit_that_is_gone_is_lost():
    """Then all files are looked at, and the index should remember another."""
    with Store(INDEX, writes=True) as store, store.writing():
        scope, _, told = store.blob("git").split(b"\n", 2)
        store.put_blob("git", b"\n".join((scope, b"0" * 40, told)))

    listing = looked(lambda listing, _: listing)

    assert isinstance(listing, Tracked)
    assert listing.is_lost


def test_an_index_that_was_written_meanwhile_is_compared_anew():
    """What was found out was true of another state."""

    def stale(listing, _):
        put("a.txt", "x")
        updated()
        with Store(INDEX) as store:
            return listing.changes(store)

    assert len(looked(stale)) == 0


def test_many_changes_are_far_behind(monkeypatch):
    """Then it is worth while to start from another commit."""
    assert not looked(lambda listing, _: listing.is_far_behind)
    monkeypatch.setattr("dedupe_news.index.followed._FAR_BEHIND", 0)
    put("a.txt", "x")
    assert looked(lambda listing, _: listing.is_far_behind)

    updated()
    commit()
    before = remembered(INDEX)
    put("c.txt", "x")
    updated()

    assert remembered(INDEX) not in ("", before)
