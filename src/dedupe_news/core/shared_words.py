"""Which words of two texts are the same: in the same order, or in a shingle that both have.

One changed word breaks five shingles, so a pair that falls short at the first look gets a second
one, which counts words that stand in the same order in both. And a variant is described by how
much of it stands in its base, and the other way round.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.among import in_both
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.kernel import KERNEL
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import shingles_of, words_in
from dedupe_news.core.verify import Comparisons, Rule

__all__ = [
    "InCommon",
    "aligned_words",
    "covered_words",
    "in_common",
    "match_in_order",
    "second_look",
    "word_shares",
]

_MARKED_AT_ONCE = 32  # pairs whose shingles a processor's cache holds
_ALL = 1 << 62  # more words than any text has
_LARGEST_TABLE = 1 << 26  # cells of a longest-common-subsequence table, at one bit each


def second_look(pairs: Comparisons, words: Ragged, rule: Rule) -> Comparisons:
    """Return the pairs with those decided that share something, but too little at first.

    Args:
        pairs: Pairs by row, after the first look.
        words: Word hashes, one row of uint64 for each article.
        rule: When two articles match.
    """
    chosen = np.flatnonzero(~pairs.matches & (pairs.containment >= rule.floor))
    matches = pairs.matches.copy()
    matches[chosen] = match_in_order(words, pairs.left[chosen], pairs.right[chosen], rule)
    return replace(pairs, matches=matches)


def match_in_order(
    words: Ragged, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], rule: Rule
) -> npt.NDArray[np.bool_]:
    """Return which pairs that share something match at a second look, shape (pairs,).

    They do when, of the words of both together, the share that stands in the same order in runs
    reaches `rule.aligned`. A rewritten report does; a stranger that quotes the same speech does
    not.

    Args:
        words: Word hashes, one row of uint64 for each article.
        left: Rows of the one side, shape (pairs,).
        right: Rows of the other side, shape (pairs,).
        rule: When two articles match.
    """
    order = np.argsort(left, kind="stable")  # all of one text at once: its words are numbered once
    left, right = left[order], right[order]
    lengths = words.lengths[left] + words.lengths[right]
    needed = np.maximum(lengths * rule.aligned // 2 + 2, rule.shared_words).astype(np.int64)
    aligned = aligned_words(words, left, right, rule, needed)
    share = 2 * aligned / lengths
    matches = np.empty(len(order), np.bool_)
    matches[order] = (share >= rule.aligned) & (aligned >= rule.shared_words)
    return matches


def aligned_words(
    words: Ragged,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    rule: Rule,
    needed: npt.NDArray[np.int64] | None = None,
) -> npt.NDArray[np.int64]:
    """Return how many words stand in the same order in both of each pair, in runs of some length.

    Two texts too long for that have their words counted that shared shingles cover, which
    is less where they were edited.

    Args:
        words: Word hashes, one row of uint64 for each article.
        left: Rows of the one side, shape (pairs,).
        right: Rows of the other side, shape (pairs,).
        rule: Tells the length of a shingle and of a run.
        needed: How many are enough, shape (pairs,): where there are so many, any number from that
            on may be returned. None to have all counted.

    Returns:
        Shape (pairs,), int64.

    Source: Hyyrö, "Bit-parallel LCS-length computation revisited" (2004), by rapidfuzz.
    """
    aligned = np.full(len(left), -1, np.int64)
    if KERNEL is not None:
        lefts = words.offsets[left], words.offsets[left + 1]
        rights = words.offsets[right], words.offsets[right + 1]
        enough = np.full(len(left), _ALL) if needed is None else needed
        limits = rule.shortest_run, _LARGEST_TABLE
        KERNEL.aligned(words.values, *lefts, *rights, enough, *limits, aligned)
    for pair in np.flatnonzero(aligned < 0).tolist():
        rows = int(left[pair]), int(right[pair])
        one, other = words[rows[0]], words[rows[1]]
        if len(one) * len(other) > _LARGEST_TABLE:
            aligned[pair] = _covered_both_ways(words, rows, rule.shingle_words)
        else:
            aligned[pair] = sum(run.stop - run.start for run, _ in _runs(one, other, rule))
    return aligned


def _covered_both_ways(words: Ragged, rows: tuple[int, int], size: int) -> int:
    """Return how many words of the one or the other, whichever is less, lie in shared shingles."""
    chosen = words.take(np.array(rows, np.int64))
    one, other = np.array([0]), np.array([1])
    masks = covered_words(chosen, shingles_of(chosen, size), one, other, size)
    return min(int(np.count_nonzero(mask.values)) for mask in masks)


def _runs(left: UInt64s, right: UInt64s, rule: Rule) -> Iterator[tuple[slice, slice]]:
    """Yield the runs of words, of some length, that stand in the same order in both.

    Where there are several longest alignments, the same one is taken for (a, b) and (b, a).
    """
    from rapidfuzz.distance import LCSseq  # noqa: PLC0415 - the kernel does without it

    one, other = left.tolist(), right.tolist()
    swapped = (len(other), other) < (len(one), one)
    found = LCSseq.opcodes(other, one) if swapped else LCSseq.opcodes(one, other)
    for place, there, size in found.as_matching_blocks():
        if size >= rule.shortest_run:
            first, second = slice(place, place + size), slice(there, there + size)
            yield (second, first) if swapped else (first, second)


class InCommon(NamedTuple):
    """What pairs of texts have in common.

    Attributes:
        words: Share of the words of each text in the other, see `word_shares`.
        shingles: How many distinct shingles both have, shape (pairs,), int64; None where nobody
            counts them on the way.
    """

    words: npt.NDArray[np.float64]
    shingles: npt.NDArray[np.int64] | None


def word_shares(
    words: Ragged,
    shingles: Ragged,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    rule: Rule,
) -> npt.NDArray[np.float64]:
    """Return which share of the words of each of two articles stands in the other.

    A word counts when a shared shingle covers it, wherever that stands, or when it stands in
    the same order in both, in a run of some length: what was moved and what was lightly
    edited are both still there, and stray common words are not.

    Args:
        words: Word hashes, one row of uint64 for each article.
        shingles: Their shingles, in the order of the words.
        left: Rows of the one side, shape (pairs,).
        right: Rows of the other side, shape (pairs,).
        rule: Tells the length of a shingle and of a run.

    Returns:
        Shares of the left and of the right, in [0, 1], shape (pairs, 2); 0 for a text without
        words.
    """
    return in_common(words, shingles, left, right, rule).words


def in_common(
    words: Ragged,
    shingles: Ragged,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    rule: Rule,
) -> InCommon:
    """Return the same, and how many shingles the kernel found in both, which it looks up anyway."""
    counts = np.empty((len(left), 3), np.int64)
    if KERNEL is not None:
        texts, runs = (words.values, words.offsets), (shingles.values, shingles.offsets)
        sizes = rule.shingle_words, rule.shortest_run, _LARGEST_TABLE
        KERNEL.shares(*texts, *runs, left, right, *sizes, counts)
        return InCommon(_as_shares(counts[:, :2], words, left, right), counts[:, 2])
    for start in range(0, len(left), _MARKED_AT_ONCE):
        some = slice(start, start + _MARKED_AT_ONCE)
        counts[some, :2] = _marked(words, shingles, left[some], right[some], rule)
    return InCommon(_as_shares(counts[:, :2], words, left, right), None)


def _as_shares(
    counts: npt.NDArray[np.int64],
    words: Ragged,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    lengths = words.lengths
    result: npt.NDArray[np.float64] = counts / np.maximum(
        np.stack((lengths[left], lengths[right]), axis=1), 1
    )
    return result


def _marked(
    words: Ragged,
    shingles: Ragged,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    rule: Rule,
) -> npt.NDArray[np.int64]:
    """Return how many words of each of two articles stand in the other, shape (pairs, 2)."""
    masks = covered_words(words, shingles, left, right, rule.shingle_words)
    counts = np.stack([mask.counts(mask.values) for mask in masks], axis=1)
    lengths = np.stack([mask.lengths for mask in masks], axis=1)
    partial = (counts < lengths).all(axis=1) & (lengths.prod(axis=1) <= _LARGEST_TABLE)
    for pair in np.flatnonzero(partial).tolist():
        both = [mask[pair] for mask in masks]
        for runs in _runs(words[left[pair]], words[right[pair]], rule):
            for mask, run in zip(both, runs, strict=True):
                mask[run] = True
        counts[pair] = [np.count_nonzero(mask) for mask in both]
    return counts


def covered_words(
    words: Ragged,
    shingles: Ragged,
    left: npt.NDArray[np.int64],
    right: npt.NDArray[np.int64],
    size: int,
) -> tuple[Ragged, Ragged]:
    """Return which words of each of two articles stand in a shingle that the other has too.

    Args:
        words: Word hashes, one row of uint64 for each article.
        shingles: Their shingles, in the order of the words.
        left: Rows of the one side, shape (pairs,).
        right: Rows of the other side, shape (pairs,).
        size: Words per shingle.

    Returns:
        Masks, one row of bool for each pair: for the left, and for the right.
    """
    one, other = shingles.take(left), shingles.take(right)
    marked, twins = in_both(one, other)
    lengths = words.lengths
    return (
        _covered(marked, one, lengths[left], size),
        _covered(twins, other, lengths[right], size),
    )


def _covered(
    marked: npt.NDArray[np.bool_], shingles: Ragged, lengths: npt.NDArray[np.int64], size: int
) -> Ragged:
    """Return which words, so many in each row, lie in a shingle that is marked."""
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    return Ragged(words_in(marked, shingles, offsets, size), offsets)
