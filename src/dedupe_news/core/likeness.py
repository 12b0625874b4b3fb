"""Which paragraphs of two articles could be the same: found without comparing all with all.

Paragraphs that share short stretches of words are looked at, those that share most first.
The number of pairs grows with the number of paragraphs, never with its square.
"""

from collections import Counter
from collections.abc import Container, Sequence

import numpy as np

from dedupe_news.core.equals import PAIRS, Fixed
from dedupe_news.core.kernel import KERNEL, Kernel
from dedupe_news.core.likeness_in_bulk import LEAST_SHARE, MOST_PARTNERS, Likeness, likes_in_bulk
from dedupe_news.core.reading import Page, scale_of

__all__ = ["Likeness", "like_pairs"]

_FIXED, _OPEN, _SETTLED = 0, 1, 2  # what a paragraph is to the kernel
_FEW = 1 << 20  # pairs of paragraphs up to which the kernel counts what each shares

_Likes = list[tuple[int, int, int, int, int]]
"""Two paragraphs, how many stretches they share, and how many each has."""


def like_pairs(
    left: Page, right: Page, fixed: Fixed, certain: Sequence[tuple[int, int]] = ()
) -> list[Likeness]:
    """Return pairs of paragraphs that share enough to be looked at, by position.

    Args:
        left: One article.
        right: The other.
        fixed: What takes no part.
        certain: Pairs of equal paragraphs that have no other equal. No pair with one of them
            is returned, though each may be among the few that a paragraph is most like.
    """
    lefts = _parts(left, fixed[0], {a for a, _ in certain})
    rights = _parts(right, fixed[1], {b for _, b in certain})
    if _OPEN not in lefts or _OPEN not in rights:
        return []
    size = 2 * scale_of(left, right)
    found = None
    if KERNEL is not None and len(left) * len(right) <= _FEW:
        found = _counted(KERNEL, (left, right), (lefts, rights), size)
    if found is None:
        likes = likes_in_bulk(left, right, fixed, size)
        return [like for like in likes if lefts[like.left] == rights[like.right] == _OPEN]
    return [
        Likeness(a, b, shared / height, shared / width)
        for a, b, shared, height, width in found
        if lefts[a] == rights[b] == _OPEN
    ]


def _parts(page: Page, fixed: Container[int], settled: Container[int]) -> bytes:
    """Return what each paragraph is; one without words has no part in this either."""
    return bytes(
        _FIXED if not length or place in fixed else _SETTLED if place in settled else _OPEN
        for place, length in enumerate(page.lengths)
    )


def _counted(
    kernel: Kernel, pages: tuple[Page, Page], parts: tuple[bytes, bytes], size: int
) -> _Likes | None:
    """Return the best pairs, by position, or None if there are too many to choose from."""
    room = np.empty((2 * MOST_PARTNERS * sum(map(len, pages)), 5), np.int64)
    left, right = (page.hashes for page in pages)
    sides = left.values, left.offsets, parts[0], right.values, right.offsets, parts[1]
    count, crowded = kernel.likes(*sides, size, MOST_PARTNERS, PAIRS, LEAST_SHARE, room)
    if count < 0:
        return None
    found: _Likes = sorted(map(tuple, room[:count].tolist()))
    return _best(found, (len(pages[0]), len(pages[1]))) if crowded else found


def _best(found: _Likes, lengths: tuple[int, int]) -> _Likes:
    """Return the pairs worth a look: a paragraph's best, those near in place first."""
    standing = Counter[tuple[str, int]]()
    best = []
    for like in sorted(found, key=lambda like: _rank(like, lengths)):
        row, column = ("left", like[0]), ("right", like[1])
        if min(standing[row], standing[column]) < MOST_PARTNERS:
            best.append(like)
        standing[row] += 1
        standing[column] += 1
    return sorted(best)


def _rank(like: tuple[int, int, int, int, int], lengths: tuple[int, int]) -> tuple[float, ...]:
    a, b, shared, height, width = like
    away = abs(a / lengths[0] - b / lengths[1])
    return -shared / min(height, width), away, a, b
