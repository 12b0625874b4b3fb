# ruff: noqa: PTH116
"""Which files a corpus consists of now, and which of them have changed since they were read."""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from dedupe_news.index.rows import FileRow, FileRows
from dedupe_news.model import LeftOut, Skipped
from dedupe_news.sources.files import File
from dedupe_news.sources.formats import format_of
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.walk import find_files

__all__ = [
    "Changes",
    "Listed",
    "Listing",
    "Walked",
    "among",
    "changes_between",
    "stamped",
    "walked",
]

_FRESH = 2 * 10**9  # nanoseconds: a file as young as this may change and look the same


class Listed(NamedTuple):
    """A file of the corpus: how it is opened, and how it looks from outside."""

    path: str
    row: FileRow

    def file(self) -> File:
        """Return the file as readers want it."""
        size = self.row.size if self.row.size >= 0 else _size(self.path)
        return File(self.path, self.row.path, format_of(self.path), size)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is not as it was when the index was written.

    Attributes:
        gone: Paths of files that are gone, or are to be read again.
        fresh: Files to be read.
    """

    gone: tuple[str, ...]
    fresh: tuple[Listed, ...]

    def __len__(self) -> int:
        return len(self.gone) + len(self.fresh)


class Listing(Protocol):
    """The corpus as it is now."""

    @property
    def files(self) -> Mapping[str, Listed]:
        """All files, by path as shown."""
        ...

    @property
    def notes(self) -> Sequence[Skipped | LeftOut]:
        """What could not be looked at, and what was passed over, counted."""
        ...

    @property
    def record(self) -> bytes:
        """What an index should remember, to ask git for no more than the difference."""
        ...

    @property
    def is_empty(self) -> bool:
        """Whether there is no file."""
        ...

    def within(self, names: Sequence[str]) -> set[str]:
        """Return the paths of the files that are named, or are in folders that are."""
        ...

    def changes(self, rows: FileRows) -> Changes:
        """Return which files have changed, come or gone since they were read."""
        ...

    def touched(self, rows: FileRows) -> set[str]:
        """Return the paths of files that somebody has worked on of late."""
        ...


class Walked(NamedTuple):
    """A corpus whose folders were walked."""

    files: Mapping[str, Listed]
    notes: Sequence[Skipped | LeftOut] = ()
    record: bytes = b""

    @property
    def is_empty(self) -> bool:
        """Whether there is no file."""
        return not self.files

    def within(self, names: Sequence[str]) -> set[str]:
        """Return the paths of the files that are named, or are in folders that are."""
        return among(self.files, names)

    def changes(self, rows: FileRows) -> Changes:
        """Return which files have changed, come or gone since they were read."""
        return changes_between(rows.files(), self.files)

    def touched(self, rows: FileRows) -> set[str]:
        """Return the paths of files that have changed since they were read."""
        return {listed.row.path for listed in self.changes(rows).fresh}


def walked(paths: Sequence[str], options: ReadOptions) -> Walked:
    """Return the files in some paths, by a walk through folders.

    Args:
        paths: Existing files and folders.
        options: What is left out.
    """
    files, notes = {}, []
    for found in find_files(paths, options):
        if isinstance(found, File):
            files[found.name] = Listed(found.path, stamped(found.path, found.name))
        else:
            notes.append(found)
    return Walked(files, tuple(notes))


def changes_between(known: Mapping[str, FileRow], files: Mapping[str, Listed]) -> Changes:
    """Return what is not as it was, given all files that were read and all that there are."""
    same = {
        path for path, listed in files.items() if path in known and known[path].is_same(listed.row)
    }
    return Changes(
        tuple(path for path in known if path not in same),
        tuple(listed for path, listed in files.items() if path not in same),
    )


def among(paths: Iterable[str], names: Sequence[str]) -> set[str]:
    """Return those paths that are named, or are in folders that are."""
    files, folders = set(names), tuple(f"{name}/" for name in names)
    everything = os.curdir in files
    return {path for path in paths if everything or path in files or path.startswith(folders)}


def stamped(path: str, shown: str, object_name: str | None = None) -> FileRow:
    """Return how a file looks from outside; it will look changed if it is too young to tell."""
    try:
        status = os.stat(path)
    except OSError:
        return FileRow(shown, -1, -1, object_name)
    young = status.st_mtime_ns > time.time_ns() - _FRESH
    row = FileRow(shown, status.st_size, status.st_mtime_ns, object_name)
    return row._replace(mtime=-1) if young else row


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
