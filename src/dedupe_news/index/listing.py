# ruff: noqa: PTH112, PTH116
"""Which files a corpus consists of now, and which of them have changed since they were read.

Inside a git repository the corpus is what git tracks: a draft that nobody has added neither
fails a check nor helps it. Git also tells which files are as they were, without a look at each.
Elsewhere the folders are walked, and size and time of each file are compared.
"""

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from dedupe_news.index.git import GitRuns, ask_git, run_git
from dedupe_news.index.store import FileRow
from dedupe_news.model import LeftOut, Skipped
from dedupe_news.sources.files import File
from dedupe_news.sources.formats import format_of
from dedupe_news.sources.ignore import Selection
from dedupe_news.sources.names import shown_path
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.walk import find_files, require_paths

__all__ = ["Listed", "Listing", "Tracked", "Walked", "changed_since", "list_corpus"]

_REGULAR = ("100644", "100755")
_FEW = 50  # names that are looked up one by one
_FRESH = 2 * 10**9  # nanoseconds: a file as young as this may change and look the same


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the corpus: how it is opened, and how it looks from outside."""

    path: str
    row: FileRow

    def file(self) -> File:
        """Return the file as readers want it."""
        size = self.row.size if self.row.size >= 0 else _size(self.path)
        return File(self.path, self.row.path, format_of(self.path), size)


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
    def is_empty(self) -> bool:
        """Whether there is no file."""
        ...

    def within(self, names: Sequence[str]) -> set[str]:
        """Return the paths of the files that are named, or are in folders that are."""
        ...


@dataclass(frozen=True, slots=True)
class Walked:
    """A corpus whose folders were walked."""

    files: Mapping[str, Listed]
    notes: Sequence[Skipped | LeftOut] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is no file."""
        return not self.files

    def within(self, names: Sequence[str]) -> set[str]:
        """Return the paths of the files that are named, or are in folders that are."""
        return _within(self.files, names)


def list_corpus(
    paths: Sequence[str], options: ReadOptions, started: GitRuns | None = None
) -> Listing:
    """Return the files in some paths.

    Args:
        paths: Files and folders, relative to the working folder or absolute.
        options: What is left out.
        started: What `ask_git` returned for these paths, if it was called already.

    Raises:
        PathError: If a path does not exist, or git does not work.
    """
    require_paths(paths)
    runs = started or ask_git(paths)
    if runs:
        return Tracked(tuple(paths), options, runs.listing(), frozenset(runs.dirty()))
    files, notes = {}, []
    for found in find_files(paths, options):
        if isinstance(found, File):
            files[found.name] = Listed(found.path, _stamped(found.path, found.name))
        else:
            notes.append(found)
    return Walked(files, tuple(notes))


class Tracked:
    """A corpus that git tracks: what git says is looked at in full only when it must be."""

    def __init__(
        self, paths: tuple[str, ...], options: ReadOptions, told: bytes, dirty: frozenset[bytes]
    ) -> None:
        """Take note of what git said.

        Args:
            paths: Files and folders of the corpus.
            options: What is left out.
            told: All that is tracked in them, as `git ls-files --stage -z` tells it.
            dirty: Paths that are not on the disk as git has them.
        """
        self._paths = paths
        self._selection = Selection.of(options.include, options.exclude)
        self._told = told
        self.dirty = dirty
        self.raw = repr((paths, options.include, options.exclude)).encode() + b"\n" + told

    @cached_property
    def files(self) -> Mapping[str, Listed]:
        """All files, by path as shown."""
        return self._all[0]

    @cached_property
    def notes(self) -> Sequence[Skipped | LeftOut]:
        """How many files were passed over."""
        return self._all[1]

    @property
    def is_empty(self) -> bool:
        """Whether there is no file."""
        return next(iter(self._taken()), None) is None

    def within(self, names: Sequence[str]) -> set[str]:
        """Return the paths of the files that are named, or are in folders that are."""
        if len(names) > _FEW:
            return _within(self.files, names)
        found = {name: self.one(os.fsencode(name)) for name in names}
        folders = [name for name, listed in found.items() if listed is None and os.path.isdir(name)]
        paths = {listed.row.path for listed in found.values() if listed}
        return paths | _within(self.files, folders) if folders else paths

    def one(self, name: bytes) -> Listed | None:
        """Return the file of that path, if it belongs to the corpus."""
        place = self._told.find(b"\t" + name + b"\0")
        if place < 0:
            return None
        start = self._told.rfind(b"\0", 0, place) + 1
        object_name = _object(self._told[start:place])
        path = os.fsdecode(name)
        if not object_name or _reason(path, self._paths, self._selection):
            return None
        again = self._told.find(b"\t" + name + b"\0", place + 1) >= 0  # in conflict
        return _listed(path, object_name, sure=not again and name not in self.dirty)

    def changed_names(self, before: bytes) -> set[bytes] | None:
        """Return the paths of which git now says something else than it did.

        Args:
            before: What was `raw` then.

        Returns:
            None if other paths were asked for.
        """
        lines = self._changed_lines(before)
        if lines is None:
            return None
        return {line.partition(b"\t")[2] for part in lines for line in part} | self.dirty

    def notes_since(self, before: bytes, notes: Sequence[LeftOut]) -> Sequence[Skipped | LeftOut]:
        """Return how many files are passed over, given how many were.

        Args:
            before: What was `raw` then.
            notes: What were the `notes` then.
        """
        lines = self._changed_lines(before)
        if lines is None:
            return self.notes
        counts = Counter({note.reason: note.count for note in notes})
        for part, sign in zip(lines, (-1, 1), strict=True):
            for reason in filter(None, map(self._reason, part)):
                counts[reason] += sign
        return _left_out(counts)

    def _changed_lines(self, before: bytes) -> tuple[set[bytes], set[bytes]] | None:
        """Return what git does not say any more, and what it says now."""
        head, _, told = before.partition(b"\n")
        if head != self.raw.partition(b"\n")[0]:
            return None
        if told == self._told:
            return set(), set()
        old, new = set(told.split(b"\0")), set(self._told.split(b"\0"))
        return old - new, new - old

    def _reason(self, line: bytes) -> str:
        """Return why what a line names is passed over; empty if it is taken."""
        head, _, name = line.partition(b"\t")
        if not head:
            return ""
        reason = _reason(os.fsdecode(name), self._paths, self._selection)
        return reason or ("" if _object(head) else "other-format")

    def _taken(self) -> Iterator[bytes]:
        lines = filter(None, self._told.split(b"\0"))
        return (line for line in lines if not self._reason(line))

    @cached_property
    def _all(self) -> tuple[dict[str, Listed], tuple[LeftOut, ...]]:
        files: dict[str, Listed] = {}
        for line in self._taken():
            head, _, name = line.partition(b"\t")
            path = os.fsdecode(name)
            shown = shown_path(path)
            sure = name not in self.dirty and shown not in files  # twice there is in conflict
            if listed := _listed(path, _object(head), sure=sure):
                files[shown] = listed
        reasons = map(self._reason, self._told.split(b"\0"))
        return files, _left_out(Counter(filter(None, reasons)))


