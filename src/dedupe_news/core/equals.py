"""Which paragraphs of two articles have the same wording and marks."""

from collections.abc import Container, Hashable, Iterable, Iterator, Sequence
from itertools import product

from dedupe_news.core.reading import Page

__all__ = ["CAPS", "PAIRS", "Fixed", "equal_pairs"]

PAIRS = 1 << 21
"""Pairs of places that are counted at once."""

CAPS = (1 << 40, 4096, 256, 16, 4)
"""Pairs that what recurs may form: the first of these with which all pairs stay below."""

Fixed = tuple[Container[int], Container[int]]
"""Positions on the left and on the right that take no part."""

_Crowd = tuple[list[int], list[int]]
"""Positions of equal paragraphs, of which several are on one side."""


def equal_pairs(left: Page, right: Page, fixed: Fixed) -> list[tuple[int, int]]:
    """Return pairs of paragraphs with the same wording and marks, by position.

    Of a paragraph that recurs very often, not all pairs are returned, but its first with the
    first of the other side, its second with the second, and so on.

    Args:
        left: One article.
        right: The other.
        fixed: What takes no part.
    """
    pairs: list[tuple[int, int]] = []
    crowds: list[_Crowd] = []
    for wording, lefts in left.places.items():
        rights = right.places.get(wording)
        if rights is None:
            continue
        if len(lefts) == len(rights) == 1:
            (a,), (b,) = lefts, rights
            if a not in fixed[0] and b not in fixed[1] and _has_same_marks(left, a, right, b):
                pairs.append((a, b))
        else:
            crowds += _crowds((left, right), (lefts, rights), fixed)
    return sorted(pairs + _pairs_within(crowds, len(pairs)))


def _has_same_marks(left: Page, a: int, right: Page, b: int) -> bool:
    return left.texts[a] == right.texts[b] or left.key(a) == right.key(b)


def _crowds(
    pages: tuple[Page, Page], places: tuple[Iterable[int], Iterable[int]], fixed: Fixed
) -> Iterator[_Crowd]:
    """Yield the paragraphs of one wording, those with the same marks together."""
    found: dict[Hashable, _Crowd] = {}
    for side in (0, 1):
        for place in places[side]:
            if place not in fixed[side]:
                found.setdefault(pages[side].key(place), ([], []))[side].append(place)
    return (crowd for crowd in found.values() if all(crowd))


def _pairs_within(crowds: Sequence[_Crowd], others: int) -> list[tuple[int, int]]:
    """Return the pairs that crowds form, fewer of them where that would be very many.

    Args:
        crowds: Equal paragraphs.
        others: How many pairs there are beside.
    """
    sizes = [len(lefts) * len(rights) for lefts, rights in crowds]
    caps = (cap for cap in CAPS if others + sum(size for size in sizes if size <= cap) <= PAIRS)
    cap = next(caps, 1)
    pairs: list[tuple[int, int]] = []
    for size, (lefts, rights) in zip(sizes, crowds, strict=True):
        pairs += product(lefts, rights) if size <= cap else zip(lefts, rights, strict=False)
    return pairs
