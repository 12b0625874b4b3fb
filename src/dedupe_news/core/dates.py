"""Dates of articles as moments that can be compared, with what is not known about them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

__all__ = ["Moment", "moment_of"]

_LONGEST = 40  # characters: what is longer is mostly no date, and not worth its place in memory
_DAY = timedelta(days=1)
_SPANS = {4: 366 * _DAY, 7: 31 * _DAY, 10: _DAY}  # by the length of the text: 2017, 2017-01, …


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """When an article was published: not before `start`, and not later than `span` after."""

    start: datetime
    span: timedelta

    def gap(self, other: "Moment") -> timedelta:
        """Return how far two moments are apart, never negative.

        Equally exact ones are as far apart as their beginnings; otherwise it is the least
        time that can lie between them.
        """
        first, second = sorted((self, other))
        if first.span == second.span:
            return second.start - first.start
        return max(second.start - first.start - first.span, timedelta(0))


def moment_of(date: str) -> Moment | None:
    """Return the moment a date tells, or None if it is not ISO 8601.

    A date without an offset is taken as UTC. One that stops at the year, the month or the
    day stands for its beginning, and lasts.

    Args:
        date: From `2017` to `2017-01-20T14:25:00+01:00`.
    """
    known = _remembered if len(date) <= _LONGEST else _remembered.__wrapped__
    return known(date.strip())


@lru_cache(1 << 12)  # members of a cluster are asked for their dates again and again
def _remembered(date: str) -> Moment | None:
    text = date.replace(" ", "T", 1)
    span = _SPANS.get(len(text), timedelta(0))
    if len(text) in (4, 7):
        text += "-01-01"[3 * (len(text) == 7) :]  # noqa: PLR2004 - a year or a month alone
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Moment(start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC), span)
