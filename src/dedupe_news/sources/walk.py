# ruff: noqa: PTH110, PTH112, PTH114, PTH116, PTH118, PTH208
"""Files in the paths that the user named, in a defined order, each once.

A folder is walked in the order of its names. Symbolic links are followed after all that is
really there, so that a file is called by its own name where it has one; each real folder is
entered once, and each real file read once, whatever leads to it.

Paths are plain texts here, not `Path` objects: they keep the form in which the user wrote
them, and there may be a million.
"""

import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from errno import ENOENT
from typing import NamedTuple, Self

from dedupe_news.errors import PathError
from dedupe_news.model import LeftOut, Skipped
from dedupe_news.sources.files import STDIN, File
from dedupe_news.sources.formats import format_of
from dedupe_news.sources.ignore import GitIgnores, Selection
from dedupe_news.sources.names import shown_path
from dedupe_news.sources.options import ReadOptions

__all__ = ["find_files", "require_paths", "unreadable"]


def require_paths(paths: Sequence[str]) -> None:
    """Check that all paths exist, before anything is read.

    Raises:
        PathError: Naming all that do not.
    """
    missing = [path for path in paths if path != STDIN and not _exists(path)]
    if missing:
        names = ", ".join(shown_path(path) or "''" for path in missing)
        msg = f"no such file or folder: {names}"
        raise PathError(msg, hint=_hint(missing[0]))


def find_files(paths: Sequence[str], options: ReadOptions) -> Iterator[File | Skipped | LeftOut]:
    """Yield the files in some paths: a file itself, of a folder all that is in it.

    A file that was named is read even if it is hidden or ignored. What a walk passes over is
    counted, and the counts come last.

    Args:
        paths: Existing files and folders, in the order in which they are read; `-` is the
            standard input.
        options: What is left out.
    """
    walk = _Walk(Selection.of(options.include, options.exclude), gitignore=options.gitignore)
    named = [path for path in paths if path == STDIN or not os.path.isdir(path)]
    walk.named.update(os.path.realpath(path) for path in named if path != STDIN)
    for path in dict.fromkeys(paths):
        if path == STDIN:
            yield File(STDIN, STDIN, "jsonl", 0, named=True)
        elif path in named:
            yield from walk.file(path)
        else:
            yield from walk.folder(path)
    for reason, count in sorted(walk.left_out.items()):
        yield LeftOut(reason, count)


