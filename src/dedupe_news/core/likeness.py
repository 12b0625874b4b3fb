"""Which paragraphs of two articles could be the same: found without comparing all with all.

Paragraphs that share short stretches of words are looked at, those that share most first.
The number of pairs grows with the number of paragraphs, never with its square. A few paragraphs
are compared one by one, many in arrays (see `likeness_in_bulk.py`): the pairs are the same.
"""

from collections import Counter
from collections.abc import Container, Hashable, Iterable, Sequence

from dedupe_news.core.equals import PAIRS, Fixed
from dedupe_news.core.likeness_in_bulk import LEAST_SHARE, MOST_PARTNERS, Likeness, likes_in_bulk
from dedupe_news.core.reading import Page, scale_of

__all__ = ["Likeness", "like_pairs"]

_FEW = 2048  # comparisons of two paragraphs, up to which arrays would take longer to make

_Places = Sequence[int]
_Pairs = Sequence[tuple[int, int]]


def like_pairs(left: Page, right: Page, fixed: Fixed, certain: _Pairs = ()) -> list[Likeness]:
    """Return pairs of paragraphs that share enough to be looked at, by position.

    Args:
        left: One article.
        right: The other.
        fixed: What takes no part.
        certain: Pairs of equal paragraphs that have no other equal. No pair with one of them
            is returned, though each may be among the few that a paragraph is most like.
    """
    rows = _open(left, fixed[0], {a for a, _ in certain})
    columns = _open(right, fixed[1], {b for _, b in certain})
    if not rows or not columns:
        return []
    size = 2 * scale_of(left, right)
    if _are_few(left, right, rows, columns, certain):
        return _likes_one_by_one((left, right), (rows, columns), size, certain)
    wanted = set(rows), set(columns)
    likes = likes_in_bulk(left, right, fixed, size)
    return [like for like in likes if like.left in wanted[0] and like.right in wanted[1]]


def _open(side: Page, fixed: Container[int], settled: Container[int]) -> list[int]:
    """Return the paragraphs with words whose partner is not known."""
    return [
        place
        for place, length in enumerate(side.lengths)
        if length and place not in settled and place not in fixed
    ]


def _are_few(left: Page, right: Page, rows: _Places, columns: _Places, certain: _Pairs) -> bool:
    """Whether to compare one by one: what recurs often must not count for less there."""
    comparisons = len(rows) * len(columns) + len(certain) * (len(rows) + len(columns))
    return comparisons <= _FEW and left.offsets[-1] * len(right) <= PAIRS


def _likes_one_by_one(
    pages: tuple[Page, Page], places: tuple[_Places, _Places], size: int, certain: _Pairs
) -> list[Likeness]:
    left = _Part(pages[0], pages[1], places[0], size)
    right = _Part(pages[1], pages[0], places[1], size)
    likes = [
        Likeness(a, b, shared / left.count(a), shared / right.count(b))
        for a, one in left.stretches.items()
        for b, other in right.stretches.items()
        if (shared := len(one & other))
        and shared / min(left.least[a], right.least[b]) >= LEAST_SHARE
    ]
    likes = [like for like in likes if like.share >= LEAST_SHARE]
    if not likes or min(map(len, places)) + len(certain) <= MOST_PARTNERS:
        return likes
    crowding = _settled_likes(left, {like.left for like in likes}, certain)
    swapped = _settled_likes(right, {like.right for like in likes}, [(b, a) for a, b in certain])
    crowding += [like.swapped() for like in swapped]
    return _best(likes, crowding, (len(pages[0]), len(pages[1])))


class _Part:
    """Some paragraphs of a page beside another.

    Attributes:
        page: The page.
        size: Of a stretch, in words.
        stretches: Those of each paragraph, by its position.
        least: How many stretches each paragraph has at least, when they are counted.
    """

    def __init__(self, page: Page, other: Page, places: _Places, size: int) -> None:
        self.page = page
        self.size = size
        self._other = other.vocabulary
        self._counts: dict[int, int] = {}
        self.stretches = {place: page.stretches(place, size) for place in places}
        self.least = {
            place: max(len(self._other.intersection(page.words(place))) - size + 1, 1)
            for place in places
        }

    def count(self, place: int) -> int:
        """Return how many different stretches a paragraph has.

        Words that the other page has not all count as one and the same: of what came new, it
        does not matter how much it is.
        """
        if place not in self._counts:
            words = [word if word in self._other else None for word in self.page.words(place)]
            if None not in words or len(words) < self.size:
                self._counts[place] = len(self.stretches[place])
            else:
                shifted = (words[step:] for step in range(self.size))
                self._counts[place] = len(set(zip(*shifted, strict=False)))
        return self._counts[place]


def _settled_likes(part: _Part, places: Iterable[int], certain: _Pairs) -> list[Likeness]:
    """Return what settled paragraphs some are like, with one share for both.

    Args:
        part: The paragraphs of one page.
        places: Which of them.
        certain: Settled pairs, that of this page first. Both of a pair have the same words,
            so that one tells what is shared with the other.
    """
    holders: dict[Hashable, list[int]] = {}
    for open_ in places:
        for stretch in part.stretches[open_]:
            holders.setdefault(stretch, []).append(open_)
    held = holders.keys()
    likes = []
    for place, partner in certain:
        settled = part.page.stretches(place, part.size)
        shared = Counter([open_ for stretch in held & settled for open_ in holders[stretch]])
        for open_, count in shared.items():
            share = count / min(part.count(open_), len(settled))
            if share >= LEAST_SHARE:
                likes.append(Likeness(open_, partner, share, 0.0))
    return likes


def _best(
    likes: Sequence[Likeness], crowding: Sequence[Likeness], lengths: tuple[int, int]
) -> list[Likeness]:
    """Return the pairs worth a look: a paragraph's best, those near in place first.

    Args:
        likes: Pairs to choose from.
        crowding: Other pairs of the same paragraphs; one share of them is enough.
        lengths: How many paragraphs the articles have.
    """
    standing = Counter[tuple[int, int]]()
    best = set()
    for like in sorted([*likes, *crowding], key=lambda like: _rank(like, lengths)):
        row, column = (0, like.left), (1, like.right)
        if min(standing[row], standing[column]) < MOST_PARTNERS:
            best.add((like.left, like.right))
        standing[row] += 1
        standing[column] += 1
    return [like for like in likes if (like.left, like.right) in best]


def _rank(like: Likeness, lengths: tuple[int, int]) -> tuple[float, float, int, int]:
    away = abs(like.left / lengths[0] - like.right / lengths[1])
    return -like.share, away, like.left, like.right
