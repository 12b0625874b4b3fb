"""Which articles are compared at all: close in date, or of different sources or folders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from dedupe_news.core.dates import moment_of
from dedupe_news.core.ragged import Ragged
from dedupe_news.model import Article

__all__ = ["Across", "Places", "Scope"]

Across = Literal["", "source", "folder"]

_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared; everything with everything unless said otherwise.

    Attributes:
        within_days: Greatest distance of two dates, in days; None for any.
        across: Compare only articles that differ in this; empty for all.
    """

    within_days: float | None = None
    across: Across = ""

    def places(self, articles: Sequence[Article]) -> "Places":
        """Return where articles stand in time and among the groups."""
        return self.places_of(len(articles), articles)

    def places_of(self, count: int, articles: Iterable[Article]) -> "Places":
        """Return the same of so many articles, of which none is read where nobody asks."""
        if self == Scope():
            return Places.unknown(count)
        found = [(self._day(article), self._group(article)) for article in articles]
        return Places(
            np.array([day for day, _ in found], np.float64).reshape(count, 2),
            np.array([group for _, group in found], np.object_),
        )

    def _day(self, article: Article) -> tuple[float, float]:
        moment = moment_of(article.date) if self.within_days is not None else None
        if moment is None:
            return (np.nan, np.nan)
        first = moment.start.timestamp() / _SECONDS
        return (first, first + moment.span.total_seconds() / _SECONDS)

    def _group(self, article: Article) -> str:
        if self.across == "source":
            return article.source.casefold()
        if not (self.across and article.path):
            return ""
        from pathlib import PurePosixPath  # noqa: PLC0415 - slow to load, and for folders alone

        return str(PurePosixPath(article.path).parent)


@dataclass(frozen=True, slots=True)
class Places:
    """Where articles, or wordings with several copies, stand in time and among the groups.

    Attributes:
        days: First and last day, since 1970, shape (n, 2), float64; NaN when not known.
        groups: Name of the group, shape (n,), object; empty when not known or several.
    """

    days: npt.NDArray[np.float64]
    groups: npt.NDArray[np.object_]

    @classmethod
    def unknown(cls, count: int) -> "Places":
        """Return places of which nothing is known."""
        return cls(np.full((count, 2), np.nan), np.full(count, "", np.object_))

    @classmethod
    def concatenate(cls, parts: Sequence["Places"]) -> "Places":
        """Return the places of all parts, in their order."""
        return cls(
            np.concatenate([np.empty((0, 2)), *(part.days for part in parts)]),
            np.concatenate([np.empty(0, np.object_), *(part.groups for part in parts)]),
        )

    def of_copies(self, copies: Ragged) -> "Places":
        """Return the places of wordings, given the rows of the copies of each.

        A wording lasts from its first copy to its last, and is in no group when it is in
        several; a copy of which nothing is known makes nothing known of the wording.
        """
        if np.isnan(self.days).all() and not self.groups.any():
            return Places.unknown(len(copies))
        days = [(self.days[rows, 0].min(), self.days[rows, 1].max()) for rows in copies]
        groups = [set(self.groups[rows]) for rows in copies]
        names = [group.pop() if len(group) == 1 else "" for group in groups]
        return Places(np.array(days).reshape(len(copies), 2), np.array(names, np.object_))

    def runs(self, rows: Sequence[int], within_days: float) -> list[list[int]]:
        """Return rows cut where more than some days lie between one date and the next.

        Rows without a date are in the first run, for nothing is known against it.
        """
        order = sorted(rows, key=lambda row: (not np.isnan(self.days[row, 0]), self.days[row, 0]))
        runs: list[list[int]] = []
        last = np.nan
        for row in order:
            if not runs or self.days[row, 0] - last > within_days:
                runs.append([])
            runs[-1].append(row)
            last = np.fmax(last, self.days[row, 1])
        return runs

    def allow(
        self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], scope: Scope
    ) -> npt.NDArray[np.bool_]:
        """Return which pairs may be compared, shape (pairs,)."""
        allowed = np.ones(len(left), np.bool_)
        if scope.within_days is not None:
            one, other = self.days[left], self.days[right]
            apart = np.maximum(one[:, 0] - other[:, 1], other[:, 0] - one[:, 1])
            allowed &= ~(apart > scope.within_days)  # not known is not too far
        if scope.across:
            same = self.groups[left] == self.groups[right]
            allowed &= ~(same & (self.groups[left] != ""))
        return allowed
