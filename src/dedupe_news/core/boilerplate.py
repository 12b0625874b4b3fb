"""Boilerplate: passages that recur in articles which share nothing else.

Site furniture, trailers, credits, a background paragraph pasted into every report of a saga:
they make strangers look alike. A dispatch that thirty papers print is no such thing, for
those thirty have nearly everything in common. So articles are first joined into stories by
what they share as wholes; an anchor that occurs in many stories then betrays a passage, and
the texts around it tell how far that passage reaches.

Where articles are short and their frame is long, the frame itself makes one story of them.
So the articles of an anchor that occurs in one story are looked at without the words with
which all of them begin and end: if what is left is worth a text and has nothing in common,
those words were a frame.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import islice

import numpy as np
import numpy.typing as npt

from dedupe_news.core.candidates import Holders, PairCounts
from dedupe_news.core.components import component_labels
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import shingles_of
from dedupe_news.core.verify import shared_shingles

__all__ = [
    "MIN_STORIES",
    "MIN_WORDS",
    "Furniture",
    "Passage",
    "learn_boilerplate",
]

MIN_STORIES = 5
"""A passage must occur in so many stories that share nothing else."""

MIN_WORDS = 12
"""A passage must be so long: shorter ones are idioms, titles and names of offices."""

_SAME_STORY = 0.5  # share of the smaller set of anchors from which two articles tell one story
_WITNESSES = 8  # articles that a passage is read in, to see how far it reaches
_OWN_TEXT = 0.25  # share of its words that an article must have besides its frame
_STRANGE = 0.1  # share of the smaller set of shingles up to which two texts have nothing in common
_LOOSELY_RELATED = 0.2  # the same where a stray sentence in common is no surprise
_AGREEMENT = 0.75  # share of the witnesses that must have the passage as far as that
_AT_ONCE = 64  # anchors whose witnesses are held in memory at once

WordsOf = Callable[[Sequence[int]], Ragged]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of an article that are boilerplate.

    Attributes:
        rank: The article.
        start: Position of the first word.
        end: Position after the last word.
        articles: How many articles hold it.
    """

    rank: int
    start: int
    end: int
    articles: int


@dataclass(frozen=True, slots=True)
class Furniture:
    """What was learned.

    Attributes:
        shingles: Hashes of all shingles of all passages, shape (n,), uint64, ascending.
        passages: The passages, those of most articles first.
    """

    shingles: UInt64s
    passages: tuple[Passage, ...]


def learn_boilerplate(
    holders: Holders, pairs: PairCounts, anchors: Ragged, words: WordsOf, size: int
) -> Furniture:
    """Return the passages that recur across stories.

    Args:
        holders: Which articles hold each anchor.
        pairs: How many anchors articles have in common.
        anchors: Anchors of each article.
        words: Returns the word hashes of articles, given their ranks.
        size: Words per shingle.
    """
    stories = _stories(pairs, anchors)
    suspects = np.flatnonzero(
        (holders.articles.lengths >= MIN_STORIES)
        & _in_company(holders.articles, pairs, len(anchors))
    )
    order = np.lexsort((holders.keys[suspects], -holders.articles.lengths[suspects]))
    search = _Search(stories, anchors, holders.mask, words, size)
    promising = (
        suspect
        for row in suspects[order].tolist()
        if (suspect := search.suspect(int(holders.keys[row]), holders.articles[row]))
    )
    while chunk := list(islice(promising, _AT_ONCE)):
        search.look_at(chunk)
    passages = sorted(search.passages, key=lambda one: (-one.articles, one.rank, one.start))
    return Furniture(np.array(sorted(search.known), np.uint64), tuple(passages))


def _stories(pairs: PairCounts, anchors: Ragged) -> npt.NDArray[np.int64]:
    """Return a label for each article that those which have most in common share."""
    smaller = np.minimum(anchors.lengths[pairs.left], anchors.lengths[pairs.right])
    close = pairs.shared >= _SAME_STORY * smaller
    return component_labels(pairs.left[close], pairs.right[close], len(anchors))


