"""Values of options that take some reading: spans of time, and patterns from a file."""

import re
from collections.abc import Iterator, Sequence

import click

from dedupe_news.cli.parameters import spelling
from dedupe_news.cli.talk import HintedError

__all__ = ["LINES", "days", "patterns", "size"]

_SPAN = re.compile(r"(\d+(?:\.\d+)?) ?([a-z]*)", re.ASCII | re.IGNORECASE)
_BYTES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0}


class _Lines(click.types.StringParamType):
    envvar_list_splitter = "\n"


LINES = _Lines()
"""A text that may hold blanks: where the environment gives several, each has a line."""


def days(_context: click.Context, param: click.Parameter, value: str | None) -> float | None:
    """Return how many days a span such as `12h`, `30d` or `2w` has.

    Raises:
        HintedError: If there is no number, or no unit.
    """
    if value is None:
        return None
    found = _SPAN.fullmatch(value.strip())
    number, unit = found.groups() if found else ("", "")
    if number and unit.lower() in _DAYS:
        return float(number) * _DAYS[unit.lower()]
    msg = f"{spelling(param)} knows no span {value!r}"
    bare = number and not unit
    hint = f"did you mean {number}d?" if bare else "write hours, days or weeks: 12h, 30d, 2w"
    raise HintedError(msg, hint=hint)


def size(_context: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """Return how many bytes a size such as `500M` or `2G` has.

    Raises:
        HintedError: If there is no number, or a unit that is none.
    """
    if value is None:
        return None
    found = _SPAN.fullmatch(value.strip())
    number, unit = found.groups() if found else ("", "")
    factor = _BYTES.get(unit.lower().removesuffix("ib").removesuffix("b"))
    if not number or factor is None:
        msg = f"{spelling(param)} knows no size {value!r}"
        raise HintedError(msg, hint="write megabytes or gigabytes: 500M, 2G")
    return int(float(number) * factor)


def patterns(
    _context: click.Context, param: click.Parameter, values: Sequence[str]
) -> tuple[str, ...]:
    """Return regular expressions, those of files (`@FILE`) among them, in their order.

    A file has one on each line. Empty lines do not count, nor do those that begin with `#`;
    an expression that does is written with a backslash before it.

    Raises:
        HintedError: If a file cannot be read, or a line of it is no regular expression.
    """
    found: list[str] = []
    for value in values:
        found.extend(_from_file(param, value[1:]) if value.startswith("@") else [value])
    return tuple(found)


def _from_file(param: click.Parameter, name: str) -> Iterator[str]:
    from pathlib import Path  # noqa: PLC0415 - slow to load, and for patterns in a file alone

    try:
        text = Path(name).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        msg = f"{spelling(param)} cannot read {name}: {reason}"
        hint = "behind @ comes a file with one pattern on each line"
        raise HintedError(msg, hint=hint) from error
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield _checked(line, f"{name}:{number}")


def _checked(pattern: str, place: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        msg = f"{place}: {pattern!r} is no regular expression: {error}"
        hint = "escape signs such as ( ) [ ] + ? with a backslash"
        raise HintedError(msg, hint=hint) from None
    return pattern
