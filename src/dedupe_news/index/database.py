"""The file of an index: one SQLite database, its transactions, and what is said of a bad one."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.texts import DAMAGE

__all__ = ["Database", "is_damage"]

Out = TypeVar("Out")

_PATIENCE = 30.0  # seconds that SQLite waits for a table
_PAGE = 16_384  # bytes: fits some articles, and some blocks of keys, without much waste
_MAPPED = 1 << 40  # bytes that may be mapped into memory; SQLite sets its own limit
_CACHED = 65_536  # KiB of pages that a writer holds
_AT_ONCE = 500  # values of one query
_REBUILD = "dedupe-news index rebuild makes it anew"


class Database:
    """An open file.

    Raises:
        IndexUnusableError: By any method, if the file is damaged or no index.
    """

    def __init__(self, path: Path, *, writes: bool = False, fresh: bool = False) -> None:
        """Open an index.

        Args:
            path: The file.
            writes: Whether it will be written to.
            fresh: Whether it is made now; then nothing saves it if we are killed, so give it
                its name when it is whole.
        """
        self.path = path
        with self._translated():
            self._db = _connected(path, "rwc" if fresh else "rw")
            if writes or fresh:
                self._db.execute(f"PRAGMA cache_size = -{_CACHED}")
                self._db.execute("PRAGMA synchronous = NORMAL")
            if fresh:
                self._db.execute(f"PRAGMA page_size = {_PAGE}")
                self._db.execute("PRAGMA journal_mode = OFF")
                self._db.execute("PRAGMA synchronous = OFF")
                self._db.execute("PRAGMA locking_mode = EXCLUSIVE")

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

    def reopen(self, path: Path) -> None:
        """Open the file again, under the name that it has now."""
        self.path = path
        with self._translated():
            self._db = _connected(path, "rw")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make one change of all that is written inside: it is there whole, or not at all."""
        with self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk has ended it already
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._forget()

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
                self._forget()

    def finish(self) -> None:
        """Make a fresh file one that many may read while one writes, and safe on the disk."""
        self._rows("PRAGMA journal_mode = WAL")
        self.close()
        handle = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def tidy(self) -> None:
        """Bring all changes into the one file, unless somebody reads what was there before."""
        self._rows("PRAGMA busy_timeout = 0")
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")
        self._rows(f"PRAGMA busy_timeout = {_PATIENCE * 1000:.0f}")

    def check(self) -> None:
        """Read the whole file.

        Raises:
            IndexUnusableError: If anything in it is damaged.
        """
        told = self._rows("PRAGMA quick_check(1)")
        if told != [("ok",)]:
            raise self._damaged(str(told[0][0]))

    def _forget(self) -> None:
        """Drop what was kept in memory of the state that was read."""

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._translated():
            return self._db.execute(query, values).fetchall()

    def _rows_in(self, query: str, values: Iterable[object]) -> Iterator[Any]:
        """Yield the rows of a query that has `(?)` in place of some values."""
        wanted = list(values)
        for start in range(0, len(wanted), _AT_ONCE):
            chunk = wanted[start : start + _AT_ONCE]
            yield from self._rows(query.replace("(?)", f"({','.join('?' * len(chunk))})"), chunk)

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
            raise self._unusable(error) from error

    def _sound(self, read: Callable[[], Out]) -> Out:
        """Return what is read, or say that it is damaged."""
        try:
            return read()
        except DAMAGE as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, what: str) -> IndexUnusableError:
        return _DamageError(f"{self.path} cannot be used: {what}", hint=_REBUILD)

    def _unusable(self, error: sqlite3.Error) -> IndexUnusableError:
        if getattr(error, "sqlite_errorname", "") in {"SQLITE_CORRUPT", "SQLITE_NOTADB"}:
            return self._damaged(str(error))
        return IndexUnusableError(f"{self.path} cannot be used: {error}", hint=_REBUILD)


class _DamageError(IndexUnusableError):
    """The file itself is bad."""


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, _PATIENCE, uri=True, isolation_level=None)
    connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
    return connection


def is_damage(error: IndexUnusableError) -> bool:
    """Return whether the file itself is bad, so that only making it anew helps."""
    return isinstance(error, _DamageError)


def _is_full(error: sqlite3.Error) -> bool:
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN"))
