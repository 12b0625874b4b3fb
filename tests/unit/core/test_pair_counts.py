"""How many keys pairs of articles share, against all compared with all."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from dedupe_news.core import holders
from dedupe_news.core import pair_counts as module
from dedupe_news.core.holders import MAX_HOLDERS
from dedupe_news.core.pair_counts import count_pairs
from held import held, random_rows


def counted(rows):
    """Return how many keys each pair of articles shares."""
    found = count_pairs(held(rows), len(rows))
    pairs = zip(found.left.tolist(), found.right.tolist(), strict=True)
    return dict(zip(pairs, found.shared.tolist(), strict=True))


def slow_count(rows):
    """Return the same by comparing all articles with all."""
    shared = {
        (one, other): len(set(rows[one]) & set(rows[other]))
        for one, other in combinations(range(len(rows)), 2)
    }
    return {pair: count for pair, count in shared.items() if count}


@pytest.mark.parametrize("rows", [[], [[]], [[], []], [[5]], [[1], [2]]])
def test_without_common_keys_there_are_no_holders_and_no_pairs(rows):
    """Nothing in, nothing out."""
    assert len(held(rows).articles) == 0
    assert counted(rows) == {}


@pytest.mark.parametrize("seed", range(10))
def test_pairs_equal_those_of_comparing_all_with_all(seed):
    """Each once, the lower rank first, with the number of common keys."""
    rows = random_rows(seed)

    assert counted(rows) == slow_count(rows)


def test_pairs_are_ascending():
    """Later stages search among them."""
    found = count_pairs(held(random_rows(1)), 30)

    codes = found.left * 30 + found.right
    assert len(found) == len(slow_count(random_rows(1)))
    assert (np.diff(codes) > 0).all()
    assert (found.left < found.right).all()


@pytest.mark.parametrize("size", [1, 5, 100])
def test_slices_are_added_up(monkeypatch, size):
    """How many keys are paired at once is a matter of memory."""
    expected = counted(random_rows(2))
    monkeypatch.setattr(module, "_SLICE", size)

    assert counted(random_rows(2)) == expected


def test_holders_up_to_the_limit_are_paired_all_with_all():
    """A key of so many holders is still worth every pair."""
    assert len(counted([[1]] * MAX_HOLDERS)) == MAX_HOLDERS * (MAX_HOLDERS - 1) // 2


@pytest.mark.parametrize("crowd", [MAX_HOLDERS + 1, 200, 2000])
def test_a_crowd_makes_pairs_in_proportion_to_its_size(crowd):
    """All meet a few representatives, so the work stays linear."""
    pairs = counted([[1]] * crowd)

    assert set(pairs) == {(one, other) for one in range(3) for other in range(one + 1, crowd)}
    assert set(Counter(pairs.values())) == {1}


def test_who_joins_a_crowd_changes_nothing_between_the_others():
    """So what is known of them stays true."""
    rows = [[1, 2] if number % 2 else [1] for number in range(80)]
    more = [*rows[:40], [1, 2], *rows[40:]]
    old = {number: number + (number >= 40) for number in range(80)}

    before = {(old[one], old[other]): shared for (one, other), shared in counted(rows).items()}
    after = {pair: shared for pair, shared in counted(more).items() if 40 not in pair}

    assert before == after


def test_a_crowd_leaves_other_keys_alone():
    """Two articles that share further keys are counted on all of these."""
    rows = [*[[1]] * 5, [1, 2, 3], *[[1]] * 100, [1, 2, 3]]

    assert counted(rows)[5, 106] == 2


def test_a_part_may_be_fuller_than_chance_would_have_it(monkeypatch):
    """Keys that somebody crafted to lie close together are all counted."""
    monkeypatch.setattr(holders, "_SORTED_AT_ONCE", 64)
    rows = [list(range(3000)), list(range(1000, 4000))]

    assert counted(rows) == {(0, 1): 2000}


@pytest.mark.parametrize("keys", [1, 60, 4000])
def test_both_ways_make_the_same_pairs(monkeypatch, keys):
    """Of small groups and of crowds, of few others and of many, compiled or not; in one order."""
    rows = random_rows(2, articles=300, keys=keys)
    compiled = count_pairs(held(rows), len(rows))
    for stage in (holders, module):
        monkeypatch.setattr(stage, "KERNEL", None)
    again = count_pairs(held(rows), len(rows))

    for column in ("left", "right", "shared"):
        assert getattr(compiled, column).tolist() == getattr(again, column).tolist()
