"""Columns of numbers, of which parts are read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dedupe_news.index.columns import Column, RaggedColumn, Shape, narrowed, parts

KINDS = st.sampled_from((np.uint64, np.float64, np.bool_, np.uint8, np.uint16, np.uint32))
ARRAYS = KINDS.flatmap(
    lambda kind: hnp.arrays(
        kind,
        st.one_of(st.integers(0, 60), st.tuples(st.integers(0, 30), st.just(4))),
        elements=st.floats(0, 1) if kind is np.float64 else None,
    )
)


def column(values):
    """Return a column of these values, and the numbers of the parts that were fetched."""
    made, fetched = list(parts(values)), []

    def fetch(numbers):
        fetched.extend(numbers)
        return {number: made[number] for number in numbers}

    return Column(Shape.of(values), fetch), fetched


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Parts of a few values, so that there are several."""
    monkeypatch.setattr("dedupe_news.index.columns._PART", 64)


@given(ARRAYS, st.data())
def test_a_column_gives_back_what_it_was_made_of(values, data):
    """As a whole, and any rows in any order."""
    made, _ = column(values)
    rows = data.draw(st.lists(st.integers(0, len(values) - 1)) if len(values) else st.just([]))

    assert np.array_equal(made.whole(), values)
    assert np.array_equal(made.take(np.array(rows, np.int64)), values[rows])
    assert len(made) == len(values)


def test_only_what_is_asked_for_is_read_and_only_once():
    """A part at a time."""
    made, fetched = column(np.arange(100, dtype=np.uint64))

    made.take(np.array([3, 5]))
    made.take(np.array([4, 99]))

    assert fetched == [0, 12]


@given(st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=30), st.data())
def test_rows_of_any_length_come_back(rows, data):
    """From where each ends, and from all values one after the other."""
    ends = np.cumsum([len(row) for row in rows], dtype=np.int64)
    values = np.array([value for row in rows for value in row], np.int64)
    ragged = RaggedColumn(column(narrowed(ends))[0], column(narrowed(values))[0])
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1)) if rows else st.just([]))

    found = ragged.rows(np.array(wanted, np.int64))

    assert [row.tolist() for row in found] == [rows[number] for number in wanted]
    assert [row.tolist() for row in ragged.whole()] == rows


@pytest.mark.parametrize(
    ("values", "kind"),
    [([], "|u1"), ([255], "|u1"), ([256], "<u2"), ([70_000], "<u4"), ([2**40], "<i8")],
)
def test_numbers_take_as_few_bytes_as_the_greatest(values, kind):
    """And come back as all numbers do."""
    made = narrowed(np.array(values, np.int64))

    assert made.dtype.str == kind
    assert column(made)[0].whole().dtype == np.int64
    assert column(made)[0].whole().tolist() == values


@given(ARRAYS)
def test_parts_are_as_long_as_the_shape_says(values):
    """So a damaged one is told from a sound one."""
    shape = Shape.of(values)

    assert [len(part) for part in parts(values)] == [
        shape.size(number) for number in range(-(-len(values) // shape.step))
    ]


@pytest.mark.parametrize("shape", [Shape("<m8", 1, 1), Shape("<u8", 0, 1), Shape("<u8", 1, -1)])
def test_a_column_of_an_unknown_kind_is_known_to_be_one(shape):
    """Whoever wrote it."""
    assert not shape.is_known
