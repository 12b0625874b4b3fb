"""The report cut into lines, each an object with its type, for tools that read a stream."""

from collections.abc import Iterator
from typing import Any, TextIO

from dedupe_news.model import Report
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

__all__ = ["render"]


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write the settings, each cluster, skip and passage, and last the summary."""
    values = _values(report, style)
    out.writelines(dumps({"type": kind, **value}) + "\n" for kind, value in values)


def _values(report: Report, style: Style) -> Iterator[tuple[str, dict[str, Any]]]:
    shown = report.clusters[: style.limit]
    yield "settings", {"schema": SCHEMA, **settings_value(report)}
    yield from (("cluster", cluster_value(each, full=style.full)) for each in shown)
    yield from (("skipped", skipped_value(skipped)) for skipped in report.skipped)
    yield from (("boilerplate", boilerplate_value(passage)) for passage in report.boilerplate)
    yield "summary", summary_value(report, len(shown))
