"""Second looks that can wait: whether two match is seldom asked where both have better matches.

A second look takes nearly as long as to read a text. In a crowd each text has several pairs that
only it could decide, or dozens, and next to nothing depends on them: through whom somebody belongs
to a cluster is told by the strongest match, and who belongs there by those of the first of it.
"""

import numpy as np
import numpy.typing as npt

from dedupe_news.core.components import component_labels
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shared_words import match_in_order
from dedupe_news.core.verify import Comparisons, Rule

__all__ = ["Doubts"]

_ROUNDS = 4  # in which those who have no match as yet try the strongest of their pairs

Mask = npt.NDArray[np.bool_]
Sums = npt.NDArray[np.float64]


class Doubts:
    """Pairs that share something, but too little at first: looked at twice as far as need be.

    In the end, each of both of a pair in doubt has a match that is stronger.

    Attributes:
        matches: Which pairs match, as far as that is decided, shape (pairs,).
        open: Which are in doubt, shape (pairs,).
    """

    def __init__(self, pairs: Comparisons, words: Ragged, rule: Rule) -> None:
        """Take pairs before anybody has looked twice.

        Args:
            pairs: Pairs by row, after the first look.
            words: Word hashes, one row of uint64 for each article.
            rule: When two articles match.
        """
        self.matches = pairs.matches.copy()
        self.open = ~pairs.matches & (pairs.containment >= rule.floor)
        self._sides = pairs.left, pairs.right
        self._ends = np.concatenate(self._sides)
        self._words, self._rule = words, rule
        self._share = pairs.containment >= rule.floor
        self._strengths = np.tile(pairs.strength, 2)

    def settle(self, most: int) -> None:
        """Decide what is not to wait: all outside of crowds, and what may count in them.

        Args:
            most: In how many of the pairs an article may be around which there is no crowd.
        """
        crowded = np.bincount(self._ends, minlength=len(self._words)) > most
        if not crowded.any():
            self._decide(self.open)
            return
        near = crowded.copy()
        for one, other in (self._sides, self._sides[::-1]):
            near[one[self._share & crowded[other]]] = True
        self._decide(~self._touched(near))
        self._settle_firsts(crowded)
        for _ in range(_ROUNDS):
            pressing = self._pressing()
            strongest = self._strengths >= self._strongest(pressing)[self._ends]
            self._decide(_of_either(pressing & strongest))
        self._decide(_of_either(self._pressing()))

    def _decide(self, chosen: Mask) -> None:
        """Look twice at those of the chosen pairs that are in doubt."""
        rows = np.flatnonzero(self.open & chosen)
        left, right = self._sides
        self.matches[rows] = match_in_order(self._words, left[rows], right[rows], self._rule)
        self.open[rows] = False

    def _settle_firsts(self, crowded: Mask) -> None:
        """Decide all pairs of those from whom a cluster may be grown."""
        left, right = self._sides
        homes = component_labels(left[self._share], right[self._share], len(crowded))
        _, most = self._bounds()
        self._decide(self._touched(crowded & (most == _greatest(most, homes))))
        least, most = self._bounds()
        self._decide(self._touched(crowded & (most >= _greatest(least, homes))))

    def _bounds(self) -> tuple[Sums, Sums]:
        """Return how much each has in common with its matches, at least and at most."""
        least = self._sums(self.matches)
        return least, least + self._sums(self.open)

    def _sums(self, chosen: Mask) -> Sums:
        """Return how much each has in common with those of some pairs."""
        counted = np.where(np.tile(chosen, 2), self._strengths, 0.0)
        return np.bincount(self._ends, counted, len(self._words)).astype(np.float64, copy=False)

    def _pressing(self) -> Mask:
        """Return for both ends of each pair whether it is in doubt, and no match there stronger."""
        best = self._strongest(np.tile(self.matches, 2))
        pressing: Mask = np.tile(self.open, 2) & (self._strengths >= best[self._ends])
        return pressing

    def _strongest(self, chosen: Mask) -> Sums:
        """Return how strong the strongest of some is, of all whose end each is; -inf for none."""
        best = np.full(len(self._words), -np.inf)
        np.maximum.at(best, self._ends[chosen], self._strengths[chosen])
        return best

    def _touched(self, some: Mask) -> Mask:
        """Return which pairs one of some is in."""
        left, right = self._sides
        touched: Mask = some[left] | some[right]
        return touched


def _of_either(ends: Mask) -> Mask:
    """Return which pairs have one end or the other among some."""
    left, right = np.split(ends, 2)
    either: Mask = left | right
    return either


def _greatest(sums: Sums, homes: npt.NDArray[np.int64]) -> Sums:
    """Return the greatest sum in the component of each."""
    greatest = np.full(len(sums), -np.inf)
    np.maximum.at(greatest, homes, sums)
    return greatest[homes]
