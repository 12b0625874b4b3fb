"""The report as one JSON document, the same to the byte whenever the finds are the same."""

import json
import re
from collections.abc import Iterable
from functools import cache
from json.encoder import encode_basestring
from math import isfinite
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
from dedupe_news.render.style import Style

__all__ = ["Document", "cluster_text", "dumps", "render"]

_WIDTH = 200
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False)
_NESTED = frozenset((dict, list))
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def dumps(value: object) -> str:
    """Return a value on one line, readable in any script and writable in UTF-8."""
    if value.__class__ is str:
        text = encode_basestring(value)
    elif value.__class__ is int or (value.__class__ is float and isfinite(value)):
        return repr(value)
    else:
        text = _ENCODER.encode(value)
    return (
        text if text.isascii() else _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    )


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write the whole report as one object, cluster by cluster."""
    write_whole(Document(out), cluster_text, report, style)


class Document:
    """A report as one object, as its clusters come."""

    def __init__(self, out: TextIO) -> None:
        """Begin, without anything written as yet."""
        self._out = out
        self._added = 0

    def begin(self, report: Report, shown: int) -> None:
        """Write what is known before a cluster is, given how many of these will be shown."""
        settings, write = settings_value(report.settings), self._out.write
        write(f'{{\n  "schema": {dumps(SCHEMA)},\n')
        write(f'  "settings": {_laid_out(settings, 2)},\n')
        write(f'  "summary": {_laid_out(summary_value(report, shown), 2)},\n')
        write('  "clusters": [')

    def add(self, text: str) -> None:
        """Write a cluster, as `cluster_text` has it."""
        self._out.write(",\n    " if self._added else "\n    ")
        self._out.write(text)  # which may be long, and is not copied
        self._added += 1

    def end(self, report: Report) -> None:
        """Write what comes behind the clusters."""
        self._out.write(f"{_closed(self._added)},\n")
        _write_list(self._out, "skipped", map(skipped_value, report.skipped), ",")
        _write_list(self._out, "boilerplate", map(boilerplate_value, report.boilerplate), "")
        self._out.write("}\n")


def cluster_text(cluster: Cluster, *, full: bool = False) -> str:
    """Return a cluster as it stands in the document.

    Args:
        cluster: What to show.
        full: Whether members have their texts, as far as they were kept.
    """
    return _laid_out(cluster_value(cluster, full=full), 4)


def _write_list(out: TextIO, name: str, values: Iterable[dict[str, Any]], end: str) -> None:
    """Write a list of the document one value at a time: the whole may be large."""
    out.write(f'  "{name}": [')
    count = 0
    for count, value in enumerate(values, 1):
        out.write(f"{',' if count > 1 else ''}\n    {_laid_out(value, 4)}")
    out.write(f"{_closed(count)}{end}\n")


def _closed(count: int) -> str:
    """Return what ends a list of so many values."""
    return "\n  ]" if count else "]"


def _laid_out(value: object, indent: int) -> str:
    """Return a value on one line where it is short or plain, else its parts on their own.

    Every text is encoded once: a line is made of the lines of its parts.
    """
    inner = indent + 2
    if isinstance(value, dict):
        parts = [
            f"{_name(name)}{_laid_out(part, inner) if part.__class__ in _NESTED else dumps(part)}"
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
    start = f"\n{' ' * inner}"
    parts[0] = f"{opening}{start}{parts[0]}"  # all may be long, and is copied once only
    parts[-1] = f"{parts[-1]}\n{' ' * indent}{closing}"
    return f",{start}".join(parts)


@cache
def _name(name: str) -> str:
    """Return the name of a value as it stands before it: there are few, and each comes often."""
    return f"{dumps(name)}: "
