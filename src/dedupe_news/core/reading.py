"""Two articles made ready to be read side by side: each word becomes one sign of a string.

A word that stands in both articles has the same sign in both, and no other word has it; a
word that stands in one alone has a sign that the other never uses. So wording is compared,
searched and aligned as text, at the speed of the string routines.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedupe_news.core.ragged import Ragged
from dedupe_news.core.signs import fold_code_point
from dedupe_news.core.text import compose, locate_words

__all__ = ["LEFT_ONLY", "RIGHT_ONLY", "Passage", "Side", "marks", "read_sides", "shared_signs"]

LEFT_ONLY = "\x01"
RIGHT_ONLY = "\x02"
_FIRST_SIGN = 3
_SURROGATES = 0xD800
_SIGNS = 0x110000 - 0x800 - _FIRST_SIGN  # words beyond count as standing in one article alone
_UNSPACED_LENGTH = 1.5  # below this mean word length, words are single signs of a script

_MEANT = re.compile(
    r"[?!\u061f\u037e%\u2030\u066a\xb0+\xb1\xd7\xf7=$\xa2-\xa5\u20a0-\u20cf\u2212-]"
    r"(?:(?<![\u2212-])(?<!\?\?)(?<!!!)"  # once, however often it is repeated
    r"|(?<!\S.)(?=\d))",  # of hyphens, those that are a minus
    re.DOTALL,
)
_SAME_MARK = str.maketrans("\u061f\u037e\u066a\u2212", "??%-")
_QUOTES_AND_BLANKS = re.compile(r"[\s\"'`\xb4\xab\xbb\u2018-\u201f\u2039\u203a\u200b-\u200f\ufeff]")
_DASHES = re.compile("[\u2010-\u2015\u2212\u2e3a\u2e3b]")


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, or several with a line feed between them.

    Attributes:
        text: As composed.
        words: One sign for each word.
        starts: Where each word starts in the text.
        ends: Where it ends, exclusive.
    """

    text: str
    words: str
    starts: Sequence[int]
    ends: Sequence[int]

    def gap(self, word: int) -> str:
        """Return what stands before a word; before the word past the last, what follows it."""
        start = self.ends[word - 1] if word else 0
        end = self.starts[word] if word < len(self.starts) else len(self.text)
        return self.text[start:end]


@dataclass(frozen=True, slots=True)
class Side:
    """The paragraphs of one of two articles.

    Attributes:
        texts: Each paragraph as composed.
        words: Each paragraph as a string of signs, one for each word.
        keys: Equal, across both sides, for paragraphs with the same wording and marks.
        starts: Where each word starts in its paragraph, shape (words,), int64.
        ends: Where it ends, exclusive, shape (words,), int64.
        offsets: Index of the first word of each paragraph, and at last their number.
        scale: How many words of these articles carry as much as one of a script with blanks
            between words: 1, or 2 where every sign counts as a word.
    """

    texts: Sequence[str]
    words: Sequence[str]
    keys: Sequence[int]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    offsets: Sequence[int]
    scale: int

    def __len__(self) -> int:
        return len(self.texts)

    def passage(self, positions: Sequence[int]) -> Passage:
        """Return some paragraphs, in the given order, as one text."""
        starts: list[int] = []
        ends: list[int] = []
        shift = 0
        for position in positions:
            here = slice(self.offsets[position], self.offsets[position + 1])
            starts += (self.starts[here] + shift).tolist()
            ends += (self.ends[here] + shift).tolist()
            shift += len(self.texts[position]) + 1
        text = "\n".join([self.texts[position] for position in positions])
        return Passage(text, "".join([self.words[place] for place in positions]), starts, ends)


def read_sides(left: Sequence[str], right: Sequence[str]) -> tuple[Side, Side]:
    """Return both articles with their words in one system of signs.

    Args:
        left: The paragraphs of one article.
        right: The paragraphs of the other.
    """
    texts = [compose(text) for text in (*left, *right)]
    found = locate_words(texts)
    border = int(found.hashes.offsets[len(left)])
    signs = shared_signs(found.hashes.values, border)
    offsets = found.hashes.offsets.tolist()
    words = [signs[start:end] for start, end in pairwise(offsets)]
    keys = _keys(texts, found.hashes)
    lengths = found.ends - found.starts
    unspaced = len(lengths) > 0 and float(lengths.mean()) < _UNSPACED_LENGTH
    scale = 2 if unspaced else 1

    def side(first: int, last: int) -> Side:
        rows = slice(first, last)
        places = offsets[first : last + 1]
        return Side(texts[rows], words[rows], keys[rows], found.starts, found.ends, places, scale)

    return side(0, len(left)), side(len(left), len(texts))


def shared_signs(codes: npt.NDArray[np.generic], border: int) -> str:
    """Return one sign for each code, equal for equal codes that stand on both sides.

    Args:
        codes: What stands on the left, then what stands on the right, shape (codes,).
        border: How many stand on the left.
    """
    distinct, codes = np.unique(codes, return_inverse=True)
    shared = np.zeros(len(distinct), np.bool_)
    shared[codes[:border]] = True
    in_right = np.zeros(len(distinct), np.bool_)
    in_right[codes[border:]] = True
    shared &= in_right
    ranks = np.cumsum(shared, dtype=np.int64)
    shared &= ranks <= _SIGNS
    ranks += _FIRST_SIGN - 1
    ranks[ranks >= _SURROGATES] += 0x800  # code points that no text may hold
    signs = np.where(shared[codes], ranks[codes], ord(RIGHT_ONLY))
    signs[:border][~shared[codes[:border]]] = ord(LEFT_ONLY)
    return signs.astype("<u4").tobytes().decode("utf-32-le")


def marks(text: str) -> str:
    """Return the marks that change what a text says, in their order.

    Where all words agree, these alone decide whether a reader would speak of an edit:
    question and exclamation marks, and the signs that belong to a figure (per cent, degrees,
    currencies, arithmetic, the minus before a figure). Quotes, dashes, blanks, brackets,
    full stops and commas are typesetting.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return "".join(_MEANT.findall(text)).translate(_SAME_MARK)


def _keys(texts: Sequence[str], hashes: Ragged) -> list[int]:
    numbers: dict[bytes, int] = {}
    flat = hashes.values.tobytes()
    bounds = (hashes.offsets * hashes.values.itemsize).tolist()
    keys = []
    for text, start, end in zip(texts, bounds, bounds[1:], strict=False):
        if start < end:
            key = b"w" + flat[start:end] + marks(text).encode()
        else:
            key = b"-" + _folded(text).encode("utf-8", "surrogatepass")
        keys.append(numbers.setdefault(key, len(numbers)))
    return keys


def _folded(text: str) -> str:
    """Return a text without words as it is compared: without quotes, blanks, kinds of dash."""
    folded = "".join(fold_code_point(sign) for sign in text)
    return _DASHES.sub("-", _QUOTES_AND_BLANKS.sub("", folded))
