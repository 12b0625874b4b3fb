"""The file of an index: transactions, and what is said of a bad one."""

import sqlite3
from contextlib import suppress

import pytest

from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.database import Database, is_damage


@pytest.fixture
def database(tmp_path):
    """A database with a table of one column, open to be written."""
    path = tmp_path / "index.sqlite"
    made = Database(path, fresh=True)
    with made.writing():
        made._db.execute("CREATE TABLE x (y)")
    made.finish()
    with Database(path, writes=True) as opened:
        yield opened


def put(database, value):
    """Put a value into the table."""
    database._db.execute("INSERT INTO x VALUES (?)", (value,))


def values(database):
    """Return what is in the table."""
    return [value for (value,) in database._rows("SELECT y FROM x")]


def test_what_fails_on_the_way_is_undone(database):
    """A change is there whole, or not at all."""
    with suppress(ZeroDivisionError), database.writing():
        put(database, 1)
        1 / 0  # noqa: B018 - the accident

    assert values(database) == []


def test_a_reader_sees_one_state(database):
    """Whatever a writer does meanwhile; the next one sees that."""
    with Database(database.path) as reader:
        with reader.reading():
            before = values(reader)
            with database.writing():
                put(database, 1)
            assert values(reader) == before == []
        assert values(reader) == [1]


def test_many_values_are_asked_for_in_several_queries(database):
    """SQLite takes so many at once."""
    with database.writing():
        for value in range(1200):
            put(database, value)

    rows = database._rows_in("SELECT y FROM x WHERE y IN (?)", range(1100))

    assert sorted(value for (value,) in rows) == list(range(1100))


def test_a_file_may_get_another_name(database):
    """And be used under it."""
    other = database.path.with_name("other.sqlite")
    database.close()
    database.path.rename(other)

    database.reopen(other)

    assert values(database) == []


@pytest.mark.parametrize("data", [b"no database " * 200, b"SQLite format 3\0" + b"x" * 5000])
def test_a_file_that_is_no_database_is_damage(tmp_path, data):
    """It is told from one that cannot be written."""
    path = tmp_path / "index.sqlite"
    path.write_bytes(data)

    with pytest.raises(IndexUnusableError, match="cannot be used") as caught, Database(path) as bad:
        values(bad)

    assert is_damage(caught.value)
    assert caught.value.hint == "dedupe-news index rebuild makes it anew"


@pytest.mark.parametrize("name", ["SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_READONLY"])
def test_a_full_disk_is_no_damage(database, name):
    """What was there is still there, and the hint says so."""
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = name

    with (
        pytest.raises(IndexUnusableError, match="cannot be written") as caught,
        database._translated(),
    ):
        raise error

    assert not is_damage(caught.value)
    assert "make room" in caught.value.hint


def test_a_full_disk_ends_a_transaction_by_itself(database):
    """There is nothing left to be undone."""
    database._db.execute("PRAGMA max_page_count = 1")

    with pytest.raises(IndexUnusableError, match="cannot be written"), database.writing():
        put(database, "x" * 100_000)

    assert values(database) == []


def test_nothing_is_made_by_asking(tmp_path):
    """There is no index unless one is made."""
    with pytest.raises(IndexUnusableError):
        Database(tmp_path / "nothing.sqlite")

    assert list(tmp_path.iterdir()) == []


def test_a_closed_file_answers_nothing(database):
    """And says so as any other that cannot be used."""
    database.close()

    with pytest.raises(IndexUnusableError, match="cannot be used"):
        values(database)


def test_a_sound_file_passes_a_deep_look(database):
    """Also after all was brought into the one file."""
    with database.writing():
        put(database, 1)
    database.tidy()

    database.check()
    assert not database.path.with_name(f"{database.path.name}-wal").stat().st_size


def test_an_unsound_file_does_not(database):
    """What is wrong is told."""
    with database.writing():
        for value in range(20_000):
            put(database, value)
    database.close()
    data = bytearray(database.path.read_bytes())
    data[-16_000:-8_000] = b"\xff" * 8_000
    database.path.write_bytes(data)

    with Database(database.path) as bad, pytest.raises(IndexUnusableError, match="cannot be used"):
        bad.check()
