"""Write the man page from what the commands say of themselves."""
# ruff: noqa: INP001 - a script, not part of a package

import re
from collections.abc import Iterator
from pathlib import Path

import click

from dedupe_news.cli.app import app

PAGE = Path(__file__).parent / "man" / "dedupe-news.1"
CODES = (
    ("0", "The run went through."),
    ("1", "There are findings that were asked for."),
    ("2", "Not run: a wrong option, path or setting, or no article at all."),
    ("3", "Run, but some input could not be read or some output not written."),
    ("130", "Interrupted."),
)


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    """Return the page, in the language of man pages."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.TH DEDUPE-NEWS 1 "" "dedupe-news" "User Commands"'
    yield ".SH NAME"
    yield "dedupe\\-news \\- find the variants of news articles, and show what each one adds"
    yield ".SH SYNOPSIS"
    yield ".B dedupe\\-news"
    yield "[\\fIOPTION\\fR]... \\fICOMMAND\\fR [\\fIARGUMENT\\fR]..."
    yield ".SH DESCRIPTION"
    yield from _prose(app.help or "")
    for name, command in sorted(_commands("dedupe-news", app)):
        yield from _command(name, command)
    yield ".SH EXIT STATUS"
    for code, meaning in CODES:
        yield from (".TP", f".B {code}", _escaped(meaning))
    yield ".SH ENVIRONMENT"
    yield "Every option can be set by a variable: DEDUPE_NEWS_MIN_CONTAINMENT for all commands,"
    yield "DEDUPE_NEWS_SCAN_MIN_CONTAINMENT for one. NO_COLOR, FORCE_COLOR, CLICOLOR and"
    yield "CLICOLOR_FORCE are followed where \\-\\-color is auto."


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield all commands by the words with which they are called."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from _commands(f"{path} {name}", inner)
    else:
        yield path, command


def _command(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    arguments = " ".join(command.collect_usage_pieces(context))
    yield f".SH {_escaped(name.removeprefix('dedupe-news ').upper())}"
    yield f".B {_escaped(name)}"
    yield f"{_escaped(arguments)}"
    yield ".PP"
    yield from _prose(command.help or "")
    for param in command.get_params(context):
        record = param.get_help_record(context) if isinstance(param, click.Option) else None
        if record:
            yield from (".TP", f".B {_escaped(record[0])}", _escaped(record[1]))


def _prose(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        yield from [".PP"] * (number > 0)
        yield _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    shown = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", " ".join(shown.split()))


if __name__ == "__main__":
    main()
