"""What each sign of a text is, and what it is compared as: one look into a table.

An entry of the table holds flags and the folded code point. The table is filled as code points
are met, so that starting costs nothing.
"""

import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from dedupe_news.core.ragged import distinct

__all__ = [
    "COMBINES",
    "EXPANDS",
    "FOLDED",
    "HYPHEN",
    "IGNORED",
    "KNOWN",
    "LEADS",
    "POINT",
    "SIGN",
    "TABLE",
    "TRAILS",
    "WORD",
    "entries_of",
    "fold_code_point",
    "looked_up",
]

_Entry = TypeVar("_Entry", bound=np.unsignedinteger[Any])

KNOWN = 1 << 24  # set in every entry of the table that has been filled
WORD = 1 << 25  # part of a word
SIGN = 1 << 26  # a word by itself
IGNORED = 1 << 27  # as if it were not there
EXPANDS = 1 << 28  # folds to several code points
COMBINES = 1 << 29  # may form one code point with those before it
HYPHEN = 1 << 30  # ignored between two letters, otherwise a separator
POINT = 1 << 31  # part of a number between two digits, otherwise a separator
TRAILS = 1 << 21  # belongs to the sign before it
LEADS = 1 << 22  # belongs to the sign after it
FOLDED = (1 << 21) - 1  # the code point that this one is compared as

_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # Han radicals
    (0x3005, 0x3007),  # Han iteration marks and zero
    (0x3021, 0x3029),  # Hangzhou numerals
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana extensions
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),  # Han
    (0xA9E0, 0xA9FF),  # Myanmar extended
    (0xAA60, 0xAA7F),  # Myanmar extended
    (0xF900, 0xFAFF),  # Han compatibility
    (0x1B000, 0x1B16F),  # Kana extensions
    (0x20000, 0x323AF),  # Han
)
_FOLLOWING_VOWELS = frozenset("\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3")  # Thai, Lao
_PRECEDING_VOWELS = ((0x0E40, 0x0E44), (0x0EC0, 0x0EC4))  # Thai, Lao
_STACKERS = frozenset("\u1039\u17d2")  # put the next consonant under the last: Myanmar, Khmer
_SEMITIC_POINTS = ((0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x06D6, 0x06ED))
_VARIATION_SELECTORS = ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
_GREEK = ((0x0370, 0x03FF), (0x1F00, 0x1FFF))
_IGNORABLE = frozenset("\u0640\u0670\u034f")  # tatweel, superscript alef, grapheme joiner
_SEPARATORS = frozenset("\u02bb\u02bc\u02bd\ua78c\u00b7\u0387")  # letters used as apostrophes
_HYPHENS = frozenset("-\u2010\u2011\u058a\u05be")
_SAME_AS = str.maketrans(
    {
        "\u0131": "i",  # Turkish dotless i: its capital is everyone else's capital I
        "\u0130": "i",
        "\u015f": "\u0219",  # Romanian s and t, often with the cedilla of Turkish
        "\u0163": "\u021b",
        "\u066b": ".",  # Arabic decimal and thousands separators
        "\u066c": ",",
        "\u0451": "\u0435",  # Russian io, mostly printed without its dots
        "\u0622": "\u0627",  # alef with madda, hamza above, hamza below, wasla
        "\u0623": "\u0627",
        "\u0625": "\u0627",
        "\u0671": "\u0627",
        "\u0649": "\u064a",  # alef maksura, Farsi yeh
        "\u06cc": "\u064a",
        "\u06a9": "\u0643",  # keheh
        "\u03c2": "\u03c3",  # final sigma
    }
)


