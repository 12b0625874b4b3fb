"""What travels between tasks: few fat rows, each a handful of arrays for one lane.

A lane is a share of the work that one task does: a range of ranks, a share of the keys, or
some components. An engine moves every row to the task of its lane and knows nothing else of
it. Moving a row costs about as much as a hundred numbers do, so a batch of articles writes one
row for each lane, not one for each key.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["Parts", "Row", "arrays_of", "routed", "row_of", "shares_of"]

Array = npt.NDArray[Any]


class Row(NamedTuple):
    """What one task hands to another.

    Attributes:
        lane: The number of the lane it is for.
        kind: What it holds; each step says which kinds it takes and makes.
        key: By which rows of a lane are sorted, where their order matters.
        number: A number that the engine itself may add up or join by.
        data: What it holds, as bytes.
    """

    lane: int
    kind: str
    key: bytes
    number: int
    data: bytes


def row_of(lane: int, kind: str, *arrays: Array, number: int | None = None) -> Row:
    """Return one row of arrays; its number is their length unless another is given."""
    size = len(arrays[0]) if number is None else number
    return Row(lane, kind, b"", size, pickle.dumps(arrays, pickle.HIGHEST_PROTOCOL))


def arrays_of(data: bytes) -> tuple[Array, ...]:
    """Return the arrays in the data of a row."""
    arrays: tuple[Array, ...] = pickle.loads(data)  # noqa: S301 - written by a task of this run
    return arrays


def routed(kind: str, lanes: Array, *arrays: Array) -> Iterator[Row]:
    """Yield one row for each lane with its share of some arrays.

    Args:
        kind: What the rows hold.
        lanes: The lane of each entry, shape (n,).
        *arrays: What belongs to the entries, each of shape (n, ...).
    """
    for lane, places in shares_of(lanes):
        yield row_of(lane, kind, *(array[places] for array in arrays))


def shares_of(lanes: Array) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """Yield each lane with the places of its entries, ascending.

    Args:
        lanes: The lane of each entry, shape (n,).
    """
    if not len(lanes):
        return
    narrow = lanes.astype(np.uint16) if lanes.max() < 1 << 16 else lanes  # sorted by radix
    order = np.argsort(narrow, kind="stable")
    lanes = lanes[order]
    starts = np.flatnonzero(np.concatenate(([True], lanes[1:] != lanes[:-1])))
    for start, end in zip(starts, [*starts[1:], len(lanes)], strict=True):
        yield int(lanes[start]), order[start:end]


class Parts:
    """Rows of arrays as they arrive, by kind, and their arrays laid end to end."""

    def __init__(self) -> None:
        self._parts: dict[str, list[tuple[Array, ...]]] = defaultdict(list)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Parts":
        """Return what some rows hold."""
        parts = cls()
        for row in rows:
            parts.add(row)
        return parts

    @classmethod
    def by_lane(cls, rows: Iterable[Row]) -> "Iterable[Parts]":
        """Return what some rows hold, each lane by itself."""
        lanes: defaultdict[int, Parts] = defaultdict(cls)
        for row in rows:
            lanes[row.lane].add(row)
        return lanes.values()

    def add(self, row: Row) -> None:
        """Take one row."""
        self._parts[row.kind].append(arrays_of(row.data))

    def take(self, kind: str, *dtypes: npt.DTypeLike) -> list[Array]:
        """Return the arrays of one kind, and forget them.

        Args:
            kind: Which rows.
            *dtypes: What each array is to be, also where there were no rows.
        """
        parts = self._parts.pop(kind, [])
        if not parts:
            return [np.empty(0, dtype) for dtype in dtypes]
        return [
            np.concatenate([part[place] for part in parts]).astype(dtype, copy=False)
            for place, dtype in enumerate(dtypes)
        ]