def _in_company(holders: Ragged, pairs: PairCounts, count: int) -> npt.NDArray[np.bool_]:
    """Return which anchors are not the only one that most of their holders share.

    A passage of some length has several anchors; a common turn of phrase has one.
    """
    rows = holders.rows
    together = np.flatnonzero(rows[1:] == rows[:-1])
    codes = holders.values[together] * count + holders.values[together + 1]
    places = np.searchsorted(pairs.left * count + pairs.right, codes)
    several = pairs.shared[places] > 1
    return np.bincount(rows[together], several, len(holders)) >= (holders.lengths - 1) / 2


class _Search:
    """The passages found so far, and the shingles that need no second look.

    `known` are the shingles of the passages; `cleared` are those of anchors that were looked
    at and found innocent, together with the words around them.
    """

    def __init__(
        self,
        stories: npt.NDArray[np.int64],
        anchors: Ragged,
        mask: np.uint64,
        words: WordsOf,
        size: int,
    ) -> None:
        self.passages: list[Passage] = []
        self.known: set[int] = set()
        self._cleared: set[int] = set()
        self._framed: dict[bytes, bool] = {}
        self._stories = stories
        self._anchors = anchors
        self._mask = mask
        self._words = words
        self._size = size

    def suspect(self, key: int, holders: npt.NDArray[np.int64]) -> "_Suspect | None":
        """Return an anchor with its witnesses, if its holders may be strangers."""
        stories = self._stories[holders].tolist()
        many = len(set(stories)) >= MIN_STORIES
        witnesses = _witnesses(holders, stories)
        if not many and not self._may_be_framed(witnesses):
            return None
        return _Suspect(key, witnesses, len(holders), many)

    def look_at(self, suspects: Sequence["_Suspect"]) -> None:
        """Decide about some anchors, reading their witnesses."""
        ranks = np.unique(np.concatenate([suspect.witnesses for suspect in suspects]))
        texts = self._words(ranks.tolist())
        shingles = shingles_of(texts, self._size)
        for suspect in suspects:
            rows = np.searchsorted(ranks, suspect.witnesses).tolist()
            first = _Witness(texts[rows[0]], shingles[rows[0]], self._mask, suspect.key)
            if first.shingle in self.known or first.shingle in self._cleared:
                continue
            others = (
                _Witness(texts[row], shingles[row], self._mask, suspect.key) for row in rows[1:]
            )
            seen = [first, *others]
            around = _passage_around if suspect.many_stories else _frame_of
            for start, end in around(seen, self._size):
                self._add(seen[0], suspect, start, end)
            self._cleared.add(seen[0].shingle)

    def _may_be_framed(self, witnesses: npt.NDArray[np.int64]) -> bool:
        """Whether, by their anchors alone, articles have little but one frame in common."""
        key = witnesses.tobytes()
        if key not in self._framed:
            sets = [self._anchors[rank] for rank in witnesses.tolist()]
            frame = reduce(partial(np.intersect1d, assume_unique=True), sets)
            own = [np.setdiff1d(row, frame, assume_unique=True) for row in sets]
            enough = all(
                len(left) > _OWN_TEXT / 2 * len(row) for left, row in zip(own, sets, strict=True)
            )
            self._framed[key] = enough and _strangers(own, 2 * _STRANGE) >= MIN_STORIES
        return self._framed[key]

    def _add(self, witness: "_Witness", suspect: "_Suspect", start: int, end: int) -> None:
        found = witness.shingles[start : max(start + 1, end - self._size + 1)].tolist()
        if end - start >= MIN_WORDS:
            self.known.update(found)
            rank = int(suspect.witnesses[0])
            self.passages.append(Passage(rank, start, end, suspect.articles))
        self._cleared.update(found)


@dataclass(frozen=True, slots=True)
class _Suspect:
    """An anchor by its low bits, some of its holders, and how many there are."""

    key: int
    witnesses: npt.NDArray[np.int64]
    articles: int
    many_stories: bool


