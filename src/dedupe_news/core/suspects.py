"""Anchors under suspicion: those that many stories share, or one that may be a frame.

Articles are joined into stories by what they share as wholes. An anchor is judged by some of its
holders, who bear witness of the passage around it, if that is what it betrays.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.components import component_labels
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import Holders
from dedupe_news.core.pair_counts import PairCounts
from dedupe_news.core.ragged import Ragged, distinct, distinct_rows, occurrences
from dedupe_news.core.verify import shared_by_sets

__all__ = [
    "JURY",
    "MIN_STORIES",
    "OWN_TEXT",
    "STRANGE",
    "WITNESSES",
    "AnchorsOf",
    "Evidence",
    "Suspect",
    "are_in_company",
    "is_divided",
    "may_be_framed",
    "reconciled",
    "stories_told",
    "suspects_of",
    "tell_one_story",
    "testimony_of",
    "weigh",
]

MIN_STORIES = 5
"""A passage must occur in so many stories that share nothing else."""

JURY = 64
"""Holders of an anchor by whom it is judged: the first by rank, which is to say, any."""

WITNESSES = 8
"""Articles that a passage is read in, to see how far it reaches."""

OWN_TEXT = 0.25
"""Share of its words that an article must have besides its frame."""

STRANGE = 0.1
"""Share of the smaller set of shingles up to which two texts have nothing in common."""

_SAME_STORY = 0.5  # share of the smaller set of anchors from which two articles tell one story
_LIKE_MOST = 0.4  # share of its anchors that most of a jury have, from which one tells their story

AnchorsOf = Callable[[Sequence[int]], Sequence[UInt64s]]
"""Returns the anchors of articles, ascending, given their ranks."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What boilerplate is judged by.

    Attributes:
        stories: Label of the story of each article, shape (articles,), int64.
        several: With how many holders of each anchor the first holder shares several
            anchors, shape (anchors,), int64; 0 for an anchor that fewer than `MIN_STORIES` hold.
    """

    stories: npt.NDArray[np.int64]
    several: npt.NDArray[np.int64]


class Suspect(NamedTuple):
    """An anchor under suspicion.

    Attributes:
        key: Its low bits.
        witnesses: Some of its holders, by rank.
        articles: How many holders it has.
        many_stories: Whether these tell many stories, or one that may be a frame.
    """

    key: int
    witnesses: npt.NDArray[np.int64]
    articles: int
    many_stories: bool


_Judgement = tuple[npt.NDArray[np.int64], int, bool]
"""All of a suspect but its key."""


def weigh(holders: Holders, pairs: PairCounts, anchors: Ragged) -> Evidence:
    """Return what boilerplate is judged by.

    Args:
        holders: Which articles hold each anchor.
        pairs: How many anchors articles have in common.
        anchors: Anchors of each article.
    """
    return Evidence(_stories(pairs, anchors), _several(holders.articles, pairs, len(anchors)))


def _stories(pairs: PairCounts, anchors: Ragged) -> npt.NDArray[np.int64]:
    """Return a label for each article that those which have most in common share."""
    close = tell_one_story(pairs.shared, anchors.lengths[pairs.left], anchors.lengths[pairs.right])
    return component_labels(pairs.left[close], pairs.right[close], len(anchors))


def tell_one_story(
    shared: npt.NDArray[np.int64], left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Return which pairs tell one story, as far as their anchors say.

    Args:
        shared: How many anchors they share, shape (pairs,).
        left: How many anchors the one has.
        right: How many anchors the other has.
    """
    result: npt.NDArray[np.bool_] = shared >= _SAME_STORY * np.minimum(left, right)
    return result


