"""Boilerplate that is known, left out of words and found among paragraphs."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import shingles_of, words_in

__all__ = ["covered_by", "furnished", "mostly_covered"]

_MOST = 0.8  # share of its words from which a paragraph is boilerplate


def furnished(words: Ragged, furniture: UInt64s, size: int) -> frozenset[int]:
    """Return the positions of the paragraphs that are boilerplate for the most part.

    Args:
        words: Word hashes of the paragraphs of one article, one row for each.
        furniture: Shingle hashes of boilerplate, ascending.
        size: Words per shingle.
    """
    if not len(furniture):
        return frozenset()
    whole = Ragged(words.values, words.offsets[[0, -1]])
    shingles = shingles_of(whole, size)
    near = np.minimum(np.searchsorted(furniture, shingles.values), len(furniture) - 1)
    hits = np.flatnonzero(furniture[near] == shingles.values)
    covered = covered_by(hits, shingles, whole, size)
    return mostly_covered(covered.tobytes(), words.offsets.tolist())


def mostly_covered(covered: bytes, offsets: Sequence[int]) -> frozenset[int]:
    """Return the positions of the paragraphs that boilerplate covers for the most part.

    Args:
        covered: Whether it covers each word of an article, a byte of 0 or 1 for each; may be
            empty if it covers none.
        offsets: Index of the first word of each paragraph, and at last their number.
    """
    if 1 not in covered:
        return frozenset()
    return frozenset(
        place
        for place, (start, end) in enumerate(pairwise(offsets))
        if start < end and covered.count(1, start, end) >= _MOST * (end - start)
    )


def covered_by(
    hits: npt.NDArray[np.int64], shingles: Ragged, words: Ragged, size: int
) -> npt.NDArray[np.bool_]:
    """Return which words lie in one of some shingles, shape (words,).

    Args:
        hits: Places of the shingles among the values of `shingles`.
        shingles: Shingles of each article, in the order of its words.
        words: Word hashes of the same articles.
        size: Words per shingle.
    """
    marked = np.zeros(len(shingles.values), np.bool_)
    marked[hits] = True
    return words_in(marked, shingles, words.offsets, size)
