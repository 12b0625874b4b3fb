"""Which paragraphs of two articles could be the same: found without comparing all with all.

Paragraphs that share short stretches of words are looked at, those that share most first.
The number of pairs grows with the number of paragraphs, never with its square.
"""

from collections.abc import Container
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.ragged import ranges
from dedupe_news.core.reading import Side
from dedupe_news.core.word_diff import stretch_hashes

__all__ = ["Likeness", "equal_pairs", "like_pairs"]

_LEAST_SHARE = 0.2  # of the stretches of the shorter paragraph
_PAIRS = 1 << 21  # pairs of places that are counted at once
_CAPS = (1 << 40, 4096, 256, 16, 4)  # pairs that one stretch may form, while all stay below
_MOST_PARTNERS = 8  # of one paragraph
_ALL_PARTNERS = 1 << 16  # of all paragraphs of an article together

Ints = npt.NDArray[np.int64]


class Likeness(NamedTuple):
    """Two paragraphs that share stretches of words.

    Attributes:
        left: Position of the one.
        right: Position of the other.
        left_share: Share of the stretches of the left one that stand in the right one.
        right_share: The reverse.
    """

    left: int
    right: int
    left_share: float
    right_share: float


def equal_pairs(
    left: Side, right: Side, fixed: tuple[Container[int], Container[int]]
) -> list[tuple[int, int]]:
    """Return pairs of paragraphs with the same wording, by position.

    Of a paragraph that recurs very often, not all pairs are returned, but its first with the
    first of the other side, its second with the second, and so on.

    Args:
        left: One article.
        right: The other.
        fixed: Positions on either side that take no part.
    """
    rows = [
        np.array([place for place in range(len(side)) if place not in skip], np.int64)
        for side, skip in zip((left, right), fixed, strict=True)
    ]
    codes = [
        np.array(side.keys, np.uint64)[places]
        for side, places in zip((left, right), rows, strict=True)
    ]
    pairs = _joined(codes[0], rows[0], codes[1], rows[1])
    return sorted(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True))


def like_pairs(
    left: Side, right: Side, fixed: tuple[Container[int], Container[int]]
) -> list[Likeness]:
    """Return pairs of paragraphs that share enough to be looked at, by position.

    Args:
        left: One article.
        right: The other.
        fixed: Positions on either side that take no part.
    """
    size = 2 * left.scale
    left_codes, left_rows = _stretches(left, size, fixed[0])
    right_codes, right_rows = _stretches(right, size, fixed[1])
    rows, columns = _joined(left_codes, left_rows, right_codes, right_rows)
    cells, shared = np.unique(rows * len(right) + columns, return_counts=True)
    rows, columns = np.divmod(cells, max(len(right), 1))
    left_share = shared / np.bincount(left_rows, minlength=len(left))[rows]
    right_share = shared / np.bincount(right_rows, minlength=len(right))[columns]
    best = _best(rows, columns, np.maximum(left_share, right_share), left, right)
    found = (rows, columns, left_share, right_share)
    return [Likeness(*pair) for pair in zip(*(part[best].tolist() for part in found), strict=True)]


def _stretches(side: Side, size: int, skip: Container[int]) -> tuple[npt.NDArray[np.uint64], Ints]:
    """Return each distinct stretch of each paragraph, and the paragraph, both shape (n,).

    A paragraph of fewer words than a stretch has is a stretch of its own.
    """
    padding = "\0" * (size - 1)
    words = [
        "" if place in skip or not words else words + padding
        for place, words in enumerate(side.words)
    ]
    hashes = stretch_hashes("".join(words), size)
    lengths = np.array([len(padded) for padded in words], np.int64)
    rows = np.repeat(np.arange(len(words)), lengths)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    lasts = np.maximum(starts + 1, ends - 2 * (size - 1))  # exclusive, of complete stretches
    places = np.arange(len(hashes))
    whole = places < lasts[rows[: len(hashes)]]
    codes, rows = hashes[whole], rows[: len(hashes)][whole]
    order = np.lexsort((rows, codes))
    codes, rows = codes[order], rows[order]
    first = np.ones(len(codes), np.bool_)
    first[1:] = (codes[1:] != codes[:-1]) | (rows[1:] != rows[:-1])
    return codes[first], rows[first]


def _joined(
    left_codes: npt.NDArray[np.uint64],
    left_rows: Ints,
    right_codes: npt.NDArray[np.uint64],
    right_rows: Ints,
) -> tuple[Ints, Ints]:
    """Return the pairs of rows that have a code in common, once for each such code."""
    left = _groups(left_codes, left_rows)
    right = _groups(right_codes, right_rows)
    _, a, b = np.intersect1d(left[0], right[0], assume_unique=True, return_indices=True)
    left_starts, left_counts, left_sorted = left[1][a], left[2][a], left[3]
    right_starts, right_counts, right_sorted = right[1][b], right[2][b], right[3]
    products = left_counts * right_counts
    cap = next((cap for cap in _CAPS if products[products <= cap].sum() <= _PAIRS), 1)
    few = products <= cap
    steps = ranges(np.zeros(int(few.sum()), np.int64), products[few])
    width = np.repeat(right_counts[few], products[few])
    rows = left_sorted[np.repeat(left_starts[few], products[few]) + steps // width]
    columns = right_sorted[np.repeat(right_starts[few], products[few]) + steps % width]
    both = np.minimum(left_counts, right_counts)[~few]
    many_rows = left_sorted[ranges(left_starts[~few], both)]
    many_columns = right_sorted[ranges(right_starts[~few], both)]
    return np.concatenate((rows, many_rows)), np.concatenate((columns, many_columns))


def _groups(
    codes: npt.NDArray[np.uint64], rows: Ints
) -> tuple[npt.NDArray[np.uint64], Ints, Ints, Ints]:
    """Return distinct codes, where their rows start, how many they are, and all rows."""
    order = np.lexsort((rows, codes))
    distinct, starts, counts = np.unique(codes[order], return_index=True, return_counts=True)
    return distinct, starts, counts, rows[order]


def _best(
    rows: Ints, columns: Ints, shares: npt.NDArray[np.float64], left: Side, right: Side
) -> Ints:
    """Return the indices of pairs worth a look: a paragraph's best, those near in place first."""
    away = np.abs(rows / max(len(left), 1) - columns / max(len(right), 1))
    order = np.lexsort((away, -shares))
    order = order[shares[order] >= _LEAST_SHARE]
    most = max(1, min(_MOST_PARTNERS, _ALL_PARTNERS // max(len(left), len(right), 1)))
    good = np.zeros(len(rows), np.bool_)
    for owners in (rows, columns):
        good[order[_rank(owners[order]) < most]] = True
    return np.flatnonzero(good)


def _rank(owners: Ints) -> Ints:
    """Return how many times the same owner stood before each place."""
    order = np.argsort(owners, kind="stable")
    _, starts, counts = np.unique(owners[order], return_index=True, return_counts=True)
    ranks = np.empty(len(owners), np.int64)
    ranks[order] = np.arange(len(owners)) - np.repeat(starts, counts)
    return ranks
