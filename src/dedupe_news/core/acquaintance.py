"""Acquaintance: who matches whom, and who is a stranger to whom.

Articles are known by rank: a number that depends on their texts only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import numpy.typing as npt

from dedupe_news.core.verify import Comparisons

__all__ = ["ROUNDING", "Compare", "Known"]

ROUNDING = 1e-9
"""More than a few operations can be wrong by, or a sum in proportion."""

Compare = Callable[[npt.NDArray[np.int64], npt.NDArray[np.int64]], Comparisons]
"""Compares pairs of articles, given the ranks of both sides."""


class Known:
    """What is known of pairs: who matches whom, and who is a stranger to whom.

    Of two who both match a third, much is known without comparing them: what both share with it
    must overlap, unless the third has room for both.
    """

    def __init__(self, matches: Comparisons, compare: Compare, floor: float) -> None:
        self._compare = compare
        self._floor = floor
        self._shares: dict[tuple[int, int], bool] = {}
        self.pairs = matches
        self._by_right = np.argsort(matches.right, kind="stable")
        self._rights = matches.right[self._by_right]
        self._parts = _Parts.of(-1, matches.take(np.empty(0, np.int64)))
        self.matches = self._both_ways()

    def _both_ways(self) -> dict[int, dict[int, float]]:
        """Return whom each article matches, ascending, and how much both have in common."""
        pairs, held = self.pairs, self._by_right
        strength = pairs.strength
        ends = np.concatenate((self._rights, pairs.left))
        order = np.argsort(ends, kind="stable")  # who is less than an article stands first
        ends = ends[order]
        others = np.concatenate((pairs.left[held], pairs.right))[order].tolist()
        strengths = np.concatenate((strength[held], strength))[order].tolist()
        bounds = np.flatnonzero(np.diff(ends, prepend=-1, append=-1))
        return {
            rank: dict(zip(others[start:end], strengths[start:end], strict=True))
            for rank, (start, end) in zip(
                ends[bounds[:-1]].tolist(), pairwise(bounds.tolist()), strict=True
            )
        }

    def strength(self, rank: int, among: set[int]) -> float:
        """Sum of what an article has in common with its matches among some."""
        return sum(value for other, value in self.matches[rank].items() if other in among)

    def ask(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Compare those pairs, left before right, that have not been compared yet: all at once."""
        missing = [pair for pair in pairs if pair not in self._shares]
        if missing:
            left, right = np.array(missing, np.int64).T
            found = self._compare(left, right).containment >= self._floor
            self._shares.update(zip(missing, found.tolist(), strict=True))

    def strangers(self, some: Sequence[int], others: Sequence[int], third: int) -> set[int]:
        """Return those of some who are strangers to any of others: they are compared at once.

        Args:
            some: Articles.
            others: Those that they must not be strangers to.
            third: An article whom most of them match, to tell much without comparing.
        """
        known = self._parts_of(third)
        asked = [
            (min(one, other), max(one, other))
            for other, matches in ((other, self.matches[other]) for other in others)
            for one in known.uncertain(
                [one for one in some if one not in matches], other, self._floor
            )
        ]
        self.ask(asked)
        apart = chain.from_iterable(pair for pair in asked if not self._shares[pair])
        return set(apart).difference(others)

    def _parts_of(self, third: int) -> "_Parts":
        if third != self._parts.third:
            held = self._by_right[slice(*np.searchsorted(self._rights, (third, third + 1)))]
            first, last = np.searchsorted(self.pairs.left, (third, third + 1))
            rows = np.concatenate((held, np.arange(first, last)))
            self._parts = _Parts.of(third, self.pairs.take(rows))
        return self._parts


@dataclass(frozen=True, slots=True)
class _Parts:
    """What articles have in common with one whom all of them match, as parts of the larger.

    Attributes:
        third: The one.
        ranks: The articles, shape (n,), int64, ascending.
        shared: What each shares with it, shape (n,), float64.
        smaller: The smaller of both, shape (n,), float64.
    """

    third: int
    ranks: npt.NDArray[np.int64]
    shared: npt.NDArray[np.float64]
    smaller: npt.NDArray[np.float64]

    @classmethod
    def of(cls, third: int, pairs: Comparisons) -> "_Parts":
        """Return the parts of an article, given the pairs in which it matches another."""
        ranks = pairs.left + pairs.right - third
        order = np.argsort(ranks)
        one = 1 / pairs.resemblance[order]
        other = 1 / pairs.containment[order]
        larger = one + 1 - other  # where what they share is 1
        return cls(third, ranks[order], 1 / larger, other / larger)

    def uncertain(self, some: Sequence[int], other: int, floor: float) -> Sequence[int]:
        """Return those of some who may be strangers to another, as far as these parts tell.

        Args:
            some: Articles.
            other: The other.
            floor: Containment below which two are strangers.
        """
        (place,), (known,) = self._places([other])
        if not known:
            return some
        places, among = self._places(some)
        common = self.shared[places] + self.shared[place] - 1  # least share of the third in both
        sure = common * np.maximum(self.smaller[places], self.smaller[place]) >= floor + ROUNDING
        return [one for one, told in zip(some, (among & sure).tolist(), strict=True) if not told]

    def _places(self, some: Sequence[int]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Return where articles stand here, and which of them do."""
        wanted = np.array(some, np.int64)
        places = np.minimum(np.searchsorted(self.ranks, wanted), len(self.ranks) - 1)
        return places, self.ranks[places] == wanted
