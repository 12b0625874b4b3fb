"""Reports that can be written while they are made, cluster after cluster."""

from collections.abc import Callable
from typing import Protocol

from dedupe_news.model import Report
from dedupe_news.render.style import Style

__all__ = ["Growing", "write_whole"]


class Growing(Protocol):
    """A report on its way out."""

    def begin(self, report: Report, shown: int) -> None:
        """Write what comes before the clusters, given how many of these will be shown."""
        ...

    def add(self, text: str) -> None:
        """Write a cluster, given by its text in this form."""
        ...

    def end(self, report: Report) -> None:
        """Write what comes behind the clusters."""
        ...


def write_whole(growing: Growing, text: Callable[..., str], report: Report, style: Style) -> None:
    """Write a report that is there already.

    Args:
        growing: What writes it.
        text: Returns a cluster in that form, given whether it has its texts (`full`).
        report: The report.
        style: How much is shown.
    """
    shown = report.clusters[: style.limit]
    growing.begin(report, len(shown))
    for cluster in shown:
        growing.add(text(cluster, full=style.full))
    growing.end(report)
