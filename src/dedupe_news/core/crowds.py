"""Families of many: a few members stand for all, and the base is guessed.

Everybody is held against some witnesses. Who stands in them most, and is the base, is known when
all have been read; and then all would have to be read again, to be held against that one. So it is
guessed beforehand. A wrong guess costs time, and nothing else.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.bases import choose_base
from dedupe_news.core.ragged import Ragged, distinct, occurrences
from dedupe_news.model import Article

__all__ = ["MANY", "NO_LINKS", "Contained", "Links", "Meeting", "likely_base"]

_WITNESSES = 16  # members that "most contained" is judged by: keeps the work linear
_PROMISING = 16  # members of which it is found out how far they are contained, before all are read
MANY = 2 * _WITNESSES
"""Members of a family from which on they are held against some of them, all at once."""

Rows = npt.NDArray[np.int64]
Contained = Callable[[Rows], npt.NDArray[np.float64]]
"""Returns for some members, counted from 0, how far they stand in the others."""


class Links(NamedTuple):
    """Pairs of wordings that match.

    Attributes:
        left: Numbers of the one, shape (links,), int64.
        right: Numbers of the other, shape (links,), int64.
        strength: How strongly they match, shape (links,), float64.
    """

    left: Rows
    right: Rows
    strength: npt.NDArray[np.float64]

    @classmethod
    def joined(cls, parts: Sequence["Links"]) -> "Links":
        """Return the links of all parts, of which there is one at least, in their order."""
        return cls(*map(np.concatenate, zip(*parts, strict=True)))

    def counted_from(self, first: int) -> "Links":
        """Return the same links between wordings that are counted from another number on."""
        return Links(self.left + first, self.right + first, self.strength)

    def take(self, chosen: npt.NDArray[np.bool_]) -> "Links":
        """Return the chosen links."""
        return Links(self.left[chosen], self.right[chosen], self.strength[chosen])


NO_LINKS = Links(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


class Meeting:
    """A family of many, of whom each meets some: how much they have in common is added up."""

    def __init__(self, texts: Rows, sets: Callable[[Rows], Ragged]) -> None:
        """Choose whom all meet.

        Args:
            texts: Which text each row of the family has; none that another family has.
            sets: Returns the shingles of some texts, ascending.
        """
        self.texts = texts
        self._step = len(texts) // _WITNESSES
        self._witnesses = np.arange(0, len(texts), self._step)
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
        sums: Rows = self._shared[self.texts - self._first]
        sums[self._witnesses] -= self._some.lengths  # whoever is one of them is no other to itself
        return sums

    def contained(self, rows: Rows, sets: Ragged) -> npt.NDArray[np.float64]:
        """Return how far some rows, given with their shingles, stand in those whom all meet."""
        own = np.where(rows % self._step == 0, sets.lengths, 0)  # of whoever is one of them
        return (occurrences(sets, self._some) - own) / np.maximum(sets.lengths, 1)


def likely_base(
    articles: Sequence[Article],
    numbers: Sequence[int],
    links: Links,
    contained: Contained,
    keep: Sequence[str],
) -> int:
    """Return the position of the article that is likely to be the base of its family.

    The rules are those by which it is chosen, see `choose_base`. Lengths are those of the texts as
    written. How far an article stands in the others is found out for those few that are most like
    their matches.

    Args:
        articles: The members, at least one.
        numbers: The number of the wording of each.
        links: Which of the wordings match.
        contained: Tells how far some stand in the others.
        keep: Names of rules.
    """

    def contained_here() -> Sequence[float]:
        promising = np.argsort(-_nearness(numbers, links), kind="stable")[:_PROMISING]
        found = np.full(len(articles), -1.0)
        found[promising] = contained(promising)
        shares: list[float] = found.tolist()
        return shares

    def lengths() -> Sequence[int]:
        return [sum(map(len, article.paragraphs)) for article in articles]

    return choose_base(articles, lengths, contained_here, keep)[0]


def _nearness(numbers: Sequence[int], links: Links) -> npt.NDArray[np.float64]:
    """Return how strongly the wording of each article matches others, on average."""
    rows = np.array(numbers, np.int64)
    known = distinct(rows)
    ends = np.searchsorted(known, np.concatenate((links.left, links.right)))
    sums = np.bincount(ends, np.tile(links.strength, 2), len(known))
    counts = np.bincount(ends, minlength=len(known))
    nearness: npt.NDArray[np.float64] = sums / np.maximum(counts, 1)
    return nearness[np.searchsorted(known, rows)]
