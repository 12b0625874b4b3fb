"""The options that commands share, and what they come to."""

import os
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dedupe_news.cli.color import COLORS
from dedupe_news.cli.exits import FINDINGS
from dedupe_news.cli.parameters import Choice, Option, listed, pairs
from dedupe_news.cli.targets import targets
from dedupe_news.cli.values import LINES, days, patterns
from dedupe_news.render import FORMATS
from dedupe_news.settings import KEEP_RULES, Settings

if TYPE_CHECKING:
    from dedupe_news.sources import ReadOptions

__all__ = [
    "Typed",
    "all_cores",
    "comparing",
    "failing",
    "jobs",
    "matching",
    "option",
    "page",
    "read_options",
    "reading",
    "scoping",
    "settings",
    "showing",
    "talking",
    "verbose",
    "walking",
]

Typed = Mapping[str, Any]
"""What the user typed, by parameter; each value has passed the check of its type."""

Command = TypeVar("Command", bound=Callable[..., Any])

_LEAST_WIDTH = 24
_DEFAULTS = {field.name: field.default for field in fields(Settings)}


def option(*names: str, **attributes: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - click's own
    """Return a decorator that adds an option which the environment can set too."""
    return click.option(*names, cls=Option, **attributes)


def _setting(
    name: str,
    kind: Any,  # noqa: ANN401 - click's own
    text: str,
    *,
    shown: str | bool = True,
) -> Callable[[Any], Any]:
    """Return a decorator for the option of a setting, whose default is the setting's own."""
    default = _DEFAULTS[name]
    value = ",".join(default) if isinstance(default, tuple) else default
    long_name = f"--{name.replace('_', '-')}"
    return option(long_name, name, type=kind, default=value, show_default=shown, help=text)


def _together(*decorators: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return one decorator that adds options in the order in which help lists them."""

    def decorate(command: Any) -> Any:  # noqa: ANN401 - a function, or click's command
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


reading = _together(
    option(
        "--field",
        "fields",
        multiple=True,
        callback=pairs,
        metavar="NAME=KEY",
        help="Where a field of an article stands in a record, such as text=body. Repeatable.",
    ),
    option("--encoding", default="", help="Encoding of all files; found out when not given."),
)
"""How files are read."""

walking = _together(
    option("--include", multiple=True, metavar="GLOB", help="Read only such files. Repeatable."),
    option("--exclude", multiple=True, metavar="GLOB", help="Leave such files out. Repeatable."),
    option(
        "--gitignore/--no-gitignore",
        default=True,
        show_default=True,
        help="Leave out what .gitignore files name.",
    ),
)
"""Which files of a folder are read."""

comparing = _together(
    _setting(
        "shingle_words", int, "Words (or characters) per shingle.", shown="5, or 8 characters"
    ),
    _setting("shingle_unit", Choice(["word", "char"]), "Use char for badly scanned text."),
    _setting("min_containment", float, "Share of the shorter article that a match has in common."),
    _setting("min_shared_words", int, "Words that a match has in common at least."),
    option(
        "--ignore-text",
        type=LINES,
        multiple=True,
        callback=patterns,
        metavar="REGEX|@FILE",
        help="Text that counts neither as shared nor as added. Repeatable.",
    ),
)
"""When two articles match."""

scoping = _together(
    option(
        "--within",
        "within_days",
        callback=days,
        metavar="SPAN",
        show_default="any",
        help="Compare only what lies so close in date, such as 12h, 30d or 2w.",
    ),
    option(
        "--across",
        type=Choice(["source", "folder"]),
        show_default="all",
        help="Compare only what differs in this.",
    ),
)
"""Which articles are compared at all."""

matching = _together(
    comparing,
    scoping,
    _setting(
        "keep",
        str,
        f"Rules for the base, the first that decides wins: {', '.join(KEEP_RULES)}, source:NAME.",
    ),
    option("--diff/--no-diff", default=True, show_default=True, help="Show the paragraphs."),
)
"""The same, and how clusters are read."""

page = _together(
    option(
        "--width",
        type=click.IntRange(min=_LEAST_WIDTH),
        metavar="COLUMNS",
        show_default="the terminal's, else 80",
        help="Columns to fill.",
    ),
    option("--ascii", is_flag=True, help="Use plain signs between the words."),
)
"""On what the output is shown."""

showing = _together(
    option(
        "-f",
        "--format",
        "form",
        type=Choice(FORMATS),
        default="text",
        show_default=True,
        help="Form of the output.",
    ),
    option(
        "-o",
        "--output",
        "targets",
        multiple=True,
        type=LINES,
        callback=targets,
        metavar="[FORM=]PATH",
        help="Write a report to a file too; its suffix tells the form. Repeatable.",
    ),
    option(
        "--full",
        is_flag=True,
        help="Show unchanged text too, and many variants one by one.",
    ),
    option(
        "--color",
        type=Choice(COLORS),
        default="auto",
        show_default=True,
        help="Whether to write colour.",
    ),
    option(
        "--pager/--no-pager",
        default=False,
        help="Show text in a pager, if it goes to a terminal and not to -o.",
    ),
    page,
)
"""How a report looks."""

jobs = option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    show_default="all cores",
    help="Processes that work.",
)
"""How many processes work."""

failing = _together(
    option(
        "--fail-on",
        callback=listed(FINDINGS),
        metavar="RELATION[,RELATION]",
        help=f"Exit with 1 when one is found: {', '.join(FINDINGS)}.",
    ),
    option("--allow-empty", is_flag=True, help="Exit with 0 when there is no article."),
    option("--skip-unreadable", is_flag=True, help="Exit as if all inputs had been read."),
)
"""What the exit code is to say."""


def _verbosity(ctx: click.Context, _param: click.Parameter, value: bool) -> bool:  # noqa: FBT001 - click's own
    ctx.obj.verbose = ctx.obj.verbose or value
    return bool(ctx.obj.verbose)


verbose = option(
    "-v",
    "--verbose",
    is_flag=True,
    is_eager=True,
    callback=_verbosity,
    help="Name all that took no part; show where an error arose.",
)
"""How much is said on stderr; before the command or after it."""

talking = _together(
    option("-q", "--quiet", is_flag=True, help="Say nothing but errors on stderr."), verbose
)
"""How much is said on stderr, and how little."""


def settings(typed: Typed) -> Settings:
    """Return the settings that the options come to.

    Raises:
        SettingsError: If a value is out of its range.
    """
    given = {name: typed[name] for name in Settings.names() if typed.get(name) is not None}
    if "keep" in given:
        given["keep"] = tuple(rule.strip() for rule in given["keep"].split(","))
    return Settings(**given)


def read_options(typed: Typed) -> "ReadOptions":
    """Return how to read.

    Raises:
        SettingsError: If a field or an encoding is unknown.
    """
    from dedupe_news.sources import ReadOptions  # noqa: PLC0415 - readers load numpy-free, but late

    return ReadOptions(
        fields=dict(typed["fields"]),
        gitignore=typed.get("gitignore", True),
        include=tuple(typed.get("include", ())),
        exclude=tuple(typed.get("exclude", ())),
        encoding=typed["encoding"],
    )


def all_cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
