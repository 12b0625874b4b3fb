"""Articles put aside while their numbers are compared: in memory while few, then in a file."""

import pickle
import tempfile
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import numpy as np

from dedupe_news.model import Article

__all__ = ["Shelf", "packed"]

_IN_MEMORY = 1 << 25  # bytes; more goes to a file that has no name and dies with the process


def packed(articles: Sequence[Article]) -> list[bytes]:
    """Return each article as bytes that only this program's `Shelf` reads."""
    return [pickle.dumps(article, pickle.HIGHEST_PROTOCOL) for article in articles]


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
        article: Article = pickle.loads(self._file.read(self._ends[number] - start))  # noqa: S301 - written by this process
        return article
