"""The index file: one SQLite database beside the corpus.

It has two halves. The rows of `file` and `article` say what was read; the tables
`key` and `array` hold what was worked out from it, and can be worked out again. Both change in one
transaction, so a reader never sees one without the other; only the first build writes the
rows in portions, and `finished` tells that the rest is still missing.
"""

import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s
from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.postings import blocks, found, signed, unpacked
from dedupe_news.model import Article, LeftOut, Skipped

__all__ = ["SCHEMA_VERSION", "ArticleRow", "FileRow", "Store", "is_damage"]

SCHEMA_VERSION = 1

_PATIENCE = 30_000  # milliseconds that SQLite waits for a table
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (
    number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
    mtime INTEGER NOT NULL, object TEXT NOT NULL, notes TEXT NOT NULL);
CREATE TABLE article (
    number INTEGER PRIMARY KEY, file INTEGER NOT NULL, id TEXT NOT NULL,
    digest BLOB NOT NULL, words INTEGER NOT NULL, text BLOB NOT NULL);
CREATE INDEX unsure_file ON file (object) WHERE object = '';
CREATE INDEX article_of_file ON article (file);
CREATE TABLE key (
    kind TEXT NOT NULL, first INTEGER NOT NULL, holders BLOB NOT NULL, UNIQUE (kind, first));
