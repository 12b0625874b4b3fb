"""Keeping an index: what is read again, what is remembered, what is refused."""

import os
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.asking import remembered
from dedupe_news.index.followed import list_corpus
from dedupe_news.settings import Settings
from dedupe_news.stamp import opened
from dedupe_news.updating import bring_up_to_date, make_anew
from kept import INDEX, KEEPING, as_json, examined, indexed, put, scanned, story, updated
from repositories import commit, git


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A report, a reprint and a stranger."""
    monkeypatch.chdir(tmp_path)
    put("a.txt", story(1, 2, 3))
    put("b.txt", story(1, 2, 3, 4))
    put("z.txt", story(7, 8))


def read():
    """Bring the index up to date, and return which files were read and how many are gone."""
    changes = updated().changes
    return [listed.path for listed in changes.fresh], len(changes.gone)


def staged():
    """Put a text into the corpus of a repository."""
    put("c.txt", story(7, 8, 9))
    git("add", "c.txt")


CHANGES = [
    (lambda: None, ([], 0)),
    (lambda: put("draft.txt", story(9)), ([], 0)),
    (staged, (["c.txt"], 0)),
    (lambda: put("b.txt", story(1, 2, 5)), (["b.txt"], 1)),
    (lambda: git("mv", "b.txt", "c.txt"), (["c.txt"], 1)),
    (lambda: git("rm", "--quiet", "b.txt"), ([], 1)),
    (lambda: Path("b.txt").unlink(), ([], 1)),
]


@pytest.mark.parametrize(
    ("edit", "expected"),
    CHANGES,
    ids=["nothing", "draft", "staged", "edited", "moved", "removed", "deleted"],
)
def test_git_tells_what_has_changed(edit, expected):
    """Only that is read, and what is found is what is found without an index."""
    commit()
    updated()
    edit()

    assert read() == expected
    assert read() == ([], 0)
    assert examined().report == examined(index=None).report


def test_an_edit_that_is_taken_back_is_seen():
    """Git calls the file unchanged again, but the index has read something else."""
    commit()
    updated()
    put("b.txt", story(40, 41))
    updated()
    git("checkout", "--quiet", "b.txt")

    assert read() == (["b.txt"], 1)
    assert examined().report == examined(index=None).report


def test_a_name_that_cannot_be_shown_as_it_is_does_not_hide_a_change():
    """A byte that is no UTF-8 is shown as four signs, and four signs may be a name."""
    name = os.fsdecode(b"byte\xff.txt")
    put(name, story(50))
    commit()
    put(name, story(51))
    updated()
    put(name, story(52))
    put("a.txt", story(53))

    assert sorted(read()[0]) == ["a.txt", name]
    assert examined().report == examined(index=None).report


def test_a_corpus_that_came_under_git_is_not_read_twice_for_ever():
    """Once, and then git vouches for it."""
    updated()
    commit()

    assert len(read()[0]) == 3
    assert read() == ([], 0)


def test_an_index_made_anew_asks_nobody():
    """Neither what was there, nor how it was made."""
    updated()
    keeping = replace(KEEPING, settings=Settings(shingle_words=6))

    kept = make_anew(INDEX, list_corpus(["."], keeping.reading), keeping)

    assert (kept.articles, len(kept.changes.fresh)) == (3, 3)
    with opened(INDEX, keeping) as store:
        assert store.stamp["shingle-words"] == "6"


def test_a_damaged_file_is_made_anew():
    """All that was in it can be read again."""
    updated()
    INDEX.write_bytes(b"no database " * 1000)

    assert read() == (["a.txt", "b.txt", "z.txt"], 0)
    assert as_json(indexed()) == as_json(scanned())


def test_an_index_that_is_not_whole_is_not_there(monkeypatch):
    """Whatever ends the build; and what was there before is there still."""
    for make in (lambda *_: updated(), make_anew):
        with monkeypatch.context() as patch:
            patch.setattr("dedupe_news.updating.save_derived", _interrupted)
            with pytest.raises(KeyboardInterrupt):
                make(INDEX, corpus(), KEEPING)
        assert INDEX.exists() == (make is make_anew)
        assert not INDEX.with_name(f"{INDEX.name}.part").exists()
        updated()
        assert as_json(indexed()) == as_json(scanned())


def _interrupted(*_):
    raise KeyboardInterrupt


def corpus():
    """Return the listing of the working folder."""
    return list_corpus(["."], KEEPING.reading)


def test_the_remains_of_a_build_that_was_killed_are_cleared_away():
    """Nobody takes them for an index."""
    INDEX.parent.mkdir()
    INDEX.with_name(f"{INDEX.name}.part").write_bytes(b"half of an index")

    updated()

    assert sorted(path.name for path in INDEX.parent.iterdir()) == [
        INDEX.name,
        f"{INDEX.name}.lock",
    ]


@pytest.mark.parametrize("name", ["other.sqlite", "notes.txt"])
@pytest.mark.parametrize("make", [bring_up_to_date, make_anew])
def test_a_file_that_is_somebody_elses_is_left_alone(name, make):
    """Neither another database nor a text is an index in ruins."""
    if name == "notes.txt":
        Path(name).write_text("no database " * 100, "utf-8")
    else:
        with sqlite3.connect(name) as other:
            other.execute("CREATE TABLE mine (x)")
        other.close()
    before = Path(name).read_bytes()

    with pytest.raises(IndexUnusableError, match=f"{name} (is no index|cannot be used)"):
        make(Path(name), corpus(), KEEPING)

    assert Path(name).read_bytes() == before


def test_where_a_ruin_may_be_somebody_elses_the_hint_says_what_to_do():
    """Making it anew is refused, so that is not what helps."""
    Path("notes.db").write_text("no database " * 100, "utf-8")

    with pytest.raises(IndexUnusableError) as caught:
        make_anew(Path("notes.db"), corpus(), KEEPING)

    assert caught.value.hint == "name a file that ends with .sqlite: no other one is ever replaced"


def test_an_index_learns_of_the_first_commit():
    """From then on only what differs from it is looked at, though no file has changed."""
    git("init", "--quiet")
    git("add", ".")
    updated()
    assert remembered(INDEX) == ""
    commit()

    assert read() == ([], 0)
    assert len(remembered(INDEX)) == 40


def test_progress_is_told_while_files_are_read():
    """In bytes, which are known."""
    told = []
    keeping = replace(KEEPING, progress=lambda *step: told.append(step))

    bring_up_to_date(INDEX, list_corpus(["."], keeping.reading), keeping)

    sizes = sum(Path(name).stat().st_size for name in ("a.txt", "b.txt", "z.txt"))
    assert ("read", sizes, None) in told


def test_a_folder_of_an_index_that_was_there_is_left_as_it_is():
    """Somebody may have put it under git on purpose."""
    INDEX.parent.mkdir()

    updated()

    assert not (INDEX.parent / ".gitignore").exists()


def test_a_corpus_that_was_empty_for_a_while_fills_again():
    """An index of nothing is an index."""
    updated()
    texts = {path: path.read_text("utf-8") for path in Path().glob("*.txt")}
    for path in texts:
        path.unlink()
    assert updated().articles == 0
    assert examined().report.clusters == ()

    for path, text in texts.items():
        put(path, text)

    assert updated().articles == 3
    assert as_json(indexed()) == as_json(scanned())
