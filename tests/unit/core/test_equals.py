"""Paragraphs that are the same on two pages."""

import pytest

from dedupe_news.core import equals
from dedupe_news.core.equals import equal_pairs
from dedupe_news.core.reading import Page

NOTHING = (frozenset(), frozenset())


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([], ["a"], []),
        (["a", "b", "a"], ["a", "a"], [(0, 0), (0, 1), (2, 0), (2, 1)]),
        (["He left.", "So!"], ["he LEFT", "So?"], [(0, 0)]),
        (["***", "So", "So?"], ["* * *", "So?", "\u2013"], [(0, 0), (2, 1)]),
        (["So!", "So!", "So"], ["So", "So!!"], [(0, 1), (1, 1), (2, 0)]),
    ],
)
def test_equal_are_the_words_and_the_marks(left, right, expected):
    """All pairs, while they are few: which of them belong together is decided later."""
    assert equal_pairs(Page(left), Page(right), NOTHING) == expected


def test_what_is_fixed_takes_no_part():
    """Whether it stands once or often."""
    left, right = Page(["a", "b", "b"]), Page(["a", "b", "b"])

    assert equal_pairs(left, right, (frozenset({0, 1}), frozenset({2}))) == [(2, 1)]
    assert equal_pairs(left, right, (frozenset(), frozenset({0, 1, 2}))) == []


def test_a_line_that_recurs_thousands_of_times_makes_few_pairs():
    """First with first, second with second: never the square."""
    left, right = Page(["Photo"] * 3000), Page(["Photo"] * 2000)

    assert equal_pairs(left, right, NOTHING) == [(place, place) for place in range(2000)]


def test_what_recurs_less_often_makes_all_its_pairs_beside_it(monkeypatch):
    """Only the crowds that are too large give way."""
    monkeypatch.setattr(equals, "PAIRS", 300)
    left, right = Page(["Photo"] * 20 + ["a"] * 3), Page(["Photo"] * 20 + ["a"] * 2)

    pairs = equal_pairs(left, right, NOTHING)

    assert pairs[:20] == [(place, place) for place in range(20)]
    assert len(pairs[20:]) == 6
