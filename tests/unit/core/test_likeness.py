"""Pairs worth a look, without looking at all."""

import random

from dedupe_news.core.likeness import Likeness, equal_pairs, like_pairs
from dedupe_news.core.reading import read_sides

NOTHING = (frozenset(), frozenset())


def test_shares_are_those_of_each_side():
    """A short paragraph stands wholly in a long one, not the reverse."""
    left, right = read_sides(["one two three", "red green"], ["blue", "One two three four five"])

    assert like_pairs(left, right, NOTHING) == [Likeness(0, 1, 1.0, 0.5)]


def test_a_paragraph_of_one_word_is_like_its_equal():
    """It has no stretch of two words, so it is one itself."""
    left, right = read_sides(["Sport"], ["Sport and more", "SPORT"])

    assert [(like.left, like.right) for like in like_pairs(left, right, NOTHING)] == [(0, 1)]


def test_what_is_fixed_takes_no_part():
    """On either side, whether equal or alike."""
    left, right = read_sides(
        ["one two three", "one two three four"], ["one two three", "one two three four"]
    )
    fixed = (frozenset({0}), frozenset({1}))

    assert equal_pairs(left, right, fixed) == []
    assert [(like.left, like.right) for like in like_pairs(left, right, fixed)] == [(1, 0)]


def test_equal_paragraphs_make_all_pairs_while_they_are_few():
    """Which of them belong together is decided later."""
    left, right = read_sides(["a", "b", "a"], ["a", "a"])

    assert equal_pairs(left, right, NOTHING) == [(0, 0), (0, 1), (2, 0), (2, 1)]


def test_a_line_that_recurs_thousands_of_times_makes_few_pairs():
    """First with first, second with second: never the square."""
    left, right = read_sides(["Photo"] * 3000, ["Photo"] * 2000)

    assert equal_pairs(left, right, NOTHING) == [(place, place) for place in range(2000)]


def test_near_equal_paragraphs_make_few_pairs_each():
    """Of many that share as much, those of about the same place are looked at."""
    rng = random.Random(1)
    table = [f"Result {rng.random()}: home win for the team" for _ in range(500)]
    left, right = read_sides(table, table)

    likes = like_pairs(left, right, NOTHING)

    assert len(likes) <= 16 * 500
    assert {(place, place) for place in range(500)} <= {(like.left, like.right) for like in likes}
