"""Words of alphabets, a byte for each letter: where letters are few, two at a time are looked up.

Most text is written in such a script. It takes less than half of the general way, in `spans.py`,
which a text is left to that has a sign of another kind, and a word that is very long.
"""

from threading import Lock
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s, fmix64, powers
from dedupe_news.core.ragged import distinct, ranges
from dedupe_news.core.signs import (
    COMBINES,
    EXPANDS,
    FOLDED,
    HYPHEN,
    IGNORED,
    KNOWN,
    POINT,
    SIGN,
    TABLE,
    WORD,
    entries_of,
    looked_up,
)
from dedupe_news.core.spans import in_full, span_hashes, spans_of

__all__ = ["ALPHABET", "HARD", "Alphabet", "Spelled"]

HARD: Final = 1
"""Code of a sign that needs a closer look."""

_GAP, _HYPHEN, _POINT = 2, 3, 4  # what parts words, or may; 0 is not met yet
_JOINT, _INNER_POINT = 5, 6  # a hyphen and a point that do not; what is higher does not either
_ZERO, _LETTER, _SEVERAL = 7, 17, 246  # the first digit, plain letter, and letter that expands
_CODES = 256

_NARROW = 256  # code points that are one byte of a string

_ALPHABETS = ((0, 0x0900), (0x1E00, 0x2000))  # where scripts of few letters are: not all fit in
_BYTES = 8  # of a number
_LONGEST = 2 * _BYTES  # letters of a word that is looked up
_BEHIND = "\n" * _LONGEST  # so that there are so many bytes from any place of a text on
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(_BYTES + 1)], "<u8")

Codes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.int64]


class Spelled(NamedTuple):
    """The words of a text.

    Attributes:
        hashes: Shape (words,), uint64.
        starts: Where each starts, shape (words,), int64.
        ends: Where it ends, exclusive, shape (words,), int64.
    """

    hashes: UInt64s
    starts: _Places
    ends: _Places


