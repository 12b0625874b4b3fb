"""Paragraphs that could be one: pairs, merges and splits, with their words compared.

A paragraph counts as kept when enough of its words are in the other, in runs of two or more:
single words that two texts share by chance say nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from dedupe_news.core.equals import Fixed, equal_pairs
from dedupe_news.core.likeness import Likeness, like_pairs
from dedupe_news.core.reading import Page, scale_of
from dedupe_news.core.word_diff import (
    Block,
    Words,
    equal_blocks,
    kept_words,
    most_kept,
    without_islands,
)

__all__ = ["Fixed", "Pair", "candidates", "same_pair"]

_FLOOR = 0.5  # share of words in common, in runs of two and more
_LOOSE_FLOOR = 0.6  # the same, single words included
_CONTAINED = ((0.7, 8), (0.9, 4))  # or these shares of the shorter, of so many words at least
_BRIDGED = 3  # paragraphs at most that stand between two that were merged
_TRIES = 5  # to find which paragraphs of a run were merged; each leaves out what was not
_MOST_CELLS = 1 << 28  # product of lengths up to which parts are also compared one by one
_PART = 16  # times as long is that of which a paragraph may be no more than a part
_INSIDE = 0.5  # share of a paragraph that must stand in what it was merged into
_WHOLLY = 0.8  # the same, if another paragraph was made of it too


class Pair(NamedTuple):
    """Paragraphs of one article with what they are in the other.

    Attributes:
        left: Positions on the left, ascending: one, or several of which one on the right
            was made. Between those, others may stand that went elsewhere or are gone.
        right: Positions on the right, likewise: several only if there is one on the left.
        blocks: The words in common; None if the wording is the same throughout.
        similarity: Share of words in common, in [0, 1].
        weight: How much this pair counts against those that it excludes.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    blocks: tuple[Block, ...] | None
    similarity: float
    weight: float

    def flipped(self) -> "Pair":
        """Return the pair as seen from the other side."""
        blocks = None
        if self.blocks is not None:
            blocks = tuple(Block(block.right, block.left, block.size) for block in self.blocks)
        return Pair(self.right, self.left, blocks, self.similarity, self.weight)


def candidates(left: Page, right: Page, fixed: Fixed) -> list[Pair]:
    """Return all pairs, merges and splits that two articles allow, many of them in conflict.

    Args:
        left: One article.
        right: The other.
        fixed: What takes no part.
    """
    equal = equal_pairs(left, right, fixed)
    found = [same_pair(left, a, b) for a, b in equal]
    likes = like_pairs(left, right, fixed, _certain(equal))
    if likes:
        scale = scale_of(left, right)
        swapped = [like.swapped() for like in likes]
        settled = set(equal)
        if left.offsets[-1] * right.offsets[-1] > _MOST_CELLS:
            settled |= _parts(left, right, likes)
            settled |= {(a, b) for b, a in _parts(right, left, swapped)}
        found += _edited(left, right, likes, settled, scale)
        found += _merged(left, right, likes, scale)
        found += [pair.flipped() for pair in _merged(right, left, swapped, scale)]
    return found


