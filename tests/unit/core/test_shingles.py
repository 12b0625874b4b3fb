"""Runs of words as hashes."""

import numpy as np
import pytest

from dedupe_news.core.hashing import BASE, fmix64
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from invented import hashes, prose

TEXTS = ["", "one", "one two three four", "one two three four five", prose(40, 1), "", prose(7, 2)]


def slow_shingles(words, size):
    """Return the shingles of one article, window by window, with Python's own integers."""
    windows = [words[at : at + size] for at in range(max(len(words) - size + 1, bool(words)))]
    sums = [sum(w * BASE**at for at, w in enumerate(window)) % 2**64 for window in windows]
    return fmix64(np.array(sums, np.uint64)).tolist()


@pytest.mark.parametrize("size", [1, 2, 5, 64])
def test_shingles_equal_their_slow_twin(size):
    """Every window of every article, in order; none runs into the next article."""
    words = hashes(*TEXTS)

    found = [row.tolist() for row in shingles_of(words, size)]
    assert found == [slow_shingles(row.tolist(), size) for row in words]


@pytest.mark.parametrize(("count", "expected"), [(0, 0), (1, 1), (4, 1), (5, 1), (6, 2), (40, 36)])
def test_a_text_shorter_than_a_shingle_is_one(count, expected):
    """A brief of three words can still be found; a text without words cannot."""
    assert len(shingles_of(hashes(prose(count, 3)), 5)[0]) == expected


def test_the_order_of_words_counts():
    """The same words in another order are another wording."""
    one, other = shingles_of(hashes("a b c d e", "b a c d e"), 5)

    assert one.tolist() != other.tolist()


def test_a_short_text_is_not_the_beginning_of_a_longer_one():
    """One that ends early is no shingle of one that goes on."""
    shorter, longer = shingles_of(hashes("a b c", "a b c d e"), 5)

    assert shorter.tolist() != longer.tolist()


def test_shingles_run_across_paragraphs():
    """Where a text was cut into paragraphs does not matter."""
    one, other = shingles_of(hashes("a b c\nd e f", "a b c d e f"), 5)

    assert one.tolist() == other.tolist()


def test_the_words_are_left_as_they_were():
    """Whoever handed them in may use them again."""
    words = hashes(*TEXTS)
    before = words.values.copy()
    shingles_of(words, 5)

    assert np.array_equal(words.values, before)


def test_distinct_rows_are_sets_in_ascending_order():
    """Repetition goes within a row only, and empty rows stay."""
    rows = [[3, 1, 3], [], [3], [2, 2, 2], []]
    values = np.array([value for row in rows for value in row], np.uint64)
    shingles = Ragged.from_lengths(values, np.array([len(row) for row in rows]))

    distinct = [row.tolist() for row in distinct_shingles(shingles)]
    assert distinct == [sorted(set(row)) for row in rows]
    assert shingles.values.tolist() == [3, 1, 3, 3, 2, 2, 2]


def test_no_articles_have_no_shingles():
    """An empty corpus is no special case."""
    nothing = shingles_of(hashes(), 5)

    assert len(nothing) == len(distinct_shingles(nothing)) == 0
