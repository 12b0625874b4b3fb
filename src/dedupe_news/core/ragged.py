"""Rows of unequal length in one flat array: the form in which stages hand data on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s, fmix64
from dedupe_news.core.kernel import KERNEL, Kernel

__all__ = [
    "Ragged",
    "Rows",
    "Run",
    "distinct",
    "distinct_rows",
    "occurrences",
    "ranges",
    "shared_values",
    "sort_hashes",
]

_AT_ONCE = 1 << 14  # rows that one thread lays out
_LONG = 100  # values of a row, from which on it is copied for itself
_MANY = 256  # numbers, from which on they are sorted by our own loop

_Sort = TypeVar("_Sort", bound=np.generic)

_Out = TypeVar("_Out")
Run = Callable[[Callable[[int], _Out], Iterable[int]], Iterable[_Out]]
"""As `map`: one after the other, or several at once."""


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows cut from one flat array.

    Attributes:
        values: All rows one after the other, shape (total, ...).
        offsets: Where each row starts, and at last the total; shape (rows + 1,), int64.
    """

    values: npt.NDArray[Any]
    offsets: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> npt.NDArray[Any]:
        if not 0 <= row < len(self):
            raise IndexError(row)
        return self.values[self.offsets[row] : self.offsets[row + 1]]

    def __iter__(self) -> Iterator[npt.NDArray[Any]]:
        return (self[row] for row in range(len(self)))

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        """Where each row starts, shape (rows,), int64."""
        return self.offsets[:-1]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Length of each row, shape (rows,), int64."""
        return np.diff(self.offsets)

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The row that each value belongs to, shape (total,), int64, ascending."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @classmethod
    def from_lengths(cls, values: npt.NDArray[Any], lengths: npt.NDArray[np.int64]) -> Self:
        """Return rows of the given lengths, which must add up to the number of values."""
        offsets = np.zeros(len(lengths) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        return cls(values, offsets)

    @classmethod
    def of_lists(cls, lists: Sequence[Sequence[int]]) -> Self:
        """Return rows of int64 with the numbers of each list."""
        lengths = np.array([len(one) for one in lists], np.int64)
        return cls.from_lengths(np.fromiter(chain.from_iterable(lists), np.int64), lengths)

    @classmethod
    def of_arrays(cls, rows: Sequence[npt.NDArray[Any]]) -> Self:
        """Return rows with the values of each array, of which there is one at least."""
        return cls.from_lengths(np.concatenate(rows), np.array([len(row) for row in rows]))

    @classmethod
    def of_table(cls, table: npt.NDArray[Any]) -> Self:
        """Return the rows of a table, shape (rows, width): all are of one length."""
        count, width = table.shape
        return cls(table.ravel(), np.arange(count + 1) * width)

    @classmethod
    def concatenate(cls, parts: Sequence["Ragged"], dtype: npt.DTypeLike) -> "Ragged":
        """Return the rows of all parts, in their order; `dtype` serves when there are none."""
        if len(parts) == 1 and parts[0].values.dtype == dtype:
            return parts[0]
        values = np.concatenate([np.empty(0, dtype), *(part.values for part in parts)])
        lengths = np.concatenate([np.empty(0, np.int64), *(part.lengths for part in parts)])
        return cls.from_lengths(values.astype(dtype, copy=False), lengths)

    @classmethod
    def arranged(
        cls,
        parts: Sequence["Ragged"],
        rows: npt.NDArray[np.int64],
        dtype: npt.DTypeLike,
        run: Run[None] = map,
    ) -> "Ragged":
        """Return some rows of all parts, in the given order.

        Args:
            parts: In their order.
            rows: Numbers of rows, counted through all parts.
            dtype: That of all values; it serves when there are no parts.
            run: Lays out some rows after others, or beside them.
        """
        if KERNEL is None or not parts:
            return cls.concatenate(parts, dtype).take(rows)
        owners = np.repeat(np.arange(len(parts)), [len(part) for part in parts])[rows]
        starts = np.concatenate([part.starts for part in parts])[rows]
        lengths = np.concatenate([part.lengths for part in parts])[rows]
        return _laid_out(KERNEL, [part.values for part in parts], owners, starts, lengths, run)

    def take(self, rows: npt.NDArray[np.int64]) -> "Ragged":
        """Return the given rows, in the given order, in an array of their own."""
        return self.view(rows).packed()

    def packed(self) -> "Ragged":
        """Return the rows one after the other, as they are."""
        return self

    def view(self, rows: npt.NDArray[np.int64]) -> "Rows":
        """Return the given rows, in the given order, without copying them."""
        return Rows(self.values, self.starts[rows], self.lengths[rows])

    def between(self, first: int, last: int) -> "Ragged":
        """Return rows `first` to `last`, exclusive, without copying."""
        start, end = self.offsets[first], self.offsets[last]
        return Ragged(self.values[start:end], self.offsets[first : last + 1] - start)

    def counts(self, mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Return at how many values of each row `mask`, shape (total,), is true; shape (rows,)."""
        return np.diff(np.searchsorted(np.flatnonzero(mask), self.offsets))

    def keep(self, mask: npt.NDArray[np.bool_]) -> "Ragged":
        """Return all rows with only the values where `mask`, shape (total,), is true."""
        kept = np.flatnonzero(mask)
        return Ragged(self.values[kept], np.searchsorted(kept, self.offsets))

    def drop(self, places: npt.NDArray[np.int64]) -> "Ragged":
        """Return all rows without the values at some places, ascending; for few, this is faster."""
        return Ragged(
            np.delete(self.values, places), self.offsets - np.searchsorted(places, self.offsets)
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows anywhere in one flat array, which may be a file.

    Attributes:
        values: What the rows lie in, shape (total, ...).
        starts: Where each row starts, shape (rows,), int64.
        lengths: How long it is, shape (rows,), int64.
    """

    values: npt.NDArray[Any]
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, row: int) -> npt.NDArray[Any]:
        return self.values[self.starts[row] : self.starts[row] + self.lengths[row]]

    def packed(self) -> Ragged:
        """Return the rows one after the other, in an array of their own."""
        if KERNEL is None or self.values.ndim > 1:
            return Ragged.from_lengths(self._copied(), self.lengths)
        here = np.zeros(len(self), np.int64)
        return _laid_out(KERNEL, [self.values], here, self.starts, self.lengths)

    def _copied(self) -> npt.NDArray[Any]:
        if self.lengths.sum() < _LONG * len(self):
            values: npt.NDArray[Any] = self.values[ranges(self.starts, self.lengths)]
            return values
        bounds = zip(self.starts.tolist(), (self.starts + self.lengths).tolist(), strict=True)
        return np.concatenate([self.values[:0], *(self.values[start:end] for start, end in bounds)])

    def view(self, rows: npt.NDArray[np.int64]) -> "Rows":
        """Return the given rows, in the given order, without copying them."""
        return Rows(self.values, self.starts[rows], self.lengths[rows])


def _laid_out(
    kernel: Kernel,
    arrays: list[npt.NDArray[Any]],
    owners: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
    run: Run[None] = map,
) -> Ragged:
    """Return rows of some arrays of one type, one after the other."""
    laid = Ragged.from_lengths(np.empty(lengths.sum(), arrays[0].dtype), lengths)

    def lay(first: int) -> None:
        some = slice(first, min(first + _AT_ONCE, len(lengths)))
        room = laid.between(some.start, some.stop).values
        kernel.rows(arrays, owners[some], starts[some], lengths[some], room.itemsize, room)

    for _ in run(lay, range(0, len(lengths), _AT_ONCE)):
        pass
    return laid


def ranges(starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return start, start + 1, … for each start, as many as its length, in one array.

    Args:
        starts: First value of each range, shape (n,).
        lengths: How many values each range has, shape (n,), none negative.

    Returns:
        Shape (sum of lengths,), int64.
    """
    total = int(lengths.sum())
    before = np.cumsum(lengths) - lengths
    steps: npt.NDArray[np.int64] = np.arange(total, dtype=np.int64)
    steps += np.repeat(starts - before, lengths)
    return steps


def shared_values(
    sets: Ragged | Rows, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return how many values each pair of rows has in common, shape (pairs,), int64.

    Rows must be ascending and without repetition. Two of them laid end to end and sorted again
    show what they share as neighbours that are equal; numpy does that faster, pair by pair, than
    one sort over many pairs.
    """
    shared = np.empty(len(left), np.int64)
    ends = sets.starts + sets.lengths
    bounds = sets.starts[left], ends[left], sets.starts[right], ends[right]
    if KERNEL is not None:
        KERNEL.shared(sets.values, *bounds, shared)
        return shared
    places = zip(*(bound.tolist() for bound in bounds), strict=True)
    for index, (start, end, other, other_end) in enumerate(places):
        both = np.concatenate((sets.values[start:end], sets.values[other:other_end]))
        both.sort()
        shared[index] = np.count_nonzero(both[1:] == both[:-1])
    return shared


def occurrences(sets: Ragged, others: Ragged) -> npt.NDArray[np.int64]:
    """Return how many values each row has in common with others, those of all of them added up.

    As many numbers as `shared_values` has for each row and each other one, in a single pass.

    Args:
        sets: Rows of uint64 without repetition.
        others: Rows of uint64 without repetition, less than 2**31 of them.

    Returns:
        Shape (rows,), int64.
    """
    ordered = np.sort(others.values)
    edges = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    edges = edges[edges < len(ordered)]
    hashes, numbers = ordered[edges], np.diff(edges, append=len(ordered))
    if KERNEL is not None:
        compiled = np.empty(len(sets), np.int64)
        KERNEL.weigh(hashes, numbers, sets.values, sets.offsets, compiled)
        return compiled
    hashes, numbers = np.append(hashes, 0), np.append(numbers, 0)  # whoever is after all is nobody
    places = np.searchsorted(hashes[:-1], sets.values)
    weights = np.where(hashes[places] == sets.values, numbers[places], 0)
    sums = np.concatenate(([0], np.cumsum(weights)))[sets.offsets]
    return np.diff(sums)


def sort_hashes(hashes: UInt64s, room: UInt64s | None = None) -> None:
    """Sort hashes where they are, as their own `sort` does.

    That they are spread evenly saves most of the time, where there is a kernel.

    Args:
        hashes: Shape (hashes,).
        room: Memory for at least as many, which is written to; new memory is slow.
    """
    if KERNEL is None:
        hashes.sort()
    else:
        KERNEL.ascending(hashes, np.empty_like(hashes) if room is None else room)


def distinct(values: npt.NDArray[_Sort]) -> npt.NDArray[_Sort]:
    """Return the distinct values of an array, ascending.

    As `np.unique` does, which loads masked arrays first, for a hundredth of a second, to see
    that this is none.

    Args:
        values: Of any shape.
    """
    ordered = _ordered(values)
    fresh = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered[fresh]


def _ordered(values: npt.NDArray[_Sort]) -> npt.NDArray[_Sort]:
    """Return the values of an array, ascending, shape (values,).

    Ranks, and pairs of them, are spread as evenly as hashes.
    """
    if values.size < _MANY or values.dtype not in (np.int64, np.uint64):
        return np.sort(values, axis=None)
    ordered = values.flatten()
    sort_hashes(ordered.view(np.uint64))
    if ordered[-1] < 0:  # what is negative has come last
        ordered.sort()
    return ordered


def distinct_rows(rows: Ragged) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return one of all rows that hold the same, and for each row which of these it is like.

    Rows are told apart by 64 bits, to which all of their values add up once they are scrambled.

    Args:
        rows: Rows of int64 without repetition, none of them empty, whose order does not matter.

    Returns:
        Numbers of rows, shape (distinct,), and numbers of those, shape (rows,), int64.
    """
    if not len(rows):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    sums = np.add.reduceat(fmix64(rows.values.astype(np.uint64)), rows.starts)
    _, firsts, alike, _ = np.unique_all(sums)
    return firsts, alike
