"""Texts without their boilerplate."""

import numpy as np
import pytest

from dedupe_news.core.among import places_of
from dedupe_news.core.furniture import covered_by, furnished
from dedupe_news.core.shingles import shingles_of
from invented import hashes, prose, words

FOOTER = prose(30, 999)
FURNITURE = np.sort(shingles_of(hashes(FOOTER), 5).values)
NOTHING = np.empty(0, np.uint64)


def own_words(*texts):
    """Return the words of each text that no boilerplate covers."""
    rows = hashes(*texts)
    shingles = shingles_of(rows, 5)
    hits = places_of(FURNITURE, shingles.values)
    return rows.keep(~covered_by(hits, shingles, rows, 5))


def test_words_under_boilerplate_are_told():
    """All of the passage is covered, and nothing of what stands beside it."""
    texts = [f"{prose(20, 1)} {FOOTER} {prose(20, 2)}", prose(30, 3), FOOTER, ""]

    expected = hashes(f"{prose(20, 1)} {prose(20, 2)}", prose(30, 3), "", "")
    assert [row.tolist() for row in own_words(*texts)] == [row.tolist() for row in expected]


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        ([], set()),
        ([prose(20, 1), FOOTER], {1}),
        ([FOOTER, "", prose(20, 1)], {0}),
        ([prose(20, 1), " ".join(words(30, 999)[:15]), " ".join(words(30, 999)[15:])], {1, 2}),
        ([f"{prose(5, 1)} {FOOTER}"], {0}),
        ([f"{prose(20, 1)} {FOOTER}"], set()),
        (["***", "two words"], set()),
    ],
)
def test_a_paragraph_is_boilerplate_when_most_of_it_is(paragraphs, expected):
    """Also when the passage was cut into several; one without words is not."""
    assert furnished(hashes(*paragraphs), FURNITURE, 5) == expected


def test_nothing_is_furnished_where_nothing_was_learned():
    """The words are not even looked at."""
    assert furnished(hashes(FOOTER), NOTHING, 5) == frozenset()
