"""Paragraphs of a text: cut where its writer cut them, not where a line was full.

A blank line always ends a paragraph. A single line break does too, unless the text is
hard-wrapped. A wrapped line is known by its being full: the first word of the next line would
not have fitted behind it. That is judged on all lines of the article together, and where they
differ too much, on each block between blank lines by itself.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby, pairwise

__all__ = ["split_paragraphs"]

_BREAKS = "\r\v\f\x85\u2028\u2029"
_INVISIBLE = "\x00\u200b\u2060\ufeff"
_BLANK_LINE = re.compile(rf"^[^\S\n]*[{_INVISIBLE}][{_INVISIBLE}\s]*$", re.MULTILINE)
_BULLET = re.compile(
    r"[-*+\u2022\u2023\u25aa\u25cf\u25ba\u2013\u2014>#|]\s|\(?(?:\d{1,3}|[a-z])\)\s|\d{1,3}\.\s"
)
_SENTENCE_ENDS = tuple(".!?:\u2026\u3002\uff01\uff1f\u061f\u0964")
_CLOSING = "\"'\u201d\u2019\u00bb)]"
_CUT_WORD = re.compile("[^\\W\\d_][-\u2010]$|\u00ad$")
_SIGN_SCRIPTS = (
    ("\u2e80", "\u9fff"),
    ("\uf900", "\ufaff"),
    ("\uff00", "\uffef"),
    ("\U00020000", "\U000323af"),
)
"""First and last signs of scripts that are written without blanks; as a pattern they would be
slow to compile."""

_NARROWEST, _WIDEST = 30, 140  # characters: wrapped text is neither verse nor a long line
_FULL_SHARE = 0.8  # least share of lines that are full in a wrapped text
_TELLING_SHARE = 0.5  # least share of lines in it that do not end a sentence
_ONGOING_SHARE = 0.34  # least share of next lines that go on without a capital: German has nouns
_ALONE = 3  # least number of lines by which a block can be judged by itself

Block = list[str]
"""The lines between two blank lines, without white space at their ends."""


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, without outer white space, otherwise as written.

    Lines of a hard-wrapped paragraph are joined with a blank; where a word was cut at a
    hyphen they are joined without one, and the hyphen stays.

    Args:
        text: With any line ends: LF, CR, NEL, form feed, Unicode line and paragraph separators.
    """
    if _has_odd_breaks(text):
        text = _with_plain_breaks(text)
    lines = text.split("\n")
    if not any(lines[1::2]):  # as in most texts, there is an empty line behind each
        return tuple(filter(None, map(str.strip, lines[::2])))
    lines = list(map(str.strip, lines))
    if not any(first and second for first, second in pairwise(lines)):
        return tuple(filter(None, lines))
    blocks = [block for piece in text.split("\n\n") for block in _blocks(piece.strip())]
    widths = _widths(blocks)
    if not any(widths):
        return tuple(filter(None, lines))
    return tuple(chain.from_iterable(map(_parts, blocks, widths)))


def _has_odd_breaks(text: str) -> bool:
    """Return whether a text breaks lines with anything but LF, or has lines that only look blank.

    Each sign is looked for by itself, which is fifty times as fast as a pattern for all.
    """
    if text.isascii():
        return "\r" in text or "\0" in text or "\v" in text or "\f" in text
    for sign in _BREAKS + _INVISIBLE:  # noqa: SIM110 - a generator would take as long again
        if sign in text:
            return True
    return False


def _with_plain_breaks(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\u2029", "\n\n")
    for sign in _BREAKS:
        text = text.replace(sign, "\n")
    if any(map(text.__contains__, _INVISIBLE)):
        text = _BLANK_LINE.sub("\n", text)
    return text


def _blocks(piece: str) -> list[Block]:
    lines = [line.rstrip() for line in piece.split("\n")]
    return [list(block) for full, block in groupby(lines, bool) if full]


def _widths(blocks: Sequence[Block]) -> list[int]:
    """Return at how many characters each block was wrapped; 0 where it was not."""
    several = [block for block in blocks if len(block) > 1]
    width = _wrap_width(several)
    if width or len(several) == 1:
        return [width] * len(blocks)
    return [_wrap_width([block]) if len(block) >= _ALONE else 0 for block in blocks]


def _parts(block: Block, width: int) -> Iterator[str]:
    if not width or len(block) == 1:
        yield from (line.strip() for line in block)
        return
    joined = [block[0].strip()]
    for line, following in pairwise(block):
        if _is_wrapped(line, following, width):
            joined += [_glue(line, following), following.strip()]
        else:
            yield "".join(joined)
            joined = [following.strip()]
    yield "".join(joined)


def _wrap_width(blocks: Sequence[Block]) -> int:
    """Return at how many characters these blocks were wrapped; 0 if they were not."""
    lengths = sorted(map(len, chain.from_iterable(blocks)))
    if not lengths:
        return 0
    width = lengths[-1 - len(lengths) // 50]  # a web address may stick out
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    breaks = [pair for block in blocks for pair in pairwise(block)]
    # a line that ends a sentence, or stands above a list, may well have been ended on purpose
    telling = [
        (line, following)
        for line, following in breaks
        if not _ends_sentence(line) and not _BULLET.match(following.lstrip())
    ]
    full = sum(_is_full(line, following, width) for line, following in telling)
    ongoing = sum(_goes_on(following) for _, following in telling)
    wrapped = (
        len(telling) >= _TELLING_SHARE * len(breaks)
        and full >= _FULL_SHARE * len(telling)
        and ongoing >= _ONGOING_SHARE * len(telling)
    )
    return width if wrapped else 0


def _is_wrapped(line: str, following: str, width: int) -> bool:
    bare = following.lstrip()
    ended = _ends_sentence(line)
    if len(line) > width + _NARROWEST or (ended and _BULLET.match(bare)):
        return False
    near_margin = 2 * len(line) >= width  # a person who wraps by hand is less exact
    return _is_full(line, following, width) or (near_margin and not ended and bare[0].islower())


def _is_full(line: str, following: str, width: int) -> bool:
    """Return whether the next word would have run over the width behind this line."""
    if 2 * len(line) < width:
        return False
    bare = following.lstrip()
    if _is_sign(bare[0]):
        return len(line) + 2 >= width  # punctuation may not start a line there
    blank = bare.find(" ")
    word = len(bare) if blank < 0 else blank
    return len(line) + 1 + word > width


def _ends_sentence(line: str) -> bool:
    return line.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def _goes_on(line: str) -> bool:
    first = line.lstrip()[0]
    return first.isalpha() and not first.isupper()


def _glue(line: str, following: str) -> str:
    first = following.lstrip()[0]
    if first.islower() and _CUT_WORD.search(line[-2:]):
        return ""
    return "" if _is_sign(first) and _is_sign(line[-1]) else " "


def _is_sign(character: str) -> bool:
    first = _SIGN_SCRIPTS[0][0]
    return character >= first and any(low <= character <= high for low, high in _SIGN_SCRIPTS)
