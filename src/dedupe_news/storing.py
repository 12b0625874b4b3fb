"""Files of a corpus on their way into an index: read and packed by any process, written by one."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import NamedTuple

from dedupe_news.core.columns import Columns, Recipe
from dedupe_news.core.sketches import Bands
from dedupe_news.engines.local import Engine
from dedupe_news.finding import Progress
from dedupe_news.index.listing import Listed
from dedupe_news.index.rows import FileRow
from dedupe_news.index.store import Packed, Store
from dedupe_news.index.texts import learned, packer
from dedupe_news.intake import (
    FILES_AT_ONCE,
    Portion,
    Read,
    cut_listed,
    digest_bytes,
    read_portion,
)
from dedupe_news.recipes import recipe_of
from dedupe_news.settings import Settings
from dedupe_news.sources.options import ReadOptions

__all__ = ["Intake"]

_SAMPLE = 100  # articles that the dictionary is made of at least, if there are more files
_SHARE = 20  # one file in so many is enough for it


class Packet(NamedTuple):
    """What a portion holds, ready to be written down: texts are bytes, shingles only counted."""

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
        step = max(1, len(listed) // FILES_AT_ONCE)
        some = listed[::step][:FILES_AT_ONCE]  # from all over the corpus: so is the dictionary
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
        self._waiting: list[tuple[FileRow, range]] = []  # the last may go on

    def add(self, files: Sequence[tuple[FileRow, list[Packed]]]) -> None:
        """Write articles, and the files that end with them."""
        numbers = self._store.add_articles([each for _, articles in files for each in articles])
        start = numbers.start
        for row, articles in files:
            end = start + len(articles)
            if self._waiting and self._waiting[-1][0].path == row.path:
                before, inside = self._waiting[-1]
                self._waiting[-1] = _joined(before, row), range(inside.start, end)
            else:
                self._waiting.append((row, range(start, end)))
            start = end
        self._store.add_files(self._waiting[:-1])
        self._waiting = self._waiting[-1:]

    def close(self) -> None:
        """Write the file whose parts have come so far."""
        self._store.add_files(self._waiting)


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


def _joined(one: FileRow, other: FileRow) -> FileRow:
    """Return a file of which two parts were read."""
    unsure = other if other.mtime < 0 else one
    return unsure._replace(notes=one.notes + other.notes)
