"""The report as a table: one row for each article of a cluster, for spreadsheets.

A cell that a spreadsheet would take for a formula begins with an apostrophe, which it does not
show; the signs that could drive a terminal are made visible.
"""

import csv
from collections.abc import Iterator
from typing import TextIO

from dedupe_news.model import Report
from dedupe_news.render.findings import more_clusters
from dedupe_news.render.rows import COLUMNS, Row, cluster_rows, skipped_row
from dedupe_news.render.safe import prose
from dedupe_news.render.style import Style

__all__ = ["render"]

_FORMULA = ("=", "+", "-", "@")


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write the head of the table and its rows."""
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in _rows(report, style):
        table.writerow([_cell(row.get(name)) for name in COLUMNS])


def _rows(report: Report, style: Style) -> Iterator[Row]:
    shown = report.clusters[: style.limit]
    for cluster in shown:
        yield from cluster_rows(cluster)
    yield from map(skipped_row, report.skipped)
    more = more_clusters(report, len(shown))
    if more:
        yield {"role": "not-shown", "note": more}


def _cell(value: str | float | None) -> str | float:
    if not isinstance(value, str):
        return "" if value is None else value
    text = prose(value).strip()
    return f"'{text}" if text.startswith(_FORMULA) else text
