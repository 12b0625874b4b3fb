"""What a description asks of the texts of families: read from them, or told by who read them.

Whoever verified that two texts match has cut them into words already. What that brought to light
is kept for small families, whose texts need not be read again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.columns import Recipe
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged, distinct, occurrences, shared_values
from dedupe_news.core.sketches import digests_of
from dedupe_news.core.verify import (
    Comparisons,
    Rule,
    compare,
    in_common,
    resemblance_of,
    word_shares,
)
from dedupe_news.core.wording import Wordings
from dedupe_news.model import Article

__all__ = [
    "MANY",
    "Insight",
    "Known",
    "PairFacts",
    "Read",
    "Shares",
    "TextFacts",
    "Told",
    "insight",
]

_AT_ONCE = 1024  # texts whose words, and pairs whose texts, are held in memory
_WITNESSES = 16  # members that "most contained" is judged by: keeps the work linear
MANY = 2 * _WITNESSES
"""Members of a family from which on they are held against some of them, all at once."""

Rows = npt.NDArray[np.int64]
_NO_ROWS = np.empty(0, np.int64)
Shares = Iterator[tuple[bool, Sequence[float], float]]
"""For one pair of base and variant after the other: whether they have the same words, the share
of the words of each in the other, and their resemblance."""


@dataclass(frozen=True, slots=True)
class Insight:
    """What is found out about texts and matches while these are verified.

    Attributes:
        texts: Ranks of the texts, shape (texts,), int64; one may be there several times.
        own: How many words of each boilerplate does not cover, shape (texts,), int64.
        shingles: How many distinct shingles each has, boilerplate left out, shape (texts,), int64.
        left: Ranks of the one side of the matches, shape (matches,), int64.
        right: Ranks of the other side, always greater, shape (matches,), int64.
        shared: How many shingles both have in common, shape (matches,), int64.
        resemblance: Jaccard similarity of their shingle sets, shape (matches,), float64.
        shares: Share of the words of each in the other, shape (matches, 2), float64.
    """

    texts: Rows
    own: Rows
    shingles: Rows
    left: Rows
    right: Rows
    shared: Rows
    resemblance: npt.NDArray[np.float64]
    shares: npt.NDArray[np.float64]

    @classmethod
    def concatenate(cls, parts: Sequence["Insight"]) -> "Insight":
        """Return the rows of all parts, in their order."""
        if not parts:
            none = _NO_ROWS
            return cls(none, none, none, none, none, none, np.empty(0), np.empty((0, 2)))
        columns = zip(*map(attrgetter(*cls.__match_args__), parts), strict=True)
        return cls(*map(np.concatenate, columns))


def insight(seen: Comparisons, wordings: Wordings, rule: Rule, *, most: int) -> Insight:
    """Return what a description would ask of the texts of matches, of those that are in few.

    Texts of a crowd are in many pairs, hardly any of which is asked for.

    Args:
        seen: Pairs by row, compared.
        wordings: Their texts.
        rule: What counts as shared.
        most: In how many of the pairs a text may be.
    """
    counts = np.bincount(np.concatenate((seen.left, seen.right)), minlength=len(wordings.words))
    few = (counts[seen.left] <= most) & (counts[seen.right] <= most)
    chosen = np.flatnonzero(seen.matches & few)
    left, right = seen.left[chosen], seen.right[chosen]
    texts = distinct(np.concatenate((left, right)))
    sizes = wordings.sets.lengths
    shared = seen.containment[chosen] * np.minimum(sizes[left], sizes[right])  # as it was counted
    return Insight(
        texts,
        wordings.own.lengths[texts],
        sizes[texts],
        left,
        right,
        np.rint(shared).astype(np.int64),
        seen.resemblance[chosen],
        word_shares(wordings.own, wordings.shingles, left, right, rule),
    )


_Some = tuple[slice, Wordings, Rows, Rows]
"""Some of many pairs: which, and their texts with the rows of both sides among these."""


class TextFacts(NamedTuple):
    """What was found out about a text.

    Attributes:
        words: How many words it has.
        own: How many of them boilerplate does not cover.
        shingles: How many distinct ones it has, boilerplate left out.
        digest: What tells its wording from others, two numbers of 64 bits.
    """

    words: int
    own: int
    shingles: int
    digest: tuple[int, int]


class PairFacts(NamedTuple):
    """What was found out about two texts.

    Attributes:
        shared: How many shingles they have in common, boilerplate left out.
        resemblance: Jaccard similarity of their shingle sets.
        shares: Share of the words of the one, which has the lesser number, in the other, and
            the other way round.
    """

    shared: int
    resemblance: float
    shares: tuple[float, float]


class Told(NamedTuple):
    """All that a description asks of the texts of one family.

    Attributes:
        texts: By the number of the wording.
        pairs: Of every two wordings, the lesser number first.
    """

    texts: Mapping[int, TextFacts]
    pairs: Mapping[tuple[int, int], PairFacts]


class Known:
    """Facts about families of which all was told."""

    def __init__(self, told: Sequence[Told], numbers: Sequence[int], starts: Sequence[int]) -> None:
        """Take what was told.

        Args:
            told: What is known of each family.
            numbers: The number of the wording of each row.
            starts: The first row of each family, and at last their number.
        """
        self._numbers = numbers
        self._bounds = list(pairwise(starts))
        self._pairs = [
            one.pairs
            for one, (first, last) in zip(told, self._bounds, strict=True)
            for _ in range(first, last)
        ]
        self._texts = [
            one.texts[number]
            for one, (first, last) in zip(told, self._bounds, strict=True)
            for number in numbers[first:last]
        ]
        self.words = [text.words for text in self._texts]
        self.own = [text.own for text in self._texts]
        self.digests = np.array([text.digest for text in self._texts], np.uint64).reshape(-1, 2)

    @cached_property
    def contained(self) -> Sequence[float]:
        """Share of each member's shingles in the others of its family, added up."""
        return [
            sum(self._shared(row, other) for other in range(first, last) if other != row)
            / max(self._texts[row].shingles, 1)
            for first, last in self._bounds
            for row in range(first, last)
        ]

    def shares(self, left: Rows, right: Rows) -> Shares:
        """Yield what pairs of rows share."""
        for one, other in zip(left.tolist(), right.tolist(), strict=True):
            if self._are_same(one, other):
                yield True, (1.0, 1.0), float(self._texts[one].shingles > 0)
            else:
                _, resemblance, shares = self._pair(one, other)
                in_order = self._numbers[one] < self._numbers[other]
                yield False, shares if in_order else shares[::-1], resemblance

    def covered(self, row: int) -> bytes:
        """Raise an error: who shows changes has the texts read."""
        raise NotImplementedError(row)

    def _shared(self, one: int, other: int) -> int:
        same = self._are_same(one, other)
        return self._texts[one].shingles if same else self._pair(one, other).shared

    def _are_same(self, one: int, other: int) -> bool:
        return self._texts[one].digest == self._texts[other].digest

    def _pair(self, one: int, other: int) -> PairFacts:
        ends = self._numbers[one], self._numbers[other]
        return self._pairs[one][min(ends), max(ends)]