class Alphabet:
    """What each code point is, as one byte, learned when it is first met.

    Signs that are compared as one and the same have one code.
    """

    def __init__(self) -> None:
        self._codes = np.zeros(0x110000, np.uint8)
        self._numbers: dict[int, int] = {}
        self._entries = np.full(_NARROW, KNOWN, np.uint32)
        self._entries[_JOINT] |= IGNORED
        self._entries[_INNER_POINT] |= WORD | ord(".")
        self._sums = np.empty(0, np.uint64)
        self._lock = Lock()

    def codes_of(self, text: str) -> Codes:
        """Return the code of each code point, and some behind the end, shape (codes,), uint8.

        Where one is `HARD`, words cannot be told by codes.
        """
        text += _BEHIND
        try:
            narrow = bytearray(text, "latin-1")
        except UnicodeEncodeError:
            return looked_up(text, self._codes, self._learn)
        codes = np.frombuffer(narrow.translate(self._codes[:_NARROW].tobytes()), np.uint8)
        return codes if codes.min() else looked_up(text, self._codes, self._learn)

    def words_of(self, codes: Codes) -> Spelled:
        """Return the words of a text.

        Args:
            codes: As of `codes_of`, none of them hard; overwritten.
        """
        odd = _joined(codes)
        inside = np.zeros(len(codes) + 1, np.bool_)
        np.greater_equal(codes, _JOINT, out=inside[1:])
        edges = np.flatnonzero(inside[1:] != inside[:-1])
        starts, ends = edges[::2].copy(), edges[1::2]
        lengths = ends - starts
        longer = np.flatnonzero(lengths > _BYTES)
        hashes = self._looked_up(codes, starts, lengths, longer)
        odd = np.searchsorted(starts, odd, side="right") - 1
        rest = distinct(np.concatenate((odd, longer[lengths[longer] > _LONGEST])))
        if len(rest):
            hashes[rest] = self._hashed(codes, starts[rest], lengths[rest])
        return Spelled(hashes, starts, ends)

    def _looked_up(
        self, codes: Codes, starts: _Places, lengths: _Places, longer: _Places
    ) -> UInt64s:
        """Return the hashes of words of up to sixteen plain letters, and anything for others."""
        eights = np.ndarray(len(codes) - _BYTES + 1, "<u8", codes.data, strides=(1,))
        # laid out and then looked up, which is faster where so many are asked for
        sums = self._weighed(eights.take(starts, mode="clip"), lengths)
        more = self._weighed(eights[starts[longer] + _BYTES], lengths[longer] - _BYTES)
        more *= powers(_BYTES + 1)[_BYTES]
        sums[longer] += more
        return fmix64(sums)

    def _weighed(self, eights: UInt64s, lengths: _Places) -> UInt64s:
        """Return the sums of the first letters of eight, each by its weight."""
        eights &= _MASKS.take(lengths, mode="clip")
        pairs = eights.view("<u2").reshape(-1, _BYTES // 2).T.astype(np.intp, order="C")
        sums: UInt64s = self._sums[0].take(pairs[0], mode="clip")
        for table, pair in zip(self._sums[1:], pairs[1:], strict=True):
            sums += table.take(pair, mode="clip")
        return sums

    def _hashed(self, codes: Codes, starts: _Places, lengths: _Places) -> UInt64s:
        """Return the hashes of any words, each with what parts it from the next."""
        entries, _ = in_full(self._entries[codes[ranges(starts, lengths + 1)]])
        return span_hashes(entries, *spans_of(entries))

    def _learn(self, code_points: npt.NDArray[np.uint32]) -> None:
        with self._lock:
            new = distinct(code_points)
            codes = [self._code(int(entries_of(chr(one))[0])) for one in new.tolist()]
            folded = (self._entries & np.uint32(FOLDED)).astype(np.uint64)
            weights = powers(_BYTES)
            pairs = folded + folded[:, None] * weights[1]
            self._sums = pairs.ravel() * weights[::2, None]
            self._codes[new] = codes  # once all that they lead to is there

    def _code(self, entry: int) -> int:
        folded = entry & FOLDED
        if entry & (COMBINES | IGNORED | SIGN):
            return HARD
        if entry & (HYPHEN | POINT):
            return _HYPHEN if entry & HYPHEN else _POINT
        if entry & EXPANDS:
            all_letters = all(map(_is_letter, TABLE.expansions[folded].tolist()))
            return self._numbered(entry, _SEVERAL, _CODES) if all_letters else HARD
        if not entry & WORD:
            return _GAP
        if _is_letter(entry):
            of_few = any(low <= folded < high for low, high in _ALPHABETS)
            return self._numbered(entry, _LETTER, _SEVERAL) if of_few else HARD
        code = _ZERO + folded - ord("0")
        self._entries[code] = entry
        return code

    def _numbered(self, entry: int, first: int, end: int) -> int:
        """Return the code of a letter, one of those that are left if it was not met."""
        if entry not in self._numbers:
            code = first + sum(first <= code < end for code in self._numbers.values())
            if code == end:
                return HARD
            self._numbers[entry] = code
            self._entries[code] = entry
        return self._numbers[entry]


def _is_letter(entry: int) -> bool:
    return bool(entry & WORD) and not ord("0") <= entry & FOLDED <= ord("9")


def _joined(codes: Codes) -> _Places:
    """Make hyphens between two letters, and points between two digits, part of words.

    Returns:
        The places of those hyphens, and of letters that expand.
    """
    hyphens = np.flatnonzero(codes == _HYPHEN)
    joints = hyphens[(codes[hyphens - 1] >= _LETTER) & (codes[hyphens + 1] >= _LETTER)]
    digits = codes - np.uint8(_ZERO) < _LETTER - _ZERO
    points = np.flatnonzero(digits[:-2] & digits[2:] & (codes[1:-1] == _POINT)) + 1
    codes[joints], codes[points] = _JOINT, _INNER_POINT
    if codes.max() < _SEVERAL:
        return joints
    return np.concatenate((joints, np.flatnonzero(codes >= _SEVERAL)))


ALPHABET = Alphabet()
