"""Words of many texts at once, as 64-bit hashes: the only place that knows what a word is.

A word is a run of letters, marks and digits, or a number with its points and commas. In
scripts that put no blanks between words (Han, Kana, Thai, Lao, Khmer, Myanmar) each sign is a
word, together with the vowels and marks that are written around it. Words are compared without
case, typography and decoration: `signs.py` says how.

Everything runs on arrays of code points, each looked up once in the table of `signs.py`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s, fmix64, powers
from dedupe_news.core.kernel import KERNEL, Kernel
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.signs import (
    COMBINES,
    EXPANDS,
    FOLDED,
    HYPHEN,
    IGNORED,
    KNOWN,
    LEADS,
    POINT,
    SIGN,
    TABLE,
    TRAILS,
    WORD,
    entries_of,
)

__all__ = ["Unit", "Words", "compose", "compose_all", "locate_words", "words_of"]

Unit = Literal["word", "char"]

_IS_COMPOSED = 2  # tells the kernel that it need not stop where signs may combine

_USUAL_LENGTH = 4  # code points of a word and what parts it from the next: few scripts have less
_BATCH = 1 << 16  # code points per array: what a processor's cache holds
_PIECE = 1 << 22  # a longer text is cut at a blank

_HALF_WIDTH_KANA = re.compile("[\uff66-\uff9f]+")


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

    @classmethod
    def concatenate(cls, parts: Sequence["Words"]) -> "Words":
        """Return the words of all parts, in their order."""
        if len(parts) == 1:
            return parts[0]
        none = np.empty(0, np.int64)
        return cls(
            Ragged.concatenate([part.hashes for part in parts], np.uint64),
            np.concatenate([none, *(part.starts for part in parts)]),
            np.concatenate([none, *(part.ends for part in parts)]),
        )


def compose(text: str) -> str:
    """Return the text in the one spelling that `locate_words` counts positions in.

    That is NFC, with half-width Kana made whole first. The wording is unchanged.
    """
    if text.isascii():
        return text
    if _may_hold_kana(text):
        text = _HALF_WIDTH_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana[0]), text)
    return unicodedata.normalize("NFC", text)


def compose_all(texts: Sequence[str]) -> list[str]:
    """Return some texts, each as `compose` does; most have nothing to be composed."""
    whole = "\n".join(texts)
    if whole.isascii():
        return list(texts)
    if unicodedata.is_normalized("NFC", whole) and not _may_hold_kana(whole):
        return list(texts)
    return [compose(text) for text in texts]


def _may_hold_kana(text: str) -> bool:
    """Whether a text has half-width Kana, or signs whose code points begin alike."""
    coded = text.encode("utf-8", "surrogatepass")  # to search bytes takes a tenth of the time
    return b"\xef\xbd" in coded or b"\xef\xbe" in coded


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
    if KERNEL is not None and max(map(len, texts), default=0) <= _PIECE:
        return Ragged.concatenate(list(_compiled(KERNEL, list(texts), unit)), np.uint64)
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
    if KERNEL is None:
        return _locate(texts, unit, composed=True)
    return Words.concatenate(list(_compiled_places(KERNEL, list(texts), unit)))


def _compiled_places(kernel: Kernel, texts: list[str], unit: Unit) -> Iterator[Words]:
    """Yield the words of the texts, in order, located by the kernel as far as it can."""
    mode = int(unit == "char") | _IS_COMPOSED
    while texts:
        found = _placed(kernel, texts, mode)
        yield found
        if len(found.hashes) == len(texts):
            return
        hard = texts[len(found.hashes)]
        entries_of(hard)  # what was met for the first time is known from now on
        again = _placed(kernel, [hard], mode)
        yield again if len(again.hashes) else _locate([hard], unit, composed=True)
        texts = texts[len(found.hashes) + 1 :]


def _placed(kernel: Kernel, texts: list[str], mode: int) -> Words:
    """Return the words of the texts up to one at which the kernel stops."""
    size = sum(map(len, texts))
    hashes, counts = np.empty(size, np.uint64), np.empty(len(texts), np.int64)
    spans = np.empty((size, 2), np.int64)
    rows, words = kernel.words(texts, TABLE.entries, mode, hashes, counts, spans)
    return Words(Ragged.from_lengths(hashes[:words], counts[:rows]), *spans[:words].T)


def _compiled(kernel: Kernel, texts: list[str], unit: Unit) -> Iterator[Ragged]:
    """Yield rows for the texts, in order, made by the kernel as far as it can.

    It stops at a text with a code point that it has not met, or that may have to be composed
    with others, or that is more than a table entry can tell.
    """
    by_sign = int(unit == "char")
    while texts:
        sizes = list(map(len, texts))
        room = sum(sizes) // _USUAL_LENGTH + max(sizes)
        hashes, counts = np.empty(room, np.uint64), np.empty(len(texts), np.int64)
        rows, words = kernel.words(texts, TABLE.entries, by_sign, hashes, counts)
        yield Ragged.from_lengths(hashes[:words], counts[:rows])
        if rows < len(texts) and words + sizes[rows] <= room:
            yield _hard_words(kernel, texts[rows], unit)
            rows += 1
        texts = texts[rows:]


def _hard_words(kernel: Kernel, text: str, unit: Unit) -> Ragged:
    """Return one row for a text at which the kernel stopped."""
    text = compose(text)
    entries_of(text)
    hashes, counts = np.empty(len(text), np.uint64), np.empty(1, np.int64)
    mode = int(unit == "char") | _IS_COMPOSED
    rows, words = kernel.words([text], TABLE.entries, mode, hashes, counts)
    if rows:
        return Ragged.from_lengths(hashes[:words], counts)
    return _locate([text], unit, composed=True).hashes


def _locate(texts: Sequence[str], unit: Unit, *, composed: bool) -> Words:
    signs = _signs_of(texts, composed=composed)
    entries = signs.entries
    if unit == "char":
        entries = np.where(entries & WORD, entries ^ (WORD | SIGN), entries)
        entries &= ~np.uint32(TRAILS | LEADS)
    starts, ends = _spans(entries)
    hashes = _span_hashes(entries, starts, ends)
    if signs.places is not None:
        starts, ends = signs.places[starts], signs.places[ends - 1] + 1
    sizes = np.array([len(text) + 1 for text in signs.texts], np.int64)
    bounds = np.cumsum(sizes)
    counts = np.searchsorted(starts, bounds)
    lengths = np.diff(counts, prepend=0)
    shift = np.repeat(bounds - sizes, lengths)
    return Words(Ragged.from_lengths(hashes, lengths), starts - shift, ends - shift)


class _Signs(NamedTuple):
    """The entries of some texts, without those that are as if they were not there.

    Attributes:
        texts: The texts, composed if need be.
        entries: Shape (entries,), uint32; behind each text there is a separator.
        places: Where each stands in the joined texts, shape (entries,), int64; None if none is
            left out or put in.
    """

    texts: Sequence[str]
    entries: npt.NDArray[np.uint32]
    places: npt.NDArray[np.int64] | None


def _signs_of(texts: Sequence[str], *, composed: bool) -> _Signs:
    entries = entries_of("\n".join(texts))
    present = int(np.bitwise_or.reduce(entries, initial=0))
    if present & COMBINES and not composed:
        return _signs_of([compose(text) for text in texts], composed=True)
    places: npt.NDArray[np.int64] | None = None
    if present & EXPANDS:
        entries, places = _expanded(entries)
    ignored = _ignored(entries)
    if len(ignored):
        kept = np.ones(len(entries), np.bool_)
        kept[ignored] = False
        entries = entries[kept]
        places = np.flatnonzero(kept) if places is None else places[kept]
    return _Signs(texts, entries, places)


def _ignored(entries: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Return which entries are as if they were not there, and make points part of numbers.

    A hyphen is ignored between two letters: a compound, its closed spelling and a word that was
    cut at a line end are one. A point or comma between two digits becomes part of a word, so that
    14.2 is one word, and no other than 14,2.

    Args:
        entries: Shape (entries,), uint32; those of points are overwritten.
    """
    special = np.flatnonzero(entries >= np.uint32(IGNORED))  # which is the least of such flags
    kinds = entries[special]
    inner = (special > 0) & (special < len(entries) - 1)
    hyphens = special[inner & ((kinds & HYPHEN) != 0)]
    joins = _is_letter(entries[hyphens - 1]) & _is_letter(entries[hyphens + 1])
    points = special[inner & ((kinds & POINT) != 0)]
    within = _is_digit(entries[points - 1]) & _is_digit(entries[points + 1])
    entries[points[within]] = KNOWN | WORD | ord(".")
    return np.concatenate((special[(kinds & IGNORED) != 0], hyphens[joins]))


