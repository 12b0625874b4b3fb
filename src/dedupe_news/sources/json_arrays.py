"""Articles from one JSON array of any length, taken entry by entry as it is read."""

import codecs
import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from dedupe_news.model import Skipped
from dedupe_news.sources.batch import Batch, Item, Made
from dedupe_news.sources.decode import STRAY
from dedupe_news.sources.files import BLOCK, READ_ERRORS
from dedupe_news.sources.json_lines import DECODER, type_name
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.records import Records

__all__ = ["Entries", "broken_json", "cut_array"]

_LONGEST_ENTRY = 1 << 26  # characters: beyond this a quotation mark was left open


class Entries(NamedTuple):
    """Some entries of a list, parsed.

    Attributes:
        name: The file, as it is shown.
        values: The entries, in their order.
        first: Number of the first, from 1.
        options: How to read them.
        size: Bytes of input that they were, about.
    """

    name: str
    values: tuple[Any, ...]
    first: int
    options: ReadOptions
    size: int = 0

    def load(self) -> list[Item]:
        """Return an article for each entry, or why there is none."""
        records = Records(self.name, self.options.fields)
        return [
            records.article(value, number)
            if isinstance(value, dict)
            else _no_object(self.name, number, value)
            for number, value in enumerate(self.values, self.first)
        ]

    def records(self) -> list[str]:
        """Return the entries."""
        return list(map(json.dumps, self.values))


def cut_array(
    name: str, chunks: Iterable[tuple[bytes, int]], options: ReadOptions
) -> Iterator[Batch]:
    """Yield the entries of an array in batches; where it breaks, what came before it, and why.

    Args:
        name: The file, as it is shown.
        chunks: UTF-8 that starts with an array, and how many bytes of input each chunk was.
        options: How to read them.
    """
    array = _Array(chunks)
    kept: list[Any] = []
    first = 1
    broken = ""
    try:
        for value in array.entries():
            kept.append(value)
            if array.taken >= BLOCK:
                yield Entries(name, tuple(kept), first, options, array.settle())
                first += len(kept)
                kept = []
    except (*READ_ERRORS, UnicodeError):
        yield Entries(name, tuple(kept), first, options, array.settle())
        raise
    except ValueError as error:
        broken = f"{error}; nothing after entry {first + len(kept) - 1} was read"
    yield Entries(name, tuple(kept), first, options, array.settle())
    if broken:
        yield Made((broken_json(name, broken),))


def broken_json(name: str, reason: str) -> Skipped:
    """Return the row for a file that is not, or not to its end, JSON of articles."""
    hint = "mend the file, or write it anew; `dedupe-news formats` says what a file may hold"
    return Skipped(name, "bad-json", f"the file is not JSON of articles: {reason}", hint)


class _Array:
    """A text that holds an array, as far as it was read."""

    def __init__(self, chunks: Iterable[tuple[bytes, int]]) -> None:
        self._chunks = iter(chunks)
        self._decoder = codecs.getincrementaldecoder("utf-8")(STRAY)
        self._text = ""
        self._place = 0  # of what comes next, in the text
        self._lines = 0  # that were dropped before the text
        self._column = 0  # how much of its first line was dropped
        self.taken = 0

    def settle(self) -> int:
        """Return how many bytes of input were read since this was last asked."""
        taken, self.taken = self.taken, 0
        return taken

    def entries(self) -> Iterator[Any]:
        """Yield the entries.

        Raises:
            ValueError: If the array is broken; where, is in the message.
        """
        self._next_sign()
        self._place += 1
        if self._next_sign() != "]":
            yield self._value()
        while (sign := self._next_sign()) == ",":
            self._place += 1
            self._next_sign()
            yield self._value()
        if sign != "]":
            raise self._error("neither a comma nor an end of the list", self._place)
        self._place += 1
        if self._next_sign():
            raise self._error("something after the end of the list", self._place)

    def _next_sign(self) -> str:
        """Return the next character that is no white space; empty at the end."""
        while True:
            rest = self._text[self._place : self._place + 1]
            if rest and rest not in " \t\r\n":
                return rest
            if rest:
                self._place += 1
            elif not self._read_more():
                return ""

    def _value(self) -> Any:  # noqa: ANN401 - whatever the array holds
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._place)
            except json.JSONDecodeError as error:
                inside = error.pos - self._place
                if not self._read_more():
                    raise self._error(error.msg, self._place + inside) from error
            except RecursionError as error:
                raise self._error("it is nested too deeply", self._place) from error
            else:
                self._place = end
                return value

    def _read_more(self) -> bool:
        """Add to the text as much as is left of it, and drop what was used."""
        left = len(self._text) - self._place
        self._lines, self._column = self._position(self._place)
        parts = [self._text[self._place :]]
        added = 0
        while added <= left < _LONGEST_ENTRY:
            data, size = next(self._chunks, (b"", 0))
            self.taken += size
            parts.append(self._decoder.decode(data, final=not data))
            added += len(parts[-1])
            if not data:
                break
        self._text, self._place = "".join(parts), 0
        return added > 0

    def _error(self, reason: str, place: int) -> ValueError:
        line, column = self._position(place)
        return ValueError(f"{reason} (line {line + 1}, column {column + 1})")

    def _position(self, place: int) -> tuple[int, int]:
        """Return the line and the column of a place in the text, both from 0."""
        lines = self._text.count("\n", 0, place)
        if not lines:
            return self._lines, self._column + place
        return self._lines + lines, place - self._text.rfind("\n", 0, place) - 1


def _no_object(name: str, number: int, value: object) -> Skipped:
    message = f"entry {number} is {type_name(value)}, not an object"
    hint = "each entry of the list must be an object with the text under a key"
    return Skipped(f"{name}#{number}", "bad-json", message, hint)