def _left_out(counts: Counter[str]) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(reason, count) for reason, count in sorted(counts.items()) if count)


def _within(paths: Iterable[str], names: Sequence[str]) -> set[str]:
    files, folders = set(names), tuple(f"{name}/" for name in names)
    everything = os.curdir in files
    return {path for path in paths if everything or path in files or path.startswith(folders)}


def changed_since(ref: str, paths: Sequence[str]) -> dict[str, bytes]:
    """Return the files that differ from a commit of git, with what they held there.

    Args:
        ref: Any name of a commit.
        paths: Files and folders to look at.

    Returns:
        By path; empty bytes for files that are new. Files that are gone are there too.

    Raises:
        PathError: If there is no such commit, or no git.
    """
    where = ["--", *paths]
    names = run_git("diff", "--name-only", "--no-renames", "--relative", "-z", ref, *where)
    result = {}
    for name in filter(None, names.split(b"\0")):
        held = run_git("ls-tree", "-z", "--name-only", ref, "--", os.fsdecode(name))
        shown = run_git("show", f"{ref}:./{os.fsdecode(name)}") if held else b""
        result[os.fsdecode(name)] = shown
    return result


def _listed(path: str, object_name: str, *, sure: bool) -> Listed | None:
    """Return a tracked file; None if it is not there."""
    shown = shown_path(path)
    if sure:
        return Listed(path, FileRow(shown, -1, 0, object_name))
    return Listed(path, _stamped(path, shown)) if os.path.lexists(path) else None


def _object(head: bytes) -> str:
    """Return git's name of a content, given mode, name and stage; empty for a link."""
    mode, name, _stage = head.decode("ascii").split(" ")
    return name if mode in _REGULAR else ""


def _reason(path: str, paths: Iterable[str], selection: Selection) -> str:
    """Return why a file is passed over, as a walk would; empty if it is taken."""
    inner = _inner(path, paths)
    if not inner:
        return "" if selection.takes_file(path) else "excluded"  # it was named
    if inner.startswith(".") or "/." in inner:
        return "hidden"
    if not selection.takes_file(path, inner):
        return "excluded"
    return "" if format_of(path) else "other-format"


def _inner(path: str, paths: Iterable[str]) -> str:
    """Return a path inside the folder that was named; empty if the file itself was."""
    best = path
    for top in map(os.path.normpath, paths):
        if path == top:
            return ""
        if path.startswith(f"{top}/"):
            best = min(best, path[len(top) + 1 :], key=len)
    return best


def _stamped(path: str, shown: str) -> FileRow:
    """Return how a file looks from outside; it will look changed if it is too young to tell."""
    try:
        status = os.stat(path)
    except OSError:
        return FileRow(shown, -1, -1)
    young = status.st_mtime_ns > time.time_ns() - _FRESH
    row = FileRow(shown, status.st_size, status.st_mtime_ns)
    return replace(row, mtime=-1) if young else row


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0