def _spans(
    entries: npt.NDArray[np.uint32],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where words start and end (exclusive), shape (words,) each."""
    letters = np.zeros(len(entries) + 2, np.bool_)
    np.not_equal(entries & WORD, 0, out=letters[1:-1])
    if not int(np.bitwise_or.reduce(entries, initial=0)) & SIGN:
        edges = np.flatnonzero(letters[1:] != letters[:-1])
        return edges[::2], edges[1::2]
    letters = letters[1:-1]
    signs = (entries & SIGN) != 0
    inside = np.zeros(len(entries) + 1, np.bool_)  # whether a word goes on across this border
    np.logical_and(letters[1:], letters[:-1], out=inside[1:-1])
    bound = ((entries[1:] & TRAILS) != 0) | ((entries[:-1] & LEADS) != 0)
    inside[1:-1] |= signs[1:] & signs[:-1] & bound
    words = letters | signs
    return np.flatnonzero(words & ~inside[:-1]), np.flatnonzero(words & ~inside[1:]) + 1


def _span_hashes(
    entries: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
) -> UInt64s:
    weighed = (entries & FOLDED).astype(np.uint64)
    weighed *= powers(len(entries))
    sums = np.zeros(len(entries) + 1, np.uint64)
    np.cumsum(weighed, out=sums[1:])
    return fmix64((sums[ends] - sums[starts]) * powers(len(entries), inverse=True)[starts])


def _is_letter(entries: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    letters: npt.NDArray[np.bool_] = (entries & WORD) != 0
    return letters & ~_is_digit(entries)


def _is_digit(entries: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    folded = entries & FOLDED
    digits: npt.NDArray[np.bool_] = (folded >= ord("0")) & (folded <= ord("9"))
    return digits


def _expanded(
    entries: npt.NDArray[np.uint32],
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Return entries with each that expands replaced, and the place each came from."""
    wide = np.flatnonzero(entries & EXPANDS)
    replacements = [TABLE.expansions[int(entry) & FOLDED] for entry in entries[wide]]
    repeats = np.ones(len(entries), np.int64)
    repeats[wide] = [len(replacement) for replacement in replacements]
    places = np.repeat(np.arange(len(entries)), repeats)
    result = entries[places]
    result[(result & EXPANDS) != 0] = np.concatenate(replacements)
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
