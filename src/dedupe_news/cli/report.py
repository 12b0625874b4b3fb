"""`report`: show the reports of earlier runs again, in any form, as a whole or in part."""

import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any, TextIO

import click

from dedupe_news.cli import options
from dedupe_news.cli.exits import Exit, exit_code
from dedupe_news.cli.output import write_report, written
from dedupe_news.cli.parameters import Choice, Command, listed, spelling
from dedupe_news.cli.talk import HintedError, say, source_lines
from dedupe_news.cli.targets import reserve
from dedupe_news.cli.values import LINES
from dedupe_news.core.dates import moment_of
from dedupe_news.errors import PathError
from dedupe_news.model import RELATIONS, Report
from dedupe_news.replay import ORDERS, Wanted, merge, parse_report, rank, select

__all__ = ["report"]

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}(T.+)?)?)?")


def _since(_context: click.Context, param: click.Parameter, value: str) -> str:
    if value and (not _DATE.fullmatch(value) or not moment_of(value)):
        msg = f"{spelling(param)} {value} is no date"
        raise HintedError(msg, hint="write it as 2024, 2024-05 or 2024-05-14")
    return value


@click.command(cls=Command)
@click.argument("scans", nargs=-1, metavar="[SCAN.json]...")
@options.showing
@options.option("--limit", type=click.IntRange(min=0), metavar="N", help="Clusters to show.")
@options.option(
    "--relation",
    "relations",
    callback=listed(RELATIONS),
    metavar="RELATION[,RELATION]",
    help=f"Only such variants: {', '.join(RELATIONS)}.",
)
@options.option(
    "--source",
    "sources",
    multiple=True,
    type=LINES,
    metavar="NAME",
    help="Only variants of a source, or of its articles. Repeatable.",
)
@options.option(
    "--min-added-words",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Only variants that add so much.",
)
@options.option(
    "--since", default="", callback=_since, metavar="DATE", help="Only variants of then or later."
)
@options.option(
    "--sort", "order", type=Choice(ORDERS), default="size", show_default=True, help="Order."
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of reports, and nothing else.")
@options.talking
def report(scans: tuple[str, ...], **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Show reports that scan --format json or jsonl has written, in another form.

    Several are merged; - is standard input. No article is read: for unchanged paragraphs beside
    each other, write the report with --full.
    """
    if typed["schema"]:
        return exit_code(found=False, complete=written(_write_schema))
    if not scans:
        raise click.UsageError("no report is named", click.get_current_context())
    typed = reserve(typed, scans)
    wanted = Wanted(
        relations=typed["relations"],
        sources=typed["sources"],
        min_added_words=typed["min_added_words"],
        since=typed["since"],
    )
    whole = merge([_read(name) for name in scans])
    if not typed["quiet"]:
        say(*source_lines(whole, typed["sources"]))
    shown = rank(select(whole, wanted), typed["order"])
    return exit_code(found=False, complete=write_report(shown, typed))


def _write_schema(out: TextIO) -> None:
    out.write((files("dedupe_news") / "report.schema.json").read_text("utf-8"))


def _read(name: str) -> Report:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        msg = f"{name} cannot be read: {reason}"
        raise PathError(msg, hint="name a report that scan --format json has written") from error
    return parse_report(text, name)
