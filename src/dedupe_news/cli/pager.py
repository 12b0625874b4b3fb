"""`--pager`: text one screen at a time, in the program that the reader is used to."""

import contextlib
import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from typing import TextIO

import click

from dedupe_news.cli.talk import say

__all__ = ["paged"]

_USUAL = "less"
_FLAGS = "-FRX"  # no pager for what fits on the screen, colour goes through, the text stays there
_KEYS = "/dev/tty"


@contextlib.contextmanager
def paged(out: TextIO, *, color: bool = False) -> Iterator[TextIO]:
    """Open the pager that PAGER names, less without it; where there is none, `out` itself.

    Whoever leaves it early has read enough, and that is no error.

    Args:
        out: The terminal.
        color: Whether colour goes through whatever the pager is; otherwise it is taken out
            for one that is not known to show it.
    """
    with contextlib.ExitStack() as stack:
        if not _is_there() or not stack.enter_context(_keys()):
            yield out
            return
        stack.enter_context(_flags_of_less())
        yield stack.enter_context(click.get_pager_file(color=color or None))


def _is_there() -> bool:
    """Return whether the pager can be started; say so if not: it was asked for."""
    wish = os.environ.get("PAGER") or _USUAL
    try:
        program = (shlex.split(wish) or [_USUAL])[0]
    except ValueError:  # a quote that is never closed
        program = wish
    if not shutil.which(program):
        say(f"warning: there is no pager {program}", "hint: install it, or set PAGER to another")
        return False
    return True


@contextlib.contextmanager
def _keys() -> Iterator[bool]:
    """Let stdin be the terminal, also after articles were read from it; tell whether it is."""
    if sys.stdin and sys.stdin.isatty():
        yield True
        return
    try:
        terminal = open(_KEYS, encoding="utf-8")  # noqa: PTH123, SIM115 - closed below
    except OSError:
        yield False
        return
    with terminal:
        read, sys.stdin = sys.stdin, terminal
        try:
            yield True
        finally:
            sys.stdin = read


@contextlib.contextmanager
def _flags_of_less() -> Iterator[None]:
    """Give less the flags that git gives it, unless the reader has some."""
    own = os.environ.get("LESS")
    flags = own or _FLAGS
    os.environ["LESS"] = flags if flags.startswith("-") else f"-{flags}"  # less takes both alike
    try:
        yield
    finally:
        if own is None:
            del os.environ["LESS"]
        else:
            os.environ["LESS"] = own
