"""`diff`: show what other articles make of the first, whether they match or not."""

from typing import Any

import click

from dedupe_news.cli import options
from dedupe_news.cli.exits import Exit, exit_code
from dedupe_news.cli.output import write_report
from dedupe_news.cli.parameters import Command
from dedupe_news.cli.talk import note_lines, say
from dedupe_news.cli.targets import reserve
from dedupe_news.model import Report

__all__ = ["diff"]


@click.command(cls=Command)
@click.argument("base", metavar="A")
@click.argument("others", nargs=-1, required=True, metavar="B [C]...")
@options.showing
@options.comparing
@options.reading
@click.option("--exit-code", "differ", is_flag=True, help="Exit with 1 when they differ.")
@options.talking
def diff(base: str, others: tuple[str, ...], **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Show what B, C and others add to A, drop from it and change in it.

    Each is a file that holds one article, or FILE#ID for one of several.
    """
    settings = options.settings(typed)
    reading = options.read_options(typed)
    from dedupe_news.cli.picking import path_of, pick  # noqa: PLC0415 - numpy waits for a sound call
    from dedupe_news.pipeline import diff as diff_articles  # noqa: PLC0415

    typed = reserve(typed, [path_of(name) for name in (base, *others)])
    report = diff_articles(*pick((base, *others), reading, settings), settings=settings)
    say(*note_lines(report, quiet=typed["quiet"], verbose=typed["verbose"]))
    whole = write_report(report, typed)
    return exit_code(found=typed["differ"] and _differ(report), complete=whole and report.complete)


def _differ(report: Report) -> bool:
    """Return whether any variant has a paragraph that is not the same at the same place.

    Boilerplate is what the user asked to ignore: nothing is learned from a few articles.
    """
    return any(
        change.op not in {"same", "boilerplate"}
        for cluster in report.clusters
        for variant in cluster.variants
        for change in (variant.alignment.changes if variant.alignment else ())
    )