class _Witness:
    """An article that holds a suspect anchor: its words, and where the anchor stands."""

    def __init__(self, words: UInt64s, shingles: UInt64s, mask: np.uint64, key: int) -> None:
        self.words = words
        self.shingles = shingles
        self.at = int(np.flatnonzero((shingles & mask) == key)[0])
        self.shingle = int(shingles[self.at])


def _witnesses(holders: npt.NDArray[np.int64], stories: list[int]) -> npt.NDArray[np.int64]:
    """Return some holders spread over all of them; one of a story, if there are enough."""
    one_each = dict(zip(reversed(stories), reversed(holders.tolist()), strict=True))
    many = len(one_each) >= MIN_STORIES
    among = sorted(one_each.values()) if many else holders.tolist()
    count = min(len(among), _WITNESSES)
    chosen = [place * (len(among) - 1) // max(count - 1, 1) for place in range(count)]
    return np.array([among[place] for place in chosen], np.int64)


def _passage_around(seen: Sequence[_Witness], size: int) -> list[tuple[int, int]]:
    """Return how far, in the first witness, the words around the anchor are common.

    Nothing, if what is left of the witnesses is related: loose versions of one dispatch may
    look like several stories from afar.
    """
    one = seen[0]
    reach = [_reach(one.words, one.at, other.words, other.at, size) for other in seen[1:]]
    before, after = (_agreed([lengths[side] for lengths in reach]) for side in (0, 1))
    start, end = one.at - before, one.at + size + after
    sets = [np.unique(witness.shingles) for witness in seen]
    shingles, holders = np.unique_counts(np.concatenate(sets))
    common = shingles[holders >= _AGREEMENT * len(seen)]  # this passage, and others beside it
    own = [np.setdiff1d(row, common, assume_unique=True) for row in sets]
    return [(start, end)] if _strangers(own, _LOOSELY_RELATED) >= MIN_STORIES else []


def _frame_of(seen: Sequence[_Witness], size: int) -> list[tuple[int, int]]:
    """Return the words with which all witnesses begin and end, if they are only a frame.

    They are when every witness has a text of its own besides, and these texts are those of
    strangers. One witness that is nothing but the common words makes them a dispatch.
    """
    one, *others = (witness.words for witness in seen)
    head = min(_common(one, other) for other in others)
    foot = min(_common(one[::-1], other[::-1]) for other in others)
    lengths = [len(witness.words) for witness in seen]
    if min((length - head - foot) / length for length in lengths) < _OWN_TEXT:
        return []
    own = [
        np.unique(witness.shingles[head : len(witness.words) - foot - size + 1]) for witness in seen
    ]
    if min(map(len, own)) < MIN_WORDS or _strangers(own, _STRANGE) < MIN_STORIES:
        return []
    return [(0, head), (lengths[0] - foot, lengths[0])]


def _strangers(sets: Sequence[UInt64s], share: float) -> int:
    """Return how many stories some sets tell, if those that share so much tell one."""
    rows = Ragged.from_lengths(np.concatenate(sets), np.array([len(row) for row in sets]))
    left, right = np.triu_indices(len(sets), 1)
    shared = shared_shingles(rows, left, right)
    close = shared >= share * np.minimum(rows.lengths[left], rows.lengths[right])
    return len(np.unique(component_labels(left[close], right[close], len(sets))))


def _reach(one: UInt64s, at: int, other: UInt64s, there: int, size: int) -> tuple[int, int]:
    """Return how many words two texts share before and after a shingle they share."""
    back = min(at, there)
    before = _common(one[at - back : at][::-1], other[there - back : there][::-1])
    return before, _common(one[at + size :], other[there + size :])


def _common(one: UInt64s, other: UInt64s) -> int:
    """Return the length of the common beginning."""
    length = min(len(one), len(other))
    different = np.flatnonzero(one[:length] != other[:length])
    return int(different[0]) if len(different) else length


def _agreed(lengths: list[int]) -> int:
    """Return the greatest length that enough of the witnesses have."""
    return sorted(lengths, reverse=True)[math.ceil(_AGREEMENT * len(lengths)) - 1]
