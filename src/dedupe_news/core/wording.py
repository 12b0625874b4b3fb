"""Texts as words and shingles, with boilerplate told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe_news.core.columns import places_of
from dedupe_news.core.furniture import covered_by
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.text import Unit, words_of

__all__ = ["Wordings"]


@dataclass(frozen=True, slots=True)
class Wordings:
    """Texts as words and shingles, one row for each.

    Attributes:
        words: Hashes of all words.
        covered: Whether boilerplate covers each word; None where it covers none.
        own: The words that it does not cover.
        shingles: Those of these words, in their order.
        sets: The shingles of all words without those that are boilerplate, ascending, each
            once: what matching sees.
    """

    words: Ragged
    covered: npt.NDArray[np.bool_] | None
    own: Ragged
    shingles: Ragged
    sets: Ragged

    @classmethod
    def of(cls, texts: Sequence[str], unit: Unit, size: int, furniture: UInt64s) -> "Wordings":
        """Return texts as words and shingles.

        Args:
            texts: Any texts.
            unit: What a word is.
            size: Words per shingle.
            furniture: Shingle hashes of boilerplate, ascending.
        """
        words = words_of(texts, unit)
        shingles = shingles_of(words, size)
        hits = places_of(furniture, shingles.values)
        if not len(hits):
            return cls(words, None, words, shingles, distinct_shingles(shingles))
        covered = covered_by(hits, shingles, words, size)
        own = words.drop(np.flatnonzero(covered))
        sets = distinct_shingles(shingles.drop(hits))
        return cls(words, covered, own, shingles_of(own, size), sets)
