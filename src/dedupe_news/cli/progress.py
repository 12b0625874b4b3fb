# ruff: noqa: PTH112, PTH113, PTH118, PTH202
"""How far a run is, on stderr, for a person who waits."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Advance", "progress"]

Advance = Callable[[str, int, int | None], None]
"""Takes a stage, how much of it is done, and of how much, if that is known."""

_NAMES = {"read": "Reading", "compare": "Comparing", "align": "Aligning"}
_PATIENCE = 0.5  # seconds: a run that is over by then needs no bar


@contextmanager
def progress(*, quiet: bool, paths: Sequence[str] = ()) -> Iterator[Advance]:
    """Yield a function that shows progress where a person sees it, and else does nothing.

    Args:
        quiet: Whether nothing is wanted.
        paths: What is read; tells how much there is to read.
    """
    if quiet or not sys.stderr or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield _silent
        return
    bars = _Bars(_size(paths))
    try:
        yield bars.advance
    finally:
        bars.close()


def _silent(_stage: str, _done: int, _total: int | None) -> None:
    """Show nothing."""


class _Bars:
    """One bar for each stage that was met; they vanish at the end."""

    def __init__(self, size: int | None) -> None:
        self._size = size
        self._start = time.monotonic()
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def advance(self, stage: str, done: int, total: int | None) -> None:
        """Show that so much of a stage is done."""
        if stage == "read" and total is None and self._size is not None:
            total = max(self._size, done)
        if self._bars is None:
            if time.monotonic() - self._start < _PATIENCE:
                return
            self._bars = _started()
        if stage not in self._tasks:
            name = _NAMES.get(stage, stage)
            self._tasks[stage] = self._bars.add_task(name, total=total, told="")
        told = _told(stage, done, total)
        self._bars.update(self._tasks[stage], completed=done, total=total, told=told)

    def close(self) -> None:
        """Take the bars away."""
        if self._bars is not None:
            self._bars.stop()


def _size(paths: Sequence[str]) -> int | None:
    """Return how many bytes there are to read at most; None when nobody knows."""
    total = 0
    for path in paths:
        if os.path.isdir(path):
            total += _size_of_folder(path)
        elif os.path.isfile(path):
            total += os.path.getsize(path)
        else:
            return None  # such as - for standard input
    return total or None


def _size_of_folder(folder: str) -> int:
    total = 0
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        shown = (os.path.join(place, name) for name in files if not name.startswith("."))
        total += sum(os.path.getsize(path) for path in shown if os.path.isfile(path))
    return total


def _started() -> "Progress":
    from rich.console import Console  # noqa: PLC0415 - only where a person waits
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    bars = Progress(
        TextColumn("{task.description:<9}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bars.start()
    return bars


def _told(stage: str, done: int, total: int | None) -> str:
    if stage != "read":
        return f"{done:,}" if total is None else f"{done:,} of {total:,}"
    megabytes = f"{done / 1e6:,.1f}"
    return f"{megabytes} MB" if total is None else f"{megabytes} of {total / 1e6:,.1f} MB"
