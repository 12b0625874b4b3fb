"""What stands above a text and is about it: front matter, a `Key: value` head, a date."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from dedupe_news.sources.dates import iso_date
from dedupe_news.sources.records import field_of

__all__ = ["Metadata", "parted"]

Metadata = dict[str, str]
"""Fields of an article by name, as far as they were found."""

_FENCE = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FENCED = re.compile(r"\s*(?:#.*)?|[\w$@.][\w $@.-]*:(?:\s.*)?|\s+.*|-\s.*")
_KEY = re.compile(r"[^\W\d_][\w -]{0,30}:")
_PAIR = re.compile(rf"{_KEY.pattern}(?=[ \t]|$)")
_TOP_KEY = re.compile(r"[\w$@.][\w $@.-]*:(?:\s|$)")
_BLANK_LINE = re.compile(r"\r?\n[^\S\n]*\r?\n|\r\r")
_ESCAPED = re.compile(r"\\([\"\\/])")
_LEADING_DATE = re.compile(
    r"\s*date:?[ \t]+(\d{4}-\d\d(?:-\d\d(?:T[\d:.+-]+Z?)?)?)(?:\s+|\Z)", re.IGNORECASE
)
_LONGEST_HEAD = 1 << 14  # characters: a head is short, a text may not be
_LONGEST_VALUE = 300  # characters: what is longer is a paragraph with a colon
_IN_HEADS: Final = frozenset({"title", "source", "date", "author", "url", "lang"})


def parted(text: str) -> tuple[Metadata, str]:
    """Return what a text says about itself at its top, and the text below that.

    Three forms are known: front matter between two lines `---`; lines of `Key: value` up to a
    blank line, one key at least being known; and `date 2017-01` before the text, on its line.
    Anything else is text.

    Args:
        text: A whole file.
    """
    if fence := _FENCE.match(text, 0, _LONGEST_HEAD):
        lines = fence[1].splitlines()
        if all(map(_FENCED.fullmatch, lines)):
            return _metadata(_fenced_pairs(lines)), text[fence.end() :]
    if head := _plain_head(text):
        return head
    if date := _LEADING_DATE.match(text):
        return {"date": iso_date(date[1])}, text[date.end() :]
    return {}, text


def _plain_head(text: str) -> tuple[Metadata, str] | None:
    start = len(text) - len(text.lstrip())
    if not _KEY.match(text, start):
        return None
    end = _BLANK_LINE.search(text, start, start + _LONGEST_HEAD)
    if not end:
        return None
    pairs = [_pair(line) for line in text[start : end.start()].splitlines()]
    if not all(map(_is_plausible, pairs)):
        return None
    found = _metadata(pairs)
    return (found, text[end.end() :]) if found else None


def _pair(line: str) -> tuple[str, str]:
    if not _PAIR.match(line):
        return "", ""
    key, _, value = line.partition(":")
    return key.strip(), value.strip()


def _is_plausible(pair: tuple[str, str]) -> bool:
    key, value = pair
    if not key or len(value) > _LONGEST_VALUE:
        return False
    if field_of(key) != "date" or iso_date(value) != value:
        return True  # a day and a time behind it are one date
    line = f"date {value}"
    date = _LEADING_DATE.match(line)
    return not date or date.end() == len(line)


def _fenced_pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield keys and values of simple YAML; the entries of a list are joined by commas."""
    key, values = "", list[str]()
    for line in lines:
        bare = line.strip()
        if _TOP_KEY.match(line):
            yield key, ", ".join(values)
            key, _, value = line.partition(":")
            values = [_unquoted(part) for part in _listed(value.strip())]
        elif bare and not bare.startswith("#"):
            values.append(_unquoted(bare.removeprefix("- ").strip()))
    yield key, ", ".join(values)


def _listed(value: str) -> list[str]:
    if value.startswith("[") and value.endswith("]"):
        return [part.strip() for part in value[1:-1].split(",")]
    return [] if value in {"", "|", ">", "|-", ">-", "null", "~"} else [value]


def _unquoted(value: str) -> str:
    quote = value[:1]
    if quote not in {'"', "'"}:
        return value.partition(" #")[0].rstrip()
    if len(value) < len('""') or not value.endswith(quote):
        return value
    inner = value[1:-1]
    return inner.replace("''", "'") if quote == "'" else _ESCAPED.sub(r"\1", inner)


def _metadata(pairs: Iterable[tuple[str, str]]) -> Metadata:
    found: Metadata = {}
    for key, value in pairs:
        field = field_of(key.strip())
        if field in _IN_HEADS and value:
            found.setdefault(field, iso_date(value) if field == "date" else value)
    return found
