"""Where words lie among the entries of a table of signs, and their hashes.

The general way, for every script: several steps over each sign. Alphabets have a shorter one.
"""

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s, fmix64, powers
from dedupe_news.core.signs import (
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
)

__all__ = ["in_full", "span_hashes", "spans_of"]

Entries = npt.NDArray[np.uint32]


def in_full(entries: Entries) -> tuple[Entries, npt.NDArray[np.int64] | None]:
    """Return entries with those that expand replaced, and without those that are ignored.

    Args:
        entries: Shape (signs,), uint32; those of points may be overwritten.

    Returns:
        Entries, and where each stood, shape (entries,) both; None in place of the latter if
        none is left out or put in.
    """
    places: npt.NDArray[np.int64] | None = None
    if int(np.bitwise_or.reduce(entries, initial=0)) & EXPANDS:
        entries, places = _expanded(entries)
    ignored = _ignored(entries)
    if len(ignored):
        kept = np.ones(len(entries), np.bool_)
        kept[ignored] = False
        entries = entries[kept]
        places = np.flatnonzero(kept) if places is None else places[kept]
    return entries, places


def spans_of(entries: Entries) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where words start and end (exclusive), shape (words,) each, int64."""
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


def span_hashes(
    entries: Entries, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]
) -> UInt64s:
    """Return the hash of each word, shape (words,), uint64.

    Source: prefix sums of a polynomial over code points, as in Karp and Rabin, "Efficient
        randomized pattern-matching algorithms" (1987), finalised by `fmix64`.
    """
    weighed = (entries & FOLDED).astype(np.uint64)
    weighed *= powers(len(entries))
    sums = np.zeros(len(entries) + 1, np.uint64)
    np.cumsum(weighed, out=sums[1:])
    return fmix64((sums[ends] - sums[starts]) * powers(len(entries), inverse=True)[starts])


def _ignored(entries: Entries) -> npt.NDArray[np.int64]:
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


def _is_letter(entries: Entries) -> npt.NDArray[np.bool_]:
    letters: npt.NDArray[np.bool_] = (entries & WORD) != 0
    return letters & ~_is_digit(entries)


def _is_digit(entries: Entries) -> npt.NDArray[np.bool_]:
    folded = entries & FOLDED
    digits: npt.NDArray[np.bool_] = (folded >= ord("0")) & (folded <= ord("9"))
    return digits


def _expanded(
    entries: Entries,
) -> tuple[Entries, npt.NDArray[np.int64]]:
    """Return entries with each that expands replaced, and the place each came from."""
    wide = np.flatnonzero(entries & EXPANDS)
    replacements = [TABLE.expansions[int(entry) & FOLDED] for entry in entries[wide]]
    repeats = np.ones(len(entries), np.int64)
    repeats[wide] = [len(replacement) for replacement in replacements]
    places = np.repeat(np.arange(len(entries)), repeats)
    result = entries[places]
    result[(result & EXPANDS) != 0] = np.concatenate(replacements)
    return result, places
