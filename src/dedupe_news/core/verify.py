"""Verification: what two candidates really have in common, counted on all their shingles.

This is the first look, which compares sets. Who falls short gets a second one, at the words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe_news.core.kernel import KERNEL
from dedupe_news.core.ragged import Ragged, Rows, shared_values

__all__ = [
    "Comparisons",
    "Rule",
    "compare",
    "resemblance_of",
    "shared_by_sets",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """When two articles match.

    Attributes:
        containment: Least share, in (0, 1], of the shorter one's shingles that the longer
            one has.
        shared_words: Least number of words in common.
        shingle_words: Words (or characters) per shingle.
        shortest_run: Least number of words in the same order that count as a run; fewer are
            chance.
    """

    containment: float
    shared_words: int
    shingle_words: int
    shortest_run: int = 3

    @property
    def aligned(self) -> float:
        """Least share of the words of both that stand in the same order, for a second look.

        Five sixths of the containment asked for: 0.5 at the default of 0.6, which is to say
        that more of the two texts is common than not.
        """
        return self.containment * 5 / 6

    @property
    def floor(self) -> float:
        """Containment below which two articles are strangers, and get no second look."""
        return self.containment / 3


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Pairs that were compared, ascending by left and right.

    Attributes:
        left: Rank of the one article, shape (pairs,), int64.
        right: Rank of the other, always greater, shape (pairs,), int64.
        containment: Share of the smaller shingle set that the larger has, float64.
        resemblance: Jaccard similarity of the sets, float64.
        matches: Whether they match, bool.
    """

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    containment: npt.NDArray[np.float64]
    resemblance: npt.NDArray[np.float64]
    matches: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.left)

    @classmethod
    def concatenate(cls, parts: Sequence["Comparisons"]) -> "Comparisons":
        """Return the pairs of all parts, in their order."""
        return cls(
            np.concatenate([np.empty(0, np.int64), *(part.left for part in parts)]),
            np.concatenate([np.empty(0, np.int64), *(part.right for part in parts)]),
            np.concatenate([np.empty(0), *(part.containment for part in parts)]),
            np.concatenate([np.empty(0), *(part.resemblance for part in parts)]),
            np.concatenate([np.empty(0, np.bool_), *(part.matches for part in parts)]),
        )

    @property
    def strength(self) -> npt.NDArray[np.float64]:
        """How much both of each pair have in common, from 0 to 2, shape (pairs,)."""
        return self.containment + self.resemblance

    def strengths(self) -> Iterator[tuple[int, int, float]]:
        """Yield left, right and how much they have in common, from 0 to 2."""
        columns = self.left, self.right, self.strength
        yield from zip(*(column.tolist() for column in columns), strict=True)

    def take(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "Comparisons":
        """Return the chosen pairs, by mask or by index."""
        return Comparisons(
            self.left[chosen],
            self.right[chosen],
            self.containment[chosen],
            self.resemblance[chosen],
            self.matches[chosen],
        )

    def without(self, rows: npt.NDArray[np.int64]) -> "Comparisons":
        """Return all pairs but some."""
        return self.take(np.delete(np.arange(len(self)), rows))


def compare(
    sets: Ragged | Rows,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    rule: Rule,
    furniture: Ragged | None = None,
) -> Comparisons:
    """Return the first look at pairs of articles.

    Args:
        sets: Shingles of each article, ascending, without repetition.
        left: Rows of the one side, shape (pairs,).
        right: Rows of the other side, shape (pairs,).
        rule: When two articles match.
        furniture: Those shingles of each article that are boilerplate: they do not count.
    """
    shared = shared_values(sets, left, right)
    sizes = sets.lengths
    if furniture is not None and len(furniture.values):
        shared -= shared_values(furniture, left, right)
        sizes = sizes - furniture.lengths
    smaller = np.minimum(sizes[left], sizes[right])
    containment = shared / np.maximum(smaller, 1)
    words = shared + (rule.shingle_words - 1) * (shared > 0)
    matches = (containment >= rule.containment) & (words >= rule.shared_words)
    resemblance = resemblance_of(shared, sizes[left], sizes[right])
    return Comparisons(left, right, containment, resemblance, matches)


def resemblance_of(
    shared: npt.NDArray[np.int64], left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the Jaccard similarity of pairs of sets, shape (pairs,).

    Args:
        shared: How many shingles they share, shape (pairs,).
        left: How many the one has.
        right: How many the other has.
    """
    result: npt.NDArray[np.float64] = shared / np.maximum(left + right - shared, 1)
    return result


def shared_by_sets(sets: Ragged, most: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return how many hashes each set has, and how many each two have in common.

    Args:
        sets: Hashes of each set, ascending, without repetition; few sets.
        most: What so many sets have in common, or more, does not count.

    Returns:
        Shape (sets,) and shape (sets, sets), int64; of the latter, the half above the diagonal
        is filled.
    """
    count = len(sets)
    if KERNEL is not None:
        sizes, shared = np.zeros(count, np.int64), np.zeros((count, count), np.int64)
        KERNEL.company(sets.values, sets.offsets, most, sizes, shared)
        return sizes, shared
    order = np.argsort(sets.values)
    ordered, owners = sets.values[order], sets.rows[order]
    numbers = np.cumsum(np.concatenate(([False], ordered[1:] != ordered[:-1])))[: len(order)]
    holders = np.bincount(numbers)
    own = (holders < most)[numbers]
    common = (holders > 1) & (holders < most)
    held = np.zeros((count, np.count_nonzero(common)))
    chosen = common[numbers]
    held[owners[chosen], (np.cumsum(common) - 1)[numbers[chosen]]] = 1
    return np.bincount(owners[own], minlength=count), np.triu(held @ held.T, 1).astype(np.int64)
