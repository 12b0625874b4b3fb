"""Figures, and which were replaced."""

import pytest

from dedupe_news.core.numbers import figures, replaced_figures, value
from dedupe_news.core.reading import Page
from dedupe_news.core.word_diff import equal_blocks, without_islands
from dedupe_news.core.word_runs import settled


def replaced(base, variant):
    """Return the replaced figures of two texts, as written."""
    left, right = (Page([text]).passage([0]) for text in (base, variant))
    lengths = (len(left.words), len(right.words))
    blocks = without_islands(equal_blocks(left.words, right.words), lengths, 1)
    found = figures(left), figures(right)
    pairs = replaced_figures(left, right, settled(left, right, blocks, found), found)
    return [(old.text, new.text) for old, new in pairs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("12 boats, 14.2 knots", ["12", "14.2"]),
        ("3.076 or 39,6% or 1,900.", ["3.076", "39,6%", "1,900"]),
        ("3 076 crowns, 12\u202f300 men, 1'200 francs", ["3 076", "12\u202f300", "1'200"]),
        ("On 20 May 2016 at 17:00, 40 %", ["20", "2016", "17:00", "40 %"]),
        ("in 2016 300 came", ["2016", "300"]),
        ("the G20, an A380, B-52, room 4a", ["4"]),
        ("約40人と३०", ["40", "३०"]),
    ],
)
def test_figures_are_found_as_written(text, expected):
    """With the separators that belong to them; names that end in digits are names."""
    passage = Page([text]).passage([0])

    assert [figure.text for figure in figures(passage)] == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1,900", "1 900"),
        ("1,900", "1900"),
        ("1.900,50", "1,900.5"),
        ("39,6%", "39.6 %"),
        ("14.20", "14.2"),
        ("05", "5"),
        ("0", "00"),
        ("४०", "40"),
        ("1'200'000", "1.200.000"),
    ],
)
def test_one_number_has_one_value_however_it_is_written(first, second):
    """Format is no change."""
    assert value(first) == value(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [("40", "30"), ("14.2", "142"), ("5", "5%"), ("17:00", "17:30"), ("1", "0")],
)
def test_different_numbers_have_different_values(first, second):
    """A changed digit, a lost point and a lost per cent are changes."""
    assert value(first) != value(second)


@pytest.mark.parametrize(
    ("base", "variant", "expected"),
    [
        ("every 40 minutes", "every 30 minutes", [("40", "30")]),
        ("some 1,900 people", "some 1,950 people", [("1,900", "1,950")]),
        ("some 1,900 people", "some 1900 people", []),
        ("rose by 39,6% in May", "rose by 39,7% in May", [("39,6%", "39,7%")]),
        ("from 3 to 4 boats", "from 5 to 6 boats", [("3", "5"), ("4", "6")]),
        ("at 17:00 on 3 May", "at 17:30 on 3 May", [("17:00", "17:30")]),
        ("some 40 boats", "some boats", []),
        ("some forty boats", "some 40 boats", []),
        ("about 40 boats came in", "all 30 boats came in", [("40", "30")]),
        ("40 boats came", "2016 saw 30 boats come", [("40", "30")]),
        ("he has 40 boats", "he has 30 or 50 boats", []),
        ("it took 40 men and a boat", "in 2016 it took 30 men and a boat", [("40", "30")]),
    ],
)
def test_a_figure_is_replaced_by_the_one_in_its_place(base, variant, expected):
    """A figure against a figure where the words around them agree."""
    assert replaced(base, variant) == expected


def test_figures_of_rewritten_sentences_do_not_stand_for_each_other():
    """Two numbers in two long stretches about other things are no change of number."""
    base = "In town 3 members of the harbour board met in the hall to talk. The end came late."
    variant = "Nobody knows how all of the 40 lost sheep were found again. The end came late."

    assert replaced(base, variant) == []
