"""Which paragraphs of one article became which of the other.

First the heaviest set of pairs in which nothing crosses: where a paragraph recurs, order
decides and not luck. What is left may have moved. What is left then, between two paragraphs
that stayed, may have been misread letter by letter. The rest was added or removed.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from operator import itemgetter

from rapidfuzz import fuzz

from dedupe_news.core.equals import Fixed
from dedupe_news.core.pairs import Pair, candidates, same_pair
from dedupe_news.core.reading import Page, scale_of
from dedupe_news.core.word_diff import equal_blocks, kept_words

__all__ = ["heaviest_chain", "pair_paragraphs"]

_MOVED_WORDS = 4  # in common, at least, for a paragraph that was changed and moved
_MISREAD = 75  # likeness letter by letter, in per cent
_MISREAD_PAIRS = 1024  # compared so in one gap; beyond, only those of about the same place
_MISREAD_SIGNS = 10**8  # product of two lengths; longer paragraphs share words or nothing


def pair_paragraphs(left: Page, right: Page, fixed: Fixed) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs of two articles: those that stayed in order, and those that moved.

    A paragraph is in one pair at most.

    Args:
        left: One article.
        right: The other.
        fixed: What takes no part.
    """
    found = candidates(left, right, fixed)
    free = _Free(left, right, fixed)
    stayed = free.take(heaviest_chain(found))
    for gap in free.gaps(stayed):
        stayed += free.take(_recurring(left, right, *gap))
    moved = free.take(sorted(_movable(left, right, free.of(found)), key=_rank))
    for gap in free.gaps(stayed):
        stayed += free.take(heaviest_chain(_misread(left, right, *gap)))
    return stayed, moved


def heaviest_chain(pairs: Iterable[Pair]) -> list[Pair]:
    """Return pairs in which nothing crosses or overlaps, with the greatest sum of weights.

    Of chains with equal sums it is the one that was complete first, by position.

    Args:
        pairs: In any order.

    Source: sparse dynamic programming, as in Eppstein, Galil, Giancarlo, Italiano, "Sparse
        dynamic programming I" (1992).
    """
    opening = sorted(pairs, key=itemgetter(0, 1))
    if all(map(_follows, opening[1:], opening)):
        return opening
    closing = sorted(range(len(opening)), key=lambda index: opening[index].left[-1])
    best = _Staircase()
    sums: list[float] = []
    before: list[int] = []
    closed = 0
    for pair in opening:
        while opening[closing[closed]].left[-1] < pair.left[0]:  # before itself, at last
            index = closing[closed]
            best.put(opening[index].right[-1] + 1, sums[index], index)
            closed += 1
        total, owner = best.at(pair.right[0])
        sums.append(total + pair.weight)
        before.append(owner)
    last = max(range(len(sums)), key=sums.__getitem__, default=-1)
    chain = []
    while last >= 0:
        chain.append(opening[last])
        last = before[last]
    return chain[::-1]


def _follows(pair: Pair, before: Pair) -> bool:
    return before.left[-1] < pair.left[0] and before.right[-1] < pair.right[0]


class _Staircase:
    """The greatest sum of a chain that ends at each place or before, and its last pair."""

    def __init__(self) -> None:
        self._ends, self._sums, self._owners = [0], [0.0], [-1]  # the first two both grow

    def at(self, end: int) -> tuple[float, int]:
        step = bisect_right(self._ends, end) - 1
        return self._sums[step], self._owners[step]

    def put(self, end: int, total: float, owner: int) -> None:
        """Add a chain, unless one that ends no later weighs as much."""
        place = bisect_right(self._ends, end)
        if self._sums[place - 1] >= total:
            return
        steps = slice(
            place - (self._ends[place - 1] == end), bisect_right(self._sums, total, lo=place)
        )
        self._ends[steps], self._sums[steps], self._owners[steps] = [end], [total], [owner]


