"""`keep`: write the corpus with one article of each cluster."""

from pathlib import Path
from typing import Any

import click

from dedupe_news.cli import options
from dedupe_news.cli.config import configured
from dedupe_news.cli.corpus import keeping
from dedupe_news.cli.exits import Exit, exit_code
from dedupe_news.cli.parameters import Command
from dedupe_news.cli.talk import note_lines, rule_lines, say
from dedupe_news.errors import UsageError

__all__ = ["keep"]


@click.command(cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@configured
@options.option(
    "-o", "--output", "out", required=True, metavar="FOLDER", help="A new or an empty folder."
)
@options.option("--skip-unreadable", is_flag=True, help="Exit as if all inputs had been read.")
@options.matching
@options.reading
@options.walking
@options.jobs
@options.talking
def keep(paths: tuple[str, ...], out: str, **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Write PATH to a new folder with one article of each cluster, and nothing left behind.

    Which article is kept is said by --keep: the first rule that decides wins. A manifest in
    the folder names the others, and why they were left out. PATH itself is never changed.
    """
    if "-" in paths:
        msg = "standard input cannot be kept: there is no file to be written anew"
        raise UsageError(msg, hint="write it to a file first")
    with keeping(typed) as how:
        from dedupe_news.keeping import MANIFEST  # noqa: PLC0415 - numpy waits for a sound call
        from dedupe_news.keeping import keep as keep_articles  # noqa: PLC0415

        report, aside = keep_articles(paths, Path(out), how)
    say(*note_lines(report, quiet=typed["quiet"], verbose=typed["verbose"]))
    if not typed["quiet"]:
        say(*rule_lines(report, how.settings.keep))
        kept = report.summary.articles - len(aside)
        total = f"{report.summary.articles:,} articles"
        say(f"{kept:,} of {total} kept in {out}; {MANIFEST} names the others")
    return exit_code(found=False, complete=report.complete or typed["skip_unreadable"])
