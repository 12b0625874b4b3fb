"""Figures in a text, and which of them were replaced.

A figure is written in digits, with the separators that belong to it: 12, 14.2, 1,900,
3 076, 39,6%, 17:00. Numbers spelled out are words like any other.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedupe_news.core.reading import Passage
from dedupe_news.core.word_diff import Block, Words, stretches

__all__ = ["Figure", "figures", "replaced_figures", "value"]

_SHORT = 3  # words: two rewritten stretches of at most this many stand for each other

_FIGURE = re.compile(
    r"\d(?:\d{0,2}(?:[ \u00a0\u202f'\u2019]\d{3})+(?!\d)(?:[.,]\d+)?|\d*(?:[.,:]\d+)*)"
    r"(?:[ \u00a0\u202f]?%)?"
)
_HYPHENS = ("-", "\u2010", "\u2011")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})+")


class Figure(NamedTuple):
    """A figure in a passage.

    Attributes:
        first: Index of its first word.
        last: Index of its last word.
        text: As written.
        start: Where it starts in the text.
    """

    first: int
    last: int
    text: str
    start: int


def figures(passage: Passage) -> list[Figure]:
    """Return the figures of a passage, in their order.

    Digits behind letters (G20, B-52) are part of a name.
    """
    found = []
    for match in _FIGURE.finditer(passage.text):
        first = bisect_left(passage.starts, match.start())
        if passage.starts[first : first + 1] == [match.start()] and not _in_name(match):
            last = bisect_left(passage.starts, match.end()) - 1
            found.append(Figure(first, last, match[0], match.start()))
    return found


def replaced_figures(
    base: Passage,
    variant: Passage,
    blocks: Sequence[Block],
    found: tuple[Sequence[Figure], Sequence[Figure]],
) -> Iterator[tuple[Figure, Figure]]:
    """Yield each figure of the base with the figure that stands in its place in the variant.

    Two figures stand in one place when the words on one side of them agree, or when both
    stretches that were rewritten are short and have as many figures. A number that is only
    written in another way is not yielded.

    Args:
        base: What was there; `left` in the blocks.
        variant: What is there now; `right` in the blocks.
        blocks: The words that were kept.
        found: The figures of both.

    Yields:
        Pairs in the order of the variant.
    """
    before, after = found
    if not before or not after:
        return
    for (left, left_end), (right, right_end) in stretches(
        blocks, (len(base.words), len(variant.words))
    ):
        olds = _within(before, left, left_end)
        news = _within(after, right, right_end)
        short = max(left_end - left, right_end - right) <= _SHORT + 2 * len(olds)
        for old, new in _paired(base.words, variant.words, olds, news, in_order=short):
            if value(old.text) != value(new.text):
                yield old, new


def value(figure: str) -> str:
    """Return what a figure says, the same for all ways to write one number.

    Thousands may be set off by a blank, an apostrophe, a comma or a full stop, decimals by a
    comma or a full stop. Where that leaves two readings (3.076), thousands are meant on both
    sides of a comparison, so that equal numbers stay equal.

    Args:
        figure: As it stands in a text.
    """
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in figure)
    plain = re.sub(r"[\s'\u2019]", "", plain)
    plain = re.sub(r":00$", "", plain)  # a full hour
    percent = "%" if plain.endswith("%") else ""
    whole, *decimals = _parts(plain.removesuffix("%"))
    digits = whole.lstrip("0") or "0"
    fraction = decimals[0].rstrip("0") if decimals else ""
    return f"{digits}.{fraction}{percent}" if fraction else digits + percent


def _parts(plain: str) -> list[str]:
    """Return the whole number and, if there are any, its decimals."""
    if ":" in plain:
        return [plain]
    if _GROUPED.fullmatch(plain):
        return [re.sub(r"[.,]", "", plain)]
    whole, mark, decimals = plain.rpartition("." if plain.rfind(".") > plain.rfind(",") else ",")
    return [re.sub(r"[.,]", "", whole), decimals] if mark else [plain]


def _in_name(match: re.Match[str]) -> bool:
    before = match.string[max(match.start() - 2, 0) : match.start()]
    return before[:1].isalpha() and before[1:] in _HYPHENS


def _within(found: Sequence[Figure], start: int, end: int) -> list[Figure]:
    low = bisect_left(found, start, key=lambda figure: figure.first)
    high = bisect_left(found, end, key=lambda figure: figure.first)
    return list(found[low:high])


def _paired(
    base: Words, variant: Words, olds: Sequence[Figure], news: Sequence[Figure], *, in_order: bool
) -> Iterator[tuple[Figure, Figure]]:
    """Yield the pairs of one rewritten stretch; a figure that has two counterparts has none."""
    if in_order and len(olds) == len(news):
        yield from zip(olds, news, strict=True)
        return
    pairs = [(old, new) for new in news for old in olds if _in_one_place(base, variant, old, new)]
    often = Counter(figure for pair in pairs for figure in enumerate(pair))
    for old, new in pairs:
        if often[0, old] == often[1, new] == 1:
            yield old, new


def _in_one_place(base: Words, variant: Words, old: Figure, new: Figure) -> bool:
    """Whether the word before, or the word behind, is the same on both sides."""
    if old.first and new.first and base[old.first - 1] == variant[new.first - 1]:
        return True
    behind = base[old.last + 1 : old.last + 2]
    return bool(behind) and behind == variant[new.last + 1 : new.last + 2]
