"""What can be read: one table, from which the look-up, the help, docs and tests are derived."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Final, NamedTuple

from dedupe_news.sources.batch import Batch
from dedupe_news.sources.files import File
from dedupe_news.sources.options import ReadOptions

__all__ = ["FORMATS", "Cut", "Format", "cutter", "format_of"]

Cut = Callable[[File, ReadOptions], Iterator[Batch]]
"""Cuts a file into batches."""


class Format(NamedTuple):
    """A format that can be read.

    Attributes:
        name: By which it is shown.
        suffixes: In lower case, with the dot; each may be followed by `.gz`.
        holds: What a file of it holds, in a few words.
        cut: What cuts a file of it into batches: a module and a function of it, loaded late.
        streams: Whether a large file is cut into several, and never held whole.
        extra: The extra that it needs; empty if none.
    """

    name: str
    suffixes: tuple[str, ...]
    holds: str
    cut: str
    streams: bool = False
    extra: str = ""


FORMATS: Final = {
    form.name: form
    for form in (
        Format("text", (".txt", ".text"), "one article, with an optional head", "plain.cut_text"),
        Format(
            "markdown", (".md", ".markdown"), "one article, with front matter", "plain.cut_text"
        ),
        Format(
            "jsonl",
            (".jsonl", ".ndjson"),
            "one article on each line",
            "json_files.cut_json_lines",
            streams=True,
        ),
        Format(
            "json",
            (".json",),
            "one article, or a list of them",
            "json_files.cut_json",
            streams=True,
        ),
        Format(
            "csv",
            (".csv",),
            "one article in each row, `,` or `;` between",
            "tables.cut_table",
            streams=True,
        ),
        Format(
            "tsv",
            (".tsv", ".tab"),
            "one article in each row, tabs between",
            "tables.cut_table",
            streams=True,
        ),
    )
}
"""The formats by name, in the order in which they are shown."""

_BY_SUFFIX = {suffix: form.name for form in FORMATS.values() for suffix in form.suffixes}


def format_of(path: str) -> str:
    """Return the name of the format that a file's suffix tells; empty if it tells none."""
    name = path.lower().removesuffix(".gz")
    return _BY_SUFFIX.get(name[name.rfind(".") :], "") if "." in name else ""


@cache
def cutter(format_name: str) -> Cut:
    """Return what cuts files of a format; of an unknown one, by what they hold."""
    place = FORMATS[format_name].cut if format_name else "plain.cut_unknown"
    module, _, function = place.partition(".")
    found: Cut = getattr(import_module(f"{__package__}.{module}"), function)
    return found
