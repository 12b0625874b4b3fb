"""Who published when: sources as rows, time from left to right."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from dedupe_news.core.dates import moment_of
from dedupe_news.model import Cluster, Member
from dedupe_news.render.safe import prose

__all__ = ["OTHERS", "UNKNOWN", "Dot", "Tick", "Timeline", "busiest", "source_of", "timeline"]

OTHERS = "others"
"""What all sources beyond the busiest are called together."""
UNKNOWN = "unknown"
"""What a source without a name is called."""

_ROWS = 10
_BINS = 60
_TICKS = 6
_HOUR = timedelta(hours=1)
_HOURS_OF_DAY = ((1, "%H:%M"), (3, "%H:%M"), (6, "%d %b %H:%M"), (12, "%d %b %H:%M"))
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 3, 6)
_YEAR = 12  # months
_MONTH = timedelta(days=30.5)


@dataclass(frozen=True, slots=True)
class Dot:
    """Articles of one source that stand close in time.

    Attributes:
        left: Where, as a share of the width in percent.
        size: How large, from 1 to 5.
        label: What it stands for, in words.
    """

    left: float
    size: int
    label: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A date on the axis, and where it stands in percent."""

    left: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The rows, the busiest first, then the earliest; `undated` counts what has no date."""

    rows: tuple[tuple[str, tuple[Dot, ...]], ...]
    ticks: tuple[Tick, ...]
    undated: int


def source_of(member: Member) -> str:
    """Return the name of a source, harmless; a word for it where there is none."""
    return prose(member.source).strip() or UNKNOWN


def busiest(names: Iterable[str], most: int) -> list[str]:
    """Return the names that occur most often, and `others` last if there are more.

    Args:
        names: With repetitions.
        most: How many to keep.
    """
    counted = Counter(names)
    ranked = sorted(counted, key=lambda name: (name == UNKNOWN, -counted[name], name))
    return ranked if len(ranked) <= most else [*ranked[: most - 1], OTHERS]


def timeline(clusters: Sequence[Cluster]) -> Timeline:
    """Return when the members of some clusters were published."""
    members = [member for cluster in clusters for member in cluster.members]
    known = [(member, found.start) for member in members if (found := moment_of(member.date))]
    if not known:
        return Timeline((), (), len(members))
    starts = [start for _, start in known]
    first, span = min(starts), max(max(starts) - min(starts), _HOUR)
    names = busiest((source_of(member) for member, _ in known), _ROWS)
    dots: dict[str, list[datetime]] = {name: [] for name in names}
    for member, start in known:
        dots[source_of(member) if source_of(member) in dots else OTHERS].append(start)
    ranked = sorted(dots.items(), key=_rank)
    rows = tuple((name, _dots(starts, first, span)) for name, starts in ranked)
    return Timeline(rows, _ticks(first, span), len(members) - len(known))


def _rank(row: tuple[str, Sequence[datetime]]) -> tuple[bool, int, datetime, str]:
    """Return what rows are ordered by: who is no source comes last."""
    name, starts = row
    return name in {OTHERS, UNKNOWN}, -len(starts), min(starts), name


def _dots(starts: Sequence[datetime], first: datetime, span: timedelta) -> tuple[Dot, ...]:
    bins: Counter[int] = Counter()
    dates: dict[int, datetime] = {}
    for start in sorted(starts):
        place = round((start - first) / span * _BINS)
        bins[place] += 1
        dates.setdefault(place, start)
    return tuple(
        Dot(round(100 * place / _BINS, 2), min(5, count.bit_length()), _label(dates[place], count))
        for place, count in sorted(bins.items())
    )


def _label(start: datetime, count: int) -> str:
    return f"{start:%Y-%m-%d %H:%M}, {count:,} article{'' if count == 1 else 's'}"


def _ticks(first: datetime, span: timedelta) -> tuple[Tick, ...]:
    """Return up to six round moments: hours, midnights, or first days of months or years."""
    last = first + span
    at, steps, form = _axis(first, span)
    ticks = []
    while at <= last:
        if at >= first:
            ticks.append(Tick(round(100 * ((at - first) / span), 2), at.strftime(form)))
        at = steps(at)
    return tuple(ticks) or (Tick(0.0, first.strftime("%Y-%m-%d")),)


def _axis(first: datetime, span: timedelta) -> tuple[datetime, Callable[[datetime], datetime], str]:
    """Return where to begin, how to go on, and how to write a moment."""
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    for hours, form in _HOURS_OF_DAY:
        if span / timedelta(hours=hours) <= _TICKS:
            return midnight, partial(_later, by=timedelta(hours=hours)), form
    for days in _DAYS:
        if span / timedelta(days=days) <= _TICKS:
            return midnight, partial(_later, by=timedelta(days=days)), "%d %b"
    new_year = midnight.replace(month=1, day=1)
    for months in _MONTHS:
        if span / (months * _MONTH) <= _TICKS:
            return new_year, partial(_months_later, by=months), "%b %Y"
    years = -(-span // (_TICKS * _YEAR * _MONTH))
    return new_year, partial(_months_later, by=years * _YEAR), "%Y"


def _later(at: datetime, by: timedelta) -> datetime:
    return at + by


def _months_later(at: datetime, by: int) -> datetime:
    years, month = divmod(at.month - 1 + by, _YEAR)
    return at.replace(year=at.year + years, month=month + 1)
