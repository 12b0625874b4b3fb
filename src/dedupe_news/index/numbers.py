"""What an index has worked out from its articles: keys, columns, and anchors under suspicion.

All of it can be thrown away and made again; all of it is replaced together.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np

from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import KEY_BITS
from dedupe_news.core.ragged import Ragged, distinct
from dedupe_news.index.columns import (
    Column,
    Numbers,
    RaggedColumn,
    Shape,
    Values,
    narrowed,
    parts,
)
from dedupe_news.index.database import Database
from dedupe_news.index.keys import Found, Layout, blocks, codes_of, entries, find, keys_of

__all__ = ["KINDS", "TABLES", "NumberShelf"]

KINDS = {"anchor": 64, "band": KEY_BITS}
"""The kinds of keys, and how many bits of each are kept: bands are only compared."""

TABLES = """
CREATE TABLE column (name TEXT PRIMARY KEY, number INTEGER NOT NULL, kind TEXT NOT NULL,
    width INTEGER NOT NULL, length INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE part (place INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE layout (kind TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE anchor (block INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE band (block INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE suspect (key INTEGER PRIMARY KEY, whole INTEGER NOT NULL,
    several INTEGER NOT NULL, circle INTEGER);
CREATE INDEX suspect_of_circle ON suspect (circle) WHERE circle IS NOT NULL;
CREATE TABLE circle (number INTEGER PRIMARY KEY, witnesses BLOB NOT NULL, many INTEGER NOT NULL,
    UNIQUE (witnesses, many));
"""
_EMPTY = ("column", "part", "layout", "anchor", "band", "suspect", "circle")
_AT_ONCE = 4096  # blocks that are taken apart together


class NumberShelf(Database):
    """Keys and columns of an index."""

    def __init__(self, *args: object, **options: object) -> None:
        """Open an index; see `Database`."""
        super().__init__(*args, **options)  # type: ignore[arg-type]
        self._columns: dict[str, Column] = {}

    def drop_numbers(self) -> None:
        """Throw away all that was worked out."""
        for table in _EMPTY:
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - one of ours
        self._columns.clear()

    def put_keys(self, kind: str, rows: Ragged) -> None:
        """Write down who holds which key of one kind.

        Args:
            kind: `anchor` or `band`.
            rows: Keys, one row of uint64 for each wording, by rank.
        """
        layout = Layout.fitting(KINDS[kind], len(rows.values), len(rows))
        made = blocks(rows, layout)
        self._db.executemany(f"INSERT INTO {kind} VALUES (?, ?)", made)  # noqa: S608 - one of ours
        self._db.execute("INSERT INTO layout VALUES (?, ?)", (kind, json.dumps(layout._asdict())))

    def keys(self, kind: str) -> tuple[UInt64s, Numbers]:
        """Return all keys, and who holds each, in no order; bits that are not kept are 0."""
        layout = self._layout(kind)
        found = [self._sound(partial(entries, chunk, layout)) for chunk in self._chunks(kind)] or [
            (np.empty(0, np.uint64), np.empty(0, np.int64))
        ]
        codes, holders = (np.concatenate(column) for column in zip(*found, strict=True))
        return keys_of(codes, layout.bits), holders

    def holders(
        self, kind: str, keys: UInt64s, *, first_bits: int, most: int | None = None
    ) -> Found:
        """Return who holds each of some keys.

        Args:
            kind: `anchor` or `band`.
            keys: Shape (n,), uint64.
            first_bits: How many of the low bits of a key must be equal.
            most: How many holders of a key are wanted at most, the first; None for all.
        """
        layout = self._layout(kind)
        codes = codes_of(keys, layout.bits)
        homes = (codes >> np.uint64(layout.rest_bits)).astype(np.int64)
        query = f"SELECT block, data FROM {kind} WHERE block IN (?) ORDER BY block"  # noqa: S608
        data = dict(self._rows_in(query, distinct(homes).tolist()))
        there = np.array(list(data), np.int64)
        places = np.minimum(np.searchsorted(there, homes), max(len(there) - 1, 0))
        held = np.flatnonzero(there[places] == homes) if len(there) else np.empty(0, np.int64)
        look = partial(find, list(data.values()), places[held], codes[held], layout)
        found: Found = self._sound(partial(look, first_bits=first_bits, most=most))
        return found if len(held) == len(keys) else _spread(found, held, len(keys))

    def put_columns(self, columns: Mapping[str, Values]) -> None:
        """Write down columns; of numbers that are no hashes, none may be negative."""
        for number, (name, values) in enumerate(columns.items()):
            fitted = narrowed(values) if values.dtype == np.int64 else values
            shape = Shape.of(fitted)
            row = (name, number, shape.kind, shape.width, shape.length)
            self._db.execute("INSERT INTO column VALUES (?, ?, ?, ?, ?)", row)
            made = ((number << 32 | at, data) for at, data in enumerate(parts(fitted)))
            self._db.executemany("INSERT INTO part VALUES (?, ?)", made)

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        if not self._columns:
            query = "SELECT name, number, kind, width, length FROM column"
            for each, number, *shape in self._rows(query):
                if not Shape(*shape).is_known:
                    raise self._damaged("a column is of an unknown kind")
                fetch = partial(self._parts, number, Shape(*shape))
                self._columns[each] = Column(Shape(*shape), fetch)
        if name not in self._columns:
            raise self._damaged("a part of it is missing")
        return self._columns[name]

    def ragged(self, name: str) -> RaggedColumn:
        """Return the rows that two columns make: `name` has the values, `name of` their ends."""
        return RaggedColumn(self.column(f"{name} of"), self.column(name))

    def put_suspects(
        self,
        keys: UInt64s,
        whole: UInt64s,
        several: Numbers,
        circles: Numbers,
        judged: Sequence[tuple[Sequence[int], bool]],
    ) -> None:
        """Write down by what boilerplate was judged.

        Args:
            keys: Low bits of the anchors that many articles hold, shape (n,), uint64.
            whole: All bits of each.
            several: With how many holders of each the first shares several anchors.
            circles: Which of the circles each is judged in; -1 for none.
            judged: Their witnesses, by rank, and whether these tell many stories.
        """
        columns = (keys, whole.view(np.int64), several, circles)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        self._db.executemany(
            "INSERT INTO suspect VALUES (?, ?, ?, ?)",
            ((*row, None if circle < 0 else circle) for *row, circle in rows),
        )
        self._db.executemany(
            "INSERT INTO circle VALUES (?, ?, ?)",
            ((number, _ranks(ranks), many) for number, (ranks, many) in enumerate(judged)),
        )

    def suspects(self, keys: Iterable[int]) -> dict[int, tuple[int, int | None]]:
        """Return `several` and the circle of anchors that many hold, by the low bits of each."""
        query = "SELECT key, several, circle FROM suspect WHERE key IN (?)"
        return {key: tuple(row) for key, *row in self._rows_in(query, keys)}

    def circles(self, numbers: Iterable[int]) -> dict[int, tuple[tuple[int, ...], bool]]:
        """Return the witnesses of some circles, and whether they tell many stories."""
        query = "SELECT number, witnesses, many FROM circle WHERE number IN (?)"
        rows = self._rows_in(query, numbers)
        return {
            number: (tuple(np.frombuffer(ranks, "<u4").tolist()), bool(many))
            for number, ranks, many in rows
        }

    def keys_of_circle(self, witnesses: Sequence[int], *, many: bool) -> set[int]:
        """Return the anchors, with all of their bits, that are judged by these witnesses."""
        query = (
            "SELECT whole FROM suspect WHERE circle ="
            " (SELECT number FROM circle WHERE witnesses = ? AND many = ?)"
        )
        return {key % (1 << 64) for (key,) in self._rows(query, (_ranks(witnesses), many))}

    def _forget(self) -> None:
        super()._forget()
        self._columns.clear()

    def _layout(self, kind: str) -> Layout:
        rows = self._rows("SELECT value FROM layout WHERE kind = ?", (kind,))
        if not rows:
            raise self._damaged("a part of it is missing")
        return Layout(**self._sound(partial(json.loads, rows[0][0])))

    def _parts(self, column: int, shape: Shape, numbers: Sequence[int]) -> Mapping[int, bytes]:
        query = "SELECT place, data FROM part WHERE place IN (?)"
        first = column << 32
        rows = self._rows_in(query, (first | number for number in numbers))
        parts = {place - first: data for place, data in rows}
        if any(len(parts.get(number, b"")) != shape.size(number) for number in numbers):
            raise self._damaged("a part of it is damaged")
        return parts

    def _chunks(self, kind: str) -> Iterator[list[tuple[int, bytes]]]:
        with self._translated():
            cursor = self._db.execute(f"SELECT block, data FROM {kind} ORDER BY block")  # noqa: S608
            while chunk := cursor.fetchmany(_AT_ONCE):
                yield chunk


def _spread(found: Found, rows: Numbers, count: int) -> Found:
    """Return what was found of some keys as a part of what is found of so many."""
    sizes, lengths = np.zeros(count, np.int64), np.zeros(count, np.int64)
    sizes[rows], lengths[rows] = found.sizes, found.holders.lengths
    return Found(sizes, Ragged.from_lengths(found.holders.values, lengths))


def _ranks(ranks: Sequence[int]) -> bytes:
    return np.array(ranks, "<u4").tobytes()
