"""What a description asks of the texts of families: read from them, or told by who read them.

Whoever verified that two texts match has cut them into words already. What that brought to light
is kept for small families, whose texts need not be read again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.columns import Recipe
from dedupe_news.core.crowds import MANY, Contained, Meeting
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged, distinct, shared_values
from dedupe_news.core.shared_words import in_common, match_in_order
from dedupe_news.core.sketches import digests_of
from dedupe_news.core.verify import Rule, compare, resemblance_of
from dedupe_news.core.wording import Wordings
from dedupe_news.model import Article

__all__ = [
    "Known",
    "PairFacts",
    "Read",
    "Shares",
    "TextFacts",
    "Told",
]

_AT_ONCE = 1024  # texts whose words, and pairs whose texts, are held in memory
Rows = npt.NDArray[np.int64]
_NO_ROWS = np.empty(0, np.int64)
Shares = Iterator[tuple[bool, Sequence[float], float]]
"""For one pair of base and variant after the other: whether they have the same words, the share
of the words of each in the other, and their resemblance."""


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

    def match(self, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
        """Raise an error: of a family of which all was told nothing is in doubt."""
        raise NotImplementedError(left, right)

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

    Otherwise a number of them at a time, and those of a large family together with the one that is
    likely to be its base.
    """

    def __init__(
        self,
        articles: Sequence[Article],
        of_row: Rows,
        starts: Sequence[int],
        recipe: Recipe,
        rule: Rule,
        furniture: UInt64s,
        guess: Callable[[int, Contained], int | None],
    ) -> None:
        """Read all texts once.

        Args:
            articles: Whose texts these are; none of one family is of another.
            of_row: Which of the articles each row has, shape (rows,).
            starts: The first row of each family, and at last their number.
            recipe: How they are read.
            rule: What counts as shared.
            furniture: Shingle hashes of boilerplate, ascending.
            guess: Returns which row of a family is likely to be its base, given the number of the
                family, and what tells how far its rows stand in the others; None if nobody knows.
        """
        self._of_row = of_row
        self._bounds = list(pairwise(starts))
        self._articles = articles
        self._recipe = recipe
        self._rule = rule
        self._furniture = furniture
        count = len(articles)
        self._words, self._own, self._sets = (np.zeros(count, np.int64) for _ in range(3))
        self._digests = np.zeros((count, 2), np.uint64)
        self._all: Wordings | None = None
        self._covered: list[tuple[npt.NDArray[np.bool_] | None, Rows]] = []
        self._meetings = {
            number: Meeting(of_row[first:last], self._sets_of)
            for number, (first, last) in enumerate(self._bounds)
            if last - first >= MANY
        }
        self._held = _Held.none(count)
        if count > _AT_ONCE:
            self._guess_bases(guess)
        for first in range(0, count, _AT_ONCE):
            wording = self._read(first, min(first + _AT_ONCE, count))
            self._all = wording if count <= _AT_ONCE else None
        self.words: Sequence[int] = self._words[of_row].tolist()
        self.own: Sequence[int] = self._own[of_row].tolist()
        self.digests = self._digests[of_row]

    def _guess_bases(self, guess: Callable[[int, Contained], int | None]) -> None:
        """Have the texts of large families held against what is likely to be their base."""
        for number, meeting in self._meetings.items():
            place = guess(number, partial(self._contained_in, meeting))
            if place is not None:
                self._held.base_of[meeting.texts] = meeting.texts[place]

    def _contained_in(self, meeting: Meeting, rows: Rows) -> npt.NDArray[np.float64]:
        return meeting.contained(rows, self._sets_of(meeting.texts[rows]))

    def _read(self, first: int, last: int) -> Wordings:
        """Take note of texts `first` to `last`, exclusive; return them, and their bases behind."""
        bases = self._held.bases(first, last)
        wording = self._wording([*range(first, last), *bases.tolist()])
        texts, here = slice(first, last), slice(0, last - first)
        self._words[texts] = wording.words.lengths[here]
        self._own[texts] = wording.own.lengths[here]
        self._sets[texts] = wording.sets.lengths[here]
        self._digests[texts] = digests_of(wording.words)[here]
        self._covered.append((wording.covered, wording.words.offsets))
        for meeting in self._meetings.values():
            meeting.take(first, wording.sets.between(here.start, here.stop))
        if len(bases):
            self._hold(first, last, bases, wording)
        return wording

    def _hold(self, first: int, last: int, bases: Rows, wording: Wordings) -> None:
        """Hold texts `first` to `last` against those of the bases that they have."""
        base_of, sizes = self._held.base_of[first:last], wording.sets.lengths
        here = np.flatnonzero(base_of >= 0)
        there = last - first + np.searchsorted(bases, base_of[here])
        found = self._compared(wording, there, here, (sizes[there], sizes[here]))
        self._held.shares[first + here], self._held.resemblance[first + here] = found

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
        lefts, rights = self._of_row[left], self._of_row[right]
        shares, resemblance = np.ones((len(left), 2)), np.ones(len(left))
        resemblance[same & (self._sets[lefts] == 0)] = 0.0
        known = ~same & (self._held.base_of[rights] == lefts)
        shares[known] = self._held.shares[rights[known]]
        resemblance[known] = self._held.resemblance[rights[known]]
        rest = np.flatnonzero(~same & ~known)
        for chosen, wording, one, other in self._pairs(left[rest], right[rest]):
            rows = rest[chosen]
            sizes = self._sets[lefts[rows]], self._sets[rights[rows]]
            shares[rows], resemblance[rows] = self._compared(wording, one, other, sizes)
        yield from zip(same.tolist(), shares.tolist(), resemblance.tolist(), strict=True)

    def match(self, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
        """Return which pairs of rows that share something match at a second look."""
        matches = np.empty(len(left), np.bool_)
        for chosen, wording, one, other in self._pairs(left, right):
            matches[chosen] = match_in_order(wording.words, one, other, self._rule)
        return matches

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
        for number, meeting in self._meetings.items():
            sums[slice(*self._bounds[number])] = meeting.sums()
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

    def _compared(
        self, wording: Wordings, left: Rows, right: Rows, sizes: tuple[Rows, Rows]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the shares of pairs of texts, and their resemblance.

        Args:
            wording: The texts.
            left: Rows of the one side in it.
            right: Rows of the other side.
            sizes: How many distinct shingles both sides have.
        """
        found = in_common(wording.own, wording.shingles, left, right, self._rule)
        # where words are left out, a shingle may go across them
        if found.shingles is not None and wording.covered is None:
            return found.words, resemblance_of(found.shingles, *sizes)
        return found.words, compare(wording.sets, left, right, self._rule).resemblance

    def _sets_of(self, texts: Rows) -> Ragged:
        """Return the shingles of some texts without boilerplate, ascending."""
        return self._wording(texts.tolist()).sets

    def _wording(self, texts: Sequence[int]) -> Wordings:
        recipe = self._recipe
        matched = [recipe.matched(self._articles[text]) for text in texts]
        return Wordings(matched, recipe.unit, recipe.shingle_words, self._furniture)


@dataclass(frozen=True, slots=True)
class _Held:
    """What texts have in common with the one that each was held against while it was read.

    Attributes:
        base_of: Which text that is, shape (texts,), int64; -1 for none.
        shares: Share of its words in the text, and the other way round, shape (texts, 2).
        resemblance: Jaccard similarity of their shingle sets, shape (texts,), float64.
    """

    base_of: Rows
    shares: npt.NDArray[np.float64]
    resemblance: npt.NDArray[np.float64]

    @classmethod
    def none(cls, count: int) -> "_Held":
        """Return so many texts of which none is held against another."""
        return cls(np.full(count, -1), np.zeros((count, 2)), np.zeros(count))

    def bases(self, first: int, last: int) -> Rows:
        """Return those that texts `first` to `last` are to be held against, ascending."""
        bases = distinct(self.base_of[first:last])
        return bases[bases >= 0]


def _met(first: int, last: int) -> tuple[Rows, Rows]:
    """Return the pairs of rows in which each meets the others."""
    own, others = _met_of(last - first)
    return first + own, first + others


@lru_cache(maxsize=64)
def _met_of(count: int) -> tuple[Rows, Rows]:
    own, others = np.repeat(np.arange(count), count), np.tile(np.arange(count), count)
    apart = own != others
    return own[apart], others[apart]
