"""Pairs of articles that hold keys in common, and how many.

The work grows with the number of keys: one that very many articles hold pairs each of them with a
few representatives, never all with all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import MAX_HOLDERS, REPRESENTATIVES, Holders, holders_of
from dedupe_news.core.kernel import KERNEL
from dedupe_news.core.ragged import Ragged

__all__ = ["PairCounts", "count_pairs", "pairs_in_bands"]

_SLICE = 1 << 22  # keys whose pairs are made at once


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs of articles, ascending, and how many keys each has in common, shape (pairs,)."""

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    shared: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.left)

    def take(self, chosen: npt.NDArray[np.bool_]) -> "PairCounts":
        """Return the pairs where a mask, shape (pairs,), is true."""
        return PairCounts(self.left[chosen], self.right[chosen], self.shared[chosen])


def pairs_in_bands(bands: UInt64s) -> PairCounts:
    """Return every pair of articles that have bands in common, and how many.

    Args:
        bands: LSH bucket keys, shape (articles, bands).
    """
    return count_pairs(holders_of(Ragged.of_table(bands)), len(bands))


def count_pairs(holders: Holders, count: int) -> PairCounts:
    """Return every pair of articles that hold a key in common, and how many they share.

    In a crowd of more than `MAX_HOLDERS` an article is paired with the first few of the
    crowd only. Ranks come from hashes, so these are as good a sample as any; and whoever
    joins or leaves a crowd, unless it is one of them, changes nothing between the others.

    Args:
        holders: Who holds each key.
        count: Number of articles; all ranks lie below.
    """
    pairs = np.empty(0, np.uint64)
    shared = np.empty(0, np.int64)
    for rows in _slices(holders.articles):
        fresh, occurrences = _counted(rows, count)
        pairs, shared = _merged(pairs, shared, fresh, occurrences)
    left, right = np.divmod(pairs, np.uint64(max(count, 1)))
    return PairCounts(left.view(np.int64), right.view(np.int64), shared)


def _counted(holders: Ragged, count: int) -> tuple[UInt64s, npt.NDArray[np.int64]]:
    """Return left * count + right for each pair of holders, ascending, and how many keys it shares.

    Args:
        holders: Those of each key.
        count: Number of articles.
    """
    if KERNEL is None:
        return np.unique_counts(_pair_codes(holders, count))
    rows = holders.values, holders.offsets, count, MAX_HOLDERS, REPRESENTATIVES
    room = KERNEL.pairs(*rows, np.empty(0, np.uint64), np.empty(0, np.int64))
    codes, shared = np.empty(room, np.uint64), np.empty(room, np.int64)  # most is never touched
    found = KERNEL.pairs(*rows, codes, shared)
    return codes[:found].copy(), shared[:found].copy()


def _pair_codes(holders: Ragged, count: int) -> UInt64s:
    """Return the same codes in any order, each as often as the pair shares a key."""
    ranks = holders.values.astype(np.uint64)
    sizes = np.repeat(holders.lengths, holders.lengths)
    firsts = np.repeat(holders.offsets[:-1], holders.lengths)
    places = np.arange(len(ranks)) - firsts
    scaled = ranks * np.uint64(count)
    crowded = sizes > MAX_HOLDERS
    parts = []
    for place in range(REPRESENTATIVES):
        others = np.flatnonzero(crowded & (places > place))
        parts.append(scaled[firsts[others] + place] + ranks[others])
    reach = np.where(crowded, 0, sizes - places)
    here = np.arange(len(ranks))
    for step in range(1, MAX_HOLDERS):
        here = here[reach[here] > step]
        parts.append(scaled[here] + ranks[here + step])
    return np.concatenate(parts)


def _slices(rows: Ragged) -> Iterator[Ragged]:
    """Yield ranges of rows, each of about a limited number of values."""
    first = 0
    while first < len(rows):
        last = int(np.searchsorted(rows.offsets, rows.offsets[first] + _SLICE, side="right"))
        last = max(first + 1, min(last, len(rows)))
        yield rows.between(first, last)
        first = last


def _merged(
    pairs: UInt64s,
    shared: npt.NDArray[np.int64],
    fresh: UInt64s,
    occurrences: npt.NDArray[np.int64],
) -> tuple[UInt64s, npt.NDArray[np.int64]]:
    """Return the sums of two ascending lists of counts."""
    if not len(pairs):
        return fresh, occurrences
    joined = np.concatenate((pairs, fresh))
    order = np.argsort(joined, kind="stable")
    joined = joined[order]
    starts = np.flatnonzero(np.concatenate(([True], joined[1:] != joined[:-1])))
    return joined[starts], np.add.reduceat(np.concatenate((shared, occurrences))[order], starts)
