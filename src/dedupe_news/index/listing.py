# ruff: noqa: PTH109, PTH116, PTH118, PTH120
"""Which files a corpus consists of now, and which of them have changed since they were read.

Inside a git repository the corpus is what git tracks: a draft that nobody has added neither
fails a check nor helps it. Git also tells which files are as they were, without a look at each.
Elsewhere the folders are walked, and size and time of each file are compared.
"""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dedupe_news.errors import PathError
from dedupe_news.index.store import FileRow
from dedupe_news.model import LeftOut, Skipped
from dedupe_news.sources.files import File
from dedupe_news.sources.formats import format_of
from dedupe_news.sources.ignore import Selection
from dedupe_news.sources.names import shown_path
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.walk import find_files, require_paths

__all__ = ["Listed", "Listing", "changed_since", "list_corpus", "run_git", "tracked_by_git"]

_REGULAR = ("100644", "100755")
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


@dataclass(frozen=True, slots=True)
class Listing:
    """The corpus as it is now.

    Attributes:
        files: By path as shown.
        notes: What could not be looked at, and what was passed over, counted.
    """

    files: Mapping[str, Listed]
    notes: tuple[Skipped | LeftOut, ...] = field(default=())


def list_corpus(paths: Sequence[str], options: ReadOptions) -> Listing:
    """Return the files in some paths.

    Args:
        paths: Files and folders, relative to the working folder or absolute.
        options: What is left out.

    Raises:
        PathError: If a path does not exist, or git does not work.
    """
    require_paths(paths)
    if tracked_by_git(paths):
        return _tracked(paths, options)
    files, notes = {}, []
    for found in find_files(paths, options):
        if isinstance(found, File):
            files[found.name] = Listed(found.path, _stamped(found.path, found.name))
        else:
            notes.append(found)
    return Listing(files, tuple(notes))


def tracked_by_git(paths: Sequence[str]) -> bool:
    """Return whether all paths are in the git repository of the working folder."""
    top = _top(os.getcwd())
    return bool(top) and all(_top(os.path.realpath(path)) == top for path in paths)


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


def run_git(*words: str) -> bytes:
    """Return what git prints.

    Raises:
        PathError: If git is not there, or says no.
    """
    try:
        command = ["git", "--literal-pathspecs", *words]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - a list of words, no shell
    except OSError as error:
        msg = f"git cannot be run: {error}"
        hint = "install git, or take the corpus out of the repository"
        raise PathError(msg, hint=hint) from None
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        msg = f"git {words[0]} failed: {told}"
        raise PathError(msg, hint="check the name of the commit, and git status")
    return done.stdout


def _tracked(paths: Sequence[str], options: ReadOptions) -> Listing:
    selection = Selection.of(options.include, options.exclude)
    left_out: Counter[str] = Counter()
    files: dict[str, Listed] = {}
    dirty = set(run_git("diff-files", "--name-only", "--relative", "-z").split(b"\0"))
    for name, object_name in _entries(run_git("ls-files", "--stage", "-z", "--", *paths)):
        path = os.fsdecode(name)
        reason = _reason(path, paths, selection) if object_name else "other-format"
        if reason:
            left_out[reason] += 1
            continue
        shown = shown_path(path)
        row = FileRow(shown, -1, 0, object_name)
        if name in dirty or shown in files:  # on the disk it is not as git has it, or in conflict
            if not os.path.lexists(path):
                continue
            row = _stamped(path, shown)
        files[shown] = Listed(path, row)
    return Listing(files, tuple(LeftOut(*each) for each in sorted(left_out.items())))


def _entries(told: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield the paths that git tracks, and the name of their content; empty for a link."""
    for line in filter(None, told.split(b"\0")):
        head, _, path = line.partition(b"\t")
        mode, name, _stage = head.decode("ascii").split(" ")
        yield path, name if mode in _REGULAR else ""


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


def _top(path: str) -> str:
    """Return the root of the git repository that a path is in; empty if it is in none."""
    folder = os.path.realpath(path)
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder
