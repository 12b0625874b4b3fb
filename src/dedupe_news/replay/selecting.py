"""What of a report is asked for, and in which order."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from dedupe_news.core.dates import Moment, moment_of
from dedupe_news.model import Cluster, Member, Report, Variant

__all__ = ["ORDERS", "Wanted", "rank", "select"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which variants are asked for; all conditions must hold.

    Attributes:
        relations: Only these; all if empty.
        sources: Only variants of these sources, or of a base of theirs; case does not count.
        min_added_words: Only those that add so many words at least.
        since: Only those of then or later, ISO 8601; all if empty. A date that stops at the year,
            the month or the day counts if it may be as late.
    """

    relations: Collection[str] = ()
    sources: Collection[str] = ()
    min_added_words: int = 0
    since: str = ""

    def takes(self, variant: Variant, member: Member, base: Member) -> bool:
        """Return whether a variant is asked for.

        Args:
            variant: Read against its base.
            member: What is known of it.
            base: What is known of the base.
        """
        added = variant.alignment.counts.added_words if variant.alignment else 0
        return (
            (not self.relations or variant.relation in self.relations)
            and (not self.sources or self._names(member) or self._names(base))
            and added >= self.min_added_words
            and (not self.since or _may_be_since(member.date, self.since))
        )

    def _names(self, member: Member) -> bool:
        return member.source.casefold() in {source.casefold() for source in self.sources}

    @property
    def told(self) -> dict[str, str | int]:
        """The conditions that narrow anything down, by name, for the settings of the report."""
        conditions: dict[str, str | int] = {
            "only_relations": ",".join(self.relations),
            "only_sources": ",".join(self.sources),
            "only_min_added_words": self.min_added_words,
            "only_since": self.since,
        }
        return {name: value for name, value in conditions.items() if value}


def select(report: Report, wanted: Wanted) -> Report:
    """Return the report with only the variants that are asked for, and their bases.

    The summary stays that of the run; what was asked for stands among the settings.

    Args:
        report: What was found.
        wanted: What of it is asked for.
    """
    if not wanted.told:
        return report
    narrowed = (_narrowed(cluster, wanted) for cluster in report.clusters)
    return replace(
        report,
        settings={**report.settings, **wanted.told},
        clusters=tuple(cluster for cluster in narrowed if cluster.variants),
    )


def rank(report: Report, order: str) -> Report:
    """Return the report with its clusters in another order.

    Args:
        report: What was found.
        order: One of `ORDERS`.
    """
    return replace(report, clusters=tuple(sorted(report.clusters, key=_KEYS[order])))


def _narrowed(cluster: Cluster, wanted: Wanted) -> Cluster:
    base, *others = cluster.members
    kept = [
        (variant, member)
        for variant, member in zip(cluster.variants, others, strict=True)
        if wanted.takes(variant, member, base)
    ]
    return replace(
        cluster,
        members=(base, *(member for _, member in kept)),
        variants=tuple(variant for variant, _ in kept),
    )


def _may_be_since(date: str, since: str) -> bool:
    moment, earliest = moment_of(date), moment_of(since)
    if not moment or not earliest:
        return False
    return moment.start >= earliest.start or moment.start + moment.span > earliest.start


def _by_date(cluster: Cluster) -> tuple[bool, Moment | None, str]:
    moment = moment_of(cluster.members[0].date)
    return moment is None, moment, cluster.base


def _added(cluster: Cluster) -> int:
    return sum(each.alignment.counts.added_words for each in cluster.variants if each.alignment)


def _figures(cluster: Cluster) -> int:
    return sum(len(each.alignment.numbers_changed) for each in cluster.variants if each.alignment)


_KEYS: dict[str, Callable[[Cluster], Any]] = {
    "size": lambda cluster: (-len(cluster.members), cluster.base),
    "added": lambda cluster: (-_added(cluster), cluster.base),
    "figures": lambda cluster: (-_figures(cluster), cluster.base),
    "date": _by_date,
    "base": lambda cluster: cluster.base,
}
ORDERS = tuple(_KEYS)
"""By which clusters can be ordered: most members, most words added, most figures changed, first
date, id of the base."""
