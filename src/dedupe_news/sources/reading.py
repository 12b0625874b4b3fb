"""From paths to batches: which files are read together, and which are cut."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dedupe_news.errors import ArticleError
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.settings import require_several
from dedupe_news.sources.batch import Batch, Item, Made
from dedupe_news.sources.decode import NotTextError, UndecodableError
from dedupe_news.sources.files import BLOCK, READ_ERRORS, File
from dedupe_news.sources.formats import FORMATS, cutter
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.walk import find_files, require_paths, unreadable

__all__ = ["Files", "batch_files", "batches", "cut_file", "is_cut_here", "read"]

_MOST_FILES = 1000  # in a batch: opening a file costs, however small it is

Path = str | os.PathLike[str]


class Files(NamedTuple):
    """A batch of files, opened when it is loaded."""

    files: tuple[File, ...]
    options: ReadOptions

    @property
    def size(self) -> int:
        """How many bytes the files have together."""
        return sum(file.size for file in self.files)

    def load(self) -> list[Item]:
        """Return the articles of all files, and for each that cannot be read, why."""
        return [item for batch in self._cut() for item in batch.load()]

    def records(self) -> list[str]:
        """Return the records of all files."""
        return [record for batch in self._cut() for record in batch.records()]

    def _cut(self) -> Iterator[Batch]:
        return (batch for file in self.files for batch in cut_file(file, self.options))


def batches(paths: Sequence[Path], options: ReadOptions | None = None) -> Iterator[Batch]:
    """Return the input in pieces that can be loaded in any process and any order.

    Small files come many at a time; a large file of many articles is cut. Nothing is held
    longer than it takes to cut it.

    Args:
        paths: Files, folders, and `-` for JSON Lines on the standard input.
        options: How to read them.

    Raises:
        PathError: If a path does not exist; at once, before anything is read.
    """
    names = [os.fsdecode(path) for path in paths]
    require_paths(names)
    options = options or ReadOptions()
    return batch_files(find_files(names, options), options)


def read(
    *paths: Path,
    fields: Mapping[str, str] | None = None,
    gitignore: bool = True,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    encoding: str = "",
) -> Iterator[Article | Skipped]:
    """Return the articles in files and folders, lazily, and what could not be read.

    Args:
        *paths: Files, folders, and `-` for JSON Lines on the standard input.
        fields: For a field of an article, the key that holds it, dotted if nested.
        gitignore: Whether to leave out what `.gitignore` files name.
        include: Patterns as in a `.gitignore`; if given, only files they name are read.
        exclude: Patterns of files and folders that are not read.
        encoding: The encoding of every file; empty to find out for each.

    Raises:
        PathError: If a path does not exist; at once, before anything is read.
        SettingsError: If a field or the encoding is unknown, or one text stands for several.
    """
    require_several("include", include)
    require_several("exclude", exclude)
    options = ReadOptions(
        fields=dict(fields or {}),
        gitignore=gitignore,
        include=tuple(include),
        exclude=tuple(exclude),
        encoding=encoding,
    )
    found = (item for batch in batches(paths, options) for item in batch.load())
    return (item for item in found if not isinstance(item, LeftOut))


def batch_files(
    listed: Iterable[File | Skipped | LeftOut], options: ReadOptions
) -> Iterator[Batch]:
    """Yield listed files in pieces that can be loaded in any process and any order.

    Args:
        listed: Files, and what was passed over; taken lazily.
        options: How to read them.
    """
    kept: list[File] = []
    size = 0
    for found in listed:
        if not isinstance(found, File):
            yield Made((found,))
        elif is_cut_here(found):
            yield from cut_file(found, options)
        else:
            kept.append(found)
            size += found.size
            if size >= BLOCK or len(kept) >= _MOST_FILES:
                yield Files(tuple(kept), options)
                kept, size = [], 0
    if kept:
        yield Files(tuple(kept), options)


def is_cut_here(file: File) -> bool:
    """Return whether this process must cut a file: it is large, or cannot be opened elsewhere."""
    streams = bool(file.format) and FORMATS[file.format].streams
    return file.pipe or file.path == "-" or (streams and file.size > BLOCK)


def cut_file(file: File, options: ReadOptions) -> Iterator[Batch]:
    """Yield what a file holds, and in place of what cannot be read, why."""
    try:
        yield from cutter(file.format)(file, options)
    except NotTextError as error:
        yield Made((_not_text(file, error),), file.size)
    except (UndecodableError, UnicodeError) as error:
        hint = getattr(error, "hint", "") or "leave --encoding out, or name another one"
        yield Made((Skipped(file.name, "bad-encoding", str(error), hint),), file.size)
    except READ_ERRORS as error:
        yield Made((unreadable(file.name, error),), file.size)


def _not_text(file: File, error: ArticleError) -> Skipped | LeftOut:
    if not file.named:
        return LeftOut("binary", 1)
    hint = "convert it to plain text first; dedupe-news formats lists what can be read"
    return Skipped(file.name, "unknown-format", f"the file {error}", error.hint or hint)
