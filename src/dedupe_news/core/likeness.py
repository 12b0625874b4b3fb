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

__all__ = ["Fixed", "Likeness", "equal_pairs", "like_pairs"]

_LEAST_SHARE = 0.2  # of the stretches of the shorter paragraph
_PAIRS = 1 << 21  # pairs of places that are counted at once
_CAPS = (1 << 40, 4096, 256, 16, 4)  # pairs that one stretch may form, while all stay below
_MOST_PARTNERS = 8  # of one paragraph
_ALL_PARTNERS = 1 << 16  # of all paragraphs of an article together

Ints = npt.NDArray[np.int64]
Fixed = tuple[Container[int], Container[int]]
"""Positions on the left and on the right that take no part."""


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


def equal_pairs(left: Side, right: Side, fixed: Fixed) -> list[tuple[int, int]]:
    """Return pairs of paragraphs with the same wording, by position.

    Of a paragraph that recurs very often, not all pairs are returned, but its first with the
    first of the other side, its second with the second, and so on.

    Args:
        left: One article.
        right: The other.
        fixed: What takes no part.
    """
    rows, columns = _joined(_keys(left, fixed[0]), _keys(right, fixed[1]))
    return sorted(zip(rows.tolist(), columns.tolist(), strict=True))


def like_pairs(left: Side, right: Side, fixed: Fixed) -> list[Likeness]:
    """Return pairs of paragraphs that share enough to be looked at, by position.

    Args:
        left: One article.
        right: The other.
        fixed: What takes no part.
    """
    lefts, rights = _stretches(left, fixed[0]), _stretches(right, fixed[1])
    rows, columns = _joined(lefts, rights)
    cells, shared = np.unique(rows * len(right) + columns, return_counts=True)
    rows, columns = np.divmod(cells, max(len(right), 1))
    left_share = shared / np.bincount(lefts.rows, minlength=len(left))[rows]
    right_share = shared / np.bincount(rights.rows, minlength=len(right))[columns]
    best = _best(rows, columns, np.maximum(left_share, right_share), left, right)
    found = (rows, columns, left_share, right_share)
    return [Likeness(*pair) for pair in zip(*(part[best].tolist() for part in found), strict=True)]


class _Index(NamedTuple):
    """In which paragraphs each code stands, once for each: `rows` from a start, so many."""

    codes: npt.NDArray[np.uint64]
    starts: Ints
    counts: Ints
    rows: Ints


def _indexed(codes: npt.NDArray[np.uint64], rows: Ints) -> _Index:
    """Return codes, shape (n,), by what they are; `rows`, the same shape, must not fall."""
    order = np.argsort(codes, kind="stable")
    codes, rows = codes[order], rows[order]
    news = np.ones(len(codes), np.bool_)
    news[1:] = codes[1:] != codes[:-1]
    once = news.copy()
    once[1:] |= rows[1:] != rows[:-1]
    codes, rows = codes[once], rows[once]
    starts = np.flatnonzero(news[once])
    return _Index(codes[starts], starts, np.diff(starts, append=len(codes)), rows)


def _keys(side: Side, skip: Container[int]) -> _Index:
    rows = [place for place in range(len(side)) if place not in skip]
    codes = np.array([side.keys[place] for place in rows], np.uint64)
    return _indexed(codes, np.array(rows, np.int64))


def _stretches(side: Side, skip: Container[int]) -> _Index:
    """Return the stretches of words of all paragraphs.

    A paragraph of fewer words than a stretch has is a stretch of its own.
    """
    size = 2 * side.scale
    padding = "\0" * (size - 1)
    words = [
        "" if place in skip or not words else words + padding
        for place, words in enumerate(side.words)
    ]
    hashes = stretch_hashes("".join(words), size)
    lengths = np.array([len(padded) for padded in words], np.int64)
    ends = np.cumsum(lengths)
    lasts = np.maximum(ends - lengths + 1, ends - 2 * (size - 1))  # exclusive, of whole ones
    rows = np.repeat(np.arange(len(words)), lengths)[: len(hashes)]
    whole = np.arange(len(hashes)) < lasts[rows]
    return _indexed(hashes[whole], rows[whole])


def _joined(left: _Index, right: _Index) -> tuple[Ints, Ints]:
    """Return the pairs of rows that have a code in common, once for each such code."""
    _, a, b = np.intersect1d(left.codes, right.codes, assume_unique=True, return_indices=True)
    heights, widths = left.counts[a], right.counts[b]
    products = heights * widths
    cap = next((cap for cap in _CAPS if products[products <= cap].sum() <= _PAIRS), 1)
    few, many = products <= cap, products > cap
    steps = ranges(np.zeros(int(few.sum()), np.int64), products[few])
    width = np.repeat(widths[few], products[few])
    both = np.minimum(heights, widths)[many]
    rows = np.concatenate(
        (
            np.repeat(left.starts[a][few], products[few]) + steps // width,
            ranges(left.starts[a][many], both),
        )
    )
    columns = np.concatenate(
        (
            np.repeat(right.starts[b][few], products[few]) + steps % width,
            ranges(right.starts[b][many], both),
        )
    )
    return left.rows[rows], right.rows[columns]


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
