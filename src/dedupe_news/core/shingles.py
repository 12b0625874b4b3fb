"""Shingles: every run of k consecutive words of an article, as one hash."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import AT_HAND, BASE, UInt64s, fmix64, powers
from dedupe_news.core.kernel import KERNEL
from dedupe_news.core.ragged import Ragged, ranges

__all__ = ["distinct_shingles", "shingle_sets_of", "shingles_of", "words_in"]


def shingles_of(words: Ragged, size: int) -> Ragged:
    """Return the shingles of each article, in the order of its words.

    They run across paragraph breaks, so that matching never depends on how a text was cut
    into paragraphs. An article shorter than one shingle is one shingle; one without words
    has none.

    Args:
        words: Word hashes, one row of uint64 for each article.
        size: Words per shingle, at least 1.

    Returns:
        One row of uint64 for each article, repeated shingles included.

    Source: Broder, "On the resemblance and containment of documents" (1997).
    """
    lengths = words.lengths
    counts = np.maximum(lengths - (size - 1), np.minimum(lengths, 1))
    if KERNEL is not None:
        compiled = Ragged.from_lengths(np.empty(counts.sum(), np.uint64), counts)
        KERNEL.shingles(words.values, words.offsets, size, compiled.values)
        return compiled
    across = ranges(words.starts + counts, lengths - counts)
    shingles = Ragged(_window_hashes(words.values, size), words.offsets).drop(across)
    short = np.flatnonzero((lengths > 0) & (lengths < size))
    shingles.values[shingles.offsets[short]] = fmix64(_whole_sums(words, short, size))
    return shingles


def shingle_sets_of(words: Ragged, size: int) -> Ragged:
    """Return the shingles of each article, ascending, without repetition.

    Args:
        words: Word hashes, one row of uint64 for each article.
        size: Words per shingle, at least 1.
    """
    shingles = shingles_of(words, size)
    return _sorted_into(shingles.values, shingles)


def distinct_shingles(shingles: Ragged) -> Ragged:
    """Return the rows sorted ascending and without repetition."""
    return _sorted_into(np.empty_like(shingles.values), shingles)


def words_in(
    marked: npt.NDArray[np.bool_], shingles: Ragged, words: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.bool_]:
    """Return which words lie in one of some shingles, shape (words,), bool.

    Args:
        marked: Whether each shingle is one of them, shape (shingles,), bool.
        shingles: Shingles of each article, in the order of its words.
        words: Where the words of each article start, and at last their number.
        size: Words per shingle.
    """
    first = np.zeros(words[-1], np.bool_)  # whether such a shingle starts with this word
    bounds = zip(words[:-1].tolist(), pairwise(shingles.offsets.tolist()), strict=True)
    for place, (start, end) in bounds:
        first[place : place + end - start] = marked[start:end]
    short = np.flatnonzero((np.diff(words) < size) & (shingles.lengths > 0))
    whole = short[first[words[short]]]
    first[words[short]] = False
    covered = first.copy()
    for step in range(1, size):
        covered[step:] |= first[:-step]
    for row in whole.tolist():
        covered[words[row] : words[row + 1]] = True
    return covered


def _sorted_into(room: UInt64s, shingles: Ragged) -> Ragged:
    """Return the rows, sorted and without repetition, in some room; it may be their own."""
    if KERNEL is not None:
        counts = np.empty(len(shingles), np.int64)
        total = KERNEL.sets(shingles.values, shingles.offsets, room, counts)
        return Ragged.from_lengths(room[:total], counts)
    room[:] = shingles.values
    bounds = shingles.offsets.tolist()
    for start, end in pairwise(bounds):  # numpy sorts short rows faster than it labels them
        room[start:end].sort()
    fresh = np.ones(len(room), np.bool_)
    np.not_equal(room[1:], room[:-1], out=fresh[1:])
    fresh[shingles.offsets[:-1][shingles.lengths > 0]] = True
    return Ragged(room, shingles.offsets).drop(np.flatnonzero(~fresh))


def _window_hashes(words: UInt64s, size: int) -> UInt64s:
    """Return the hash of the words from each place on, cut off at the end."""
    padded = np.concatenate((words, np.zeros(size - 1, np.uint64)))
    hashes = np.empty_like(words)
    for start in range(0, len(words), AT_HAND):
        some = hashes[start : start + AT_HAND]
        some[:] = padded[start + size - 1 :][: len(some)]
        for place in range(start + size - 2, start - 1, -1):
            some *= np.uint64(BASE)
            some += padded[place : place + len(some)]
        fmix64(some)
    return hashes


def _whole_sums(words: Ragged, rows: npt.NDArray[np.int64], size: int) -> UInt64s:
    """Return the weighed sums of rows that are shorter than `size`."""
    sums = np.zeros(len(rows), np.uint64)
    weights = powers(size)
    for place in range(size - 1):
        longer = words.lengths[rows] > place
        sums[longer] += words.values[words.offsets[rows[longer]] + place] * weights[place]
    return sums
