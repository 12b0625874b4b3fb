"""Laws of shingles."""

from hypothesis import given
from hypothesis import strategies as st
from strategies import word_lists

from dedupe_news.core.shingles import distinct_shingles, shingles_of
from invented import hashes

sizes = st.integers(1, 8)


def windows(text, size):
    """Return every run of so many words; of a shorter text, the whole."""
    words = text.split()
    return [tuple(words[at : at + size]) for at in range(max(len(words) - size + 1, bool(words)))]


@given(st.lists(word_lists, max_size=5), sizes)
def test_two_shingles_are_equal_when_their_words_are(texts, size):
    """In the same article or in different ones, and never across two of them."""
    runs = [run for text in texts for run in windows(text, size)]
    found = shingles_of(hashes(*texts), size)

    assert found.lengths.tolist() == [len(windows(text, size)) for text in texts]
    assert len(set(zip(runs, found.values.tolist(), strict=True))) == len(set(runs))
    assert len(set(found.values.tolist())) == len(set(runs))


@given(st.lists(word_lists, max_size=5), sizes)
def test_distinct_shingles_are_sets(texts, size):
    """Each row is what Python's set makes of it, in ascending order."""
    shingles = shingles_of(hashes(*texts), size)

    distinct = [row.tolist() for row in distinct_shingles(shingles)]
    assert distinct == [sorted(set(row.tolist())) for row in shingles]


@given(word_lists, word_lists, sizes)
def test_putting_texts_together_loses_no_shingle_of_a_long_one(one, other, size):
    """What crosses the seam is added to what both had."""
    first, second, both = shingles_of(hashes(one, other, f"{one} {other}"), size)

    for text, row in ((one, first), (other, second)):
        if len(text.split()) >= size:
            assert set(row.tolist()) <= set(both.tolist())
