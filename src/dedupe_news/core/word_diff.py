"""Which words of two passages are the same: long stretches, without confetti.

A passage is a list with one number for each word (see `dedupe_news.core.reading`). What is
kept is a list of blocks, like those of difflib: left start, right start, number of words.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq

from dedupe_news.core.hashing import BASE, fmix64

__all__ = [
    "Block",
    "Words",
    "equal_blocks",
    "kept_words",
    "most_kept",
    "stretch_hashes",
    "stretches",
    "without_islands",
]

_MATRIX_BITS = 1 << 28  # of the matrix that rapidfuzz keeps: 32 MiB
_ANCHOR_WORDS = (8, 3, 1)  # lengths of the stretches that anchor a pair too large for it


Words = Sequence[int]
"""A passage: a number for each word, equal for equal words."""


class Block(NamedTuple):
    """Words that both passages have, in the same order and without a break."""

    left: int
    right: int
    size: int


def equal_blocks(left: Words, right: Words) -> list[Block]:
    """Return a longest common subsequence of words, as blocks in their order.

    Beyond a bound of memory, passages are first cut at stretches of words that both have
    exactly once; what cannot be cut so, and is still too large, counts as different.

    Args:
        left: One passage, a number for each word.
        right: The other.
    """
    if len(left) * len(right) <= _MATRIX_BITS:
        return _blocks(left, right, ())
    return _joined(_blocks(left, right, _ANCHOR_WORDS))


def without_islands(blocks: Sequence[Block], lengths: tuple[int, int], scale: int) -> list[Block]:
    """Return the blocks without those that only interrupt a rewritten stretch.

    A word or two that stand alone between longer changes are chance: two sentences share
    "the" and "of" whatever they say, and a reader cannot follow a diff that keeps them. An
    island goes when the changes on both sides of it are at least twice its length. What
    touches the start or the end of a passage stays.

    Args:
        blocks: As from `equal_blocks`.
        lengths: Number of words of the left and of the right passage.
        scale: How many words carry as much as one: 1, or 2 where words are single signs.
    """
    kept = list(blocks)
    for size in range(1, 2 * scale + 1):  # short first: what they leave is one larger change
        if any(block.size == size for block in kept):
            kept = _without(kept, size, -(-2 * size // scale), lengths)
    return kept


def most_kept(left: Words, right: Words) -> int:
    """Return how many words `equal_blocks` could find at most, without finding them.

    Args:
        left: One passage, a number for each word.
        right: The other.
    """
    if len(left) * len(right) > _MATRIX_BITS:
        return min(len(left), len(right))
    return LCSseq.similarity(left, right)


def kept_words(blocks: Sequence[Block], least: int = 1) -> int:
    """Return how many words stand in blocks of at least the given size."""
    return sum(block.size for block in blocks if block.size >= least)


def stretches(
    blocks: Sequence[Block], lengths: tuple[int, int]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the rewritten stretches between blocks, one more than there are blocks.

    Args:
        blocks: As from `equal_blocks`.
        lengths: Number of words of the left and of the right passage.

    Yields:
        Start and end (exclusive) in the left passage, then in the right; empty where nothing
        was rewritten.
    """
    left = right = 0
    for block in [*blocks, Block(*lengths, 0)]:
        yield (left, block.left), (right, block.right)
        left, right = block.left + block.size, block.right + block.size


def stretch_hashes(words: Words | npt.NDArray[np.uint64], size: int) -> npt.NDArray[np.uint64]:
    """Return a hash of each stretch of `size` words, in the order of their first words."""
    codes = np.array(words, np.uint64)
    count = max(len(codes) - size + 1, 0)
    hashes = np.zeros(count, np.uint64)
    for place in range(size):
        hashes = fmix64(hashes * np.uint64(BASE) + codes[place : place + count])
    return hashes


def _blocks(left: Words, right: Words, anchors: Sequence[int]) -> list[Block]:
    if not left or not right:
        return []
    if left == right:
        return [Block(0, 0, len(left))]
    if len(left) * len(right) <= _MATRIX_BITS:
        found = LCSseq.opcodes(left, right).as_matching_blocks()
        return [Block(block.a, block.b, block.size) for block in found if block.size]
    start = _common_start(left, right)
    end = _common_start(left[start:][::-1], right[start:][::-1])
    ends = Block(len(left) - end, len(right) - end, end)
    inner = _anchored(left[start : ends.left], right[start : ends.right], anchors)
    return [Block(0, 0, start), *_shifted(inner, start, start), ends]


