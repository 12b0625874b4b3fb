"""Rows of unequal length."""

import numpy as np
import pytest

from dedupe_news.core import ragged as module
from dedupe_news.core.ragged import (
    Ragged,
    Rows,
    distinct,
    distinct_rows,
    occurrences,
    ranges,
    shared_values,
    sort_hashes,
)


def ragged(*rows):
    """Return the rows as one flat array."""
    values = [value for row in rows for value in row]
    return Ragged.from_lengths(np.array(values, np.int64), np.array([len(r) for r in rows], int))


def lists(rows):
    """Return rows as lists, for comparison."""
    return [row.tolist() for row in rows]


ROWS = ([3, 1], [], [4], [1, 5, 9])


def test_rows_come_back_as_they_went_in():
    """Empty rows keep their places."""
    rows = ragged(*ROWS)

    assert lists(rows) == list(ROWS)
    assert len(rows) == 4
    assert rows.lengths.tolist() == [2, 0, 1, 3]
    assert rows.rows.tolist() == [0, 0, 2, 3, 3, 3]


@pytest.mark.parametrize("row", [-1, 4, 99])
def test_a_row_that_does_not_exist_is_an_error(row):
    """A negative number must not silently mean the last row."""
    with pytest.raises(IndexError):
        ragged(*ROWS)[row]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [([], []), ([3, 0], [[1, 5, 9], [3, 1]]), ([1, 1, 2], [[], [], [4]])],
)
def test_taken_rows_come_in_the_order_asked_for(chosen, expected):
    """A row may be taken twice, or not at all."""
    assert lists(ragged(*ROWS).take(np.array(chosen, np.int64))) == expected


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("chosen", [[], [6, 0, 3, 4], [1, 1, 5, 2]])
def test_rows_of_several_parts_are_laid_out_in_the_order_asked_for(monkeypatch, chosen, compiled):
    """They are numbered through all parts, of which one may have no rows."""
    if not compiled:
        monkeypatch.setattr(module, "KERNEL", None)
    parts = [ragged(*ROWS), ragged(), ragged([7], [], [8, 8])]
    rows = np.array(chosen, np.int64)

    assert lists(Ragged.arranged(parts, rows, np.int64)) == [
        [*ROWS, [7], [], [8, 8]][row] for row in chosen
    ]


def test_of_no_parts_there_are_no_rows():
    """They have the type that was asked for."""
    nothing = Ragged.arranged([], np.empty(0, np.int64), np.uint64)

    assert len(nothing) == 0
    assert nothing.values.dtype == np.uint64


@pytest.mark.parametrize(("first", "last"), [(0, 0), (0, 4), (1, 3), (4, 4)])
def test_a_range_of_rows_is_a_view(first, last):
    """Nothing is copied where a part is enough."""
    part = ragged(*ROWS).between(first, last)

    assert lists(part) == list(ROWS[first:last])
    assert part.values.base is not None


def test_values_can_be_left_out_of_their_rows():
    """A row that loses all of its values is still a row."""
    rows = ragged(*ROWS)

    assert lists(rows.keep(rows.values > 3)) == [[], [], [4], [5, 9]]
    assert rows.counts(rows.values > 3).tolist() == [0, 0, 1, 2]


def test_parts_are_put_one_after_the_other():
    """No part at all makes no rows, of the type that was named."""
    nothing = Ragged.concatenate([], np.uint64)

    assert lists(Ragged.concatenate([ragged([1], []), ragged([2, 3])], np.int64)) == [
        [1],
        [],
        [2, 3],
    ]
    assert (len(nothing), nothing.values.dtype) == (0, np.uint64)


class TestRows:
    ROWS = Rows(np.arange(10), np.array([7, 0, 3, 3]), np.array([2, 3, 0, 1]))

    def test_rows_may_lie_anywhere(self):
        """In any order, and some values in none or in several."""
        assert len(self.ROWS) == 4
        assert [self.ROWS[row].tolist() for row in range(4)] == [[7, 8], [0, 1, 2], [], [3]]

    def test_a_view_copies_nothing(self):
        """The values stay where they are, be that a file."""
        view = self.ROWS.view(np.array([3, 0]))

        assert [view[row].tolist() for row in range(2)] == [[3], [7, 8]]
        assert view.values is self.ROWS.values

    def test_packed_rows_are_laid_one_after_the_other(self):
        """In an array of their own."""
        assert lists(self.ROWS.packed()) == [[7, 8], [0, 1, 2], [], [3]]


