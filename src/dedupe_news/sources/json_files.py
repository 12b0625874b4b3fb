"""JSON: files that hold one value, and files whose lines do; whichever they turn out to be."""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BufferedReader
from itertools import chain
from typing import Any

import numpy as np

from dedupe_news.sources.batch import Batch, Made
from dedupe_news.sources.decode import UTF8, decode, sniff
from dedupe_news.sources.files import STDIN, File, Stream, opened
from dedupe_news.sources.json_arrays import Entries, broken_json, cut_array
from dedupe_news.sources.json_lines import Lines, parsed, type_name, utf8_blocks, utf8_chunks
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.records import Records

__all__ = ["cut_json", "cut_json_lines"]

_LIST = re.compile(rb"\s*\[")
_LIST_OF_OBJECTS = re.compile(rb"\s*\[\s*[{\]]")  # a line may be a list, which is no article
_LINE_FEED = ord("\n")
_AT_ONCE = 1 << 16  # bytes that are compared at once, in memory that is there already
_DEEPEST = 3  # levels of objects around the list of articles


def cut_json_lines(file: File, options: ReadOptions) -> Iterator[Batch]:
    """Yield the file in blocks of whole lines; or of entries, if it is one list of objects.

    Args:
        file: Opened here; may be the standard input.
        options: How to read it.
    """
    with opened(file) as stream:
        first, start = 1, _first_byte(file, stream, options)
        blocks = utf8_blocks(stream, options)
        for data, size in blocks:
            if first == 1 and _LIST_OF_OBJECTS.match(data):
                yield from cut_array(file.name, chain([(data, size)], blocks), options)
                return
            place = None if start is None else (file.path, start)
            yield Lines(file.name, data, first, options, size, place)
            first += _lines_in(data)
            start = None if start is None else start + len(data)


def _first_byte(file: File, stream: Stream, options: ReadOptions) -> int | None:
    """Return where the lines of a file start, or None if its bytes are not those of the lines."""
    if file.pipe or file.path == STDIN or not isinstance(stream, BufferedReader):
        return None
    start = stream.peek()
    if sniff(start, options.encoding) not in UTF8:
        return None
    return len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0


def _lines_in(data: bytes) -> int:
    """Return how many line feeds there are; `bytes.count` takes ten times as long."""
    signs = np.frombuffer(data, np.uint8)
    pieces = (signs[at : at + _AT_ONCE] for at in range(0, len(signs), _AT_ONCE))
    return sum(int(np.count_nonzero(piece == _LINE_FEED)) for piece in pieces)


def cut_json(file: File, options: ReadOptions) -> Iterator[Batch]:
    """Yield the articles of a JSON file: of a list, of one object, or of a list in an object.

    Args:
        file: Opened here; held whole if it is not a list.
        options: How to read it.
    """
    with opened(file) as stream:
        chunks = utf8_chunks(stream, options)
        start, size = next(chunks, (b"", 0))
        if _LIST.match(start):
            yield from cut_array(file.name, chain([(start, size)], chunks), options)
        else:
            data = b"".join([start, *(more for more, _ in chunks)])
            yield _parsed(file, data, options)


def _parsed(file: File, data: bytes, options: ReadOptions) -> Batch:
    try:
        value = parsed(decode(data))
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":  # one value after the other: lines, whatever the name
            return Lines(file.name, data, 1, options, file.size)
        reason = f"{error.msg} (line {error.lineno}, column {error.colno})"
        return Made((broken_json(file.name, reason),), file.size)
    except ValueError as error:
        return Made((broken_json(file.name, str(error)),), file.size)
    if not isinstance(value, dict):
        reason = f"it holds {type_name(value)}, no article"
        return Made((broken_json(file.name, reason),), file.size)
    records = Records(file.name, options.fields)
    if not records.holds_text(value) and (entries := _only_list(value)):
        return Entries(file.name, tuple(entries), 1, options, file.size)
    return Made((replace(records.article(value, 1), id=file.name),), file.size)


def _only_list(value: dict[str, Any], depth: int = 0) -> list[Any]:
    """Return the one list of objects in an object, or in objects in it; empty if not one."""
    if depth > _DEEPEST:
        return []
    lists = [part for part in value.values() if _is_list_of_objects(part)]
    inner = [_only_list(part, depth + 1) for part in value.values() if isinstance(part, dict)]
    found = lists or [part for part in inner if part]
    return found[0] if len(found) == 1 else []


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, dict) for part in value)