CREATE TABLE array (name TEXT PRIMARY KEY, kind TEXT NOT NULL, data BLOB NOT NULL);
"""
_PAGE = 16_384  # bytes: fits some articles, and some blocks of keys, without much waste
_DICTIONARY = 32_768  # bytes of text that zlib looks back on
_LEVEL = 4  # of zlib: the next two take twice the time for one byte in thirty
_FIELDS = tuple(field.name for field in fields(Article) if field.name != "id")
_KINDS = ("|u1", "<i4", "<i8", "<u8", "<f8", "|b1")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file as it was when it was read.

    Attributes:
        path: As it is shown.
        size: Bytes; -1 when only git's name of the content is known.
        mtime: When it was last changed, in nanoseconds; -1 when that tells nothing.
        object: Git's name of the content; empty when it was not as git knew it.
        notes: What of it took no part.
    """

    path: str
    size: int
    mtime: int
    object: str = ""
    notes: tuple[Skipped | LeftOut, ...] = ()

    def is_same(self, other: "FileRow") -> bool:
        """Whether the file has not changed since; if that cannot be told, it has."""
        if self.object or other.object:
            return self.object == other.object
        known = self.mtime >= 0 and other.mtime >= 0
        return known and (self.size, self.mtime) == (other.size, other.mtime)


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article that was read; `digest` is 16 bytes that tell its wording from others."""

    number: int
    file: int
    id: str
    digest: bytes
    words: int


class Store:
    """An open index. Read-only unless a transaction of `writing` is under way.

    Raises:
        IndexUnusableError: By any method, if the file is damaged or no index.
    """

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        """Open an index.

        Args:
            path: The file.
            fresh: Whether to make it, empty, if it is not there.
        """
        self.path = path
        self._known = b""
        self._packer: tuple[bytes, zlib._Compress] | None = None
        mode = "rwc" if fresh else "rw"
        with self._translated():
            uri = f"{path.absolute().as_uri()}?mode={mode}"
            self._db = sqlite3.connect(uri, uri=True, isolation_level=None)
            self._prepare()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @property
    def stamp(self) -> dict[str, str]:
        """How the index was made; empty if nothing was ever put into it."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
            return {}
        return dict(self._rows("SELECT name, value FROM meta"))

    @property
    def finished(self) -> bool:
        """Whether all was worked out that the rows come to."""
        return self.stamp.get("finished") == "yes"

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make one change of all that is written inside: it is there whole, or not at all."""
        with self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._known = b""
                if self._db.in_transaction:  # a full disk has ended it already
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """See one state of the index inside, whatever others write meanwhile."""
        with self._translated():
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def clear(self, stamp: Mapping[str, str]) -> None:
        """Make an empty index of that stamp out of whatever is there."""
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        for (name,) in self._rows(tables):
            self._db.execute(f'DROP TABLE "{name}"')
        self._known = b""
        for statement in _TABLES.split(";")[:-1]:
            self._db.execute(statement)
        self.note(stamp)

    def note(self, values: Mapping[str, str]) -> None:
        """Write down how the index was made."""
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def files(self) -> dict[int, FileRow]:
        """Return all files by number, without their notes."""
        rows = self._rows("SELECT number, path, size, mtime, object FROM file")
        return {number: FileRow(*row) for number, *row in rows}

    def notes(self, without: Collection[int] = ()) -> list[Skipped | LeftOut]:
        """Return what of all files took no part; some files, by number, left out."""
        rows = self._rows("SELECT number, notes FROM file WHERE notes != '' ORDER BY number")
        return [note for number, text in rows if number not in without for note in _notes(text)]

    def add_file(self, file: FileRow) -> int:
        """Put a file behind those that are there, and return its number."""
        row = (file.path, file.size, file.mtime, file.object, _noted(file.notes))
        insert = "INSERT INTO file (path, size, mtime, object, notes) VALUES (?, ?, ?, ?, ?)"
        return int(self._db.execute(insert, row).lastrowid or 0)

    def note_file(self, number: int, notes: Sequence[Skipped | LeftOut]) -> None:
        """Say what of a file took no part, in place of what was said."""
        self._db.execute("UPDATE file SET notes = ? WHERE number = ?", (_noted(notes), number))

    def add_articles(self, file: int, articles: Iterable[tuple[Article, bytes, int]]) -> list[int]:
        """Put articles, each with digest and number of words, behind those that are there.

        Returns:
            Their numbers.
        """
        insert = "INSERT INTO article (file, id, digest, words, text) VALUES (?, ?, ?, ?, ?)"
        known = self._dictionary()
        if self._packer is None or self._packer[0] != known:
            self._packer = known, zlib.compressobj(_LEVEL, zdict=known)
        packer = self._packer[1]
        rows = (
            (file, one.id, digest, words, _packed(one, packer.copy()))
            for one, digest, words in articles
        )
        return [int(self._db.execute(insert, row).lastrowid or 0) for row in rows]

    def learn(self, articles: Sequence[Article]) -> None:
        """Take some articles as the text that all are packed with: words recur.

        What was learned first stays, for all that is there was packed with it.
        """
        if not articles or self._dictionary():
            return
        share = _DICTIONARY // len(articles)
        self._known = b"".join(_as_json(article)[:share] for article in articles)
        self.put_array("dictionary", np.frombuffer(self._known, np.uint8))

    def drop_files(self, numbers: Iterable[int]) -> None:
        """Forget some files and their articles."""
        rows = [(number,) for number in numbers]
        self._db.executemany("DELETE FROM article WHERE file = ?", rows)
        self._db.executemany("DELETE FROM file WHERE number = ?", rows)

    def restamp(self, number: int, file: FileRow) -> None:
        """Note that a file looks otherwise from outside, and holds what it held."""
        self._db.execute(
            "UPDATE file SET path = ?, size = ?, mtime = ?, object = ? WHERE number = ?",
            (file.path, file.size, file.mtime, file.object, number),
        )

    def articles(self) -> list[ArticleRow]:
        """Return all articles by number, without their texts."""
        rows = self._rows("SELECT number, file, id, digest, words FROM article ORDER BY number")
        return [ArticleRow(*row) for row in rows]

    def files_of(self, paths: Iterable[str]) -> dict[str, tuple[int, FileRow]]:
        """Return those files of some paths that are there, with their numbers, by path."""
        query = "SELECT number, path, size, mtime, object FROM file WHERE path = ?"
        rows = [row for path in paths for row in self._rows(query, (path,))]
        return {row[1]: (row[0], FileRow(*row[1:])) for row in rows}

    def unsure_files(self) -> dict[int, FileRow]:
        """Return the files that git did not vouch for, by number."""
        query = "SELECT number, path, size, mtime, object FROM file WHERE object = ''"
        return {number: FileRow(*row) for number, *row in self._rows(query)}

    def raw_listing(self) -> bytes:
        """Return what git said of the corpus when it was read; empty if it was not asked."""
        rows = self._rows("SELECT data FROM array WHERE name = 'listing'")
        return bytes(rows[0][0]) if rows else b""

    def put_raw_listing(self, raw: bytes) -> None:
        """Write down what git says of the corpus."""
        self.put_array("listing", np.frombuffer(raw, np.uint8))

    def articles_of(self, files: Iterable[int]) -> list[ArticleRow]:
        """Return the articles of some files, without their texts."""
        query = "SELECT number, file, id, digest, words FROM article WHERE file = ?"
        return [ArticleRow(*row) for file in files for row in self._rows(query, (file,))]

    def get(self, number: int) -> Article:
        """Return an article by its number."""
        row = self._rows("SELECT id, text FROM article WHERE number = ?", (number,))
        if not row:
            raise self._damaged("an article is missing")
        try:
            return Article(row[0][0], **_unpacked(row[0][1], self._dictionary()))
        except (ValueError, TypeError, zlib.error) as error:
            raise self._damaged("an article cannot be read") from error

    def put_keys(self, kind: str, keys: UInt64s, holders: npt.NDArray[np.int64]) -> None:
        """Replace who holds which key of one kind: `anchor` or `band`."""
        self._db.execute("DELETE FROM key WHERE kind = ?", (kind,))
        rows = ((kind, first, block) for first, block in blocks(keys, holders))
        self._db.executemany("INSERT INTO key VALUES (?, ?, ?)", rows)

    def keys(self, kind: str) -> tuple[UInt64s, npt.NDArray[np.int64]]:
        """Return all keys, ascending, and who holds each."""
        rows = self._rows("SELECT holders FROM key WHERE kind = ? ORDER BY first", (kind,))
        return unpacked(data for (data,) in rows)

    def holders(self, kind: str, keys: UInt64s) -> list[npt.NDArray[np.int64]]:
        """Return who holds each of some keys, ascending."""
        query = "SELECT holders FROM key WHERE kind = ? AND first <= ? ORDER BY first DESC LIMIT 1"
        result = []
        for key in keys.tolist():
            block = self._rows(query, (kind, signed(key)))
            result.append(found(block[0][0], key) if block else np.empty(0, np.int64))
        return result

    def put_array(self, name: str, values: npt.NDArray[Any]) -> None:
        """Put an array under a name, in place of what was there."""
        kind = values.dtype.newbyteorder("<").str
        data = np.ascontiguousarray(values, kind).tobytes()
        self._db.execute("INSERT OR REPLACE INTO array VALUES (?, ?, ?)", (name, kind, data))

    def array(self, name: str) -> npt.NDArray[Any]:
        """Return the array of that name, of one dimension."""
        rows = self._rows("SELECT kind, data FROM array WHERE name = ?", (name,))
        if not rows or rows[0][0] not in _KINDS:
            raise self._damaged("a part of it is missing")
        return np.frombuffer(rows[0][1], rows[0][0])

    def counts(self) -> dict[str, int]:
        """Return how many files, articles and words there are."""
        files = self._rows("SELECT count(*) FROM file")[0][0]
        articles, words = self._rows("SELECT count(*), total(words) FROM article")[0]
        return {"files": files, "articles": articles, "words": int(words)}

    def tidy(self) -> None:
        """Bring all changes into the one file, unless somebody reads what was there before."""
        self._rows("PRAGMA busy_timeout = 0")
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self._rows(f"PRAGMA busy_timeout = {_PATIENCE}")

    def check(self) -> None:
        """Read the whole file.

        Raises:
            IndexUnusableError: If anything in it is damaged.
        """
        told = self._rows("PRAGMA quick_check(1)")
        if told != [("ok",)]:
            raise self._damaged(str(told[0][0]))

    def _dictionary(self) -> bytes:
        """Return the text that all articles are packed with; empty before the first."""
        if not self._known:
            rows = self._rows("SELECT data FROM array WHERE name = 'dictionary'")
            self._known = rows[0][0] if rows else b""
        return self._known

    def _prepare(self) -> None:
        self._db.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        self._db.execute(f"PRAGMA page_size = {_PAGE}")  # of a file that is made now
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA mmap_size = 1073741824")
        self._db.execute("PRAGMA cache_size = -65536")

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._translated():
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn errors of the database into ours."""
        try:
            yield
        except sqlite3.Error as error:
            if _is_full(error):
                msg = f"{self.path} cannot be written: {error}"
                hint = "make room on the disk; nothing that was there is lost"
                raise IndexUnusableError(msg, hint=hint) from error
            raise self._damaged(str(error)) from error

    def _damaged(self, what: str) -> IndexUnusableError:
        msg = f"{self.path} cannot be used: {what}"
        return IndexUnusableError(msg, hint="dedupe-news index rebuild makes it anew")


