"""Kinds of parameters: options that the environment can set, and values with a near miss."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from dedupe_news.cli.talk import HintedError
from dedupe_news.errors import PathError

__all__ = [
    "COMPLETE",
    "PREFIX",
    "PROGRAM",
    "Choice",
    "Command",
    "Commands",
    "Late",
    "Option",
    "listed",
    "near_miss",
    "pairs",
    "spelling",
]

Callback = Callable[[click.Context, click.Parameter, Any], Any]

PROGRAM = "dedupe-news"
PREFIX = "DEDUPE_NEWS"
"""What the names of environment variables begin with."""
COMPLETE = f"_{PREFIX}_COMPLETE"
"""The environment variable by which a shell asks for completions."""


class Option(click.Option):
    """An option that `DEDUPE_NEWS_<OPTION>` sets too, for every command that has it."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Return the variable for this command and option, else the one for this option."""
        name = spelling(self).lstrip("-").replace("-", "_").upper()
        own = os.environ.get(f"{ctx.auto_envvar_prefix}_{name}")
        return own or os.environ.get(f"{PREFIX}_{name}") or None


class _Helpful(click.Command):
    """A command that knows its options for help by itself, in whatever context it is asked.

    click would take them from the first context it meets, and keep them.
    """

    def get_help_option_names(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the short option and the long one."""
        return ["-h", "--help"]


class Command(_Helpful):
    """A command whose failures of the file system are errors with a hint."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Return what the command returns.

        Raises:
            PathError: If a file, also one that we made ourselves, cannot be read or written.
        """
        try:
            return super().invoke(ctx)
        except OSError as error:
            raise PathError(str(error), hint="see whether the disk is full") from error


class Commands(_Helpful, click.Group):
    """A group whose commands may be misspelt once."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is meant, or say which one is near."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            raise self._miss(ctx, name) from None
        return super().resolve_command(ctx, args)

    def _miss(self, ctx: click.Context, name: str) -> HintedError:
        msg, known = f"there is no command {name!r}", self.list_commands(ctx)
        if any(f"--{name}" in param.opts for param in self.get_params(ctx)):
            return HintedError(msg, hint=f"did you mean {ctx.command_path} --{name}?")
        if "scan" in known and os.path.lexists(name):
            from shlex import quote  # noqa: PLC0415 - seldom needed

            return HintedError(msg, hint=f"did you mean {ctx.command_path} scan {quote(name)}?")
        return near_miss(msg, name, known)


class Late(Mapping[str, click.Command]):
    """Commands by name, each loaded when it is first looked at.

    Args:
        package: Where their modules are.
        names: Of the commands, of their modules, and of the functions in these.
    """

    def __init__(self, package: str, names: Sequence[str]) -> None:
        self._package = package
        self._names = names

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._names:
            raise KeyError(name)
        command: click.Command = getattr(import_module(f"{self._package}.{name}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Choice(click.Choice[str]):
    """One of a few words."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's own signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the word, or say which one is near."""
        _check(value, self.choices, param)
        return super().convert(value, param, ctx)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's own signature
        """Return the words on the line of the error."""
        return f"It is one of {', '.join(self.choices)}"


def listed(choices: Sequence[str]) -> Callback:
    """Return a callback that takes some of a few words, parted by commas.

    Args:
        choices: The words that there are.
    """

    def words(
        _context: click.Context, param: click.Parameter, value: str | None
    ) -> tuple[str, ...]:
        given = tuple(word.strip() for word in value.split(",")) if value else ()
        for word in given:
            _check(word, choices, param)
        return given

    return words


def pairs(
    _context: click.Context, param: click.Parameter, values: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return `NAME=KEY` texts as names and keys, in their order.

    Raises:
        HintedError: If one has no `=`, or a name comes twice.
    """
    split: list[tuple[str, str]] = []
    for value in values:
        name, sign, key = value.partition("=")
        if not sign:
            msg = f"{spelling(param)} {value} has no '='"
            raise HintedError(msg, hint="write NAME=KEY, such as text=body")
        if any(name.strip() == other for other, _ in split):
            msg = f"{spelling(param)} gives {name.strip()} twice"
            raise HintedError(msg, hint="a field has one key; dots lead into nested objects")
        split.append((name.strip(), key.strip()))
    return tuple(split)


def spelling(param: click.Parameter | None) -> str:
    """Return how a parameter is written out: `--format`, `SHELL`."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.human_readable_name if param else "the option"


def _check(value: str, known: Sequence[str], param: click.Parameter | None) -> None:
    if value not in known:
        msg = f"{spelling(param)} knows no {value!r}"
        raise near_miss(msg, value, known)


def near_miss(message: str, given: str, known: Sequence[str]) -> HintedError:
    """Return the error for an unknown word, with the known one that is near.

    Args:
        message: What is wrong.
        given: The word.
        known: The words that there are.
    """
    from difflib import get_close_matches  # noqa: PLC0415 - most words are known

    near = get_close_matches(given.lower(), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    return HintedError(message, hint=hint)
