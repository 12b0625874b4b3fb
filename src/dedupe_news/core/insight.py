"""What verification finds out besides: who cut two texts into words knows more than was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from dedupe_news.core.ragged import distinct
from dedupe_news.core.shared_words import word_shares
from dedupe_news.core.verify import Comparisons, Rule
from dedupe_news.core.wording import Wordings

__all__ = ["Insight", "insight"]

Rows = npt.NDArray[np.int64]
_NO_ROWS = np.empty(0, np.int64)


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

    Texts of a crowd are in many pairs, hardly any of which is asked for; nor are those of texts
    that match one of them.

    Args:
        seen: Pairs by row, compared.
        wordings: Their texts.
        rule: What counts as shared.
        most: In how many of the pairs a text may be.
    """
    matches = seen.take(seen.matches)
    counts = np.bincount(np.concatenate((seen.left, seen.right)), minlength=len(wordings.words))
    crowd = counts > most
    near = crowd.copy()
    near[matches.left[crowd[matches.right]]] = True
    near[matches.right[crowd[matches.left]]] = True
    chosen = np.flatnonzero(seen.matches & ~near[seen.left] & ~near[seen.right])
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
