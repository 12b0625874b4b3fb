"""What the commands on a corpus share: where it is, and how it is read and compared."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from dedupe_news.cli import options
from dedupe_news.cli.config import BASELINE, INDEX, Project, project
from dedupe_news.cli.output import written
from dedupe_news.cli.progress import progress
from dedupe_news.cli.talk import left_out_phrases, say
from dedupe_news.errors import NoArticlesError, PathError
from dedupe_news.render.safe import one_line

if TYPE_CHECKING:
    from dedupe_news.index.asking import Asked
    from dedupe_news.index.listing import Listing
    from dedupe_news.upkeep import Upkeep

__all__ = [
    "asked_early",
    "at_root",
    "baseline_option",
    "index_option",
    "keeping",
    "no_articles",
    "relative",
    "require_known",
    "show_files",
    "show_files_option",
    "staged_option",
]

index_option = options.option(
    "--index", metavar="FILE", default=INDEX, show_default=True, help="The index."
)
baseline_option = options.option(
    "--baseline", metavar="FILE", default=BASELINE, show_default=True, help="What was accepted."
)
show_files_option = options.option(
    "--show-files", is_flag=True, help="List the files of the corpus, and do nothing else."
)

staged_option = options.option(
    "--staged", is_flag=True, help="Look at what is staged, and not at the files on the disk."
)


@contextlib.contextmanager
def at_root(context: click.Context, *, quiet: bool) -> Iterator[Project]:
    """Work in the folder that all paths of the project are relative to."""
    found = project(context)
    if not quiet and found.root.resolve() != Path.cwd().resolve():
        say(f"note: paths are relative to {found.root}")
    with contextlib.chdir(found.root):
        yield found


@contextlib.contextmanager
def keeping(typed: options.Typed) -> Iterator["Upkeep"]:
    """Yield how a corpus is read and compared; the processes that work end on leaving."""
    settings = options.settings(typed)
    reading = options.read_options(typed)
    from dedupe_news.engines.local import local_engine  # noqa: PLC0415 - no numpy for --help
    from dedupe_news.engines.memory import reuse_memory  # noqa: PLC0415
    from dedupe_news.upkeep import Upkeep  # noqa: PLC0415

    reuse_memory()
    jobs = typed["jobs"] or options.all_cores()
    with local_engine(jobs) as engine, progress(quiet=typed["quiet"]) as advance:
        yield Upkeep(settings, reading, engine, advance)


def asked_early(
    stack: contextlib.ExitStack, found: Project, index: Path | None, *, staged: bool = False
) -> "Asked | None":
    """Ask git for the corpus, and let it work while the program loads.

    Args:
        stack: On its end git is let go.
        found: The project.
        index: The index, if there may be one: git is asked for what differs from it.
        staged: Whether what is staged counts, rather than what is on the disk.

    Raises:
        PathError: If git is needed, and the corpus is not in a repository.
    """
    from dedupe_news.index.asking import ask_git, remembered  # noqa: PLC0415 - only what is needed

    asked = ask_git(found.paths, remembered(index) if index else "", staged=staged)
    if asked:
        stack.callback(asked.end)
    elif staged:
        msg = f"{', '.join(found.paths)} is not in one git repository"
        raise PathError(msg, hint="leave --staged out, or work in the repository")
    return asked


def relative(names: Sequence[str], found: Project, before: Path, *, on_disk: bool) -> list[str]:
    """Return names that were typed as paths relative to the root.

    Args:
        names: Files and folders.
        found: The project.
        before: The folder in which they were typed.
        on_disk: Whether they must be there.

    Raises:
        PathError: If there is no such file.
    """
    for name in names:
        if on_disk and not os.path.lexists(before / name):
            raise _unknown(name)
    root = found.root.resolve()
    return [os.path.relpath((before / name).absolute(), root) for name in names]


def require_known(names: Sequence[str], listing: "Listing") -> None:
    """Check that files are of the corpus, or at least on the disk.

    Args:
        names: Files and folders, relative to the working folder.
        listing: The corpus.

    Raises:
        PathError: If one is neither.
    """
    for name in names:
        if not os.path.lexists(name) and not listing.within([name]):
            raise _unknown(name)


def show_files(listing: "Listing") -> bool:
    """Write the files of the corpus, one a line; return whether all was written."""

    def write(out: TextIO) -> None:
        out.writelines(f"{path}\n" for path in sorted(listing.files))

    return written(write)


def no_articles(paths: Sequence[str], listing: "Listing") -> NoArticlesError:
    """Return the error that an empty corpus is."""
    from dedupe_news.model import LeftOut  # noqa: PLC0415 - only on the way out

    counts = {note.reason: note.count for note in listing.notes if isinstance(note, LeftOut)}
    seen = left_out_phrases(counts)
    listed = f" (seen: {', '.join(seen)})" if seen else ""
    msg = f"no article was found in {', '.join(paths)}{listed}"
    hint = "inside git only tracked files count: git add them; --allow-empty accepts this"
    return NoArticlesError(msg, hint=hint)


def _unknown(name: str) -> PathError:
    return PathError(f"no such file or folder: {one_line(name)}", hint="check the spelling")