def _certain(equal: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those pairs of equal paragraphs that have no other equal."""
    lefts, rights = Counter([a for a, _ in equal]), Counter([b for _, b in equal])
    if len(lefts) == len(rights) == len(equal):
        return list(equal)  # as in most articles
    return [(a, b) for a, b in equal if lefts[a] == rights[b] == 1]


def same_pair(left: Page, a: int, b: int) -> Pair:
    """Return the pair of two paragraphs with the same wording."""
    return Pair((a,), (b,), None, 1.0, left.lengths[a] + 1.0)


def _parts(left: Page, right: Page, likes: Sequence[Likeness]) -> set[tuple[int, int]]:
    """Return pairs of which the left is one of many small parts of a huge right: merges tell those.

    A long text on one line is like each of its paragraphs: comparing all of them with it takes
    time that grows with the square.
    """
    inside: defaultdict[int, list[int]] = defaultdict(list)
    for a, b, _, _ in likes:
        if _PART * left.lengths[a] < right.lengths[b]:
            inside[b].append(a)
    huge = {
        b: parts
        for b, parts in inside.items()
        if len(parts) > 1 and sum(left.lengths[a] for a in parts) * right.lengths[b] > _MOST_CELLS
    }
    return {(a, b) for b, parts in huge.items() for a in parts}


def _edited(
    left: Page,
    right: Page,
    likes: Sequence[Likeness],
    settled: Container[tuple[int, int]],
    scale: int,
) -> Iterator[Pair]:
    for a, b, _, _ in likes:
        if (a, b) in settled:
            continue
        old, new = left.words(a), right.words(b)
        if not _may_be_variant(old, new):
            continue
        blocks = _compared(old, new, scale)
        if _is_variant(blocks, len(old), len(new), scale):
            yield _pair((a,), (b,), blocks, len(old) + len(new))


def _compared(old: Words, new: Words, scale: int) -> list[Block]:
    return without_islands(equal_blocks(old, new), (len(old), len(new)), scale)


def _pair(
    left: tuple[int, ...], right: tuple[int, ...], blocks: Sequence[Block], words: int
) -> Pair:
    """Return a pair whose weight is its common words, less where much else surrounds them."""
    kept = kept_words(blocks)
    similarity = 2 * kept / words
    return Pair(left, right, tuple(blocks), similarity, (kept + 1) * (1 + similarity) / 2)


def _is_variant(blocks: Sequence[Block], old: int, new: int, scale: int) -> bool:
    kept = kept_words(blocks)
    if old == new == kept:
        return True  # only marks differ
    in_runs = kept_words(blocks, 2 * scale)
    if 2 * in_runs >= _FLOOR * (old + new):
        return True
    if 2 * kept >= _LOOSE_FLOOR * (old + new) and kept >= 2 * scale:
        return True
    return any(
        in_runs >= share * min(old, new) and in_runs >= words * scale for share, words in _CONTAINED
    )


def _may_be_variant(old: Words, new: Words) -> bool:
    """Whether there are enough words in common in the same order, wherever they stand."""
    most = most_kept(old, new)
    shorter = min(len(old), len(new))
    return 2 * most >= _FLOOR * (len(old) + len(new)) or most >= _CONTAINED[0][0] * shorter


def _merged(left: Page, right: Page, likes: Sequence[Likeness], scale: int) -> Iterator[Pair]:
    """Yield several paragraphs of the left that stand one after the other in one of the right."""
    cut = defaultdict(set)  # of what one paragraph became, all that is mostly from it
    for like in likes:
        if like.right_share >= _INSIDE:
            cut[like.left].add(like.right)
    parts: defaultdict[int, list[int]] = defaultdict(list)
    for like in likes:
        elsewhere = cut[like.left] - {like.right}
        if like.left_share >= (_WHOLLY if elsewhere else _INSIDE):
            parts[like.right].append(like.left)
    several = {whole: inside for whole, inside in parts.items() if len(inside) > 1}
    for whole, inside in sorted(several.items()):
        close = set(_runs(sorted(inside), 0)), set(_runs(sorted(inside), _BRIDGED))
        for run in sorted(close[0] | close[1]):
            yield from _merge(left, right, run, whole, scale)


def _runs(positions: Sequence[int], between: int) -> Iterator[tuple[int, ...]]:
    """Yield two positions or more with at most so many others between neighbours."""
    run = [positions[0]]
    for before, position in pairwise(positions):
        if position > before + 1 + between:
            if len(run) > 1:
                yield tuple(run)
            run.clear()
        run.append(position)
    if len(run) > 1:
        yield tuple(run)


def _merge(left: Page, right: Page, run: tuple[int, ...], whole: int, scale: int) -> Iterator[Pair]:
    """Yield the merge of those paragraphs of a run that stand in the whole side by side."""
    for _ in range(_TRIES):
        words = [word for place in run for word in left.words(place)]
        blocks = _compared(words, right.words(whole), scale)
        inside = _inside(blocks, [left.lengths[place] for place in run])
        if all(inside):
            total = len(words) + right.lengths[whole]
            yield _pair(run, (whole,), blocks, total)
            return
        run = tuple(place for place, held in zip(run, inside, strict=True) if held)
        if len(run) < 2:  # noqa: PLR2004 - one paragraph is no merge
            return


def _inside(blocks: Sequence[Block], lengths: Sequence[int]) -> list[bool]:
    """Return, for parts joined to the left passage, whether each is held by the blocks."""
    held = []
    end = 0
    place = 0
    for length in lengths:
        start, end = end, end + length
        kept = 0
        while place < len(blocks) and blocks[place].left < end:
            block = blocks[place]
            kept += min(block.left + block.size, end) - max(block.left, start)
            if block.left + block.size > end:
                break
            place += 1
        held.append(kept >= _INSIDE * length > 0)
    return held
