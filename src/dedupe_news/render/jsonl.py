"""The report cut into lines, each an object with its type, for tools that read a stream."""

from typing import Any, TextIO

from dedupe_news.model import Cluster, Report
from dedupe_news.render.document import (
    SCHEMA,
    boilerplate_value,
    cluster_value,
    settings_value,
    skipped_value,
    summary_value,
)
from dedupe_news.render.json import dumps
from dedupe_news.render.style import Style

__all__ = ["Lines", "cluster_text", "render"]


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write the settings, each cluster, skip and passage, and last the summary."""
    lines = Lines(out, style)
    lines.begin(report, len(report.clusters))
    for cluster in report.clusters[: style.limit]:
        lines.add(cluster_text(cluster, full=style.full))
    lines.end(report)


class Lines:
    """A report line by line, as its clusters come."""

    def __init__(self, out: TextIO, style: Style) -> None:
        """Begin, without a line written as yet.

        Args:
            out: Where the lines go.
            style: How much is shown.
        """
        self._out = out
        self._limit = style.limit
        self._shown = 0

    def begin(self, report: Report, _shown: int) -> None:
        """Write what shapes the report; how many clusters are shown comes last."""
        self._write("settings", {"schema": SCHEMA, **settings_value(report.settings)})

    def add(self, text: str) -> None:
        """Write a cluster, as `cluster_text` has it, unless the reader wants no more."""
        if self._limit is None or self._shown < self._limit:
            self._shown += 1
            self._out.write(f"{text}\n")

    def end(self, report: Report) -> None:
        """Write what is known of a report when all of its clusters have been added."""
        for skipped in report.skipped:
            self._write("skipped", skipped_value(skipped))
        for passage in report.boilerplate:
            self._write("boilerplate", boilerplate_value(passage))
        self._write("summary", summary_value(report, self._shown))

    def _write(self, kind: str, value: dict[str, Any]) -> None:
        self._out.write(f"{_line(kind, value)}\n")


def cluster_text(cluster: Cluster, *, full: bool = False) -> str:
    """Return the line of a cluster, without its end.

    Args:
        cluster: What to show.
        full: Whether members have their texts, as far as they were kept.
    """
    return _line("cluster", cluster_value(cluster, full=full))


def _line(kind: str, value: dict[str, Any]) -> str:
    return dumps({"type": kind, **value})
