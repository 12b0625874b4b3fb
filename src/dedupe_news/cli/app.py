"""The program and its commands; the module of a command is loaded when it is asked for."""

import click

from dedupe_news.cli import options
from dedupe_news.cli.parameters import PREFIX, Commands, Late
from dedupe_news.version import VERSION

__all__ = ["app"]

_COMMANDS = (
    *("scan", "diff", "check", "accept", "index", "keep", "report", "explain"),
    *("formats", "completion"),
)
"""Each is a function of that name in the module of that name."""

_CONTEXT = {
    "auto_envvar_prefix": PREFIX,
    "help_option_names": ["-h", "--help"],
    "max_content_width": 100,
}


def _show_version(context: click.Context, _param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own
    if value and not context.resilient_parsing:
        click.echo(f"dedupe-news {VERSION}")
        context.exit()


@click.group(cls=Commands, commands=Late(__package__, _COMMANDS), context_settings=_CONTEXT)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@options.verbose
def app(verbose: bool) -> None:  # noqa: FBT001 - its callback has taken note of it
    """Find the variants of news articles, and show which paragraphs each one adds, drops and
    changes.

    Every option can be set in the environment too: --min-containment is
    DEDUPE_NEWS_MIN_CONTAINMENT. Exit codes: 0 ran, 1 findings that were asked for, 2 not run,
    3 ran but something could not be read or written, 130 interrupted.
    """  # noqa: D205 - the summary needs two lines
