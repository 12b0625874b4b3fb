"""Rows of arrays, cut by lane and put together again."""

import numpy as np
import pytest

from dedupe_news.engines.spark.rows import Parts, Row, arrays_of, routed, row_of


@pytest.mark.parametrize("lanes", [[], [0, 0, 0], [2, 0, 2, 1], [70_000, 3]])
def test_each_lane_gets_its_share_in_order(lanes):
    """One row for a lane that has any, whatever the number of lanes."""
    values = np.arange(len(lanes))
    rows = [*routed("kind", np.array(lanes, np.int64), values, values * 10)]

    assert [row.lane for row in rows] == sorted(set(lanes))
    for row in rows:
        own, tens = arrays_of(row.data)
        assert own.tolist() == [place for place, lane in enumerate(lanes) if lane == row.lane]
        assert (tens == own * 10).all()
        assert row.number == len(own)


def test_parts_are_laid_end_to_end_by_kind():
    """In the order of their coming, as the type that is asked for."""
    rows = [row_of(0, "a", np.array([1, 2], np.uint8)), row_of(1, "b", np.array([9]))]
    parts = Parts.of([*rows, row_of(2, "a", np.array([3], np.uint8))])

    (found,) = parts.take("a", np.int64)
    assert found.tolist() == [1, 2, 3]
    assert found.dtype == np.int64
    assert [array.dtype for array in parts.take("a", np.uint64, np.float64)] == [
        np.uint64,
        np.float64,
    ]


def test_the_number_of_a_row_may_be_another_than_its_length():
    """Where the engine is to add up or join something else."""
    assert row_of(0, "a", np.arange(5), number=7)[:4] == Row(0, "a", b"", 7, b"")[:4]


def test_the_parts_of_each_lane_are_taken_by_themselves():
    """A task may be given several."""
    rows = [row_of(lane, "a", np.array([value])) for lane, value in ((1, 5), (0, 6), (1, 7))]

    assert [parts.take("a", np.int64)[0].tolist() for parts in Parts.by_lane(rows)] == [[5, 7], [6]]
