"""Which paragraphs of two long articles share enough to be looked at, counted in arrays."""

from collections.abc import Container
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.equals import CAPS, PAIRS, Fixed
from dedupe_news.core.ragged import Ragged, ranges
from dedupe_news.core.reading import Page
from dedupe_news.core.shingles import shingles_of

__all__ = ["LEAST_SHARE", "MOST_PARTNERS", "Likeness", "likes_in_bulk"]

LEAST_SHARE = 0.2
"""Of the stretches of the shorter paragraph, for two paragraphs to be like each other."""

MOST_PARTNERS = 8
"""Of one paragraph."""

_ALL_PARTNERS = 1 << 16  # of all paragraphs of an article together

_LEFT_ONLY, _RIGHT_ONLY = 1, 2  # in place of the hash of a word that stands on one page alone

Codes = npt.NDArray[np.uint64]
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

    def swapped(self) -> "Likeness":
        """Return the same as seen from the other side."""
        return Likeness(self.right, self.left, self.right_share, self.left_share)


def likes_in_bulk(left: Page, right: Page, fixed: Fixed, size: int) -> list[Likeness]:
    """Return pairs of paragraphs that share enough to be looked at, by position.

    Args:
        left: One article.
        right: The other.
        fixed: What takes no part.
        size: Of a stretch, in words.
    """
    shared = np.intersect1d(left.hashes.values, right.hashes.values)
    lefts = _stretches(left, shared, fixed[0], size, _LEFT_ONLY)
    rights = _stretches(right, shared, fixed[1], size, _RIGHT_ONLY)
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

    codes: Codes
    starts: Ints
    counts: Ints
    rows: Ints


def _indexed(codes: Codes, rows: Ints) -> _Index:
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


def _stretches(page: Page, shared: Codes, skip: Container[int], size: int, alone: int) -> _Index:
    """Return the stretches of words of all paragraphs.

    A paragraph of fewer words than a stretch has is a stretch of its own. Words that are not
    shared are all the same, and other than those of the other page.
    """
    codes = page.hashes.values
    if len(shared):
        near = np.minimum(np.searchsorted(shared, codes), len(shared) - 1)
        codes = np.where(shared[near] == codes, codes, np.uint64(alone))
    stretches = shingles_of(Ragged(codes, page.hashes.offsets), size)
    rows = stretches.rows
    kept = np.array([place not in skip for place in range(len(page))], np.bool_)[rows]
    return _indexed(stretches.values[kept], rows[kept])


def _joined(left: _Index, right: _Index) -> tuple[Ints, Ints]:
    """Return the pairs of rows that have a code in common, once for each such code."""
    _, a, b = np.intersect1d(left.codes, right.codes, assume_unique=True, return_indices=True)
    heights, widths = left.counts[a], right.counts[b]
    products = heights * widths
    cap = next((cap for cap in CAPS if products[products <= cap].sum() <= PAIRS), 1)
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
    rows: Ints, columns: Ints, shares: npt.NDArray[np.float64], left: Page, right: Page
) -> Ints:
    """Return the indices of pairs worth a look: a paragraph's best, those near in place first."""
    away = np.abs(rows / max(len(left), 1) - columns / max(len(right), 1))
    order = np.lexsort((away, -shares))
    order = order[shares[order] >= LEAST_SHARE]
    most = max(1, min(MOST_PARTNERS, _ALL_PARTNERS // max(len(left), len(right), 1)))
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
