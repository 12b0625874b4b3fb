"""`formats`: what can be read, and what it needs."""

from typing import TextIO

import click

from dedupe_news.cli.exits import Exit, exit_code
from dedupe_news.cli.output import written
from dedupe_news.cli.parameters import Command

__all__ = ["formats"]


@click.command(cls=Command)
def formats() -> Exit:
    """List the kinds of files that can be read."""
    return exit_code(found=False, complete=written(_write))


def _write(out: TextIO) -> None:
    from dedupe_news.sources import FORMATS  # noqa: PLC0415 - only what is asked for is loaded

    rows = [("NAME", "SUFFIXES", "HOLDS", "NEEDS")]
    rows += [
        (each.name, " ".join(each.suffixes), each.holds, each.extra) for each in FORMATS.values()
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        out.write("  ".join(cells).rstrip() + "\n")
