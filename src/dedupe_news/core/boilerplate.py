"""Boilerplate: passages that recur in articles which share nothing else.

Site furniture, trailers, credits, a background paragraph pasted into every report of a saga:
they make strangers look alike. A dispatch that thirty papers print is no such thing, for
those thirty have nearly everything in common. So articles are first joined into stories by
what they share as wholes; an anchor that occurs in many stories then betrays a passage, and
the texts around it tell how far that passage reaches.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe_news.core.candidates import Holders, PairCounts
from dedupe_news.core.components import component_labels
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import shingles_of
from dedupe_news.core.text import Unit, words_of

__all__ = [
    "MIN_STORIES",
    "MIN_WORDS",
    "Furniture",
    "Passage",
    "furnished",
    "learn_boilerplate",
    "without_passages",
]

MIN_STORIES = 5
"""A passage must occur in so many stories that share nothing else."""

MIN_WORDS = 12
"""A passage must be so long: shorter ones are idioms, titles and names of offices."""

_SAME_STORY = 0.5  # share of the smaller set of anchors from which two articles tell one story
_WITNESSES = 8  # articles that a passage is read in, to see how far it reaches
_AGREEMENT = 0.75  # share of the witnesses that must have the passage as far as that
_MOST = 0.8  # share of its words from which a paragraph is boilerplate
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
    labels = Ragged(stories[holders.articles.values], holders.articles.offsets)
    spread = _distinct_labels(labels) >= MIN_STORIES
    suspects = np.flatnonzero(spread & _in_company(holders.articles, pairs, len(anchors)))
    order = np.lexsort((holders.keys[suspects], -holders.articles.lengths[suspects]))
    suspects = suspects[order]
    known: set[int] = set()
    passages: list[Passage] = []
    for start in range(0, len(suspects), _AT_ONCE):
        chunk = suspects[start : start + _AT_ONCE].tolist()
        rows = [(int(holders.keys[row]), holders.articles[row]) for row in chunk]
        for passage, shingles in _passages(rows, stories, known, holders.mask, words, size):
            known.update(shingles.tolist())
            passages.append(passage)
    passages.sort(key=lambda passage: (-passage.articles, passage.rank, passage.start))
    return Furniture(np.array(sorted(known), np.uint64), tuple(passages))


def without_passages(words: Ragged, furniture: UInt64s, size: int) -> Ragged:
    """Return the words of each article that no boilerplate shingle covers.

    Args:
        words: Word hashes, one row of uint64 for each article.
        furniture: Shingle hashes of boilerplate, ascending.
        size: Words per shingle.
    """
    if not len(furniture):
        return words
    return words.keep(~_covered(words, furniture, size))


def furnished(
    paragraphs: Sequence[str], furniture: UInt64s, size: int, unit: Unit
) -> frozenset[int]:
    """Return the positions of the paragraphs that are boilerplate for the most part.

    Args:
        paragraphs: The paragraphs of one article.
        furniture: Shingle hashes of boilerplate, ascending.
        size: Words per shingle.
        unit: What a word is, as for `words_of`.
    """
    if not len(furniture):
        return frozenset()
    words = words_of(paragraphs, unit)
    whole = Ragged.from_lengths(words.values, np.array([len(words.values)], np.int64))
    covered = np.bincount(words.rows, _covered(whole, furniture, size), len(words))
    most = (covered >= _MOST * words.lengths) & (words.lengths > 0)
    return frozenset(np.flatnonzero(most).tolist())


def _covered(words: Ragged, furniture: UInt64s, size: int) -> npt.NDArray[np.bool_]:
    """Return which words lie in a shingle that is boilerplate, shape (words,)."""
    shingles = shingles_of(words, size)
    hits = np.flatnonzero(np.isin(shingles.values, furniture))
    rows = shingles.rows[hits]
    starts = words.offsets[rows] + hits - shingles.offsets[rows]
    steps = np.zeros(len(words.values) + 1, np.int64)
    np.add.at(steps, starts, 1)
    np.add.at(steps, np.minimum(starts + size, words.offsets[rows + 1]), -1)
    return np.cumsum(steps[:-1]) > 0


def _stories(pairs: PairCounts, anchors: Ragged) -> npt.NDArray[np.int64]:
    """Return a label for each article that those which have most in common share."""
    smaller = np.minimum(anchors.lengths[pairs.left], anchors.lengths[pairs.right])
    close = pairs.shared >= _SAME_STORY * smaller
    return component_labels(pairs.left[close], pairs.right[close], len(anchors))


def _distinct_labels(labels: Ragged) -> npt.NDArray[np.int64]:
    """Return how many different labels each row holds."""
    order = np.lexsort((labels.values, labels.rows))
    values = labels.values[order]
    fresh = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    fresh[labels.offsets[:-1]] = True
    return np.add.reduceat(fresh, labels.offsets[:-1]) if len(labels) else labels.lengths


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


def _passages(
    rows: Sequence[tuple[int, npt.NDArray[np.int64]]],
    stories: npt.NDArray[np.int64],
    known: set[int],
    mask: np.uint64,
    words: WordsOf,
    size: int,
) -> Iterator[tuple[Passage, UInt64s]]:
    """Yield the passage around each suspect anchor, unless it lies in one that is known.

    Args:
        rows: The low bits of each anchor, and its holders.
        stories: Label of the story of each article.
        known: Shingles that are boilerplate already; the caller adds what is yielded.
        mask: Which bits of an anchor are given.
        words: Returns the word hashes of articles.
        size: Words per shingle.
    """
    witnesses = [_witnesses(holders, stories) for _, holders in rows]
    ranks = np.unique(np.concatenate(witnesses))
    texts = words(ranks.tolist())
    shingles = shingles_of(texts, size)
    for (key, holders), seen in zip(rows, witnesses, strict=True):
        places = np.searchsorted(ranks, seen).tolist()
        starts = [int(np.flatnonzero((shingles[place] & mask) == key)[0]) for place in places]
        if int(shingles[places[0]][starts[0]]) in known:
            continue
        reach = [
            _reach(texts[places[0]], starts[0], texts[place], start, size)
            for place, start in zip(places[1:], starts[1:], strict=True)
        ]
        before, after = (_agreed([lengths[side] for lengths in reach]) for side in (0, 1))
        start, end = starts[0] - before, starts[0] + size + after
        if end - start < MIN_WORDS:
            continue
        found = shingles[places[0]][start : max(start + 1, end - size + 1)]
        yield Passage(int(seen[0]), start, end, len(holders)), found


def _witnesses(
    holders: npt.NDArray[np.int64], stories: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return some holders, one of a story, spread over all of them."""
    _, firsts = np.unique(stories[holders], return_index=True)
    chosen = np.linspace(0, len(firsts) - 1, min(len(firsts), _WITNESSES)).astype(np.int64)
    return holders[np.sort(firsts)[chosen]]


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
