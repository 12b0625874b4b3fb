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
from dedupe_news.render.growing import write_whole
from dedupe_news.render.json import dumps
from dedupe_news.render.style import Style

__all__ = ["Lines", "cluster_text", "render"]


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write the settings, each cluster, skip and passage, and last the summary."""
    write_whole(Lines(out), cluster_text, report, style)


class Lines:
    """A report line by line, as its clusters come."""

    def __init__(self, out: TextIO) -> None:
        """Begin, without a line written as yet."""
        self._out = out
        self._shown = 0

    def begin(self, report: Report, shown: int) -> None:
        """Write what shapes the report; how many clusters are shown comes last."""
        self._shown = shown
        self._write("settings", {"schema": SCHEMA, **settings_value(report.settings)})

    def add(self, text: str) -> None:
        """Write a cluster, as `cluster_text` has it."""
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
