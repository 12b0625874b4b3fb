"""Laws of candidates."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies import word_lists

from dedupe_news.core.candidates import OwnAnchors, candidates_of
from dedupe_news.core.columns import Recipe, columns_of
from dedupe_news.core.holders import MAX_HOLDERS, holders_of, in_crowds
from dedupe_news.core.pair_counts import count_pairs, pairs_in_bands
from dedupe_news.core.ragged import Ragged

key_sets = st.lists(st.sets(st.integers(0, 9)), max_size=12)
crowds = st.lists(st.sets(st.integers(0, 3)), min_size=30, max_size=90)
RECIPE = Recipe(5, "word", 32, 1)


def counted(rows):
    """Return how many keys each pair of articles shares, as counted on arrays."""
    keys = np.array([key for keys in rows for key in keys], np.uint64)
    lengths = np.array([len(keys) for keys in rows], np.int64)
    holders = holders_of(Ragged.from_lengths(keys, lengths))
    found = count_pairs(holders, len(rows))
    ends = zip(found.left.tolist(), found.right.tolist(), strict=True)
    return dict(zip(ends, found.shared.tolist(), strict=True))


def compared(rows):
    """Return the same by comparing all with all."""
    shared = {
        pair: len(rows[pair[0]] & rows[pair[1]]) for pair in combinations(range(len(rows)), 2)
    }
    return {pair: count for pair, count in shared.items() if count}


@given(key_sets)
def test_few_holders_are_paired_all_with_all(rows):
    """Each pair once, with what it has in common."""
    assert counted(rows) == compared(rows)


@given(crowds)
def test_of_a_crowd_no_pair_is_made_up_and_nobody_is_left_out(rows):
    """Pairs are some of all, and whoever shares a key is in one."""
    found, everything = counted(rows), compared(rows)

    assert all(0 < count <= everything[pair] for pair, count in found.items())
    assert {rank for pair in found for rank in pair} == {
        rank for pair in everything for rank in pair
    }
    assert len(found) <= 4 * MAX_HOLDERS * len(rows)


@given(st.lists(word_lists, max_size=8))
def test_candidates_are_pairs_of_different_articles_in_order(texts):
    """Each once, the lower rank first."""
    columns = columns_of(texts, RECIPE)
    count = len(texts)
    holders = holders_of(columns.anchors)
    own, lengths = OwnAnchors.of(columns.anchors), columns.shingles.lengths
    alike, crowded = pairs_in_bands(columns.bands), in_crowds(holders, count)
    shared, stories = count_pairs(holders, count), np.arange(count)
    found = candidates_of(shared, own, lengths, alike, stories, 0.2, crowded)

    codes = (found.left * max(count, 1) + found.right).tolist()
    assert codes == sorted(set(codes))
    assert (found.left < found.right).all()
