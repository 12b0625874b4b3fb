"""Lines of toned text, wrapped by the width that a terminal gives each sign."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from rich.cells import cell_len, chop_cells

__all__ = [
    "BOUND",
    "WORD",
    "Line",
    "Span",
    "Tone",
    "cells",
    "flow",
    "paint",
    "sides",
    "toned",
    "wrap",
]

Tone = Literal["plain", "strong", "dim", "new", "inserted", "deleted", "moved", "number"]
Span = tuple[str, Tone]
"""A stretch of text and how it sounds; safe to print."""
Line = list[Span]

BOUND = "\u00a0"
"""A blank that no line breaks at; it is written as a common one."""

_CODES: dict[Tone, str] = {
    "strong": "1",
    "dim": "2",
    "new": "32",
    "inserted": "32;4",  # underlined and struck, so that red and green are not needed
    "deleted": "31;9",
    "moved": "35",
    "number": "33;1",
}
_UNSPACED = "\u2e80-\u303f\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_CLOSING = (  # these never begin a line: stops, closing brackets, small kana, repetition marks
    "\u3001\u3002\u3005\u3009\u300b\u300d\u300f\u3011\u3015\u3063\u3083\u3085\u3087\u309d\u309e"
    "\u30c3\u30e3\u30e5\u30e7\u30fb\u30fc\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff3d\uff5d"
)
_TOKEN = re.compile(rf" +|[{_UNSPACED}][{_CLOSING}]*|[^ {_UNSPACED}]+")
_UNSPACED_SIGN = re.compile(f"[{_UNSPACED}]")
WORD = re.compile(rf"[{_UNSPACED}][{_CLOSING}]*|[^\s{_UNSPACED}]+")
"""What is not torn apart at the end of a line: a word with its punctuation, or one sign."""


@dataclass(slots=True)
class _Word:
    """What stays on one line: a blank that is dropped at a break, and toned pieces."""

    blank: Span = ("", "plain")
    pieces: Line = field(default_factory=list)
    cells: int = 0


def cells(line: Iterable[Span]) -> int:
    """Return how many columns of a terminal the line takes."""
    return sum(cell_len(text) for text, _ in line)


def paint(line: Iterable[Span], *, color: bool) -> str:
    """Return the line as it is written, with escape sequences only where asked for."""
    if not color:
        painted = "".join(text for text, _ in line)
    else:
        painted = "".join(
            f"\x1b[{_CODES[tone]}m{text}\x1b[0m" if tone in _CODES and text else text
            for text, tone in line
        )
    return painted.replace(BOUND, " ")


def wrap(spans: Iterable[Span], width: int) -> list[Line]:
    """Return the text in lines of at most `width` columns, at least one line.

    Lines break at blanks, between signs of Chinese and Japanese, and inside a word only when
    it is longer than a line.

    Args:
        spans: The text; blanks that are not at a break are kept as they are.
        width: Columns, at least 2.
    """
    spans = list(spans)
    if len(spans) == 1 and spans[0][0].isascii():
        return _wrap_ascii(*spans[0], width)
    lines: list[Line] = [[]]
    used = 0
    for word in _words(spans):
        blank = cell_len(word.blank[0]) if lines[-1] else 0
        if lines[-1] and used + blank + word.cells > width:
            lines.append([])
            used = blank = 0
        if blank:
            _append(lines[-1], word.blank)
        for piece in word.pieces if word.cells <= width else ():
            _append(lines[-1], piece)
        used += blank + word.cells
        if word.cells > width:
            lines[-1:] = _folded(word.pieces, width)
            used = cells(lines[-1])
    return lines


def flow(fields: Iterable[str], width: int, gap: str = "  ") -> list[str]:
    """Return the fields in lines, each field whole, even where it is wider than a line."""
    lines: list[str] = []
    for text in fields:
        if lines and cell_len(lines[-1]) + len(gap) + cell_len(text.rstrip()) <= width:
            lines[-1] += gap + text
        else:
            lines.append(text)
    return [line.rstrip() for line in lines]


def toned(texts: Iterable[str], tone: Tone) -> Iterator[Line]:
    """Yield each text as a line that sounds the same throughout."""
    for text in texts:
        yield [(text, tone)]


def sides(left: Line, right: Line, width: int) -> list[Line]:
    """Return the two at the ends of one line, or one under the other where they do not fit."""
    room = width - cells(left) - cells(right)
    if room >= 1:
        return [[*left, (" " * room, "plain"), *right]]
    return [*wrap(left, width), *wrap(right, width)]


def _wrap_ascii(text: str, tone: Tone, width: int) -> list[Line]:
    """Return what `wrap` returns, for the common case that needs no look at each word."""
    lines: list[Line] = []
    text = text.strip(" ")
    while len(text) > width:
        cut = text.rfind(" ", 0, width + 1)
        cut = width if cut < 0 else cut
        lines.append([(text[:cut].rstrip(" "), tone)])
        text = text[cut:].lstrip(" ")
    return [*lines, [(text, tone)]] if text else lines or [[]]


def _words(spans: Iterable[Span]) -> Iterator[_Word]:
    word = _Word()
    glue = True  # whether the next piece belongs to the word before it
    for text, tone in spans:
        for token in _TOKEN.findall(text):
            if token[0] == " ":
                if word.pieces:
                    yield word
                    word = _Word()
                word.blank = (word.blank[0] + token, tone)
                continue
            sign = _UNSPACED_SIGN.match(token) is not None
            if word.pieces and (sign or not glue):
                yield word
                word = _Word()
            word.pieces.append((token, tone))
            word.cells += cell_len(token)
            glue = not sign
    if word.pieces:
        yield word


def _folded(pieces: Line, width: int) -> list[Line]:
    lines: list[Line] = [[]]
    for text, tone in pieces:
        room = width - cells(lines[-1])
        first = (chop_cells(text, room) or [text])[0] if room > 1 else ""
        _append(lines[-1], (first, tone))
        lines.extend([(part, tone)] for part in chop_cells(text[len(first) :], width))
    return lines


def _append(line: Line, span: Span) -> None:
    """Add a span, joined to the one before it where both sound the same."""
    if line and line[-1][1] == span[1]:
        line[-1] = (line[-1][0] + span[0], span[1])
    elif span[0]:
        line.append(span)