def unreadable(name: str, error: BaseException) -> Skipped:
    """Return the row for a file or folder that the system or its archive does not give out."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    hint = "check that it is whole and that you may read it"
    return Skipped(name, "unreadable", f"cannot be read: {reason}", hint)


class _Place(NamedTuple):
    """A file or folder on a walk.

    Attributes:
        path: By which it is opened and called.
        inner: Its path inside the folder that was named.
        tree: Its absolute path as the walk came to it, which `.gitignore` files are about.
        real: Its absolute path without links: what it is.
        ignores: The `.gitignore` files that hold for it.
    """

    path: str
    inner: str
    tree: str
    real: str
    ignores: GitIgnores

    def at(self, name: str) -> Self:
        """Return the place of an entry of this folder."""
        path, inner, tree, real = self.bases
        return type(self)(path + name, inner + name, tree + name, real + name, self.ignores)

    @property
    def bases(self) -> tuple[str, str, str, str]:
        """The four paths with what goes between a folder and the name of an entry."""
        path, inner = (f"{base}/" if base else "" for base in (self.path, self.inner))
        return path.replace("//", "/"), inner, f"{self.tree}/", f"{self.real}/"


class _Walk:
    """The state of one walk: where it has been, what it passed over, where links lead."""

    def __init__(self, selection: Selection, *, gitignore: bool) -> None:
        self.gitignore = gitignore
        self.selection = selection
        self.named: set[str] = set()
        self.seen: set[str] = set()
        self.links: list[_Place] = []
        self.left_out: Counter[str] = Counter()

    def file(self, path: str) -> Iterator[File | Skipped]:
        """Yield a file that was named."""
        if not self.selection.takes_file(path):
            self.left_out["excluded"] += 1
        elif self._is_new(os.path.realpath(path)):
            yield from _file(path, format_of(path), named=True)

    def folder(self, path: str) -> Iterator[File | Skipped]:
        """Yield the files in a folder that was named; where links lead, last."""
        top = path.rstrip("/") or "/"
        real = os.path.realpath(top)
        ignores = GitIgnores.above(real) if self.gitignore else GitIgnores()
        yield from self._tree(_Place("" if top == "." else top, "", real, real, ignores))
        while self.links:
            found, self.links = sorted(self.links, key=lambda place: place.path), []
            for place in found:
                yield from self._linked(place._replace(real=os.path.realpath(place.path)))

    def _tree(self, top: _Place) -> Iterator[File | Skipped]:
        waiting = [top]
        while waiting:
            here = waiting.pop()
            if not self._is_new(here.real):
                continue
            try:
                with os.scandir(here.path or ".") as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                yield unreadable(shown_path(here.path), error)
                continue
            if self.gitignore and any(entry.name == ".gitignore" for entry in found):
                here = here._replace(ignores=here.ignores.inside(here.tree))
            files, folders, links = self._parted(found, here)
            for name, path, real in files:
                yield from self._found(name, path, real)
            self.links += links
            waiting += reversed(folders)

    def _parted(
        self, entries: Sequence["os.DirEntry[str]"], here: _Place
    ) -> tuple[list[tuple[str, str, str]], list[_Place], list[_Place]]:
        """Return the entries of a folder that are to be looked at: files, folders and links.

        Files are many, so they come as no more than their names and their two paths.
        """
        path, inner, tree, real = here.bases
        files, folders, links = [], [], []
        for entry in entries:
            name, link = entry.name, entry.is_symlink()
            folder = os.path.isdir(path + name) if link else entry.is_dir()
            if name.startswith("."):
                self.left_out["hidden"] += 1
            elif here.ignores.files and here.ignores.ignores(tree + name + "/" * folder):
                self.left_out["ignored"] += 1
            elif not self._selected(path + name, inner + name, folder=folder):
                self.left_out["excluded"] += 1
            elif link:
                links.append(here.at(name))
            elif folder:
                folders.append(here.at(name))
            else:
                files.append((name, path + name, real + name))
        return files, folders, links

    def _linked(self, place: _Place) -> Iterator[File | Skipped]:
        if os.path.isdir(place.real):
            yield from self._tree(place)
        elif os.path.exists(place.real):
            yield from self._found(place.path, place.path, place.real)
        else:
            error = FileNotFoundError(ENOENT, "it is a link that leads nowhere")
            yield unreadable(shown_path(place.path), error)

    def _found(self, name: str, path: str, real: str) -> Iterator[File | Skipped]:
        if real in self.named or not self._is_new(real):
            return
        if not (form := format_of(name)):
            self.left_out["other-format"] += 1
            return
        for file in _file(path, form):
            if isinstance(file, File) and file.pipe:
                self.left_out["other-format"] += 1
            else:
                yield file

    def _selected(self, *paths: str, folder: bool) -> bool:
        if not self.selection:
            return True
        choose = self.selection.takes_folder if folder else self.selection.takes_file
        return choose(*paths)

    def _is_new(self, real: str) -> bool:
        new = real not in self.seen
        self.seen.add(real)
        return new


def _file(path: str, form: str, *, named: bool = False) -> Iterator[File | Skipped]:
    """Yield the file at a path, or why it cannot be looked at."""
    try:
        status = os.stat(path)
    except OSError as error:
        yield unreadable(shown_path(path), error)
        return
    pipe = not stat.S_ISREG(status.st_mode)
    form = form or ("jsonl" if pipe else "")
    yield File(path, shown_path(path), form, status.st_size, named=named, pipe=pipe)


def _exists(path: str) -> bool:
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # the last: a NUL in a path
        return False
    except OSError:
        return True  # it is there; that it cannot be read is told when it is read
    return True


def _hint(missing: str) -> str:
    if any(sign in missing for sign in "*?["):
        return "name the folder, and give the pattern with --include"
    if os.path.islink(missing):
        return "it is a link that leads nowhere"
    folder, name = os.path.split(missing.rstrip("/"))
    from difflib import get_close_matches  # noqa: PLC0415 - for what is missing alone

    try:
        near = get_close_matches(name, os.listdir(folder or "."), n=1)
    except (OSError, ValueError):
        return "check the spelling, or name the folder above"
    if near:
        return f"did you mean {shown_path(os.path.join(folder, near[0]))}?"
    return "check the spelling, or name the folder above"
