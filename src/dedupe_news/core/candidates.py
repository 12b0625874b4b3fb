"""Candidates: which pairs of articles are worth comparing word by word.

Two channels propose them: a shared LSH band, and shared anchors.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from dedupe_news.core.among import without
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.kernel import KERNEL
from dedupe_news.core.pair_counts import PairCounts
from dedupe_news.core.ragged import Ragged, Run, distinct, shared_values
from dedupe_news.core.sketches import LEVELS, anchor_bounds, anchor_levels

__all__ = [
    "Candidates",
    "OwnAnchors",
    "anchors_under",
    "are_likely",
    "are_ruled_out",
    "are_sampled",
    "candidates_of",
]

_NOTHING: Final = np.empty(0, np.uint64)
_SIGMAS = 3  # how far below its expectation a sample may fall before a pair is given up
_FEW_ANCHORS = 16  # an article with fewer is proposed by a single one
_COUNTED_AT_ONCE = 1 << 13  # articles whose anchors are copied without boilerplate to be counted


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to verify, each once, ascending.

    Attributes:
        left: Rank of the one article, shape (pairs,), int64.
        right: Rank of the other, always greater, shape (pairs,), int64.
    """

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.left)


Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OwnAnchors:
    """The anchors of articles, of which boilerplate is left out wherever somebody looks at them.

    Attributes:
        anchors: Those of each article, ascending, boilerplate among them; a row of uint64 each.
        furniture: Hashes of boilerplate, ascending.
        under: How many of the others lie under each bound, shape (levels, articles).
    """

    anchors: Ragged
    furniture: UInt64s
    under: Counts

    @classmethod
    def of(cls, anchors: Ragged, furniture: UInt64s = _NOTHING, run: Run[Counts] = map) -> Self:
        """Return the anchors once they have been counted.

        Args:
            anchors: Those of each article, ascending.
            furniture: Hashes of boilerplate, ascending.
            run: Counts those of some articles after others, or beside them.
        """

        def under(first: int) -> Counts:
            some = anchors.between(first, min(first + _COUNTED_AT_ONCE, len(anchors)))
            return anchors_under(without(some, furniture))

        found = list(run(under, range(0, len(anchors), _COUNTED_AT_ONCE)))
        return cls(anchors, furniture, np.hstack([np.empty((LEVELS, 0), np.int64), *found]))

    def __len__(self) -> int:
        return len(self.anchors)

    def shared(self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Counts:
        """Return how many of them each pair of articles has in common, shape (pairs,)."""
        rows = distinct(np.concatenate((left, right)))
        own = without(self.anchors.take(rows), self.furniture)
        return shared_values(own, np.searchsorted(rows, left), np.searchsorted(rows, right))


def candidates_of(
    shared: PairCounts,
    own: OwnAnchors,
    lengths: npt.NDArray[np.int64],
    alike: PairCounts,
    stories: npt.NDArray[np.int64],
    floor: float,
    crowded: npt.NDArray[np.bool_],
) -> Candidates:
    """Return the pairs that either channel proposes.

    Shared anchors are a sample of shared shingles, so they also estimate containment: a pair
    whose sample is hopelessly small, or is a single anchor of many, is not proposed. Bands
    propose what anchors have not joined: of two articles that tell one story the anchors have
    said all, and in a crowd of variants nearly everybody shares a band with everybody. Nor is a
    pair proposed that shares a band by chance, as its anchors tell.

    Args:
        shared: Pairs of articles that have anchors in common.
        own: Anchors of each article without boilerplate.
        lengths: Number of shingles of each article that its anchors were drawn from.
        alike: Pairs of articles that have bands in common, see `pairs_in_bands`.
        stories: Label of the story of each article, shape (articles,), int64.
        floor: Containment below which nobody wants to know of a pair.
        crowded: Who may have anchors in common that `shared` does not count, see `in_crowds`.
    """
    count, levels = len(own), anchor_levels(lengths)
    likely = are_likely(shared, own.under, levels, floor)
    alike = alike.take(stories[alike.left] != stories[alike.right])
    apart = _share_nothing(alike, shared, own, crowded)
    alike = alike.take(~(apart & are_sampled(alike, own.under, levels)))
    codes = [
        shared.left[likely] * count + shared.right[likely],
        alike.left * count + alike.right,
    ]
    return Candidates(*np.divmod(distinct(np.concatenate(codes)), max(count, 1)))


def anchors_under(anchors: Ragged) -> npt.NDArray[np.int64]:
    """Return how many anchors of each article lie under each bound, shape (levels, articles).

    Args:
        anchors: Anchors of each article, ascending.
    """
    bounds = anchor_bounds(np.arange(LEVELS))
    if KERNEL is not None:
        under = np.empty((LEVELS, len(anchors)), np.int64)
        for bound, counts in zip(bounds, under, strict=True):
            limits = np.full(len(anchors), bound)
            KERNEL.under(anchors.values, anchors.offsets, limits, counts)
        return under
    fewer = [anchors.counts(anchors.values <= bound) for bound in bounds[1:]]
    return np.stack([anchors.lengths, *fewer])


def are_likely(
    pairs: PairCounts,
    under: npt.NDArray[np.int64],
    levels: npt.NDArray[np.int64],
    floor: float,
) -> npt.NDArray[np.bool_]:
    """Return which pairs may contain each other to the share of `floor`.

    Args:
        pairs: Pairs of articles that have anchors in common.
        under: How many anchors of each article lie under each bound, without boilerplate.
        levels: The bound of each article's anchors.
        floor: Containment below which nobody wants to know of a pair.
    """
    sample = _samples(pairs, under, levels)
    least = sample * floor - _SIGMAS * np.sqrt(sample * floor * (1 - floor))
    likely: npt.NDArray[np.bool_] = pairs.shared >= least
    return likely & ((pairs.shared > 1) | (sample < _FEW_ANCHORS))


def are_ruled_out(
    pairs: PairCounts,
    anchors: Ragged,
    under: npt.NDArray[np.int64],
    levels: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Return of which pairs the anchors say that they have nothing in common.

    Of sixteen anchors or more not one is shared: where two thirds of the shingles are, that
    happens once in forty million pairs.

    Args:
        pairs: Pairs of articles, however they were found.
        anchors: Anchors of each article, ascending, without boilerplate.
        under: How many anchors of each article lie under each bound, without boilerplate.
        levels: The bound of each article's anchors.
    """
    nothing: npt.NDArray[np.bool_] = shared_values(anchors, pairs.left, pairs.right) == 0
    return nothing & are_sampled(pairs, under, levels)


def are_sampled(
    pairs: PairCounts, under: npt.NDArray[np.int64], levels: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Return of which pairs so many anchors could be shared that to share none tells all."""
    enough: npt.NDArray[np.bool_] = _samples(pairs, under, levels) >= _FEW_ANCHORS
    return enough


def _samples(
    pairs: PairCounts, under: npt.NDArray[np.int64], levels: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return how many anchors of each pair could be shared, shape (pairs,).

    Those under the bound that holds for both, of the one that has fewer.
    """
    common = np.maximum(levels[pairs.left], levels[pairs.right])
    return np.minimum(under[common, pairs.left], under[common, pairs.right])


def _share_nothing(
    pairs: PairCounts,
    shared: PairCounts,
    own: OwnAnchors,
    crowded: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Return which pairs have no anchor in common.

    Only of two who are both crowded the anchors are compared: all others have been counted.
    """
    count = len(own)
    counted = shared.left * count + shared.right
    codes = pairs.left * count + pairs.right
    places = np.searchsorted(counted, codes)
    nothing: npt.NDArray[np.bool_] = np.append(counted, -1)[places] != codes
    rows = np.flatnonzero(nothing & crowded[pairs.left] & crowded[pairs.right])
    nothing[rows] = own.shared(pairs.left[rows], pairs.right[rows]) == 0
    return nothing
