"""Articles put aside while their numbers are compared: in memory while few, then in a file."""

import os
import pickle
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from types import TracebackType
from typing import IO, Self

import numpy as np

from dedupe_news.model import Article

__all__ = ["IN_MEMORY", "Shelf", "packed"]

IN_MEMORY = 1 << 25
"""Bytes; more goes to a file that has no name and dies with the process."""


def packed(articles: Sequence[Article]) -> list[bytes]:
    """Return each article as bytes that only this program's `Shelf` reads."""
    return [pickle.dumps(_values(article), pickle.HIGHEST_PROTOCOL) for article in articles]


class Shelf:
    """Holds articles by number, from 0 in the order of arrival.

    Raises:
        OSError: By any method, when the disk that holds temporary files is full.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        """Make an empty shelf that holds so many bytes in memory, and more in a file."""
        self._in_memory = in_memory
        self._blocks: list[bytes] = []  # as long as there is no file
        self._firsts = [0]  # where each block starts, and the last one ends
        self._file: IO[bytes] | None = None
        self._ends = array("q", [0])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._blocks.clear()
        if self._file is not None:
            self._file.close()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, articles: Sequence[bytes]) -> None:
        """Put articles, as `packed` made them, behind those that are there."""
        block = b"".join(articles)
        self._blocks.append(block)
        self._firsts.append(self._firsts[-1] + len(block))
        if self._file is None and self._firsts[-1] > self._in_memory:
            self._file = _nameless()
        if self._file is not None:
            self._file.seek(0, os.SEEK_END)
            for waiting in self._blocks:
                _write(self._file, memoryview(waiting))
            self._blocks.clear()
        sizes = np.fromiter(map(len, articles), np.int64, len(articles))
        self._ends.frombytes((self._ends[-1] + np.cumsum(sizes)).tobytes())

    def get(self, number: int) -> Article:
        """Return an article by its number."""
        start, end = self._ends[number], self._ends[number + 1]
        if self._file is not None:
            self._file.seek(start)
            record = self._file.read(end - start)
        elif self._blocks:
            block = bisect_right(self._firsts, start) - 1
            first = self._firsts[block]
            record = self._blocks[block][start - first : end - first]
        else:
            raise ValueError("the shelf is closed")
        return Article(*pickle.loads(record))  # noqa: S301 - written by this process


def _nameless() -> IO[bytes]:
    """Return a new file without a name and without a buffer."""
    import tempfile  # noqa: PLC0415 - slow to load, and of no use for a small corpus

    return tempfile.TemporaryFile(buffering=0)


def _write(file: IO[bytes], data: memoryview) -> None:
    """Write all of it: a file without a buffer may take a part."""
    left = data.cast("B")
    while left:
        left = left[file.write(left) :]


_values = attrgetter(*(field.name for field in fields(Article)))
