"""JSON Lines: one article on each line. The parent cuts blocks, a worker parses them."""

import codecs
import io
import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from dedupe_news.model import Skipped
from dedupe_news.sources.batch import Item
from dedupe_news.sources.decode import STRAY, UTF8, sniff
from dedupe_news.sources.files import BLOCK, READ_ERRORS, Stream, chunks
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.records import Records
from dedupe_news.sources.walk import unreadable

__all__ = ["DECODER", "Lines", "Stretch", "parsed", "type_name", "utf8_blocks", "utf8_chunks"]

DECODER: Final = json.JSONDecoder(strict=False)
"""Reads JSON with raw tabs and line breaks in its texts: they are no reason to lose one."""

_MARKS = "\ufeff\x1e"  # what may stand before a line: of byte order, or of RFC 7464
_ENDS = frozenset({"\n", "\r\n", ""})
_TYPES = {list: "a list", str: "a text", bool: "a truth value", type(None): "null"}


class Lines(NamedTuple):
    """A block of whole lines, not parsed yet.

    Attributes:
        name: The file, as it is shown.
        data: The lines, in UTF-8.
        first: Number of the first line, from 1.
        options: How to read them.
        size: Bytes of input that they were.
        place: The path of a file that any process can open, and where in it the same bytes start;
            None if they are nowhere else.
    """

    name: str
    data: bytes
    first: int
    options: ReadOptions
    size: int
    place: tuple[str, int] | None = None

    def __reduce__(self) -> tuple[type["Lines | Stretch"], tuple[object, ...]]:
        if self.place is None:
            return Lines, tuple(self)
        return Stretch, (self._replace(data=b"", place=None), self.place, len(self.data))

    def load(self) -> list[Item]:
        """Return an article for each line, or why there is none; blank lines count."""
        records = Records(self.name, self.options.fields, "line ")
        items: list[Item] = []
        scan = DECODER.scan_once  # type: ignore[attr-defined]  # not in its types; `raw_decode` is a layer more
        for number, line in enumerate(self._lines(), self.first):
            try:
                value, end = scan(line, 0)
            except (ValueError, StopIteration, RecursionError):
                value, end = None, 0
            if isinstance(value, dict) and line[end:] in _ENDS:
                items.append(records.article(value, number))
            elif not line.isspace():  # whatever is unusual about it is looked at by itself
                items.append(_item(records, line.removesuffix("\n"), number))
        return items

    def records(self) -> list[str]:
        """Return the lines as they are."""
        return [line.strip(f"{_MARKS}\r\n") for line in self._lines() if not line.isspace()]

    def _lines(self) -> Iterator[str]:
        """Yield the lines with their ends, each decoded by itself: most are plain ASCII."""
        view, find, start = memoryview(self.data), self.data.find, 0
        while start < len(view):
            end = find(b"\n", start) + 1 or len(view)
            yield str(view[start:end], "utf-8", STRAY)
            start = end


class Stretch(NamedTuple):
    """The same lines in another process, which reads them itself: they need not be sent.

    Attributes:
        lines: Without their data.
        place: The path of the file, and where in it they start.
        length: How many bytes they are.
    """

    lines: Lines
    place: tuple[str, int]
    length: int

    @property
    def size(self) -> int:
        """Bytes of input that they were."""
        return self.lines.size

    def load(self) -> list[Item]:
        """Return an article for each line, or why there is none."""
        try:
            return self._read().load()
        except READ_ERRORS as error:
            return [unreadable(self.lines.name, error)]

    def records(self) -> list[str]:
        """Return the lines as they are.

        Raises:
            OSError: If they cannot be read.
        """
        return self._read().records()

    def _read(self) -> Lines:
        path, start = self.place
        with io.FileIO(path) as file:
            file.seek(start)
            return self.lines._replace(data=file.read(self.length))


def utf8_blocks(stream: Stream, options: ReadOptions) -> Iterator[tuple[bytes, int]]:
    """Yield whole lines in UTF-8 without a mark, and how many bytes of input they were.

    A block has about `BLOCK` bytes, or one line if that is longer. Where the input breaks,
    the whole lines before the break are yielded before the error is raised.

    Raises:
        NotTextError: If the stream starts like a binary file.
    """
    kept: list[bytes] = []
    held = taken = 0
    try:
        for data, size in utf8_chunks(stream, options):
            taken += size
            held += len(data)
            end = data.rfind(b"\n") + 1 if held >= BLOCK else 0
            if end:
                yield b"".join([*kept, memoryview(data)[:end]]), taken
                kept, held, taken = [], len(data) - end, 0
            kept.append(data[end:])
    except READ_ERRORS:
        data = b"".join(kept)
        yield data[: data.rfind(b"\n") + 1], taken
        raise
    yield b"".join(kept), taken


def parsed(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """Return the value of a JSON text.

    Raises:
        ValueError: If it is not JSON, or too deep or too large for a number to be read.
    """
    try:
        return DECODER.decode(text)
    except RecursionError as error:
        msg = "it is nested too deeply"
        raise ValueError(msg) from error


def type_name(value: object) -> str:
    """Return what a JSON value is, in words."""
    return _TYPES.get(type(value), "a number")


def utf8_chunks(stream: Stream, options: ReadOptions) -> Iterator[tuple[bytes, int]]:
    """Yield a stream in UTF-8 without a mark, and how many bytes of input each chunk was.

    Raises:
        NotTextError: If the stream starts like a binary file.
    """
    source = chunks(stream)
    start, size = next(source, (b"", 0))
    encoding = sniff(start, options.encoding)
    if encoding in UTF8:
        yield start.removeprefix(codecs.BOM_UTF8), size
        yield from source
        return
    errors = "strict" if options.encoding else "replace"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    yield decoder.decode(start).encode("utf-8", "replace"), size
    for data, size in source:
        yield decoder.decode(data).encode("utf-8", "replace"), size
    yield decoder.decode(b"", final=True).encode("utf-8", "replace"), 0


def _item(records: Records, line: str, number: int) -> Item:
    try:
        value = parsed(line.lstrip(_MARKS))
    except ValueError as error:
        return _broken(records.name, number, _reason(error, line))
    if not isinstance(value, dict):
        return _broken(records.name, number, f"it holds {type_name(value)}, not an object")
    return records.article(value, number)


def _reason(error: ValueError, line: str) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    shift = len(line) - len(line.lstrip(_MARKS))
    return f"{error.msg} (column {error.pos + 1 + shift})"


def _broken(name: str, number: int, reason: str) -> Skipped:
    message = f"line {number} is not a JSON object: {reason}"
    hint = "each line must hold one whole object; mend the line, or write it anew"
    return Skipped(f"{name}#line {number}", "bad-json", message, hint)