class _Free:
    """The paragraphs that have no partner yet."""

    def __init__(self, left: Page, right: Page, fixed: Fixed) -> None:
        self.left = [place not in fixed[0] for place in range(len(left))]
        self.right = [place not in fixed[1] for place in range(len(right))]

    def of(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Return those of the pairs of which all paragraphs are free."""
        if not any(self.left) or not any(self.right):
            return []
        return [pair for pair in pairs if self._has(pair)]

    def take(self, pairs: Iterable[Pair]) -> list[Pair]:
        """Return those of the pairs that are still free when their turn comes."""
        taken = []
        for pair in pairs:
            if self._has(pair):
                taken.append(pair)
                for place in pair.left:
                    self.left[place] = False
                for place in pair.right:
                    self.right[place] = False
        return taken

    def _has(self, pair: Pair) -> bool:
        if len(pair.left) == len(pair.right) == 1:
            return self.left[pair.left[0]] and self.right[pair.right[0]]
        left = all(self.left[place] for place in pair.left)
        return left and all(self.right[place] for place in pair.right)

    def gaps(self, stayed: Sequence[Pair]) -> list[tuple[list[int], list[int]]]:
        """Return what is free on both sides between pairs that do not cross."""
        found = []
        if not any(self.left) or not any(self.right):
            return []
        a = b = 0
        borders = sorted((*_bounds(pair.left), *_bounds(pair.right)) for pair in stayed)
        for left, left_end, right, right_end in [*borders, (len(self.left), 0, len(self.right), 0)]:
            lefts = [place for place in range(a, left) if self.left[place]]
            rights = [place for place in range(b, right) if self.right[place]]
            if lefts and rights:
                found.append((lefts, rights))
            a, b = left_end, right_end
        return found


def _bounds(positions: Sequence[int]) -> tuple[int, int]:
    return positions[0], positions[-1] + 1


def _recurring(
    left: Page, right: Page, lefts: Sequence[int], rights: Sequence[int]
) -> Iterator[Pair]:
    """Yield equal paragraphs that recur too often to have been candidates, in their order."""
    olds, news = [left.key(a) for a in lefts], [right.key(b) for b in rights]
    if set(olds).isdisjoint(news):
        return
    for a, b, size in equal_blocks(*_numbered(olds, news)):
        for step in range(size):
            yield same_pair(left, lefts[a + step], rights[b + step])


def _numbered(olds: Sequence[Hashable], news: Sequence[Hashable]) -> tuple[list[int], list[int]]:
    numbers = {key: number for number, key in enumerate(dict.fromkeys([*olds, *news]))}
    return [numbers[key] for key in olds], [numbers[key] for key in news]


def _movable(left: Page, right: Page, pairs: Sequence[Pair]) -> list[Pair]:
    scale = scale_of(left, right) if pairs else 1
    return [pair for pair in pairs if _may_move(left, pair, scale)]


def _may_move(left: Page, pair: Pair, scale: int) -> bool:
    """Whether a pair says enough to be believed out of its order."""
    if pair.blocks is None:
        return bool(left.lengths[pair.left[0]])
    return kept_words(pair.blocks, 2 * scale) >= _MOVED_WORDS * scale


def _rank(pair: Pair) -> tuple[float, tuple[int, ...], tuple[int, ...]]:
    return -pair.weight, pair.left, pair.right


def _misread(
    left: Page, right: Page, lefts: Sequence[int], rights: Sequence[int]
) -> Iterator[Pair]:
    """Yield paragraphs of one gap that are alike letter by letter, if not word by word."""
    folded = {place: right.texts[place].casefold() for place in rights if right.lengths[place]}
    for index, a in enumerate(lefts):
        old = left.texts[a].casefold() if left.lengths[a] else ""
        for b in _near(index, len(lefts), rights):
            new = folded.get(b, "")
            if not old or not new or len(old) * len(new) > _MISREAD_SIGNS:
                continue
            ratio = fuzz.ratio(old, new, score_cutoff=_MISREAD)
            if ratio:
                yield _letter_pair(left, right, a, b, ratio / 100)


def _near(index: int, count: int, rights: Sequence[int]) -> Sequence[int]:
    """Return all positions on the right, or in a large gap those of about the same place."""
    width = max(_MISREAD_PAIRS // count, 1)
    start = min(max(index * len(rights) // count - width // 2, 0), max(len(rights) - width, 0))
    return rights[start : start + width]


def _letter_pair(left: Page, right: Page, a: int, b: int, ratio: float) -> Pair:
    old, new = left.words(a), right.words(b)
    blocks = tuple(equal_blocks(old, new))
    similarity = 2 * kept_words(blocks) / (len(old) + len(new))
    return Pair((a,), (b,), blocks, similarity, ratio * min(len(old), len(new)))
