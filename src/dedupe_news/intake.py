"""Files of a corpus as they are read: in portions, by any process."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from dedupe_news.core.columns import Columns, Recipe, columns_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.corpus import without_words
from dedupe_news.index.listing import Listed
from dedupe_news.index.rows import FileRow
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.sources.batch import Batch
from dedupe_news.sources.files import BLOCK
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.reading import Files, cut_file, is_cut_here

__all__ = [
    "FILES_AT_ONCE",
    "Portion",
    "Read",
    "counted",
    "cut_listed",
    "digest_bytes",
    "digests_from",
    "read_portion",
    "sorted_skips",
]

FILES_AT_ONCE = 1000
"""Files of a portion, however small they are."""

_FICKLE = ("unreadable", "missing-extra")  # may be cured without a change of the file


class Portion(NamedTuple):
    """Files, or parts of one, that are read together."""

    parts: tuple[tuple[FileRow, Batch], ...]


class Read(NamedTuple):
    """What a portion holds.

    Attributes:
        files: For each part, its file with notes, and its articles that have words.
        columns: One row for each of these articles.
        size: Bytes of input.
    """

    files: list[tuple[FileRow, list[Article]]]
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
    words = iter(columns.words.tolist())
    files = []
    for row, items in loaded:
        notes: list[Skipped | LeftOut] = []
        kept: list[Article] = []
        for item in items:
            if not isinstance(item, Article):
                notes.append(item)
            elif next(words):
                kept.append(item)
            else:
                notes.append(without_words(item))
        files.append((_noted(row, notes), kept))
    size = sum(batch.size for _, batch in portion.parts)
    kept_rows = np.flatnonzero(columns.words)
    whole = len(kept_rows) == len(columns)
    return Read(files, columns if whole else columns.take(kept_rows), size)


def digest_bytes(digests: UInt64s) -> bytes:
    """Return digests as 16 bytes each, the same on every machine."""
    return digests.astype("<u8").tobytes()


def digests_from(data: bytes) -> UInt64s:
    """Return digests, shape (n, 2), from the bytes that an index has of them."""
    return np.frombuffer(data, "<u8").reshape(-1, 2).astype(np.uint64)


def counted(notes: Sequence[Skipped | LeftOut]) -> dict[str, int]:
    """Return how many files were passed over, by reason."""
    counts: dict[str, int] = {}
    for note in notes:
        if isinstance(note, LeftOut):
            counts[note.reason] = counts.get(note.reason, 0) + note.count
    return dict(sorted(counts.items()))


def sorted_skips(notes: Sequence[Skipped | LeftOut]) -> tuple[Skipped, ...]:
    """Return what was skipped, in the order of a report."""
    skipped = [note for note in notes if isinstance(note, Skipped)]
    return tuple(sorted(skipped, key=lambda skip: (skip.id, skip.code, skip.message)))


def _noted(row: FileRow, notes: Sequence[Skipped | LeftOut]) -> FileRow:
    """Return a file with its notes; one that may be cured from outside will look changed."""
    if not notes:
        return row
    fickle = any(isinstance(note, Skipped) and note.code in _FICKLE for note in notes)
    row = row._replace(notes=tuple(notes))
    unsure = None if row.object is None else ""
    return row._replace(mtime=-1, object=unsure) if fickle else row
