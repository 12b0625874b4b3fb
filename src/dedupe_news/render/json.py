"""The report as one JSON document, the same to the byte whenever the finds are the same."""

import json
import re
from collections.abc import Iterable
from functools import cache
from json.encoder import encode_basestring
from math import isfinite
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
from dedupe_news.render.style import Style

__all__ = ["dumps", "render"]

_WIDTH = 200
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)
_NESTED = frozenset((dict, list))
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def dumps(value: object) -> str:
    """Return a value on one line, readable in any script and writable in UTF-8."""
    if value.__class__ is int or (value.__class__ is float and isfinite(value)):
        return repr(value)
    text = encode_basestring(value) if isinstance(value, str) else _ENCODER.encode(value)
    return (
        text if text.isascii() else _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    )


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write the whole report as one object, cluster by cluster."""
    shown = report.clusters[: style.limit]
    out.write(f'{{\n  "schema": {dumps(SCHEMA)},\n')
    out.write(f'  "settings": {_laid_out(settings_value(report.settings), 2)},\n')
    out.write(f'  "summary": {_laid_out(summary_value(report, len(shown)), 2)},\n')
    _write_list(
        out, "clusters", (cluster_value(cluster, full=style.full) for cluster in shown), ","
    )
    _write_list(out, "skipped", map(skipped_value, report.skipped), ",")
    _write_list(out, "boilerplate", map(boilerplate_value, report.boilerplate), "")
    out.write("}\n")


def _write_list(out: TextIO, name: str, values: Iterable[dict[str, Any]], end: str) -> None:
    """Write a list of the document one value at a time: the whole may be large."""
    out.write(f'  "{name}": [')
    empty = True
    for value in values:
        out.write(f"{'' if empty else ','}\n    {_laid_out(value, 4)}")
        empty = False
    out.write(f"{']' if empty else f'{chr(10)}  ]'}{end}\n")


def _laid_out(value: object, indent: int) -> str:
    """Return a value on one line where it is short or plain, else its parts on their own.

    Every text is encoded once: a line is made of the lines of its parts.
    """
    inner = indent + 2
    if isinstance(value, dict):
        parts = [
            f"{_name(name)}: {_laid_out(part, inner) if part.__class__ in _NESTED else dumps(part)}"
            for name, part in value.items()
        ]
        opening, closing = "{", "}"
    elif isinstance(value, list):
        if _NESTED.isdisjoint(map(type, value)):
            return f"[{', '.join(map(dumps, value))}]"
        parts = [_laid_out(part, inner) for part in value]
        opening, closing = "[", "]"
    else:
        return dumps(value)
    if indent + sum(map(len, parts)) + 2 * max(len(parts), 1) <= _WIDTH:
        flat = f"{opening}{', '.join(parts)}{closing}"
        if "\n" not in flat:
            return flat
    lines = f",\n{' ' * inner}".join(parts)
    return f"{opening}\n{' ' * inner}{lines}\n{' ' * indent}{closing}"


@cache
def _name(name: str) -> str:
    """Return the name of a value: there are few, and each comes very often."""
    return dumps(name)
