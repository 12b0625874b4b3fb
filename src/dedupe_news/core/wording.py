"""Texts as words and shingles, with boilerplate told apart."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dedupe_news.core.among import places_of
from dedupe_news.core.furniture import covered_by
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.text import Unit, words_of

__all__ = ["Wordings"]


class Wordings:
    """Texts as words and shingles, one row for each.

    Attributes:
        words: Hashes of all words.
    """

    def __init__(self, texts: Sequence[str], unit: Unit, size: int, furniture: UInt64s) -> None:
        """Cut texts into words.

        Args:
            texts: Any texts.
            unit: What a word is.
            size: Words per shingle.
            furniture: Shingle hashes of boilerplate, ascending.
        """
        self._size = size
        self.words = words_of(texts, unit)
        self._all = shingles_of(self.words, size)
        self._hits = places_of(furniture, self._all.values)

    @cached_property
    def sets(self) -> Ragged:
        """The shingles of all words without those that are boilerplate, ascending, each once.

        This is what matching sees.
        """
        return distinct_shingles(self._all.drop(self._hits) if len(self._hits) else self._all)

    @cached_property
    def covered(self) -> npt.NDArray[np.bool_] | None:
        """Whether boilerplate covers each word; None where it covers none."""
        if not len(self._hits):
            return None
        return covered_by(self._hits, self._all, self.words, self._size)

    @cached_property
    def own(self) -> Ragged:
        """The words that boilerplate does not cover."""
        if self.covered is None:
            return self.words
        return self.words.drop(np.flatnonzero(self.covered))

    @cached_property
    def shingles(self) -> Ragged:
        """The shingles of these words, in their order."""
        return self._all if self.covered is None else shingles_of(self.own, self._size)
