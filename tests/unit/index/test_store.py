"""The index file: rows, keys, arrays, and what is said of a bad one."""

import sqlite3
from contextlib import suppress

import numpy as np
import pytest

from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.store import FileRow, Store, is_damage
from dedupe_news.model import Article, LeftOut, Skipped

ODD = "half of a sign: \ud83d, a NUL \0, 東京, a \u202e mark"
NOTES = (Skipped("a#2", "bad-json", "it is broken", "mend it"), LeftOut("binary", 1))


@pytest.fixture
def store(tmp_path):
    """An empty index."""
    with Store(tmp_path / "index.sqlite", fresh=True) as made:
        with made.writing():
            made.clear({"tool": "1"})
        yield made


def test_an_article_comes_back_as_it_was(store):
    """Whatever is in its text."""
    article = Article("a#1", (ODD, ""), title=ODD, date="2024", path="a")
    with store.writing():
        store.learn([article])
        number = store.add_file(FileRow("a", 1, 2))
        numbers = store.add_articles(number, [(article, b"d" * 16, 3), (article, b"e" * 16, 3)])

    assert [store.get(each) for each in numbers] == [article, article]


def test_files_keep_their_notes(store):
    """What took no part is told again without reading the file."""
    with store.writing():
        number = store.add_file(FileRow("a", 1, 2, notes=NOTES))
        store.add_file(FileRow("b", 1, 2))

    assert store.notes() == list(NOTES)
    assert store.notes({number}) == []


def test_a_file_goes_with_its_articles(store):
    """Nothing of it is left."""
    article = Article("a", ("text",), path="a")
    with store.writing():
        number = store.add_file(FileRow("a", 1, 2))
        store.add_articles(number, [(article, b"d" * 16, 1)])
        store.drop_files([number])

    assert (store.articles(), store.files()) == ([], {})


def test_what_fails_on_the_way_is_undone(store):
    """A change is there whole, or not at all."""
    with suppress(ZeroDivisionError), store.writing():
        store.add_file(FileRow("a", 1, 2))
        1 / 0  # noqa: B018 - the accident

    assert store.files() == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (FileRow("a", 1, 2), FileRow("a", 1, 2), True),
        (FileRow("a", 1, 2), FileRow("a", 2, 2), False),
        (FileRow("a", 1, 2), FileRow("a", 1, 3), False),
        (FileRow("a", 1, -1), FileRow("a", 1, -1), False),
        (FileRow("a", -1, 0, "f00"), FileRow("a", -1, 0, "f00"), True),
        (FileRow("a", -1, 0, "f00"), FileRow("a", -1, 0, "ba4"), False),
        (FileRow("a", -1, 0, "f00"), FileRow("a", 1, 2), False),
        (FileRow("a", 1, 2), FileRow("a", -1, 0, "f00"), False),
    ],
)
def test_a_file_is_the_same_only_if_that_is_certain(one, other, same):
    """By git's name of its content, or else by size and time."""
    assert one.is_same(other) == same


def test_keys_are_found_one_by_one_and_all_together(store):
    """Those of one kind do not mix with those of another."""
    keys, holders = np.array([5, 5, 2**64 - 1, 0], np.uint64), np.array([1, 0, 3, 2])
    with store.writing():
        store.put_keys("anchor", keys, holders)
        store.put_keys("band", keys[:1], holders[:1])

    assert [row.tolist() for row in store.holders("anchor", keys[[0, 2]])] == [[0, 1], [3]]
    assert store.holders("anchor", np.array([7], np.uint64))[0].tolist() == []
    assert store.keys("band")[0].tolist() == [5]
    assert store.keys("anchor")[0].tolist() == [0, 5, 5, 2**64 - 1]


@pytest.mark.parametrize(
    "values",
    [np.array([1, 2], np.int32), np.array([0.5]), np.array([True, False]), np.empty(0, np.uint64)],
)
def test_an_array_comes_back_as_it_was(store, values):
    """Numbers, shares and marks."""
    with store.writing():
        store.put_array("x", values)

    assert store.array("x").tolist() == values.tolist()
    assert store.array("x").dtype == values.dtype


