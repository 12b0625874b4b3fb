"""Articles put aside while their numbers are compared: in memory while few, then in a file."""

import pickle
import tempfile
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from types import TracebackType
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt

from dedupe_news.model import Article

__all__ = ["Pile", "Shelf", "packed"]

_IN_MEMORY = 1 << 25  # bytes; more goes to a file that has no name and dies with the process


def packed(articles: Sequence[Article]) -> list[bytes]:
    """Return each article as bytes that only this program's `Shelf` reads."""
    return [pickle.dumps(_values(article), pickle.HIGHEST_PROTOCOL) for article in articles]


class Pile:
    """Arrays laid end to end: in memory up to a budget, beyond it in a file.

    The file has no name and dies with the process.
    """

    def __init__(self, budget: int, dtype: npt.DTypeLike) -> None:
        """Make an empty pile that may hold `budget` bytes in memory."""
        self._budget = budget
        self._dtype = np.dtype(dtype)
        self._parts: list[npt.NDArray[Any]] = []
        self._file: IO[bytes] | None = None
        self._size = 0

    def add(self, values: npt.NDArray[Any]) -> None:
        """Lay values behind those that are there.

        Raises:
            OSError: If the disk for temporary files is full.
        """
        self._parts.append(np.ascontiguousarray(values, self._dtype))
        self._size += values.nbytes
        if self._file is None and self._size > self._budget:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the pile
        if self._file is not None:
            for part in self._parts:
                self._file.write(part.data)
            self._parts.clear()

    def values(self) -> npt.NDArray[Any]:
        """Return all values as one array, which may be the file; the pile is empty then."""
        if self._file is not None:
            self._file.flush()
            with self._file as file:
                return np.memmap(file, self._dtype, mode="r")
        whole = np.empty(self._size // self._dtype.itemsize, self._dtype)
        end = len(whole)
        while self._parts:  # from the end, so that each part is freed as it is copied
            part = self._parts.pop()
            whole[end - len(part) : end] = part
            end -= len(part)
        return whole


class Shelf:
    """Holds articles by number, from 0 in the order of arrival.

    Raises:
        OSError: By any method, when the disk that holds temporary files is full.
    """

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by __exit__
        self._ends: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, articles: Sequence[bytes]) -> None:
        """Put articles, as `packed` made them, behind those that are there."""
        end = self._ends[-1] if self._ends else 0
        self._file.seek(end)
        self._file.write(b"".join(articles))
        self._ends.extend((end + np.cumsum([len(article) for article in articles])).tolist())

    def get(self, number: int) -> Article:
        """Return an article by its number."""
        start = self._ends[number - 1] if number else 0
        self._file.seek(start)
        values = pickle.loads(self._file.read(self._ends[number] - start))  # noqa: S301 - written by this process
        return Article(*values)


_values = attrgetter(*(field.name for field in fields(Article)))
