"""Files of a corpus on their way into an index: read in portions, by any process."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

import numpy as np

from dedupe_news.core.columns import Columns, Recipe, columns_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.sketches import Bands
from dedupe_news.corpus import without_words
from dedupe_news.engines.local import Engine
from dedupe_news.index.listing import Listed
from dedupe_news.index.rows import FileRow
from dedupe_news.index.store import Packed, Store
from dedupe_news.index.texts import learned, packer
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.pipeline import Progress, recipe_of
from dedupe_news.settings import Settings
from dedupe_news.sources.batch import Batch
from dedupe_news.sources.files import BLOCK
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.reading import Files, cut_file, is_cut_here

__all__ = ["Intake", "Read", "cut_listed", "digest_bytes", "read_portion"]

_FILES_AT_ONCE = 1000  # files of a portion, however small they are
_SAMPLE = 100  # articles that the dictionary is made of at least, if there are more files
_SHARE = 20  # one file in so many is enough for it
_FICKLE = ("unreadable", "missing-extra")  # may be cured without a change of the file


@dataclass(frozen=True, slots=True)
class Portion:
    """Files, or parts of one, that are read together."""

    parts: tuple[tuple[FileRow, Batch], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What a portion holds.

    Attributes:
        files: For each part, its file with notes, and its articles that have words.
        columns: One row for each of these articles.
        size: Bytes of input.
    """

    files: list[tuple[FileRow, list[Article]]]
    columns: Columns
    size: int


@dataclass(frozen=True, slots=True)
class Packet:
    """The same, ready to be written down: articles are bytes, and shingles are only counted."""

    files: list[tuple[FileRow, list[Packed]]]
    columns: Columns
    size: int


class Intake:
    """What is read in one run, on its way into the index."""

    def __init__(self, store: Store, settings: Settings, reading: ReadOptions) -> None:
        """Take nothing yet.

        Args:
            store: Where it goes; inside a transaction.
            settings: How articles become columns.
            reading: How files are read.
        """
        self._store = store
        self._reading = reading
        self._recipe = recipe_of(settings)
        self._columns: list[Columns] = []
        self._size = 0

    def begin(
        self,
        stamp: Mapping[str, str],
        listed: Sequence[Listed],
        engine: Engine,
        progress: Progress,
    ) -> None:
        """Read all files of a corpus into an empty index.

        Args:
            stamp: How the index is made.
            listed: The files.
            engine: Where they are read.
            progress: Called now and then with how many bytes were read.
        """
        step = max(1, len(listed) // _FILES_AT_ONCE)
        some = listed[::step][:_FILES_AT_ONCE]  # from all over the corpus: so is the dictionary
        chosen = {each.row.path for each in some}
        rest = (each for each in listed if each.row.path not in chosen)
        portions = cut_listed(chain(some, rest), self._reading)
        first = read_portion(next(portions, Portion(())), self._recipe)
        articles = [article for _, inside in first.files for article in inside]
        wanted = max(_SAMPLE, len(listed) // _SHARE) if len(some) > 1 else len(articles)
        dictionary = learned(articles[:wanted])
        self._store.lay_out(stamp, dictionary)
        work = partial(pack_portion, recipe=self._recipe, dictionary=dictionary)
        self._write(chain([packed(first, dictionary)], engine.map(work, portions)), progress)

    def take(self, listed: Sequence[Listed], engine: Engine, progress: Progress) -> None:
        """Read further files into an index that has some."""
        dictionary = self._store.blob("dictionary")
        work = partial(pack_portion, recipe=self._recipe, dictionary=dictionary)
        self._write(engine.map(work, cut_listed(listed, self._reading)), progress)

    def columns(self) -> Columns:
        """Return the columns of all that was read; what was taken is forgotten then."""
        bands = Bands.leaning_to_recall(self._recipe.num_perm).bands
        columns, self._columns = self._columns, []
        return Columns.concatenate_counted(columns, bands)

    def _write(self, packets: Iterable["Packet"], progress: Progress) -> None:
        files = _Files(self._store)
        for packet in packets:
            self._size += packet.size
            progress("read", self._size, None)
            self._columns.append(packet.columns)
            files.add(packet.files)
        files.close()


class _Files:
    """Files on their way into an index; the parts of one come one after the other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: tuple[FileRow, range] | None = None

    def add(self, files: Sequence[tuple[FileRow, list[Packed]]]) -> None:
        """Write articles, and the files that end with them."""
        numbers = self._store.add_articles([each for _, articles in files for each in articles])
        start = numbers.start
        for row, articles in files:
            end = start + len(articles)
            if self._open and self._open[0].path == row.path:
                before, inside = self._open
                self._open = _joined(before, row), range(inside.start, end)
            else:
                self.close()
                self._open = row, range(start, end)
            start = end

    def close(self) -> None:
        """Write the file whose parts have come so far."""
        if self._open:
            self._store.add_file(*self._open)
        self._open = None


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
            if size >= BLOCK or len(parts) >= _FILES_AT_ONCE:
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


def pack_portion(portion: Portion, recipe: Recipe, dictionary: bytes) -> Packet:
    """Return what a portion holds, ready to be written down."""
    return packed(read_portion(portion, recipe), dictionary)


def packed(read: Read, dictionary: bytes) -> Packet:
    """Return what was read, ready to be written down.

    Args:
        read: What it is.
        dictionary: What articles of the index are packed with.
    """
    whole = digest_bytes(read.columns.digests)
    digests = (whole[start : start + 16] for start in range(0, len(whole), 16))
    texts = packer(dictionary).pack([each for _, articles in read.files for each in articles])
    numbers = zip(digests, read.columns.words.tolist(), texts, strict=True)
    files = [
        (row, [(article.id, *next(numbers)) for article in articles])
        for row, articles in read.files
    ]
    return Packet(files, read.columns.counted(), read.size)


def digest_bytes(digests: UInt64s) -> bytes:
    """Return digests as 16 bytes each, the same on every machine."""
    return digests.astype("<u8").tobytes()


def _noted(row: FileRow, notes: Sequence[Skipped | LeftOut]) -> FileRow:
    """Return a file with its notes; one that may be cured from outside will look changed."""
    if not notes:
        return row
    fickle = any(isinstance(note, Skipped) and note.code in _FICKLE for note in notes)
    row = replace(row, notes=tuple(notes))
    return replace(row, mtime=-1, object=None if row.object is None else "") if fickle else row


def _joined(one: FileRow, other: FileRow) -> FileRow:
    """Return a file of which two parts were read."""
    unsure = other if other.mtime < 0 else one
    return replace(unsure, notes=one.notes + other.notes)
