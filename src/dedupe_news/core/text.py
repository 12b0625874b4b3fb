"""Words of many texts at once, as 64-bit hashes: the only place that knows what a word is.

A word is a run of letters, marks and digits, or a number with its points and commas. In
scripts that put no blanks between words (Han, Kana, Thai, Lao, Khmer, Myanmar) each sign is a
word, together with the vowels and marks that are written around it. Words are compared without
case, typography and decoration: `fold_code_point` says how.

Everything runs on arrays of code points. A code point is looked up once in a table that says
what it is and what it folds to; the table is filled as code points are met, so that starting
costs nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s, fmix64, powers
from dedupe_news.core.kernel import KERNEL, Kernel
from dedupe_news.core.ragged import Ragged

__all__ = ["Unit", "Words", "compose", "locate_words", "words_of"]

Unit = Literal["word", "char"]

_KNOWN = 1 << 24  # set in every entry of the table that has been filled
_WORD = 1 << 25  # part of a word
_SIGN = 1 << 26  # a word by itself
_IGNORED = 1 << 27  # as if it were not there
_EXPANDS = 1 << 28  # folds to several code points
_COMBINES = 1 << 29  # may form one code point with those before it
_HYPHEN = 1 << 30  # ignored between two letters, otherwise a separator
_POINT = 1 << 31  # part of a number between two digits, otherwise a separator
_TRAILS = 1 << 21  # belongs to the sign before it
_LEADS = 1 << 22  # belongs to the sign after it
_FOLDED = (1 << 21) - 1  # the code point that this one is compared as

_IS_COMPOSED = 2  # tells the kernel that it need not stop where signs may combine

_BATCH = 1 << 16  # code points per array: what a processor's cache holds
_PIECE = 1 << 22  # a longer text is cut at a blank

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
_HALF_WIDTH_KANA = re.compile("[\uff66-\uff9f]+")
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


@dataclass(frozen=True, slots=True)
class Words:
    """The words of several texts, with their places.

    Attributes:
        hashes: One row of uint64 for each text.
        starts: Where each word starts in its composed text, shape (words,), int64.
        ends: Where it ends, exclusive, shape (words,), int64.
    """

    hashes: Ragged
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]


def compose(text: str) -> str:
    """Return the text in the one spelling that `locate_words` counts positions in.

    That is NFC, with half-width Kana made whole first. The wording is unchanged.
    """
    if text.isascii():
        return text
    if _HALF_WIDTH_KANA.search(text):
        text = _HALF_WIDTH_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana[0]), text)
    return unicodedata.normalize("NFC", text)


def words_of(texts: Sequence[str], unit: Unit = "word") -> Ragged:
    """Return the word hashes of each text.

    Two words have the same hash when they are equal after folding. A hash depends on the
    word alone: not on the process, the machine, or the batch it was computed in.

    Args:
        texts: Any texts, of any length; may be empty.
        unit: `char` makes every letter, mark and digit a word of its own.

    Returns:
        One row of uint64 for each text, in order; a text without words has an empty row.

    Source: prefix sums of a polynomial over code points, as in Karp and Rabin, "Efficient
        randomized pattern-matching algorithms" (1987), finalised by `fmix64`.
    """
    rows, pieces = _pieces(texts)
    parts: list[Ragged] = []
    for batch in _batches(pieces):
        chosen = pieces[batch.start : batch.stop]
        if KERNEL is None:
            parts.append(_locate(chosen, unit, composed=False).hashes)
        else:
            parts.extend(_compiled(KERNEL, chosen, unit))
    found = Ragged.concatenate(parts, np.uint64)
    lengths = np.bincount(rows, weights=found.lengths, minlength=len(texts))
    return Ragged.from_lengths(found.values, lengths.astype(np.int64))


def locate_words(texts: Sequence[str], unit: Unit = "word") -> Words:
    """Return the words of texts that went through `compose`, with their places in them.

    Args:
        texts: Composed texts; together small enough to be held as arrays.
        unit: As for `words_of`, whose hashes these are.
    """
    return _locate(texts, unit, composed=True)


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


def _compiled(kernel: Kernel, texts: list[str], unit: Unit) -> Iterator[Ragged]:
    """Yield rows for the texts, in order, made by the kernel as far as it can.

    It stops at a text with a code point that it has not met, or that may have to be composed
    with others, or that is more than a table entry can tell.
    """
    by_sign = int(unit == "char")
    while texts:
        hashes = np.empty(sum(map(len, texts)), np.uint64)
        counts = np.empty(len(texts), np.int64)
        rows, words = kernel.words(texts, _TABLE.entries, by_sign, hashes, counts)
        yield Ragged.from_lengths(hashes[:words], counts[:rows])
        if rows < len(texts):
            yield _hard_words(kernel, texts[rows], unit)
        texts = texts[rows + 1 :]


def _hard_words(kernel: Kernel, text: str, unit: Unit) -> Ragged:
    """Return one row for a text at which the kernel stopped."""
    text = compose(text)
    _entries(text)
    hashes, counts = np.empty(len(text), np.uint64), np.empty(1, np.int64)
    mode = int(unit == "char") | _IS_COMPOSED
    rows, words = kernel.words([text], _TABLE.entries, mode, hashes, counts)
    if rows:
        return Ragged.from_lengths(hashes[:words], counts)
    return _locate([text], unit, composed=True).hashes


def _locate(texts: Sequence[str], unit: Unit, *, composed: bool) -> Words:
    entries = _entries("\n".join(texts))
    present = int(np.bitwise_or.reduce(entries, initial=0))
    if present & _COMBINES and not composed:
        texts = [compose(text) for text in texts]
        entries = _entries("\n".join(texts))
        present = int(np.bitwise_or.reduce(entries, initial=0))
    sizes = np.array([len(text) + 1 for text in texts], np.int64)
    bounds = np.cumsum(sizes)
    places: npt.NDArray[np.int64] | None = None  # of each entry, where that is not its index
    if present & _EXPANDS:
        entries, places = _expanded(entries)
    if present & _HYPHEN:
        entries = _joined_at_hyphens(entries)
    if present & _POINT:
        entries = _joined_at_points(entries)
    if present & (_IGNORED | _HYPHEN):
        kept = np.flatnonzero((entries & _IGNORED) == 0)
        entries = entries[kept]
        places = kept if places is None else places[kept]
    if unit == "char":
        entries = np.where(entries & _WORD, entries ^ (_WORD | _SIGN), entries)
        entries &= ~np.uint32(_TRAILS | _LEADS)
    starts, ends = _spans(entries)
    hashes = _span_hashes(entries, starts, ends)
    if places is not None:
        starts, ends = places[starts], places[ends - 1] + 1
    counts = np.searchsorted(starts, bounds)
    lengths = np.diff(counts, prepend=0)
    shift = np.repeat(bounds - sizes, lengths)
    return Words(Ragged.from_lengths(hashes, lengths), starts - shift, ends - shift)


def _spans(
    entries: npt.NDArray[np.uint32],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where words start and end (exclusive), shape (words,) each."""
    letters, signs = (entries & _WORD) != 0, (entries & _SIGN) != 0
    inside = np.zeros(len(entries) + 1, np.bool_)  # whether a word goes on across this border
    np.logical_and(letters[1:], letters[:-1], out=inside[1:-1])
    if signs.any():
        bound = ((entries[1:] & _TRAILS) != 0) | ((entries[:-1] & _LEADS) != 0)
        inside[1:-1] |= signs[1:] & signs[:-1] & bound
    words = letters | signs
    return np.flatnonzero(words & ~inside[:-1]), np.flatnonzero(words & ~inside[1:]) + 1