def fold_code_point(sign: str) -> str:
    """Return what a code point is compared as: nothing, one code point or several.

    Compatibility forms (full-width, ligatures), case, the points of Arabic and Hebrew, the
    accents of Greek, digits of other scripts and a few letters that printers exchange are
    made equal. Accents of Latin and vowel signs of Indic scripts are kept: they tell words
    apart.

    Args:
        sign: One code point.
    """
    folded = unicodedata.normalize("NFKC", sign).translate(_SAME_AS)
    folded = unicodedata.normalize("NFKC", folded.casefold()).translate(_SAME_AS)
    if _within(ord(sign), _GREEK):
        bare = unicodedata.normalize("NFD", folded)
        folded = "".join(mark for mark in bare if not unicodedata.combining(mark))
    return "".join(str(unicodedata.decimal(part, part)) for part in folded)


class Table:
    """What each code point is, learned when it is first met.

    An entry holds the flags above and the folded code point; for one that expands, the code
    point itself, whose entries are in `expansions`.
    """

    def __init__(self) -> None:
        self.entries = np.zeros(0x110000, np.uint32)
        self.expansions: dict[int, npt.NDArray[np.uint32]] = {}

    def learn(self, code_points: npt.NDArray[np.uint32]) -> None:
        for code_point in distinct(code_points).tolist():
            self.entries[code_point] = self._entry(chr(code_point))

    def _entry(self, sign: str) -> int:
        folded = fold_code_point(sign)
        combines = COMBINES if _combines(sign) else 0
        if len(folded) == 1:
            return KNOWN | combines | _kind(sign, folded) | ord(folded)
        parts = [KNOWN | _kind(part, part) | ord(part) for part in folded]
        if not any(part & (WORD | SIGN) for part in parts):
            return KNOWN | combines | ord(" ")
        self.expansions[ord(sign)] = np.array(parts, np.uint32)
        return KNOWN | combines | EXPANDS | ord(sign)


TABLE = Table()


def entries_of(text: str) -> npt.NDArray[np.uint32]:
    """Return the entry of each code point of a text, shape (code points,), uint32.

    What is met for the first time is learned.
    """
    return looked_up(text, TABLE.entries, TABLE.learn)


def looked_up(
    text: str, table: npt.NDArray[_Entry], learn: Callable[[npt.NDArray[np.uint32]], None]
) -> npt.NDArray[_Entry]:
    """Return what a table holds for each code point of a text, shape (code points,).

    Args:
        text: Any text.
        table: A number for each code point there is, 0 for what was not met yet.
        learn: Fills the table in for some code points.
    """
    code_points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    places = code_points.astype(np.intp)  # all of them are in the table: nothing is clipped
    entries = table.take(places, mode="clip")
    if not entries.min(initial=1):
        learn(code_points[entries == 0])
        entries = table.take(places, mode="clip")
    return entries


def _kind(sign: str, folded: str) -> int:
    if sign in _HYPHENS:
        return HYPHEN
    if folded in ".,":
        return POINT
    if _is_ignored(sign):
        return IGNORED
    if sign in _SEPARATORS or unicodedata.category(folded)[0] not in "LMN":
        return 0
    return SIGN | _bonds(folded) if _within(ord(folded), _UNSPACED) else WORD


def _bonds(sign: str) -> int:
    """Return to which of its neighbours a sign of an unspaced script belongs, if to any."""
    if sign in _STACKERS:
        return TRAILS | LEADS
    if _within(ord(sign), _PRECEDING_VOWELS):
        return LEADS
    trails = sign in _FOLLOWING_VOWELS or unicodedata.category(sign)[0] == "M"
    return TRAILS if trails else 0


def _is_ignored(sign: str) -> bool:
    category, code_point = unicodedata.category(sign), ord(sign)
    if category == "Mn" and _within(code_point, _SEMITIC_POINTS):
        return True
    return category == "Cf" or sign in _IGNORABLE or _within(code_point, _VARIATION_SELECTORS)


def _combines(sign: str) -> bool:
    half_width_kana, jamo = "\uff66" <= sign <= "\uff9f", "\u1100" <= sign <= "\u11ff"
    return half_width_kana or jamo or unicodedata.category(sign)[0] == "M"


def _within(code_point: int, blocks: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code_point <= high for low, high in blocks)
