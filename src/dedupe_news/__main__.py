"""The program: runs a command, and turns whatever goes wrong into an exit code."""

import os
import sys
from collections.abc import Sequence

import click

from dedupe_news.cli.app import app
from dedupe_news.cli.exits import Exit
from dedupe_news.cli.output import lost, written
from dedupe_news.cli.parameters import COMPLETE, PROGRAM
from dedupe_news.cli.talk import error_lines, say, usage_lines
from dedupe_news.errors import DedupeNewsError
from dedupe_news.garbage import collect_seldom

__all__ = ["main"]


_ALGEBRA = "OPENBLAS_NUM_THREADS"
"""How many threads numpy starts for matrices, of which we have none, while it is loaded."""

_HUGE_PAGES = "NUMPY_MADVISE_HUGEPAGE"
"""Whether numpy asks for its memory two megabytes at a time: the system has to empty them all."""


_TURN = 0.0005
"""Seconds after which a thread gives way to one that passes work on, for which others wait."""


class Session:
    """What the error boundary must know of the call: whether to show where an error arose."""

    def __init__(self) -> None:
        self.verbose = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: the one place where errors end.

    Args:
        arguments: The words after the program's name; those of this process if not given.
    """
    session = Session()
    collect_seldom()
    sys.setswitchinterval(_TURN)
    os.environ.setdefault(_ALGEBRA, "1")
    os.environ.setdefault(_HUGE_PAGES, "0")
    try:
        code = _run(sys.argv[1:] if arguments is None else list(arguments), session)
        if sys.stdout is not None and not written(lambda _out: None):
            code = Exit.INCOMPLETE
    except KeyboardInterrupt:
        say("interrupted")
        code = Exit.INTERRUPTED
    except click.ClickException as error:
        say(*usage_lines(error))
        code = Exit.NOT_RUN
    except DedupeNewsError as error:
        _trace(session)
        say(*error_lines(error))
        code = Exit.NOT_RUN
    except OSError as error:  # from click, which writes help by itself: commands translate theirs
        code = Exit.RAN if lost(error) else Exit.INCOMPLETE
    except Exception as error:  # noqa: BLE001 - the boundary: a person must not meet a traceback
        _trace(session)
        say(f"error: internal: {type(error).__name__}: {error}")
        say("hint: please report this, with what -v shows")
        code = Exit.NOT_RUN
    return code


def _run(arguments: list[str], session: Session) -> int:
    instruction = os.environ.get(COMPLETE)
    if instruction:
        from click.shell_completion import shell_complete  # noqa: PLC0415 - for a shell alone

        return shell_complete(app, {"obj": session}, PROGRAM, COMPLETE, instruction)
    try:
        with app.make_context(PROGRAM, arguments, obj=session) as context:
            return int(app.invoke(context))
    except click.exceptions.NoArgsIsHelpError as wish:
        click.echo(wish.format_message(), err=True)
        return Exit.NOT_RUN
    except click.exceptions.Exit as wish:
        return wish.exit_code


def _trace(session: Session) -> None:
    if session.verbose:
        import traceback  # noqa: PLC0415 - seldom needed

        traceback.print_exc()


if __name__ == "__main__":
    sys.exit(main())
