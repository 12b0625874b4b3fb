"""Words of many texts at once, as 64-bit hashes: the only place that knows what a word is.

A word is a run of letters, marks and digits, or a number with its points and commas. In
scripts that put no blanks between words (Han, Kana, Thai, Lao, Khmer, Myanmar) each sign is a
word, together with the vowels and marks that are written around it. Words are compared without
case, typography and decoration: `signs.py` says how.

Everything runs on arrays of code points: in compiled loops; where there are none, by the letters of
`alphabets.py`; and what is in neither's power by the entries of `spans.py`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.alphabets import ALPHABET, HARD
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.kernel import KERNEL, Kernel
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.signs import (
    COMBINES,
    LEADS,
    SIGN,
    TABLE,
    TRAILS,
    WORD,
    entries_of,
)
from dedupe_news.core.spans import in_full, span_hashes, spans_of

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
    """
    if KERNEL is not None and max(map(len, texts), default=0) <= _PIECE:
        return Ragged.concatenate(list(_compiled(KERNEL, list(texts), unit)), np.uint64)
    rows, pieces = _pieces(texts)
    parts: list[Ragged] = []
    for batch in _batches(pieces):
        chosen = pieces[batch.start : batch.stop]
        if KERNEL is None:
            parts.extend(found.rows() for found in _found(chosen, unit, composed=False))
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
        return Words.concatenate([one.words() for one in _found(texts, unit, composed=True)])
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
        yield again if len(again.hashes) else _found_by_entries([hard], unit, composed=True).words()
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
    return _found_by_entries([text], unit, composed=True).rows()


class _Found(NamedTuple):
    """The words of some texts, with their places in all of them, joined by one sign each.

    Attributes:
        sizes: Signs of each text, and the one behind it, shape (texts,), int64.
        hashes: Shape (words,), uint64.
        starts: Where each word starts, shape (words,), int64.
        ends: Where it ends, exclusive, shape (words,), int64.
    """

    sizes: npt.NDArray[np.int64]
    hashes: UInt64s
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]

    def rows(self) -> Ragged:
        """Return the hashes, one row for each text."""
        counts = np.searchsorted(self.starts, np.cumsum(self.sizes))
        return Ragged(self.hashes, np.concatenate(([0], counts)))

    def words(self) -> Words:
        """Return the words, with their places each in its own text."""
        rows = self.rows()
        shift = np.repeat(np.cumsum(self.sizes) - self.sizes, rows.lengths)
        return Words(rows, self.starts - shift, self.ends - shift)


def _found(texts: Sequence[str], unit: Unit, *, composed: bool) -> Iterator[_Found]:
    """Yield the words of the texts, in order: by letters where these are all of an alphabet."""
    if unit == "char":
        yield _found_by_entries(texts, unit, composed=composed)
        return
    codes = ALPHABET.codes_of("\n".join(texts))
    sizes = _sizes(texts)
    if codes.min() > HARD:
        yield _Found(sizes, *ALPHABET.words_of(codes))
        return
    hard = np.logical_or.reduceat(codes == HARD, np.cumsum(sizes) - sizes).tolist()
    for is_hard, run in groupby(zip(hard, texts, strict=True), itemgetter(0)):
        some = [text for _, text in run]
        if is_hard:
            yield _found_by_entries(some, unit, composed=composed)
        else:
            yield from _found(some, unit, composed=composed)


def _found_by_entries(texts: Sequence[str], unit: Unit, *, composed: bool) -> _Found:
    """Return the words of the texts, of whatever script."""
    entries = entries_of("\n".join(texts))
    if int(np.bitwise_or.reduce(entries, initial=0)) & COMBINES and not composed:
        return _found_by_entries([compose(text) for text in texts], unit, composed=True)
    entries, places = in_full(entries)
    if unit == "char":
        entries = np.where(entries & WORD, entries ^ (WORD | SIGN), entries)
        entries &= ~np.uint32(TRAILS | LEADS)
    starts, ends = spans_of(entries)
    hashes = span_hashes(entries, starts, ends)
    if places is not None:
        starts, ends = places[starts], places[ends - 1] + 1
    return _Found(_sizes(texts), hashes, starts, ends)


def _sizes(texts: Sequence[str]) -> npt.NDArray[np.int64]:
    return np.array([len(text) + 1 for text in texts], np.int64)


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
