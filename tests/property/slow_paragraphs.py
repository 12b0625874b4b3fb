"""The slow twin of `dedupe_news.paragraphs`: one rule after the other, nothing passed by.

Its rules are to be read there; here is how they were first written down.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dedupe_news import paragraphs

__all__ = ["slow_paragraphs"]

_LINE_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028]")
_UNSEEN = "\u200b\u2060\ufeff\0"
_BLANK_LINE = re.compile(f"^[^\\S\n]*[{_UNSEEN}][{_UNSEEN}\\s]*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?:…。！？؟।][\"'”’»)\]]*$")
_SIGN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af]")
_CUT_WORD = re.compile("[^\\W\\d_][-\u2010]$|\u00ad$")


def slow_paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text."""
    text = _LINE_BREAK.sub("\n", text).replace("\u2029", "\n\n")
    text = _BLANK_LINE.sub("\n", text)
    blocks = [block for piece in text.split("\n\n") for block in _blocks(piece.strip())]
    width = _wrap_width([block for block in blocks if len(block) > 1])
    return tuple(part for block in blocks for part in _parts(block, width))


def _blocks(piece: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in piece.split("\n"):
        if line.strip():
            block.append(line.rstrip())
        elif block:
            yield block
            block = []
    if block:
        yield block


def _parts(block: list[str], width: int) -> Iterator[str]:
    if len(block) > 2 and not width:
        width = _wrap_width([block])
    joined = block[0].strip()
    for line, following in pairwise(block):
        if width and _is_wrapped(line, following, width):
            joined += _glue(line, following) + following.strip()
        else:
            yield joined
            joined = following.strip()
    yield joined


def _wrap_width(blocks: Sequence[list[str]]) -> int:
    lengths = sorted(len(line) for block in blocks for line in block)
    if not lengths or not 30 <= lengths[-1 - len(lengths) // 50] <= 140:
        return 0
    width = lengths[-1 - len(lengths) // 50]
    breaks = [pair for block in blocks for pair in pairwise(block)]
    telling = [
        (line, following)
        for line, following in breaks
        if not _SENTENCE_END.search(line) and not _is_bullet(following)
    ]
    full = [pair for pair in telling if paragraphs._is_full(*pair, width)]
    ongoing = [following for _, following in telling if paragraphs._goes_on(following)]
    shares = len(telling) >= 0.5 * len(breaks) and len(full) >= 0.8 * len(telling)
    return width if shares and len(ongoing) >= 0.34 * len(telling) else 0


def _is_wrapped(line: str, following: str, width: int) -> bool:
    ended = bool(_SENTENCE_END.search(line))
    if len(line) > width + 30 or (ended and _is_bullet(following)):
        return False
    goes_on = not ended and following.lstrip()[0].islower()
    return paragraphs._is_full(line, following, width) or (2 * len(line) >= width and goes_on)


def _is_bullet(line: str) -> bool:
    return bool(paragraphs._BULLET.match(line.lstrip()))


def _glue(line: str, following: str) -> str:
    first = following.lstrip()[0]
    if _CUT_WORD.search(line) and first.islower():
        return ""
    return "" if _SIGN.match(line[-1]) and _SIGN.match(first) else " "
