"""Pairs worth a look, without looking at all."""

import random

import pytest

from dedupe_news.core import likeness
from dedupe_news.core.likeness import Likeness, like_pairs
from dedupe_news.core.reading import Page

NOTHING = (frozenset(), frozenset())


@pytest.fixture(params=["compiled", "in bulk"], autouse=True)
def way(request, monkeypatch):
    """The kernel compares what is not too long, numpy all else: the rules are the same."""
    if request.param == "in bulk":
        monkeypatch.setattr(likeness, "KERNEL", None)


def test_shares_are_those_of_each_side():
    """A short paragraph stands wholly in a long one, not the reverse."""
    left = Page(["one two three", "red green"])
    right = Page(["blue", "One two three four five five"])

    assert like_pairs(left, right, NOTHING) == [Likeness(0, 1, 1.0, 0.5)]


def test_paragraphs_without_a_common_word_are_not_alike():
    """There is nothing to look at, on one side or both."""
    assert like_pairs(Page(["one two"]), Page(["red green"]), NOTHING) == []
    assert like_pairs(Page(["one two"]), Page(["***", ""]), NOTHING) == []


def test_what_came_new_counts_once():
    """Words that the other side has not are all the same, however many they are."""
    left, right = Page(["one two three"]), Page(["One two three four five six seven"])

    assert like_pairs(left, right, NOTHING) == [Likeness(0, 0, 1.0, 0.5)]


def test_a_paragraph_of_one_word_is_like_its_equal():
    """It has no stretch of two words, so it is one itself."""
    left, right = Page(["Sport"]), Page(["Sport and more", "SPORT"])

    assert like_pairs(left, right, NOTHING) == [Likeness(0, 1, 1.0, 1.0)]


def test_what_is_fixed_takes_no_part():
    """On either side."""
    left = Page(["one two three", "one two three four"])
    right = Page(["one two three", "one two three four"])
    fixed = (frozenset({0}), frozenset({1}))

    assert [(like.left, like.right) for like in like_pairs(left, right, fixed)] == [(1, 0)]


def test_what_is_settled_is_not_looked_at():
    """It has its partner; nothing is left where all have theirs."""
    left, right = Page(["one two three", "one two four"]), Page(["one two three", "one two five"])

    assert like_pairs(left, right, NOTHING, [(0, 0)]) == [Likeness(1, 1, 0.5, 0.5)]
    assert like_pairs(left, right, NOTHING, [(0, 0), (1, 1)]) == []


@pytest.mark.parametrize(("others", "found"), [(7, 1), (8, 0)])
def test_what_is_settled_crowds_others_out(others, found):
    """A paragraph is looked at beside the few that it is most like, free or not."""
    settled = [f"one two three four {place}" for place in range(others)]
    left, right = Page([*settled, "one two three six"]), Page(["one two three five", *settled])
    certain = [(place, place + 1) for place in range(others)]

    assert len(like_pairs(left, right, NOTHING, certain)) == found


def test_near_equal_paragraphs_make_few_pairs_each():
    """Of many that share as much, those of about the same place are looked at."""
    rng = random.Random(1)
    table = Page([f"Result {rng.random()}: home win for the team" for _ in range(100)])

    likes = like_pairs(table, table, NOTHING)

    assert len(likes) <= 16 * 100
    assert {(place, place) for place in range(100)} <= {(like.left, like.right) for like in likes}