class Read:
    """Facts about families whose texts are read: all at once while they are few.

    Otherwise a number of them at a time.
    """

    def __init__(
        self,
        articles: Sequence[Article],
        of_row: Rows,
        starts: Sequence[int],
        recipe: Recipe,
        rule: Rule,
        furniture: UInt64s,
    ) -> None:
        """Read all texts once.

        Args:
            articles: Whose texts these are; none of one family is of another.
            of_row: Which of the articles each row has, shape (rows,).
            starts: The first row of each family, and at last their number.
            recipe: How they are read.
            rule: What counts as shared.
            furniture: Shingle hashes of boilerplate, ascending.
        """
        self._of_row = of_row
        self._bounds = list(pairwise(starts))
        self._articles = articles
        self._recipe = recipe
        self._rule = rule
        self._furniture = furniture
        count = len(articles)
        words, own, self._sets = (np.zeros(count, np.int64) for _ in range(3))
        digests = np.zeros((count, 2), np.uint64)
        self._all: Wordings | None = None
        self._covered: list[tuple[npt.NDArray[np.bool_] | None, Rows]] = []
        self._meetings = {
            first: _Meeting(of_row[first:last], self._sets_of)
            for first, last in self._bounds
            if last - first >= MANY
        }
        for first in range(0, count, _AT_ONCE):
            texts = slice(first, min(first + _AT_ONCE, count))
            wording = self._wording(range(texts.start, texts.stop))
            words[texts] = wording.words.lengths
            own[texts] = wording.own.lengths
            self._sets[texts] = wording.sets.lengths
            digests[texts] = digests_of(wording.words)
            self._covered.append((wording.covered, wording.words.offsets))
            for meeting in self._meetings.values():
                meeting.take(first, wording.sets)
            self._all = wording if count <= _AT_ONCE else None
        self.words: Sequence[int] = words[of_row].tolist()
        self.own: Sequence[int] = own[of_row].tolist()
        self.digests = digests[of_row]

    def covered(self, row: int) -> bytes:
        """Return for each word of a row whether boilerplate covers it.

        A byte for each word, 0 or 1; nothing if it covers no word of the text.
        """
        text = int(self._of_row[row])
        covered, offsets = self._covered[text // _AT_ONCE]
        start, end = offsets[text % _AT_ONCE : text % _AT_ONCE + 2]
        return b"" if covered is None else covered[start:end].tobytes()

    def shares(self, left: Rows, right: Rows) -> Shares:
        """Yield what pairs of rows share."""
        same = (self.digests[left] == self.digests[right]).all(axis=1)
        differ = np.flatnonzero(~same)
        shares, resemblance = np.ones((len(left), 2)), np.ones(len(left))
        sizes = self._sets[self._of_row]
        for chosen, wording, lefts, rights in self._pairs(left[differ], right[differ]):
            rows = differ[chosen]
            found = in_common(wording.own, wording.shingles, lefts, rights, self._rule)
            shares[rows] = found.words
            resemblance[rows] = (
                resemblance_of(found.shingles, *(sizes[side[rows]] for side in (left, right)))
                if wording.covered is None  # else a shingle may go across what is left out
                else compare(wording.sets, lefts, rights, self._rule).resemblance
            )
        resemblance[same & (sizes[left] == 0)] = 0.0
        yield from zip(same.tolist(), shares.tolist(), resemblance.tolist(), strict=True)

    @cached_property
    def contained(self) -> Sequence[float]:
        """Share of each member's shingles in the others of its family, or in some of many."""
        met = [_met(first, last) for first, last in self._bounds if last - first < MANY]
        left = np.concatenate([_NO_ROWS, *(own for own, _ in met)])
        right = np.concatenate([_NO_ROWS, *(others for _, others in met)])
        shared = np.empty(len(left), np.int64)
        for chosen, wording, lefts, rights in self._pairs(left, right):
            shared[chosen] = shared_values(wording.sets, lefts, rights)
        sums = np.bincount(left, shared, len(self._of_row))
        for first, meeting in self._meetings.items():
            added = meeting.sums()
            sums[first : first + len(added)] = added
        sizes = self._sets[self._of_row]
        mean: list[float] = (sums / np.maximum(sizes, 1)).tolist()
        return mean

    def _pairs(self, left: Rows, right: Rows) -> Iterator[_Some]:
        """Yield pairs of rows, not so many at once that their texts have no room."""
        lefts, rights = self._of_row[left], self._of_row[right]
        if self._all is not None:
            yield slice(0, len(left)), self._all, lefts, rights
            return
        for first in range(0, len(left), _AT_ONCE):
            chosen = slice(first, first + _AT_ONCE)
            needed = distinct(np.concatenate((lefts[chosen], rights[chosen])))
            wording = self._wording(needed.tolist())
            one, other = (np.searchsorted(needed, side[chosen]) for side in (lefts, rights))
            yield chosen, wording, one, other

    def _sets_of(self, texts: Rows) -> Ragged:
        """Return the shingles of some texts without boilerplate, ascending."""
        return self._wording(texts.tolist()).sets

    def _wording(self, texts: Sequence[int]) -> Wordings:
        recipe = self._recipe
        matched = [recipe.matched(self._articles[text]) for text in texts]
        return Wordings(matched, recipe.unit, recipe.shingle_words, self._furniture)


class _Meeting:
    """A family of many, of whom each meets some: how much they have in common is added up."""

    def __init__(self, texts: Rows, sets: Callable[[Rows], Ragged]) -> None:
        """Choose whom all meet.

        Args:
            texts: Which text each row of the family has; none that another family has.
            sets: Returns the shingles of some texts, ascending.
        """
        self._texts = texts
        self._witnesses = np.arange(0, len(texts), len(texts) // _WITNESSES)
        self._some = sets(texts[self._witnesses])
        self._first, self._last = int(texts.min()), int(texts.max()) + 1
        self._shared = np.zeros(self._last - self._first, np.int64)

    def take(self, start: int, sets: Ragged) -> None:
        """Take note of texts from a number on, as far as they are of the family."""
        first, last = max(self._first, start), min(self._last, start + len(sets))
        if first < last:
            chosen = sets.between(first - start, last - start)
            self._shared[first - self._first : last - self._first] = occurrences(chosen, self._some)

    def sums(self) -> Rows:
        """Return how many shingles each row shares with those whom all meet, added up."""
        sums: Rows = self._shared[self._texts - self._first]
        sums[self._witnesses] -= self._some.lengths  # whoever is one of them is no other to itself
        return sums


def _met(first: int, last: int) -> tuple[Rows, Rows]:
    """Return the pairs of rows in which each meets the others."""
    own, others = _met_of(last - first)
    return first + own, first + others


@lru_cache(maxsize=64)
def _met_of(count: int) -> tuple[Rows, Rows]:
    own, others = np.repeat(np.arange(count), count), np.tile(np.arange(count), count)
    apart = own != others
    return own[apart], others[apart]
