"""The report cut into lines, each an object with its type, for tools that read a stream."""

from collections.abc import Mapping
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

__all__ = ["Lines", "render"]


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write the settings, each cluster, skip and passage, and last the summary."""
    lines = Lines(out, style, report.settings)
    for cluster in report.clusters:
        lines.add(cluster)
    lines.end(report)


class Lines:
    """A report line by line, as its clusters come."""

    def __init__(self, out: TextIO, style: Style, settings: Mapping[str, Any]) -> None:
        """Begin, without a line written as yet.

        Args:
            out: Where the lines go.
            style: How much is shown.
            settings: What shapes the report, by name.
        """
        self._out = out
        self._style = style
        self._settings = settings
        self._begun = False
        self._shown = 0

    def add(self, cluster: Cluster) -> None:
        """Write a cluster, unless there are as many as the reader wants."""
        self._begin()
        if self._style.limit is None or self._shown < self._style.limit:
            self._shown += 1
            self._write("cluster", cluster_value(cluster, full=self._style.full))

    def end(self, report: Report) -> None:
        """Write what is known of a report when all of its clusters have been added."""
        self._begin()
        for skipped in report.skipped:
            self._write("skipped", skipped_value(skipped))
        for passage in report.boilerplate:
            self._write("boilerplate", boilerplate_value(passage))
        self._write("summary", summary_value(report, self._shown))

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._write("settings", {"schema": SCHEMA, **settings_value(self._settings)})

    def _write(self, kind: str, value: dict[str, Any]) -> None:
        self._out.write(dumps({"type": kind, **value}) + "\n")
