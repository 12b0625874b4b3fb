"""Files of a corpus on their way into an index: read in portions, by any process."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dedupe_news.core.columns import Columns, Recipe, columns_of
from dedupe_news.corpus import without_words
from dedupe_news.index.listing import Listed
from dedupe_news.index.store import FileRow
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.recall import digest_bytes
from dedupe_news.sources import Batch, ReadOptions
from dedupe_news.sources.files import BLOCK
from dedupe_news.sources.reading import Files, cut_file, is_cut_here

__all__ = ["FILES_AT_ONCE", "Portion", "Read", "cut_listed", "read_portion"]

FILES_AT_ONCE = 500
"""Files of a portion, however small they are."""

_FICKLE = ("unreadable", "missing-extra")  # may be cured without a change of the file


@dataclass(frozen=True, slots=True)
class Portion:
    """Files, or parts of one, that are read together."""

    parts: tuple[tuple[FileRow, Batch], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What a portion holds: for each part, its file and its articles; columns of all."""

    files: list[tuple[FileRow, list[tuple[Article, bytes, int]]]]
    columns: Columns
    size: int


def cut_listed(listed: Iterable[Listed], reading: ReadOptions) -> Iterator[Portion]:
    """Yield files in portions: many small ones together, a large one in parts.

    Args:
        listed: Files of a corpus.
        reading: How to read them.
    """
    parts: list[tuple[FileRow, Batch]] = []
    size = 0
    for each in listed:
        file = each.file()
        batches: Iterable[Batch] = [Files((file,), reading)]
        if is_cut_here(file):
            batches = cut_file(file, reading)
        for batch in batches:
            parts.append((each.row, batch))
            size += batch.size
            if size >= BLOCK or len(parts) >= FILES_AT_ONCE:
                yield Portion(tuple(parts))
                parts, size = [], 0
    if parts:
        yield Portion(tuple(parts))


def read_portion(portion: Portion, recipe: Recipe) -> Read:
    """Return what a portion holds, as articles and as numbers."""
    loaded = [(row, batch.load()) for row, batch in portion.parts]
    articles = [item for _, items in loaded for item in items if isinstance(item, Article)]
    columns = columns_of([recipe.matched(article) for article in articles], recipe)
    rows = iter(zip(map(digest_bytes, columns.digests), columns.words.tolist(), strict=True))
    files = []
    for row, items in loaded:
        told = [(item, *next(rows)) for item in items if isinstance(item, Article)]
        notes = [item for item in items if not isinstance(item, Article)]
        notes += [without_words(article) for article, _, words in told if not words]
        files.append((_noted(row, notes), [each for each in told if each[2]]))
    size = sum(batch.size for _, batch in portion.parts)
    return Read(files, columns.take(np.flatnonzero(columns.words)), size)


def _noted(row: FileRow, notes: Sequence[Skipped | LeftOut]) -> FileRow:
    """Return a file with its notes; one that may be cured from outside will look changed."""
    fickle = any(isinstance(note, Skipped) and note.code in _FICKLE for note in notes)
    row = replace(row, notes=tuple(notes))
    return replace(row, mtime=-1, object="") if fickle else row
