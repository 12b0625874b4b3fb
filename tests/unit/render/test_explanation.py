import io
from dataclasses import replace

import pytest

from dedupe_news.model import Explanation
from dedupe_news.render.explanation import render
from dedupe_news.render.style import Style

PAIR = Explanation(
    left="np-ferry.txt",
    right="radio\x1b.txt",
    words=(158, 1256),
    shingles=(154, 1252),
    shared_shingles=134,
    containment=0.87,
    resemblance=0.1053,
    left_in_right=0.97,
    right_in_left=0.12,
    aligned=0.3,
    anchors=(19, 150),
    shared_anchors=17,
    bands=42,
    shared_bands=0,
    candidates=True,
    anchor_chance=0.99999,
    band_chance=0.05,
    decision="contained",
    min_containment=0.6,
    min_shared_words=20,
    min_aligned=0.5,
    floor=0.2,
)


def told(width=2000, **parts):
    """Return the explanation of the pair, with some facts replaced."""
    out = io.StringIO()
    render(replace(PAIR, **parts), out, Style(width=width))
    return out.getvalue()


@pytest.mark.parametrize(
    ("decision", "sentences"),
    [
        ("identical", "A and B match. They are the same word for word."),
        ("contained", "A and B match. 87% of the shingles of the shorter one stand in the other,"),
        ("rewritten", "But at a second look 30% of all their words stand in the same order"),
        ("too-few-words", "A and B do not match. 87% of"),
        ("too-few-words", "but a match has at least 20 words in common."),
        ("too-different", "A and B do not match. Only 87%"),
        ("strangers", "Below 20% there is no second look."),
        ("empty", "A and B do not match. One of them has no words."),
    ],
)
def test_the_rule_that_decides_is_named(decision, sentences):
    """With the figure, and the figure that would be enough."""
    assert sentences in told(decision=decision)


def test_what_they_share_is_told_both_ways():
    """The share of a short text in a long one is not that of the long one."""
    assert "97% of A's words stand in B, and 12% of B's words in A." in told()
    assert "87% of the shorter one's (containment), 11% of all" in told()


@pytest.mark.parametrize(
    ("parts", "start"),
    [
        ({}, "A scan compares them: they share 17 anchors of 19 and 150"),
        (
            {"shared_anchors": 1, "candidates": False},
            "A scan does not compare them: they share 1 anchor of",
        ),
        ({"shared_anchors": 0, "shared_bands": 1}, "A scan compares them: they share 0 anchors"),
        ({"decision": "empty"}, "A scan skips articles without words."),
    ],
)
def test_how_a_scan_finds_them_is_told(parts, start):
    """Whether it compares them at all, and by what they share."""
    assert start in told(**parts)


def test_nearly_certain_is_not_called_certain():
    """A chance of 99.999 % is not 100 %."""
    assert "is more than 99.9%: more than 99.9% by anchors, 5% by bands." in told()


def test_names_are_safe_and_lines_fit():
    """A hostile name is shown, not run; sentences wrap."""
    lines = told(width=40).splitlines()

    assert lines[:2] == ["A  np-ferry.txt  158 words", "B  radio␛.txt    1,256 words"]
    assert max(map(len, lines)) <= 40
