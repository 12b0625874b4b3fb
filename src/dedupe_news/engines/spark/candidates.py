"""Candidates: which pairs are worth reading, decided where the articles of a lane stand.

Pairs are added up in the lane of the greater rank, and decided in that of the lesser one,
which then sends its texts to where they are compared. The lesser of a pair may be one of the
few that very many are paired with: so its text goes to each lane once, and the many stay
where they are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dedupe_news.core.among import without
from dedupe_news.core.candidates import anchors_under, are_likely, are_sampled
from dedupe_news.core.pair_counts import PairCounts
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.scope import Places, Scope
from dedupe_news.core.sketches import anchor_levels
from dedupe_news.engines.spark.course import Course, Ranks
from dedupe_news.engines.spark.rows import Parts, Row, arrays_of, routed

__all__ = ["Stories", "Traits", "add_up", "proposed", "size_up"]


@dataclass(frozen=True, slots=True)
class Traits:
    """What must be known of articles to judge pairs of them, one row for each.

    Attributes:
        ranks: Which articles, shape (n,), int64.
        levels: The bound of their anchors, shape (n,).
        under: How many anchors lie under each bound, shape (n, levels).
        days: First and last day, shape (n, 2); (n, 0) where nobody asks.
        groups: Name of the group, shape (n,); (n, 0) where nobody asks.
    """

    ranks: Ranks
    levels: npt.NDArray[np.integer]
    under: npt.NDArray[np.integer]
    days: npt.NDArray[np.float64]
    groups: npt.NDArray[np.object_]

    @classmethod
    def taken(cls, parts: Parts) -> "Traits":
        """Return the traits of all articles of a lane, by rank."""
        found = cls(*parts.take("traits", np.int64, np.uint8, np.uint32, np.float64, np.object_))
        return found.at(np.argsort(found.ranks))

    def at(self, places: Ranks) -> "Traits":
        """Return some rows."""
        return Traits(*(array[places] for array in self.arrays))

    def of(self, ranks: Ranks) -> "Traits":
        """Return the rows of some articles; those of a lane, by rank, are all here."""
        return self.at(np.searchsorted(self.ranks, ranks))

    @property
    def arrays(self) -> tuple[npt.NDArray[Any], ...]:
        """Return the columns."""
        return self.ranks, self.levels, self.under, *self.places

    @property
    def places(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_]]:
        """Return days and groups."""
        return self.days, self.groups


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories that some articles tell, by rank; whoever is not named tells one alone."""

    ranks: Ranks
    labels: Ranks

    @classmethod
    def taken(cls, parts: Parts) -> "Stories":
        """Return the stories of a lane."""
        ranks, labels = parts.take("label", np.int64, np.int64)
        order = np.argsort(ranks)
        return cls(ranks[order], labels[order])

    def of(self, ranks: Ranks) -> Ranks:
        """Return the label of the story of each article."""
        found = ranks.copy()
        places = np.searchsorted(self.ranks, ranks)
        there = np.flatnonzero(places < len(self.ranks))
        there = there[self.ranks[places[there]] == ranks[there]]
        found[there] = self.labels[places[there]]
        return found


def size_up(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield what must be known of an article to judge by its anchors.

    Args:
        rows: Rows `anchors`, any of them.
        course: How the run goes; knows the boilerplate.

    Yields:
        Rows `traits`, for the lanes of ranks.
    """
    for row in rows:
        ranks, shingles, values, lengths, days, groups = arrays_of(row.data)
        anchors = without(Ragged.from_lengths(values, lengths), course.furniture)
        if course.scope == Scope():
            days, groups = np.empty((len(ranks), 0)), np.empty((len(ranks), 0), np.object_)
        levels = anchor_levels(shingles).astype(np.uint8)
        under = anchors_under(anchors).T.astype(np.uint32)
        traits = Traits(ranks, levels, under, days, groups)
        yield from routed("traits", course.of_ranks(ranks), *traits.arrays)


def add_up(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield pairs with all that they share, and what must be known of the greater one.

    Args:
        rows: Rows `pair`, `crowded`, `alike`, `label` and `traits` of the lanes of the greater
            rank.
        course: How the run goes.

    Yields:
        Rows `shared`, for the lanes of the lesser rank: pairs, how many anchors they share,
        whether they share a band; whether the greater one is in a crowd, its story and traits.
    """
    parts = Parts.of(rows)
    traits, stories = Traits.taken(parts), Stories.taken(parts)
    left, right, shared = parts.take("pair", *[np.int64] * 3)
    one, other = parts.take("alike", np.int64, np.int64)
    (crowded,) = parts.take("crowded", np.int64)
    alike = one * course.count + other
    every = np.concatenate((left * course.count + right, alike))
    codes, places = np.unique(every, return_inverse=True)
    totals = np.bincount(places[: len(left)], shared, len(codes)).astype(np.uint32)
    left, right = np.divmod(codes, max(course.count, 1))
    narrow = (ranks.astype(course.rank_type) for ranks in (left, right))
    story = stories.of(right).astype(course.rank_type)
    seen = totals, np.isin(codes, alike), np.isin(right, crowded), story
    yield from routed("shared", course.of_ranks(left), *narrow, *seen, *traits.of(right).arrays[1:])


def proposed(parts: Parts, course: Course) -> tuple[Ranks, Ranks, npt.NDArray[np.bool_]]:
    """Return the pairs that either channel proposes, and whether only bands do; in no order.

    A band may be shared by chance, as anchors tell that have been counted: all but those of a
    crowd, where only texts can tell.

    Args:
        parts: Rows `shared`, `label` and `traits` of one lane of the lesser rank.
        course: How the run goes.
    """
    known, stories = Traits.taken(parts), Stories.taken(parts)
    ends, flags = (np.int64, np.int64), (np.bool_, np.bool_)
    left, right, shared, in_bands, crowded, story, *traits = parts.take(
        "shared", *ends, np.int64, *flags, np.int64, np.uint8, np.uint32, np.float64, np.object_
    )
    if not len(left):
        return left, right, in_bands
    lesser, greater = known.of(left), Traits(right, *traits)
    pairs = PairCounts(np.arange(len(left)), np.arange(len(left)) + len(left), shared)
    under = np.concatenate((lesser.under, greater.under)).T.astype(np.int64)
    levels = np.concatenate((lesser.levels, greater.levels)).astype(np.int64)
    likely = (shared > 0) & are_likely(pairs, under, levels, course.rule.floor)
    by_chance = (shared == 0) & ~crowded & are_sampled(pairs, under, levels)
    by_bands = in_bands & (stories.of(left) != story) & ~by_chance
    days, groups = (
        np.concatenate(both) for both in zip(lesser.places, greater.places, strict=True)
    )
    allowed = Places(days, groups).allow(pairs.left, pairs.right, course.scope)
    kept = (likely | by_bands) & allowed
    return left[kept], right[kept], ~likely[kept]
