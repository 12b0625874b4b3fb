"""An article made ready to be read beside others: each word is a number, the same everywhere.

Most paragraphs of a reprint are those of its base, and a base has many variants. So a page
finds out what is costly when it is first asked for, and keeps it.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from dedupe_news.core.signs import fold_code_point
from dedupe_news.core.text import compose_all, locate_words

__all__ = ["Page", "Passage", "marks", "scale_of"]

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
        words: A number for each word, equal for equal words.
        starts: Where each word starts in the text.
        ends: Where it ends, exclusive.
    """

    text: str
    words: list[int]
    starts: list[int]
    ends: list[int]

    def gap(self, word: int) -> str:
        """Return what stands before a word; before the word past the last, what follows it."""
        start = self.ends[word - 1] if word else 0
        end = self.starts[word] if word < len(self.starts) else len(self.text)
        return self.text[start:end]


class Page:
    """One article, with its words, ready to be read beside others.

    Args:
        paragraphs: The texts of its paragraphs, as written.

    Attributes:
        paragraphs: The same.
        texts: Each paragraph as composed.
        hashes: The words of each, one row of uint64 for each paragraph.
        offsets: Index of the first word of each paragraph, and at last their number.
        lengths: How many words each paragraph has.
        wordings: The words of each paragraph as bytes: equal for equal words.
    """

    def __init__(self, paragraphs: Sequence[str]) -> None:
        self.paragraphs = paragraphs
        self.texts = compose_all(paragraphs)
        self._found = locate_words(self.texts)
        self.hashes = self._found.hashes
        self.offsets: list[int] = self.hashes.offsets.tolist()
        bounds = list(pairwise(self.offsets))
        self.lengths = [end - start for start, end in bounds]
        flat, size = self.hashes.values.tobytes(), self.hashes.values.itemsize
        self.wordings = [flat[start * size : end * size] for start, end in bounds]
        self._keys: dict[int, tuple[bytes, str]] = {}

    def __len__(self) -> int:
        return len(self.texts)

    def key(self, place: int) -> tuple[bytes, str]:
        """Return what is equal for paragraphs with the same wording and marks, on any page."""
        key = self._keys.get(place)
        if key is None:
            wording, text = self.wordings[place], self.texts[place]
            key = self._keys[place] = (wording, marks(text) if wording else _folded(text))
        return key

    @cached_property
    def places(self) -> dict[bytes, list[int]]:
        """Where each wording stands."""
        found: dict[bytes, list[int]] = {}
        for place, wording in enumerate(self.wordings):
            found.setdefault(wording, []).append(place)
        return found

    @cached_property
    def letters(self) -> int:
        """How many code points the words have together."""
        return int((self._found.ends - self._found.starts).sum())

    @cached_property
    def _codes(self) -> list[int]:
        codes: list[int] = self.hashes.values.tolist()
        return codes

    def words(self, place: int) -> list[int]:
        """Return a number for each word of a paragraph."""
        return self._codes[self.offsets[place] : self.offsets[place + 1]]

    def passage(self, positions: Sequence[int]) -> Passage:
        """Return some paragraphs, in the given order, as one text."""
        words: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        shift = 0
        for place in positions:
            here = slice(self.offsets[place], self.offsets[place + 1])
            words += self._codes[here]
            first, last = self._found.starts[here], self._found.ends[here]
            starts += (first + shift if shift else first).tolist()
            ends += (last + shift if shift else last).tolist()
            shift += len(self.texts[place]) + 1
        return Passage("\n".join([self.texts[place] for place in positions]), words, starts, ends)


def scale_of(left: Page, right: Page) -> int:
    """Return how many words of two articles carry as much as one that stands between blanks.

    That is 1, or 2 where every sign counts as a word.
    """
    words, letters = left.offsets[-1] + right.offsets[-1], left.letters + right.letters
    return 2 if words and letters / words < _UNSPACED_LENGTH else 1


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


def _folded(text: str) -> str:
    """Return a text without words as it is compared: without quotes, blanks, kinds of dash."""
    folded = "".join(fold_code_point(sign) for sign in text)
    return _DASHES.sub("-", _QUOTES_AND_BLANKS.sub("", folded))
