"""`index`: what is remembered of a corpus, so that it need not be read again."""

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedupe_news.cli import options
from dedupe_news.cli.config import configured
from dedupe_news.cli.corpus import (
    asked_early,
    at_root,
    index_option,
    keeping,
    no_articles,
    show_files,
    show_files_option,
)
from dedupe_news.cli.exits import Exit, exit_code
from dedupe_news.cli.output import written
from dedupe_news.cli.parameters import Command, Commands
from dedupe_news.cli.talk import say, skip_lines
from dedupe_news.cli.targets import reserve
from dedupe_news.errors import IndexUnusableError, UsageError

if TYPE_CHECKING:
    from dedupe_news.index.listing import Listing
    from dedupe_news.index.store import Store
    from dedupe_news.updating import Kept
    from dedupe_news.upkeep import Upkeep

    Make = Callable[[Path, Listing, Upkeep], Kept]

__all__ = ["index"]


@click.group(cls=Commands)
def index() -> None:
    """Keep an index beside the corpus: checks then read only what has changed."""


def _making(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of what makes an index, in the order in which help lists them."""
    for decorate in reversed(
        (
            configured,
            index_option,
            show_files_option,
            options.option(
                "--wait",
                type=click.FloatRange(min=0),
                default=30.0,
                show_default=True,
                metavar="SECONDS",
                help="How long to wait for another process that writes.",
            ),
            options.option(
                "--allow-empty", is_flag=True, help="Exit with 0 when there is no article."
            ),
            options.option(
                "--skip-unreadable", is_flag=True, help="Exit as if all inputs had been read."
            ),
            options.comparing,
            options.scoping,
            options.reading,
            options.walking,
            options.jobs,
            options.talking,
        )
    ):
        command = decorate(command)
    return command


@index.command(cls=Command)
@_making
@click.pass_context
def build(context: click.Context, /, **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Make the index, or finish one whose build was interrupted."""
    from dedupe_news.updating import bring_up_to_date  # noqa: PLC0415 - numpy waits for a sound call

    return _made(bring_up_to_date, context, typed)


@index.command(cls=Command)
@_making
@click.pass_context
def update(context: click.Context, /, **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Bring the index up to date with files that have changed, come or gone."""
    from dedupe_news.updating import bring_up_to_date  # noqa: PLC0415 - numpy waits for a sound call

    with at_root(context, quiet=True):
        _require(Path(typed["index"]))
    return _made(bring_up_to_date, context, typed)


@index.command(cls=Command)
@_making
@click.pass_context
def rebuild(context: click.Context, /, **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Make the index anew, whatever there is in its place."""
    from dedupe_news.updating import make_anew  # noqa: PLC0415 - numpy waits for a sound call

    return _made(make_anew, context, typed, follow=False)


@index.command(cls=Command)
@configured
@index_option
@options.option("--deep", is_flag=True, help="Read the whole file, and see whether it is sound.")
@options.talking
@click.pass_context
def info(context: click.Context, /, **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Say what the index holds, and how it was made."""
    from dedupe_news.index.store import Store  # noqa: PLC0415 - numpy waits for a sound call

    with at_root(context, quiet=not typed["verbose"]):
        path = Path(typed["index"])
        _require(path)
        with Store(path) as store:
            if typed["deep"]:
                store.check()
            lines = [f"{name:<18}{value}" for name, value in _facts(path, store)]
        return exit_code(
            found=False, complete=written(lambda out: out.writelines(f"{line}\n" for line in lines))
        )


@index.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@configured
@index_option
@options.showing
@options.matching
@options.reading
@options.jobs
@options.talking
@click.pass_context
def query(context: click.Context, /, files: tuple[str, ...], **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Say what of FILE has been published before, as far as the index knows.

    FILE need not belong to the corpus; - is JSON Lines on standard input, answered line by
    line as JSON Lines. Shares are of the words of FILE.
    """
    before = Path.cwd()
    if files == ("-",):
        _require_lines(context, typed)
    typed = reserve(typed, files)
    with contextlib.ExitStack() as stack:
        stack.enter_context(at_root(context, quiet=not typed["verbose"]))
        _require(Path(typed["index"]))
        how = stack.enter_context(keeping({**typed, "jobs": 1}))
        from dedupe_news.cli.asking import answer_files, answer_lines  # noqa: PLC0415
        from dedupe_news.query import Queries  # noqa: PLC0415
        from dedupe_news.stamp import opened  # noqa: PLC0415

        store = stack.enter_context(opened(Path(typed["index"]), how))
        stack.enter_context(store.reading())
        queries = Queries(store, how)
        if files == ("-",):
            return answer_lines(queries, how.reading)
        stack.enter_context(contextlib.chdir(before))
        return answer_files(queries, files, how, typed)


def _facts(path: Path, store: "Store") -> Iterator[tuple[str, str]]:
    """Yield what an index holds and how it was made, with the name of each."""
    yield "index", f"{path} ({path.stat().st_size / 1e6:,.1f} MB)"
    yield from ((name, f"{count:,}") for name, count in store.count().items())
    made = sorted(store.stamp.items())
    yield "fingerprint", hashlib.sha256(repr(made).encode()).hexdigest()[:12]
    yield from ((name, value or "none") for name, value in made)


def _require_lines(context: click.Context, typed: options.Typed) -> None:
    """Check that nobody wants standard input answered otherwise than line by line."""
    asked = context.get_parameter_source("form") == click.core.ParameterSource.COMMANDLINE
    if typed["targets"] or (asked and typed["form"] != "jsonl"):
        msg = "standard input is answered line by line, as JSON Lines, on standard output"
        hint = "for a file use >, for another form name files: dedupe-news index query FILE"
        raise UsageError(msg, hint=hint)


def _require(path: Path) -> None:
    if not path.exists():
        msg = f"there is no index {path}"
        raise IndexUnusableError(msg, hint="dedupe-news index build makes it")


def _made(
    make: "Make", context: click.Context, typed: options.Typed, *, follow: bool = True
) -> Exit:
    """Let an index be made, and say what was done.

    Args:
        make: What makes it.
        context: Of the command.
        typed: What was typed.
        follow: Whether what is there already may tell what has changed.
    """
    start = time.monotonic()
    index = Path(typed["index"])
    with contextlib.ExitStack() as stack:
        found = stack.enter_context(at_root(context, quiet=not typed["verbose"]))
        known = index if follow else None
        asked = asked_early(stack, found, known)
        how = stack.enter_context(keeping(typed))
        from dedupe_news.index.followed import look  # noqa: PLC0415 - only what is needed

        with contextlib.ExitStack() as reading:
            listing, _ = look(reading, found.paths, how.reading, known, asked)
        if typed["show_files"]:
            return exit_code(found=False, complete=show_files(listing))
        if listing.is_empty and not typed["allow_empty"]:
            raise no_articles(found.paths, listing)
        kept = make(index, listing, replace(how, patience=typed["wait"]))
    if not typed["quiet"]:
        say(
            _told(kept, time.monotonic() - start),
            *skip_lines(kept.skipped, verbose=typed["verbose"]),
        )
    complete = typed["skip_unreadable"] or not any(note.unread for note in kept.skipped)
    return exit_code(found=False, complete=complete)


def _told(kept: "Kept", seconds: float) -> str:
    read, gone = len(kept.changes.fresh), len(kept.changes.gone)
    return (
        f"{kept.articles:,} articles; {read:,} files read, {gone:,} forgotten or replaced; "
        f"{seconds:.1f} s"
    )