def test_what_is_missing_is_named_with_the_way_out(store):
    """A part of it, or an article."""
    for ask in (lambda: store.array("nothing"), lambda: store.get(99)):
        with pytest.raises(IndexUnusableError, match="is missing") as caught:
            ask()
        assert "index rebuild" in caught.value.hint


@pytest.mark.parametrize("data", [b"no database " * 200, b"SQLite format 3\0" + b"x" * 5000])
def test_a_file_that_is_no_index_is_told_from_one_that_cannot_be_written(tmp_path, data):
    """Only the former is made anew without asking."""
    path = tmp_path / "index.sqlite"
    path.write_bytes(data)

    with pytest.raises(IndexUnusableError) as caught, Store(path) as store:
        store.stamp  # noqa: B018 - asking is enough

    assert is_damage(caught.value)


def test_a_full_disk_is_no_damage(store, monkeypatch):
    """What was there is still there, and the hint says so."""
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"

    with (
        pytest.raises(IndexUnusableError, match="cannot be written") as caught,
        store._translated(),
    ):
        raise error

    assert not is_damage(caught.value)
    assert "make room" in caught.value.hint


def test_there_is_no_index_unless_one_is_made(tmp_path):
    """Asking about one does not make it."""
    with pytest.raises(IndexUnusableError):
        Store(tmp_path / "nothing.sqlite")

    assert list(tmp_path.iterdir()) == []


def test_an_index_that_nothing_was_put_into_has_no_stamp(tmp_path):
    """It is neither of some settings nor finished."""
    with Store(tmp_path / "index.sqlite", fresh=True) as made:
        assert (made.stamp, made.finished) == ({}, False)


def test_what_is_learned_first_stays(store):
    """All that is there was packed with it."""
    first, second = (Article(name, (f"the text of {name}",)) for name in ("a", "b"))
    with store.writing():
        store.learn([])
        store.learn([first])
        numbers = store.add_articles(1, [(first, b"d" * 16, 3)])
        store.learn([second])

    assert store.get(numbers[0]) == first
    assert b"the text of b" not in store.array("dictionary").tobytes()


def test_an_article_that_cannot_be_unpacked_is_damage(store):
    """A wrong text would be worse than none."""
    with store.writing():
        (number,) = store.add_articles(1, [(Article("a", ("text",)), b"d" * 16, 1)])
        store._db.execute("UPDATE article SET text = ?", (b"torn",))

    with pytest.raises(IndexUnusableError, match="an article cannot be read") as caught:
        store.get(number)

    assert is_damage(caught.value)


def test_a_closed_index_answers_nothing(tmp_path):
    """And says so as any other that cannot be used."""
    store = Store(tmp_path / "index.sqlite", fresh=True)
    store.close()

    with pytest.raises(IndexUnusableError, match="cannot be used"):
        store.files()


def test_files_are_looked_up_by_their_paths(store):
    """Those that git did not vouch for too; others are not there."""
    sure, unsure = FileRow("a", -1, 0, "f00"), FileRow("b", 1, 2)
    article = Article("b", ("text",))
    with store.writing():
        numbers = [store.add_file(row) for row in (sure, unsure)]
        store.add_articles(numbers[1], [(article, b"d" * 16, 1)])

    assert store.files_of(["a", "c"]) == {"a": (numbers[0], sure)}
    assert store.unsure_files() == {numbers[1]: unsure}
    assert [row.id for row in store.articles_of(numbers)] == ["b"]


def test_what_git_said_is_kept_word_for_word(store):
    """And it is nothing where git was not asked."""
    assert store.raw_listing() == b""
    with store.writing():
        store.put_raw_listing(b"100644 f00 0\tbyte\xff\0")

    assert store.raw_listing() == b"100644 f00 0\tbyte\xff\0"


def test_a_sound_index_passes_a_deep_look(store):
    """Also after all was brought into the one file."""
    store.tidy()

    store.check()
    assert not store.path.with_name(f"{store.path.name}-wal").stat().st_size