def _common_start(left: Words, right: Words) -> int:
    """Return how many words agree before the first that differs."""
    length = min(len(left), len(right))
    one, other = np.array(left[:length], np.uint64), np.array(right[:length], np.uint64)
    differ = np.flatnonzero(one != other)
    return int(differ[0]) if len(differ) else length


def _anchored(left: Words, right: Words, anchors: Sequence[int]) -> list[Block]:
    """Return blocks at stretches that stand exactly once on each side, and between them."""
    if not anchors:
        return []
    size, *shorter = anchors
    found = [Block(a, b, size) for a, b in _increasing(_unique_in_both(left, right, size))]
    blocks: list[Block] = []
    a = b = 0
    for anchor in [*_joined(found), Block(len(left), len(right), 0)]:
        between = _blocks(left[a : anchor.left], right[b : anchor.right], shorter)
        blocks += [*_shifted(between, a, b), anchor]
        a, b = anchor.left + anchor.size, anchor.right + anchor.size
    return blocks


def _unique_in_both(left: Words, right: Words, size: int) -> list[tuple[int, int]]:
    """Return where each stretch of that many words starts that both sides have once."""
    places = []
    for words in (left, right):
        hashes = stretch_hashes(words, size)
        distinct, first, counts = np.unique(hashes, return_index=True, return_counts=True)
        places.append((distinct[counts == 1], first[counts == 1]))
    (left_once, left_first), (right_once, right_first) = places
    _, a, b = np.intersect1d(left_once, right_once, assume_unique=True, return_indices=True)
    pairs = sorted(zip(left_first[a].tolist(), right_first[b].tolist(), strict=True))
    return [(a, b) for a, b in pairs if left[a : a + size] == right[b : b + size]]


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of pairs, sorted by the first number, whose second grows.

    Source: Fredman, "On computing the length of longest increasing subsequences" (1975).
    """
    tails: list[int] = []  # smallest last number of a chain of each length
    last: list[int] = []  # index of the pair that ends it
    before = [-1] * len(pairs)
    for index, (_, number) in enumerate(pairs):
        place = bisect_left(tails, number)
        before[index] = last[place - 1] if place else -1
        tails[place : place + 1] = [number]
        last[place : place + 1] = [index]
    chain = []
    index = last[-1] if last else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without empty ones, those that overlap or touch made one."""
    joined: list[Block] = []
    for block in blocks:
        if not block.size:
            continue
        if joined and _goes_on(joined[-1], block):
            first = joined.pop()
            size = max(first.size, block.left + block.size - first.left)
            joined.append(Block(first.left, first.right, size))
        else:
            joined.append(_after(joined[-1], block) if joined else block)
    return [block for block in joined if block.size]


def _goes_on(first: Block, block: Block) -> bool:
    same_diagonal = block.left - first.left == block.right - first.right
    return same_diagonal and block.left <= first.left + first.size


def _after(first: Block, block: Block) -> Block:
    """Return what of a block does not overlap the one before it, on either side."""
    overlap = max(first.left + first.size - block.left, first.right + first.size - block.right, 0)
    overlap = min(overlap, block.size)
    return Block(block.left + overlap, block.right + overlap, block.size - overlap)


def _shifted(blocks: Sequence[Block], left: int, right: int) -> list[Block]:
    return [Block(a + left, b + right, size) for a, b, size in blocks]


def _without(
    blocks: Sequence[Block], size: int, change: int, lengths: tuple[int, int]
) -> list[Block]:
    """Return the blocks without those of one size between changes of at least `change`."""
    kept: list[Block] = []
    left = right = 0  # where the change before the block starts
    for block, after in pairwise([*blocks, Block(*lengths, 0)]):
        before = max(block.left - left, block.right - right)
        behind = max(after.left - block.left, after.right - block.right) - block.size
        if block.size == size and min(before, behind) >= change:
            continue
        kept.append(block)
        left, right = block.left + block.size, block.right + block.size
    return kept
