"""The index: what was read of a corpus, and what was worked out from it.

Files and articles say what was read. Keys and columns hold what was worked out from that, and
can be worked out again. Both change in one transaction, so a reader never sees one without the
other.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

from dedupe_news.core.columns import Recipe
from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.numbers import TABLES, NumberShelf
from dedupe_news.index.rows import ArticleRow, FileRow
from dedupe_news.index.texts import Packer, packer
from dedupe_news.model import Article, LeftOut, Skipped

__all__ = ["SCHEMA_VERSION", "Packed", "Store", "readable"]

SCHEMA_VERSION = 3

_TABLES = """
CREATE TABLE stamp (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE blob (name TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE file (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, object BLOB,
    first INTEGER NOT NULL, articles INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX unsure ON file (object) WHERE object = x'';
CREATE TABLE note (path TEXT PRIMARY KEY, notes TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, digest BLOB NOT NULL,
    words INTEGER NOT NULL, text BLOB NOT NULL);
"""
_FILE = "SELECT path, size, mtime, object FROM file"
_ARTICLE = "SELECT number, id, digest, words FROM article"

Packed = tuple[str, bytes, int, bytes]
"""An article: id, digest, number of words, and the text as `Packer` makes it."""


class Store(NumberShelf):
    """An open index. Read-only unless a transaction of `writing` is under way."""

    def __init__(self, *args: object, **options: object) -> None:
        """Open an index; see `Database`."""
        super().__init__(*args, **options)
        self._facts: dict[str, str] = {}

    @property
    def stamp(self) -> dict[str, str]:
        """How the index was made; empty if it was made by nobody we know."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'stamp'"):
            return {}
        return dict(self._rows("SELECT name, value FROM stamp"))

    @property
    def facts(self) -> Mapping[str, str]:
        """What is known of the index as a whole."""
        if not self._facts:
            self._facts = dict(self._rows("SELECT name, value FROM fact"))
        return self._facts

    @property
    def serial(self) -> str:
        """A name of what the index holds now; another after each change of it."""
        return self.facts["serial"]

    @property
    def passed_over(self) -> Mapping[str, int]:
        """How many files of the corpus were passed over, by reason."""
        counts: dict[str, int] = json.loads(self.facts["passed-over"])
        return counts

    @property
    def file_count(self) -> int:
        """How many files there are."""
        return int(self.facts["files"])

    def lay_out(self, stamp: Mapping[str, str], dictionary: bytes) -> None:
        """Make the tables of an empty index.

        Args:
            stamp: How it is made.
            dictionary: What `learned` made of some of the articles.
        """
        for statement in (_TABLES + TABLES).split(";")[:-1]:
            self._db.execute(statement)
        self._db.executemany("INSERT INTO stamp VALUES (?, ?)", stamp.items())
        self.put_blob("dictionary", dictionary)

    def note_facts(self, facts: Mapping[str, str]) -> None:
        """Write down what is known of the index as a whole."""
        self._db.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", facts.items())
        self._forget()

    def put_blob(self, name: str, data: bytes) -> None:
        """Put bytes under a name, in place of what was there."""
        self._db.execute("INSERT OR REPLACE INTO blob VALUES (?, ?)", (name, data))

    def blob(self, name: str) -> bytes:
        """Return the bytes of that name; none if there are none."""
        rows = self._rows("SELECT data FROM blob WHERE name = ?", (name,))
        return rows[0][0] if rows else b""

    def files(self) -> dict[str, FileRow]:
        """Return all files by path, without their notes."""
        return _by_path(self._rows(_FILE))

    def files_of(self, paths: Iterable[str]) -> dict[str, FileRow]:
        """Return those files of some paths that are there, by path."""
        return _by_path(self._rows_in(f"{_FILE} WHERE path IN (?)", paths))

    def files_under(self, folders: Collection[str]) -> set[str]:
        """Return the paths of the files in some folders."""
        if "." in folders:
            return {path for (path,) in self._rows("SELECT path FROM file")}
        query = "SELECT path FROM file WHERE path > ? AND path < ?"
        ends = [(f"{folder}/", f"{folder}0") for folder in folders]  # 0 is the sign after /
        return {path for both in ends for (path,) in self._rows(query, both)}

    def unsure_files(self) -> dict[str, FileRow]:
        """Return the files that git did not vouch for, by path."""
        return _by_path(self._rows(f"{_FILE} WHERE object = x''"))

    def add_files(self, files: Sequence[tuple[FileRow, range]]) -> None:
        """Put files beside those that are there, each with the numbers of its articles."""
        rows = (
            (
                *(file.path, file.size, file.mtime),
                None if file.object is None else bytes.fromhex(file.object),
                *(articles.start, len(articles)),
            )
            for file, articles in files
        )
        self._db.executemany("INSERT INTO file VALUES (?, ?, ?, ?, ?, ?)", rows)
        notes = (
            (file.path, json.dumps([asdict(note) for note in file.notes]))
            for file, _ in files
            if file.notes
        )
        self._db.executemany("INSERT INTO note VALUES (?, ?)", notes)

    def drop_files(self, paths: Collection[str]) -> None:
        """Forget some files and their articles."""
        keys = [(path,) for path in paths]
        for articles in self._articles_in(paths):
            ends = (articles.start, articles.stop)
            self._db.execute("DELETE FROM article WHERE number >= ? AND number < ?", ends)
        self._db.executemany("DELETE FROM file WHERE path = ?", keys)
        self._db.executemany("DELETE FROM note WHERE path = ?", keys)

    def notes(self, without: Collection[str] = ()) -> list[Skipped | LeftOut]:
        """Return what of all files took no part; some files left out."""
        rows = self._rows("SELECT path, notes FROM note ORDER BY path")
        return [note for path, text in rows if path not in without for note in _notes(text)]

    def add_articles(self, articles: Sequence[Packed]) -> range:
        """Put articles behind those that are there, and return their numbers."""
        first = self._rows("SELECT coalesce(max(number), 0) + 1 FROM article")[0][0]
        numbers = range(first, first + len(articles))
        self._db.executemany(
            "INSERT INTO article VALUES (?, ?, ?, ?, ?)",
            ((number, *article) for number, article in zip(numbers, articles, strict=True)),
        )
        return numbers

    def articles(self) -> tuple[list[int], list[str], bytes, list[int]]:
        """Return of all articles, by number: numbers, ids, digests, and how many words each has."""
        rows = self._rows(f"{_ARTICLE} ORDER BY number")
        numbers, ids, digests, words = zip(*rows, strict=True) if rows else ((), (), (), ())
        return list(numbers), list(ids), b"".join(digests), list(words)

    def articles_of(self, paths: Iterable[str]) -> list[ArticleRow]:
        """Return the articles of some files, without their texts."""
        query = f"{_ARTICLE} WHERE number >= ? AND number < ? ORDER BY number"
        found = self._articles_in(paths)
        return [ArticleRow(*row) for at in found for row in self._rows(query, (at.start, at.stop))]

    def get(self, number: int) -> Article:
        """Return an article by its number."""
        return self.get_all((number,))[0]

    def get_all(self, numbers: Sequence[int]) -> list[Article]:
        """Return some articles by their numbers."""
        texts = self._texts(numbers)
        return self._sound(lambda: [self._packer.unpack(*texts[number]) for number in numbers])

    def matched(self, numbers: Sequence[int], recipe: Recipe) -> list[str]:
        """Return what is matched of some articles: their paragraphs, as a recipe has them."""
        if recipe.ignored:
            return list(map(recipe.matched, self.get_all(numbers)))
        texts = self._texts(numbers)
        body = self._packer.body
        return self._sound(lambda: [body(texts[number][1]) for number in numbers])

    def count(self) -> dict[str, int]:
        """Return how many files, articles and words there are."""
        files = self._rows("SELECT count(*) FROM file")[0][0]
        articles, words = self._rows("SELECT count(*), total(words) FROM article")[0]
        return {"files": files, "articles": articles, "words": int(words)}

    def _forget(self) -> None:
        super()._forget()
        self._facts = {}

    @cached_property
    def _packer(self) -> Packer:
        return packer(self.blob("dictionary"))

    def _texts(self, numbers: Sequence[int]) -> dict[int, tuple[str, bytes]]:
        """Return the id and the packed text of each of some articles."""
        rows = self._rows_in("SELECT number, id, text FROM article WHERE number IN (?)", numbers)
        texts = {number: (id_, text) for number, id_, text in rows}
        if not texts.keys() >= set(numbers):
            raise self._damaged("an article is missing")
        return texts

    def _articles_in(self, paths: Iterable[str]) -> list[range]:
        rows = self._rows_in("SELECT first, articles FROM file WHERE path IN (?)", paths)
        return [range(first, first + count) for first, count in rows]


def readable(path: Path, stack: ExitStack) -> Store | None:
    """Return an index that is there, as it is now; None if it cannot be read.

    Args:
        path: The file.
        stack: On its end the index is closed.
    """
    if not path.exists():
        return None
    with ExitStack() as here:
        try:
            store = here.enter_context(Store(path))
            here.enter_context(store.reading())
            store.serial  # noqa: B018 - what is no index has none
        except (IndexUnusableError, KeyError):
            return None
        stack.push(here.pop_all())
        return store


def _by_path(rows: Iterable[tuple[str, int, int, bytes | None]]) -> dict[str, FileRow]:
    return {
        path: FileRow(path, size, mtime, None if name is None else name.hex())
        for path, size, mtime, name in rows
    }


def _notes(text: str) -> Iterator[Skipped | LeftOut]:
    for note in json.loads(text):
        yield LeftOut(**note) if "reason" in note else Skipped(**note)
