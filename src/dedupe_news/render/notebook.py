"""Reports and variants as a notebook shows them, and as data frames."""

import re
from importlib import import_module
from itertools import islice
from typing import Any

from dedupe_news.errors import MissingExtraError
from dedupe_news.model import Report, Variant
from dedupe_news.render.asked import asked_for
from dedupe_news.render.findings import findings, name_of, title_of
from dedupe_news.render.html.page import environment
from dedupe_news.render.html.rows import aligned, inline
from dedupe_news.render.html.timeline import source_of
from dedupe_news.render.phrases import count_phrases, percent, plural
from dedupe_news.render.rows import COLUMNS, Row, cluster_rows, skipped_row
from dedupe_news.render.safe import prose

__all__ = ["frame_rows", "report_html", "to_pandas", "to_polars", "variant_html"]

_SHOWN = 50  # variants; a notebook is no place for thousands
_TINTS = {"added": "rgba(46, 160, 67, 0.15)", "removed": "rgba(220, 60, 50, 0.15)"}
"""Backgrounds for themes light and dark; signs, underlines and strokes say the same."""
_SHARES = ("base_in_variant", "variant_in_base", "resemblance")
_TEXTS = frozenset(
    {
        *("cluster", "role", "id", "path", "title", "source", "date", "lang", "url", "base"),
        *("relation", "via", "shape", "numbers_changed", "note"),
    }
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def report_html(report: Report) -> str:
    """Return the totals and a table of the first variants, as HTML without scripts."""
    found = findings(report.clusters)
    shown = list(islice(found, _SHOWN))
    rows = [
        (
            finding.cluster.id,
            title_of(finding.base) or name_of(finding.base),
            source_of(finding.base),
            source_of(finding.member),
            finding.variant.relation,
            percent(finding.variant.base_in_variant),
            percent(1 - finding.variant.variant_in_base),
            _figures(finding.variant),
            finding.variant.alignment.shape if finding.variant.alignment else "",
        )
        for finding in shown
    ]
    more = sum(len(cluster.variants) for cluster in report.clusters) - len(shown)
    return _filled(
        "report",
        summary=report.summary,
        rows=rows,
        asked=asked_for(report),
        more=f"{plural(more, 'more variant')} not shown" if more else "",
    )


def variant_html(variant: Variant) -> str:
    """Return what a variant adds, drops and changes, as HTML without scripts."""
    alignment = variant.alignment
    changes = alignment.changes if alignment else ()
    told = " · ".join(count_phrases(alignment.counts)) if alignment else ""
    shares = (percent(variant.base_in_variant), percent(1 - variant.variant_in_base))
    texts = {_place(each.base, each.variant): inline(each) for each in changes}
    rows = [
        (row, texts[row.first_base, row.first_variant])
        for row in aligned(variant)
        if row.op != "gone"
    ]
    return _filled("variant", variant=variant, shares=shares, told=told, rows=rows, tints=_TINTS)


def _place(base: tuple[int, ...], variant: tuple[int, ...]) -> tuple[int, int]:
    return base[0] if base else -1, variant[0] if variant else -1


def _figures(variant: Variant) -> str:
    changed = variant.alignment.numbers_changed if variant.alignment else ()
    return "; ".join(f"{prose(each.base)} → {prose(each.variant)}" for each in changed)


def to_pandas(report: Report) -> Any:  # noqa: ANN401 - a frame of a package that may be missing
    """Return a `pandas.DataFrame` with one row for each member, overlap and skipped input.

    Args:
        report: What was found.

    Raises:
        MissingExtraError: If pandas is not installed.
    """
    pandas = _package("pandas")
    frame = pandas.DataFrame(frame_rows(report), columns=list(COLUMNS))
    kinds = {name: "string" if name in _TEXTS else "Int64" for name in COLUMNS}
    return frame.astype(kinds | dict.fromkeys(_SHARES, "Float64"))


def to_polars(report: Report) -> Any:  # noqa: ANN401 - a frame of a package that may be missing
    """Return a `polars.DataFrame` with one row for each member, overlap and skipped input.

    Args:
        report: What was found.

    Raises:
        MissingExtraError: If polars is not installed.
    """
    polars = _package("polars")
    kinds = {name: polars.String if name in _TEXTS else polars.Int64 for name in COLUMNS}
    schema = kinds | dict.fromkeys(_SHARES, polars.Float64)
    return polars.DataFrame(frame_rows(report), schema=schema)


def frame_rows(report: Report) -> list[Row]:
    """Return the rows of a data frame: nothing is escaped, and only half signs are replaced.

    Args:
        report: What was found.
    """
    rows = [row for cluster in report.clusters for row in cluster_rows(cluster)]
    rows += [skipped_row(skipped) for skipped in report.skipped]
    return [{name: _whole(value) for name, value in row.items()} for row in rows]


def _whole(value: str | float | None) -> str | float | None:
    """Return a value that any package can write: half a code point is in no encoding."""
    return (
        _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value
    )


def _filled(name: str, **values: Any) -> str:  # noqa: ANN401 - what a template takes
    return environment().get_template(f"notebook-{name}.html.j2").render(**values)


def _package(name: str) -> Any:  # noqa: ANN401 - a module that may be missing
    try:
        return import_module(name)
    except ImportError as error:
        msg = f"{name} is not installed"
        raise MissingExtraError(msg, hint=f"pip install 'dedupe-news[{name}]'") from error
