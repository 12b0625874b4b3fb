"""`explain`: why two articles do or do not match."""

from typing import Any

import click

from dedupe_news.cli import options
from dedupe_news.cli.exits import Exit, exit_code
from dedupe_news.cli.output import style, written
from dedupe_news.cli.parameters import Command

__all__ = ["explain"]


@click.command(cls=Command)
@click.argument("left", metavar="A")
@click.argument("right", metavar="B")
@options.comparing
@options.reading
@options.page
@options.talking
def explain(left: str, right: str, **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Say why A and B match or do not, and how likely a scan finds such a pair.

    Each is a file that holds one article, or FILE#ID for one of several.
    """
    settings = options.settings(typed)
    reading = options.read_options(typed)
    from dedupe_news.cli.picking import pick  # noqa: PLC0415 - numpy waits for a sound call
    from dedupe_news.pipeline import explain as explain_articles  # noqa: PLC0415
    from dedupe_news.render.explanation import render  # noqa: PLC0415

    one, other = pick((left, right), reading, settings)
    explanation = explain_articles(one, other, settings)
    whole = written(lambda out: render(explanation, out, style(typed, out)))
    return exit_code(found=False, complete=whole)