def are_in_company(
    several: npt.NDArray[np.int64], holders: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Return which anchors have holders enough, and are not the only one that these share.

    A passage of some length has several anchors; a common turn of phrase has one.

    Args:
        several: With how many holders the first shares several anchors, for each anchor.
        holders: How many holders each has.
    """
    return (holders >= MIN_STORIES) & (several >= (holders - 1) / 2)


def _several(holders: Ragged, pairs: PairCounts, count: int) -> npt.NDArray[np.int64]:
    """Return with how many holders of each key the first shares several, shape (keys,).

    Keys of too few holders, which are most, are not looked at: 0 stands for them. Of a passage most
    keys have the same holders, who are looked at once.
    """
    common = np.flatnonzero(holders.lengths >= MIN_STORIES)
    circles, alike = distinct_rows(holders.take(common))
    among = holders.take(common[circles])
    rows = among.rows
    others = np.flatnonzero(np.diff(rows, prepend=-1) == 0)
    codes = among.values[among.offsets[rows[others]]] * count + among.values[others]
    places = np.searchsorted(pairs.left * count + pairs.right, codes)
    several = np.zeros(len(holders), np.int64)
    several[common] = np.bincount(rows[others], pairs.shared[places] > 1, len(circles))[alike]
    return several


def suspects_of(holders: Holders, evidence: Evidence, anchors: Ragged) -> list[Suspect]:
    """Return the anchors that come under suspicion, ascending.

    Args:
        holders: Which articles hold each anchor.
        evidence: What `weigh` made of them.
        anchors: Anchors of each article.
    """
    rows = np.flatnonzero(evidence.several)  # hardly any of all; the others have no company at all
    holding = holders.articles.offsets[rows + 1] - holders.articles.offsets[rows]
    rows = rows[are_in_company(evidence.several[rows], holding)]
    circles, alike = distinct_rows(holders.articles.take(rows))
    search = _Search(evidence.stories, anchors)
    judged = [search.judged(holders.articles[row]) for row in rows[circles].tolist()]
    keys = zip(holders.keys[rows].tolist(), alike.tolist(), strict=True)
    return [Suspect(key, *found) for key, circle in keys if (found := judged[circle])]


class _Search:
    """Tells whose anchors come under suspicion, and who bears witness of them."""

    def __init__(self, stories: npt.NDArray[np.int64], anchors: Ragged) -> None:
        self._framed: dict[bytes, bool] = {}
        self._stories = stories
        self._anchors = anchors

    def judged(self, holders: npt.NDArray[np.int64]) -> _Judgement | None:
        """Return what is to be known of anchors with such holders, if these may be strangers."""
        jury = holders[:JURY]
        stories = reconciled(jury, self._stories[jury].tolist(), self._anchors_of)
        witnesses, many = testimony_of(jury, stories)
        if many or self._framed_by(witnesses):
            return witnesses, len(holders), many
        return None

    def _anchors_of(self, ranks: Sequence[int]) -> list[UInt64s]:
        return [self._anchors[rank] for rank in ranks]

    def _framed_by(self, witnesses: npt.NDArray[np.int64]) -> bool:
        key = witnesses.tobytes()
        if key not in self._framed:
            self._framed[key] = may_be_framed(self._anchors_of(witnesses.tolist()))
        return self._framed[key]


def may_be_framed(sets: Sequence[UInt64s]) -> bool:
    """Return whether, by their anchors alone, articles have little but one frame in common.

    Args:
        sets: The anchors of each article, ascending.
    """
    rows = Ragged.of_arrays(sets)
    values, holders = np.unique_counts(rows.values)
    own = rows.keep((holders < len(sets))[np.searchsorted(values, rows.values)])
    enough = bool((own.lengths > OWN_TEXT / 2 * rows.lengths).all())
    return enough and stories_told(own, 2 * STRANGE) >= MIN_STORIES


def testimony_of(
    jury: npt.NDArray[np.int64], stories: Sequence[int]
) -> tuple[npt.NDArray[np.int64], bool]:
    """Return who bears witness of an anchor, and whether they tell many stories.

    The first of each story do, if there are enough; else the first of all.

    Args:
        jury: The first `JURY` holders of the anchor, by rank.
        stories: What each tells, as `reconciled` has it.
    """
    first_of = dict(zip(reversed(stories), reversed(range(len(stories))), strict=True))
    if len(first_of) < MIN_STORIES:
        return jury[:WITNESSES], False
    return jury[sorted(first_of.values())[:WITNESSES]], True


def is_divided(stories: Sequence[int]) -> bool:
    """Return whether most of a jury tell one story, and enough others do not."""
    held = Counter(stories)
    return len(held) >= MIN_STORIES and max(held.values()) > len(stories) / 2


def reconciled(
    jury: npt.NDArray[np.int64], stories: Sequence[int], anchors: AnchorsOf
) -> Sequence[int]:
    """Return what a jury tells, once all who tell the story of most are counted among these.

    Of a hundred papers that print a dispatch with words changed here and there and a paragraph of
    their own, some have less than half in common with any one of the others; with all of them
    together it is much more.

    Args:
        jury: The first `JURY` holders of an anchor, by rank.
        stories: Label of the story of each.
        anchors: Returns the anchors of articles, given their ranks; asked by a divided jury.
    """
    if not is_divided(stories):
        return stories
    ((story, _),) = Counter(stories).most_common(1)
    own = Ragged.of_arrays(anchors(jury.tolist()))
    most = own.take(np.flatnonzero([label == story for label in stories]))
    like_most = (
        occurrences(own, Ragged.of_arrays([distinct(most.values)])) >= _LIKE_MOST * own.lengths
    )
    return [
        story if like else label for label, like in zip(stories, like_most.tolist(), strict=True)
    ]


def stories_told(sets: Ragged, share: float, common: int = 0) -> int:
    """Return how many stories some sets tell, if those that share so much tell one.

    Args:
        sets: Hashes, ascending, without repetition; one row for each set.
        share: Of the smaller set, from which two tell one story.
        common: Hashes in so many sets do not count; 0 to count all.
    """
    sizes, shared = shared_by_sets(sets, common or len(sets) + 1)
    left, right = np.triu_indices(len(sets), 1)
    close = shared[left, right] >= share * np.minimum(sizes[left], sizes[right])
    return len(set(component_labels(left[close], right[close], len(sets)).tolist()))
