"""Which words stay, as blocks."""

import random
from itertools import pairwise

import pytest

from dedupe_news.core import word_diff
from dedupe_news.core.word_diff import (
    Block,
    equal_blocks,
    kept_words,
    most_kept,
    stretches,
    without_islands,
)


def passage(letters):
    """Return words that are told apart as letters are."""
    return [ord(letter) for letter in letters]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("", "", []),
        ("", "ab", []),
        ("abc", "abc", [(0, 0, 3)]),
        ("abc", "xyz", []),
        ("abcd", "abxd", [(0, 0, 2), (3, 3, 1)]),
        ("cd", "abcdef", [(0, 2, 2)]),
    ],
)
def test_blocks_are_what_both_have_in_order(left, right, expected):
    """The common words, as maximal stretches."""
    assert equal_blocks(passage(left), passage(right)) == expected


@pytest.mark.parametrize("seed", range(20))
def test_without_a_matrix_blocks_are_still_common_and_in_order(seed, monkeypatch):
    """Anchors find less than the longest subsequence, but nothing that is not there."""
    monkeypatch.setattr(word_diff, "_MATRIX_BITS", 64)
    rng = random.Random(seed)
    left = [rng.randrange(3, 60) for _ in range(200)]
    right = left[:50] + left[60:120] + [2, 2] + left[120:150] + left[:30]

    blocks = equal_blocks(left, right)

    assert all(left[a : a + size] == right[b : b + size] for a, b, size in blocks)
    assert all(a + n <= c and b + n <= d for (a, b, n), (c, d, _) in pairwise(blocks))
    assert kept_words(blocks) >= 100


def test_repetition_without_a_matrix_keeps_its_two_ends(monkeypatch):
    """Where nothing stands once there is no anchor; what agrees at the ends is kept."""
    monkeypatch.setattr(word_diff, "_MATRIX_BITS", 64)

    left, right = passage("a" * 30), passage("a" * 20 + "b" + "a" * 5)

    assert equal_blocks(left, right) == [(0, 0, 20), (25, 21, 5)]


@pytest.mark.parametrize(
    ("blocks", "lengths", "scale", "expected"),
    [
        ([(2, 2, 1)], (5, 5), 1, []),
        ([(1, 1, 1)], (3, 3), 1, [(1, 1, 1)]),
        ([(4, 4, 2)], (10, 10), 1, []),
        ([(3, 3, 2)], (8, 8), 1, [(3, 3, 2)]),
        ([(9, 9, 3)], (30, 30), 1, [(9, 9, 3)]),
        ([(1, 1, 1)], (3, 3), 2, []),
        ([(0, 0, 1)], (9, 9), 1, [(0, 0, 1)]),
        ([(8, 8, 1)], (9, 9), 1, [(8, 8, 1)]),
        ([(0, 0, 5), (7, 7, 1), (10, 10, 5)], (15, 15), 1, [(0, 0, 5), (10, 10, 5)]),
        ([(2, 2, 1), (5, 5, 2), (9, 9, 1)], (12, 12), 1, []),
    ],
)
def test_short_islands_in_long_changes_are_given_up(blocks, lengths, scale, expected):
    """Both changes must be twice as long; what touches an end is no island."""
    given = [Block(*block) for block in blocks]

    assert without_islands(given, lengths, scale) == expected


@pytest.mark.parametrize(
    ("left", "right", "most"),
    [("", "ab", 0), ("abcd", "abxd", 3), ("abab", "baba", 3), ("abc", "xyz", 0)],
)
def test_no_more_can_be_kept_than_stands_in_the_same_order(left, right, most):
    """It is told without finding where."""
    assert most_kept(passage(left), passage(right)) == most


def test_of_what_has_no_matrix_all_may_be_kept(monkeypatch):
    """To find out would take as long as to compare."""
    monkeypatch.setattr(word_diff, "_MATRIX_BITS", 8)

    assert most_kept(passage("abc"), passage("wxyz")) == 3


def test_stretches_are_what_lies_between_blocks():
    """One more than there are blocks, empty ones included."""
    found = list(stretches([Block(0, 2, 3), Block(5, 5, 1)], (6, 9)))

    assert found == [((0, 0), (0, 2)), ((3, 5), (5, 5)), ((6, 6), (6, 9))]


def test_kept_words_may_ask_for_runs():
    """Single words count for little where chance could have put them."""
    assert kept_words([Block(0, 0, 1), Block(2, 2, 3)]) == 4
    assert kept_words([Block(0, 0, 1), Block(2, 2, 3)], 2) == 3
