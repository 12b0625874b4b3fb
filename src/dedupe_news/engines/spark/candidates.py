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

from dedupe_news.core.candidates import PairCounts, anchors_under, are_likely, are_sampled
from dedupe_news.core.columns import without
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.scope import Scope
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
        return self.ranks, self.levels, self.under, self.days, self.groups


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
        Rows `shared`, for the lanes of the lesser rank: the lesser, how much is shared, and
        the traits of the greater. Rows `alike`, for the same: pairs, and the story of the
        greater. Rows `apart`: the same of pairs that share no anchor, with the traits that this
        is judged by.
    """
    parts = Parts.of(rows)
    traits, stories = Traits.taken(parts), Stories.taken(parts)
    left, right, shared = parts.take("pair", *[np.int64] * 3)
    codes, places = np.unique(left * course.count + right, return_inverse=True)
    totals = np.bincount(places, shared, len(codes)).astype(np.uint32)
    yield from _alike(parts, codes, traits, stories, course)
    left, right = np.divmod(codes, max(course.count, 1))
    greater = traits.of(right)
    ranks = right.astype(course.rank_type)
    arrays = left.astype(course.rank_type), totals, ranks, *greater.arrays[1:]
    yield from routed("shared", course.of_ranks(left), *arrays)


def _alike(
    parts: Parts, counted: Ranks, traits: Traits, stories: Stories, course: Course
) -> Iterator[Row]:
    """Yield pairs that share a band, those apart that were not counted among the others.

    Who is in a crowd may share anchors that nobody counts: of such pairs only texts can tell.
    """
    one, other = parts.take("alike", np.int64, np.int64)
    (crowded,) = parts.take("crowded", np.int64)
    apart = ~np.isin(one * course.count + other, counted) & ~np.isin(other, crowded)
    greater = traits.of(other)
    columns = [ranks.astype(course.rank_type) for ranks in (one, other, stories.of(other))]
    for kind, chosen, more in (
        ("alike", ~apart, ()),
        ("apart", apart, (greater.levels, greater.under)),
    ):
        arrays = (array[chosen] for array in (*columns, *more))
        yield from routed(kind, course.of_ranks(one[chosen]), *arrays)


def proposed(parts: Parts, course: Course) -> tuple[Ranks, Ranks, npt.NDArray[np.bool_], Traits]:
    """Return the pairs that either channel proposes, ascending.

    With them come whether only bands propose a pair, and the traits of its lesser article.

    Args:
        parts: Rows `shared`, `alike`, `apart`, `label` and `traits` of one lane of the lesser
            rank.
        course: How the run goes.
    """
    traits, stories = Traits.taken(parts), Stories.taken(parts)
    left, totals, *others = parts.take(
        "shared", np.int64, np.int64, np.int64, np.uint8, np.uint32, np.float64, np.object_
    )
    likely = np.empty(0, np.int64)
    if len(left):
        greater = Traits(*others)
        pairs = _side_by_side(traits.of(left), greater.levels, greater.under, totals)
        kept = are_likely(*pairs, course.rule.floor)
        likely = (left * course.count + greater.ranks)[kept]
    codes = np.union1d(_in_bands(parts, traits, stories, course), likely)
    lesser, ranks = np.divmod(codes, max(course.count, 1))
    return lesser, ranks, ~np.isin(codes, likely), traits.of(lesser)


def _in_bands(parts: Parts, traits: Traits, stories: Stories, course: Course) -> Ranks:
    """Return the pairs of different stories that share a band, unless by chance, as codes."""
    one, other, story = parts.take("alike", *[np.int64] * 3)
    lesser, greater, told, levels, under = parts.take("apart", *[np.int64] * 3, np.uint8, np.uint32)
    if len(lesser):
        pairs = _side_by_side(traits.of(lesser), levels, under, np.zeros(len(lesser), np.int64))
        unsure = ~are_sampled(*pairs)
        one = np.concatenate((one, lesser[unsure]))
        other = np.concatenate((other, greater[unsure]))
        story = np.concatenate((story, told[unsure]))
    codes: Ranks = (one * course.count + other)[stories.of(one) != story]
    return codes


def _side_by_side(
    left: Traits, levels: npt.NDArray[np.integer], under: npt.NDArray[np.integer], shared: Ranks
) -> tuple[PairCounts, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return pairs, row by row, and what is known of their articles: `under` and `levels`.

    Args:
        left: Traits of the lesser of each pair.
        levels: The bound of the anchors of the greater of each pair.
        under: How many of these lie under each bound.
        shared: How many anchors each pair shares.
    """
    rows = np.arange(len(shared))
    return (
        PairCounts(rows, rows + len(shared), shared),
        np.concatenate((left.under, under)).T.astype(np.int64),
        np.concatenate((left.levels, levels)).astype(np.int64),
    )
