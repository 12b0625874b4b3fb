"""Columns of numbers, cut into parts of a page each: a few values are read without the others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from dedupe_news.core.ragged import Ragged, distinct, ranges

__all__ = ["Column", "RaggedColumn", "Shape", "narrowed", "parts"]

_PART = 16_000  # bytes: what a page of the index has room for
_KINDS = ("|b1", "|u1", "<u2", "<u4", "<u8", "<i8", "<f8")
_COUNTS = ("|u1", "<u2", "<u4", "<i8")  # of what can be counted; hashes are not narrowed

Values = npt.NDArray[Any]
Numbers = npt.NDArray[np.int64]
Fetch = Callable[[Sequence[int]], Mapping[int, bytes]]
"""Returns parts of a column by their numbers."""


class Shape(NamedTuple):
    """What a column looks like.

    Attributes:
        kind: The type of its values, as numpy spells it.
        width: How many values a row has.
        length: How many rows there are.
    """

    kind: str
    width: int
    length: int

    @classmethod
    def of(cls, values: Values) -> Self:
        """Return the shape of an array of one dimension, or two."""
        width = 1 if values.ndim == 1 else values.shape[1]
        return cls(values.dtype.newbyteorder("<").str, width, len(values))

    @property
    def is_known(self) -> bool:
        """Whether values of that type can be read."""
        return self.kind in _KINDS and self.width > 0 and self.length >= 0

    @property
    def step(self) -> int:
        """How many rows a part has."""
        return max(1, _PART // self._row)

    def size(self, part: int) -> int:
        """Return how many bytes a part has; the last may be shorter than the others."""
        return min(self.step, self.length - part * self.step) * self._row

    @property
    def _row(self) -> int:
        return np.dtype(self.kind).itemsize * self.width


def narrowed(values: npt.NDArray[Any]) -> Values:
    """Return numbers, none of them negative, in as few bytes as the greatest takes."""
    top = int(values.max(initial=0))
    return values.astype(next(kind for kind in _COUNTS if top <= np.iinfo(kind).max))


def parts(values: Values) -> Iterator[bytes]:
    """Yield the parts of a column, in their order."""
    shape = Shape.of(values)
    data = np.ascontiguousarray(values, shape.kind)
    for start in range(0, len(data), shape.step):
        yield data[start : start + shape.step].tobytes()


class Column:
    """A column of which parts are read when they are asked for, and kept."""

    def __init__(self, shape: Shape, fetch: Fetch) -> None:
        """Take note of where its parts come from."""
        self._shape = shape
        self._fetch = fetch
        self._parts: dict[int, bytes] = {}

    def __len__(self) -> int:
        return self._shape.length

    @property
    def width(self) -> int:
        """How many values a row has."""
        return self._shape.width

    def take(self, rows: Numbers) -> Values:
        """Return some rows, shape (rows,) or (rows, width)."""
        step = self._shape.step
        wanted = distinct(rows // step)
        places = np.searchsorted(wanted, rows // step) * step + rows % step
        taken: Values = self._values(wanted.tolist())[places]
        return taken

    def whole(self) -> Values:
        """Return all rows."""
        return self._values(range(-(-len(self) // self._shape.step)))

    def _values(self, numbers: Sequence[int]) -> Values:
        """Return the rows of some parts, ascending; only the last of all may be shorter."""
        missing = [number for number in numbers if number not in self._parts]
        if missing:
            self._parts |= self._fetch(missing)
        shape = self._shape
        values = np.frombuffer(b"".join(self._parts[number] for number in numbers), shape.kind)
        if shape.width > 1:
            values = values.reshape(-1, shape.width)
        return values.astype(np.int64) if shape.kind in _COUNTS else values


class RaggedColumn(NamedTuple):
    """Rows of any length, as two columns: where each ends, and all values."""

    ends: Column
    values: Column

    def rows(self, rows: Numbers) -> Ragged:
        """Return some rows."""
        starts = np.where(rows > 0, self.ends.take(np.maximum(rows - 1, 0)), 0)
        lengths = self.ends.take(rows) - starts
        return Ragged.from_lengths(self.values.take(ranges(starts, lengths)), lengths)

    def whole(self) -> Ragged:
        """Return all rows."""
        return Ragged.from_lengths(self.values.whole(), np.diff(self.ends.whole(), prepend=0))