def _span_hashes(
    entries: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
) -> UInt64s:
    sums = np.zeros(len(entries) + 1, np.uint64)
    np.cumsum((entries & _FOLDED) * powers(len(entries)), out=sums[1:])
    return fmix64((sums[ends] - sums[starts]) * powers(len(entries), inverse=True)[starts])


def _joined_at_hyphens(entries: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return the entries with each hyphen ignored that stands between two letters.

    So a compound, its closed spelling and a word that was cut at a line end are one.
    """
    places = np.flatnonzero(entries & _HYPHEN)
    inner = places[(places > 0) & (places < len(entries) - 1)]
    joins = _is_letter(entries[inner - 1]) & _is_letter(entries[inner + 1])
    joined = entries.copy()
    joined[inner[joins]] |= _IGNORED
    return joined


def _joined_at_points(entries: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return the entries with each point or comma between two digits made part of a word.

    So 14.2 is one word, and no other than 14,2.
    """
    places = np.flatnonzero(entries & _POINT)
    inner = places[(places > 0) & (places < len(entries) - 1)]
    joins = inner[_is_digit(entries[inner - 1]) & _is_digit(entries[inner + 1])]
    if not len(joins):
        return entries
    joined = entries.copy()
    joined[joins] = _KNOWN | _WORD | ord(".")
    return joined


def _is_letter(entries: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    letters: npt.NDArray[np.bool_] = (entries & _WORD) != 0
    return letters & ~_is_digit(entries)


def _is_digit(entries: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    folded = entries & _FOLDED
    digits: npt.NDArray[np.bool_] = (folded >= ord("0")) & (folded <= ord("9"))
    return digits


def _expanded(
    entries: npt.NDArray[np.uint32],
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Return entries with each that expands replaced, and the place each came from."""
    wide = np.flatnonzero(entries & _EXPANDS)
    replacements = [_TABLE.expansions[int(entry) & _FOLDED] for entry in entries[wide]]
    repeats = np.ones(len(entries), np.int64)
    repeats[wide] = [len(replacement) for replacement in replacements]
    places = np.repeat(np.arange(len(entries)), repeats)
    result = entries[places]
    result[(result & _EXPANDS) != 0] = np.concatenate(replacements)
    return result, places


def _pieces(texts: Sequence[str]) -> tuple[list[int], list[str]]:
    """Return the texts with giant ones cut at blanks, and which text each piece is of."""
    rows: list[int] = []
    pieces: list[str] = []
    for row, text in enumerate(texts):
        start = 0
        while len(text) - start > _PIECE:
            end = text.find(" ", start + _PIECE)
            if end < 0:
                break
            rows.append(row)
            pieces.append(text[start:end])
            start = end
        rows.append(row)
        pieces.append(text[start:] if start else text)
    return rows, pieces


def _batches(texts: Sequence[str]) -> Iterator[range]:
    start, size = 0, 0
    for index, text in enumerate(texts):
        size += len(text)
        if size >= _BATCH:
            yield range(start, index + 1)
            start, size = index + 1, 0
    if start < len(texts):
        yield range(start, len(texts))


class _Table:
    """What each code point is, learned when it is first met.

    An entry holds the flags above and the folded code point; for one that expands, the code
    point itself, whose entries are in `expansions`.
    """

    def __init__(self) -> None:
        self.entries = np.zeros(0x110000, np.uint32)
        self.expansions: dict[int, npt.NDArray[np.uint32]] = {}

    def learn(self, code_points: npt.NDArray[np.uint32]) -> None:
        for code_point in np.unique(code_points).tolist():
            self.entries[code_point] = self._entry(chr(code_point))

    def _entry(self, sign: str) -> int:
        folded = fold_code_point(sign)
        combines = _COMBINES if _combines(sign) else 0
        if len(folded) == 1:
            return _KNOWN | combines | _kind(sign, folded) | ord(folded)
        parts = [_KNOWN | _kind(part, part) | ord(part) for part in folded]
        if not any(part & (_WORD | _SIGN) for part in parts):
            return _KNOWN | combines | ord(" ")
        self.expansions[ord(sign)] = np.array(parts, np.uint32)
        return _KNOWN | combines | _EXPANDS | ord(sign)


_TABLE = _Table()


def _entries(text: str) -> npt.NDArray[np.uint32]:
    code_points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    entries = _TABLE.entries[code_points]
    if not entries.all():
        _TABLE.learn(code_points[entries == 0])
        entries = _TABLE.entries[code_points]
    return entries


def _kind(sign: str, folded: str) -> int:
    if sign in _HYPHENS:
        return _HYPHEN
    if folded in ".,":
        return _POINT
    if _is_ignored(sign):
        return _IGNORED
    if sign in _SEPARATORS or unicodedata.category(folded)[0] not in "LMN":
        return 0
    return _SIGN | _bonds(folded) if _within(ord(folded), _UNSPACED) else _WORD


def _bonds(sign: str) -> int:
    """Return to which of its neighbours a sign of an unspaced script belongs, if to any."""
    if sign in _STACKERS:
        return _TRAILS | _LEADS
    if _within(ord(sign), _PRECEDING_VOWELS):
        return _LEADS
    trails = sign in _FOLLOWING_VOWELS or unicodedata.category(sign)[0] == "M"
    return _TRAILS if trails else 0


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
