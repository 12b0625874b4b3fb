"""What an index has worked out: keys, columns, and anchors under suspicion."""

import numpy as np
import pytest

from dedupe_news.core.holders import KEY_BITS
from dedupe_news.core.ragged import Ragged
from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.database import is_damage
from dedupe_news.index.store import Store

ROWS = [[5], [5], [0], [2**64 - 1], [2**63]]
KEYS = np.array([key for row in ROWS for key in row], np.uint64)
HOLDERS = np.arange(5)


def rows(*keys):
    """Return the keys of each wording."""
    values = np.array([key for row in keys for key in row], np.uint64)
    return Ragged.from_lengths(values, np.array([len(row) for row in keys], np.int64))


@pytest.fixture
def store(tmp_path):
    """An index in which nothing is worked out."""
    with Store(tmp_path / "index.sqlite", fresh=True) as made:
        with made.writing():
            made.lay_out({"tool": "1"}, b"")
        yield made


def test_keys_are_found_one_by_one_and_all_together(store):
    """Those of one kind do not mix with those of another."""
    with store.writing():
        store.put_keys("anchor", rows(*ROWS))
        store.put_keys("band", rows([], [5]))

    asked = np.array([5, 7, 2**64 - 1], np.uint64)
    found = store.holders("anchor", asked, first_bits=KEY_BITS)

    assert [row.tolist() for row in found.holders] == [[0, 1], [], [3]]
    assert found.sizes.tolist() == [2, 0, 1]
    keys, holders = store.keys("anchor")
    assert sorted(zip(keys.tolist(), holders.tolist(), strict=True)) == sorted(
        zip(KEYS.tolist(), HOLDERS.tolist(), strict=True)
    )
    assert [part.tolist() for part in store.keys("band")] == [[5], [1]]


def test_of_a_crowd_the_first_may_be_enough(store):
    """And how many there are."""
    with store.writing():
        store.put_keys("anchor", rows(*[[9]] * 100))

    found = store.holders("anchor", np.array([9], np.uint64), first_bits=KEY_BITS, most=3)

    assert (found.holders[0].tolist(), found.sizes.tolist()) == ([0, 1, 2], [100])


def test_no_keys_are_no_keys(store):
    """Nobody holds any."""
    with store.writing():
        store.put_keys("anchor", rows())

    assert store.holders("anchor", KEYS, first_bits=64).sizes.tolist() == [0] * 5
    assert [len(part) for part in store.keys("anchor")] == [0, 0]


def test_columns_come_back_as_they_were(store):
    """Numbers, shares and marks; of one value in a row, or of several."""
    columns = {
        "counts": np.array([1, 70_000]),
        "shares": np.array([0.5]),
        "marks": np.array([True, False]),
        "hashes": np.array([[1, 2**64 - 1]], np.uint64),
        "nothing": np.empty(0, np.uint64),
    }
    with store.writing():
        store.put_columns(columns)

    for name, values in columns.items():
        assert store.column(name).whole().tolist() == values.tolist()
        assert store.column(name).whole().dtype == values.dtype


def test_rows_of_any_length_are_two_columns(store):
    """The values, and where each row ends."""
    with store.writing():
        store.put_columns({"x": np.array([7, 8, 9]), "x of": np.array([2, 2, 3])})

    assert [row.tolist() for row in store.ragged("x").whole()] == [[7, 8], [], [9]]


def test_suspects_are_found_by_key_and_by_circle(store):
    """A key by its low bits; in a circle stand all bits of it."""
    keys, whole = np.array([1, 2, 3], np.uint64), np.array([2**63 + 1, 2, 2**50 + 3], np.uint64)
    judged = [((4, 5), True), ((4, 5), False)]
    with store.writing():
        store.put_suspects(keys, whole, np.array([7, 8, 9]), np.array([0, -1, 0]), judged)

    assert store.suspects([1, 2, 99]) == {1: (7, 0), 2: (8, None)}
    assert store.circles([0, 1]) == {0: ((4, 5), True), 1: ((4, 5), False)}
    assert store.keys_of_circle((4, 5), many=True) == {2**63 + 1, 2**50 + 3}
    assert (
        store.keys_of_circle((4, 5), many=False) == store.keys_of_circle((6,), many=True) == set()
    )


def test_all_of_it_is_thrown_away_together(store):
    """What is not there is named, with the way out."""
    with store.writing():
        store.put_keys("anchor", rows(*ROWS))
        store.put_columns({"x": np.array([1])})
        store.put_suspects(KEYS[:1], KEYS[:1], HOLDERS[:1], HOLDERS[:1] * 0, [((4,), True)])
        store.drop_numbers()

    for ask in (lambda: store.column("x"), lambda: store.keys("anchor")):
        with pytest.raises(IndexUnusableError, match="is missing") as caught:
            ask()
        assert "index rebuild" in caught.value.hint
    assert (store.suspects([0]), store.circles([0])) == ({}, {})


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE part SET data = x'00'",
        "DELETE FROM part",
        "UPDATE column SET kind = '<m8'",
        "UPDATE anchor SET data = x'0000'",
        "UPDATE layout SET value = '{'",
    ],
)
def test_damaged_numbers_are_no_numbers(store, damage):
    """SQLite does not see it, for a page may be whole and hold nonsense."""
    with store.writing():
        store.put_keys("anchor", rows(*ROWS))
        store.put_columns({"x": np.array([1, 2])})
        store._db.execute(damage)

    with pytest.raises(IndexUnusableError, match="cannot be used"):
        store.column("x").whole(), store.holders("anchor", KEYS, first_bits=64)


def test_damage_is_known_as_such(store):
    """So that the index is made anew."""
    with store.writing():
        store.put_columns({"x": np.array([1, 2])})
        store._db.execute("UPDATE part SET data = x'00'")

    with pytest.raises(IndexUnusableError) as caught:
        store.column("x").whole()

    assert is_damage(caught.value)
