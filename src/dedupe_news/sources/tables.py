"""CSV and TSV: one article in a row, its fields named by the first row."""

import io
import json
from collections.abc import Iterator
from typing import NamedTuple

from dedupe_news.model import Skipped
from dedupe_news.sources.batch import Batch, Item, Made
from dedupe_news.sources.decode import STRAY, sniff
from dedupe_news.sources.files import BLOCK, READ_ERRORS, File, opened
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.records import Records
from dedupe_news.sources.rows import Lines, RawRow, delimiter_of, raw_rows

__all__ = ["Rows", "cut_table"]

Row = tuple[int, list[str]]
"""The number of the line on which a row starts, from 1, and its cells."""


class Rows(NamedTuple):
    """A batch of rows of one table.

    Attributes:
        name: The file, as it is shown.
        header: The names of the columns.
        rows: In the order of the file; what could not be read is a skip already.
        first: Number of the first row, from 1, the header not counted.
        options: How to read them.
        size: Bytes of input that they were, about.
    """

    name: str
    header: tuple[str, ...]
    rows: tuple[list[str] | Skipped, ...]
    first: int
    options: ReadOptions
    size: int

    def load(self) -> list[Item]:
        """Return an article for each row, or why there is none."""
        records = Records(self.name, self.options.fields)
        return [
            row
            if isinstance(row, Skipped)
            else records.article(dict(zip(self.header, row, strict=True)), number)
            for number, row in enumerate(self.rows, self.first)
        ]

    def records(self) -> list[str]:
        """Return the rows, each cell under the name of its column."""
        return [
            "" if isinstance(row, Skipped) else json.dumps(dict(zip(self.header, row, strict=True)))
            for row in self.rows
        ]


def cut_table(file: File, options: ReadOptions) -> Iterator[Batch]:
    """Yield the rows of a table in batches; a table without a column for the text, as a skip.

    Args:
        file: Opened here, and read row by row.
        options: How to read it.
    """
    with opened(file) as stream:
        encoding = sniff(stream.peek(BLOCK), options.encoding)
        text = io.TextIOWrapper(stream, encoding, _errors(encoding, options), newline="")
        lines = Lines(text)
        delimiter = "\t" if file.format == "tsv" else delimiter_of(lines)
        rows = raw_rows(lines, delimiter)
        header = _header(next(rows, None))
        if not header:
            return
        if not _has_text(header, options):
            records = Records(file.name, options.fields)
            yield Made((records.without_text(dict.fromkeys(header, ""), file.name),), file.size)
            return
        yield from _batches(file, options, header, rows)


def _batches(
    file: File, options: ReadOptions, header: tuple[str, ...], rows: Iterator[RawRow]
) -> Iterator[Batch]:
    """Yield batches; what came before a broken end, before the error is raised again."""
    kept: list[list[str] | Skipped] = []
    first, size = 1, 0
    try:
        for raw in rows:
            size += sum(map(len, raw.cells))
            kept.append(_fitted(file.name, raw, len(header)))
            if size >= BLOCK:
                yield Rows(file.name, header, tuple(kept), first, options, size)
                first += len(kept)
                kept, size = [], 0
    except (*READ_ERRORS, UnicodeError):
        yield Rows(file.name, header, tuple(kept), first, options, size)
        raise
    yield Rows(file.name, header, tuple(kept), first, options, size)


def _fitted(name: str, raw: RawRow, width: int) -> list[str] | Skipped:
    """Return the cells of a row if there is one for each column, or why not."""
    if not raw.error and len(raw.cells) >= width and not any(raw.cells[width:]):
        return raw.cells[:width]
    reason = raw.error or f"{len(raw.cells)} cells where the header has {width}"
    message = f"the row on line {raw.line} does not fit: {reason}"
    hint = "look for a quotation mark or a delimiter too many or too few on that line"
    return Skipped(f"{name}#line {raw.line}", "bad-row", message, hint)


def _header(raw: RawRow | None) -> tuple[str, ...]:
    """Return the names of the columns; a name that comes again is told by its column."""
    names: dict[str, None] = {}
    for column, cell in enumerate(raw.cells if raw else (), 1):
        name = cell.strip() or "column"
        names[f"{name} {column}" if name in names else name] = None
    return tuple(names)


def _has_text(header: tuple[str, ...], options: ReadOptions) -> bool:
    return Records("", options.fields).holds_text(dict.fromkeys(header, ""))


def _errors(encoding: str, options: ReadOptions) -> str:
    if options.encoding:
        return "strict"
    return "replace" if encoding.startswith(("utf-16", "utf-32")) else STRAY
