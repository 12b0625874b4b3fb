"""JSON: files that hold one value, and files whose lines do; whichever they turn out to be."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dedupe_news.model import Skipped
from dedupe_news.sources.batch import Batch, Item, Made
from dedupe_news.sources.decode import decode
from dedupe_news.sources.files import File, opened, whole
from dedupe_news.sources.json_lines import Lines, parsed, type_name, utf8_blocks
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.records import Records

__all__ = ["cut_json", "cut_json_lines"]

_ARRAY = re.compile(rb"\s*\[\s*[{\]]")
_DEEPEST = 3  # levels of objects around the list of articles


def cut_json_lines(file: File, options: ReadOptions) -> Iterator[Batch]:
    """Yield the file in blocks of whole lines; a file that is one JSON array, as a whole.

    Args:
        file: Opened here; may be the standard input.
        options: How to read it.
    """
    with opened(file) as stream:
        first = 1
        blocks = utf8_blocks(stream, options)
        for data, size in blocks:
            if first == 1 and _ARRAY.match(data):
                rest = b"".join(more for more, _ in blocks)
                yield _parsed_whole(file, data + rest, options)
                return
            yield Lines(file.name, data, first, options, size)
            first += data.count(b"\n")


def cut_json(file: File, options: ReadOptions) -> Iterator[Batch]:
    """Yield the articles of a JSON file: of a list, of one object, or of a list in an object.

    Args:
        file: Opened here, and held whole.
        options: How to read it.
    """
    text = decode(whole(file), options.encoding)
    yield _parsed_whole(file, text.encode("utf-8", "replace"), options)


def _parsed_whole(file: File, data: bytes, options: ReadOptions) -> Batch:
    try:
        value = parsed(data.decode())
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":  # one value after the other: lines, whatever the name
            return Lines(file.name, data, 1, options, file.size)
        place = f"line {error.lineno}, column {error.colno}"
        return Made((_broken(file.name, f"{error.msg} at {place}"),), file.size)
    except ValueError as error:
        return Made((_broken(file.name, str(error)),), file.size)
    return Made(tuple(_items(file, value, options)), file.size)


def _items(file: File, value: Any, options: ReadOptions) -> Iterator[Item]:  # noqa: ANN401 - JSON
    records = Records(file.name, options.fields)
    if isinstance(value, dict) and not records.holds_text(value):
        value = _only_list(value) or value
    if isinstance(value, dict):
        yield replace(records.article(value, 1), id=file.name)
        return
    if not isinstance(value, list):
        yield _broken(file.name, f"it holds {type_name(value)}, no article")
        return
    for number, record in enumerate(value, 1):
        if isinstance(record, dict):
            yield records.article(record, number)
        else:
            message = f"entry {number} is {type_name(record)}, not an object"
            hint = "each entry of the list must be an object with the text under a key"
            yield Skipped(f"{file.name}#{number}", "bad-json", message, hint)


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


def _broken(name: str, reason: str) -> Skipped:
    hint = "mend the file, or write it anew; `dedupe-news formats` says what a file may hold"
    return Skipped(name, "bad-json", f"the file is not JSON of articles: {reason}", hint)