@pytest.mark.parametrize(
    ("starts", "lengths", "expected"),
    [
        ([], [], []),
        ([5], [0], []),
        ([5, 1], [2, 3], [5, 6, 1, 2, 3]),
        ([0, 7, 7], [1, 0, 1], [0, 7]),
    ],
)
def test_ranges_count_up_from_each_start(starts, lengths, expected):
    """They follow each other in one array."""
    assert ranges(np.array(starts, np.int64), np.array(lengths, np.int64)).tolist() == expected


@pytest.mark.parametrize("values", [[], [7], [3, 1, 3, 3, 2, 1], [[2, 1], [1, 0]]])
def test_distinct_values_are_those_that_numpy_finds(values):
    """Which does the same, and loads what nobody needs."""
    found = distinct(np.array(values, np.uint64))

    assert found.tolist() == np.unique(np.array(values, np.uint64)).tolist()
    assert found.dtype == np.uint64


CHANCE = np.random.default_rng(5)


@pytest.mark.parametrize("least", [0, -9, -(2**62)])
@pytest.mark.parametrize("kind", [np.int64, np.uint64, np.int32])
def test_many_distinct_values_are_those_that_numpy_finds(least, kind):
    """Of whatever kind and sign."""
    values = CHANCE.integers(least, -least + 500, (50, 60)).astype(kind)

    assert np.array_equal(distinct(values), np.unique(values))
    assert distinct(values).dtype == kind


RANKS = np.arange(40_000, dtype=np.uint64)
HASHES = {
    "none": RANKS[:0],
    "one": RANKS[7:8],
    "few": CHANCE.integers(0, 1 << 64, 20, np.uint64),
    "some": CHANCE.integers(0, 1 << 64, 3000, np.uint64),
    "many": CHANCE.integers(0, 1 << 64, 60_000, np.uint64),
    "of one beginning": CHANCE.integers(0, 1 << 20, 60_000, np.uint64) | np.uint64(5 << 60),
    "each twice": np.repeat(CHANCE.integers(0, 1 << 64, 5000, np.uint64), 2),
    "all the same": np.full(5000, 2**64 - 1, np.uint64),
    "a crowd": np.concatenate([CHANCE.integers(0, 1 << 64, 9000, np.uint64), RANKS + np.uint64(9)]),
    "two crowds, one by one": RANKS + (RANKS % np.uint64(2) << np.uint64(20)),
    "descending": RANKS[::-1].copy(),
    "the ends": np.array([2**64 - 1, 0, 2**63, 2**63 - 1, 1] * 9, np.uint64),
}


@pytest.mark.parametrize("hashes", HASHES.values(), ids=HASHES)
@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("room", [True, False])
def test_hashes_are_sorted_however_they_are_spread(monkeypatch, hashes, compiled, room):
    """Where they are; what is more in the room is left alone."""
    if not compiled:
        monkeypatch.setattr(module, "KERNEL", None)
    found = hashes.copy()
    spare = np.full(len(hashes) + 1, 7, np.uint64)
    sort_hashes(found, spare if room else None)

    assert found.tolist() == sorted(hashes.tolist())
    assert spare[-1] == 7


def test_what_rows_share_with_others_is_added_up():
    """As if each were held against each; an other one that is there twice counts twice."""
    rows, others = (
        Ragged(found.values.astype(np.uint64), found.offsets)
        for found in (ragged([1, 3], [], [2, 9], [3, 4, 5]), ragged([3, 9], [3, 9], [], [1]))
    )
    together = Ragged.concatenate([rows, others], np.uint64)
    left, right = np.repeat(np.arange(4), 4), np.tile(np.arange(4, 8), 4)

    assert occurrences(rows, others).tolist() == [3, 0, 2, 2]
    assert shared_values(together, left, right).reshape(4, 4).sum(axis=1).tolist() == [3, 0, 2, 2]
    assert occurrences(rows, ragged()).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[5]],
        [[1, 2], [3], [1, 2], [2], [1, 3], [3], [1, 2]],
        [list(range(50)), list(range(51)), list(range(50))],
    ],
)
def test_rows_that_hold_the_same_are_told_once(rows):
    """And each row is like one of these."""
    firsts, alike = distinct_rows(ragged(*rows))
    told = [rows[first] for first in firsts]

    assert [told[number] for number in alike] == rows
    assert len(told) == len({tuple(row) for row in rows})