def is_damage(error: IndexUnusableError) -> bool:
    """Return whether the file itself is bad, so that only making it anew helps."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", "") in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
    return isinstance(cause, ValueError | TypeError | zlib.error)


def _is_full(error: sqlite3.Error) -> bool:
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN"))


def _as_json(article: Article) -> bytes:
    values = {name: value for name in _FIELDS if (value := getattr(article, name))}
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _packed(article: Article, packer: "zlib._Compress") -> bytes:
    """Return an article as bytes, by a packer of its own: a copy costs less than a new one."""
    return packer.compress(_as_json(article)) + packer.flush()


def _unpacked(data: bytes, dictionary: bytes) -> dict[str, Any]:
    unpacker = zlib.decompressobj(zdict=dictionary)
    text = unpacker.decompress(data) + unpacker.flush()
    values: dict[str, Any] = json.loads(text.decode("utf-8", "surrogatepass"))
    return values | {"paragraphs": tuple(values["paragraphs"])}


def _noted(notes: Sequence[Skipped | LeftOut]) -> str:
    return json.dumps([asdict(note) for note in notes]) if notes else ""


def _notes(text: str) -> Iterator[Skipped | LeftOut]:
    for note in json.loads(text):
        yield LeftOut(**note) if "reason" in note else Skipped(**note)
