"""Which pairs are worth comparing, against all pairs compared."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import numpy as np
import pytest

from dedupe_news.core import candidates as module
from dedupe_news.core.among import without
from dedupe_news.core.candidates import (
    KEY_BITS,
    MAX_HOLDERS,
    OwnAnchors,
    anchors_under,
    candidates_of,
    count_pairs,
    holders_of,
    in_crowds,
    low_bits,
    pairs_in_bands,
    without_keys,
)
from dedupe_news.core.columns import Recipe, columns_of
from dedupe_news.core.ragged import Ragged, shared_values
from invented import prose

RECIPE = Recipe(shingle_words=5, unit="word", num_perm=128, seed=1)
NOBODY = np.zeros(2, np.bool_)  # of two articles is in a crowd


def held(rows):
    """Return holders of keys, given the keys that each article holds."""
    keys = np.array([key for keys in rows for key in keys], np.uint64)
    return holders_of(Ragged.from_lengths(keys, np.array([len(keys) for keys in rows], np.int64)))


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


def random_rows(seed, articles=30, keys=40):
    """Return key sets that overlap a good deal."""
    chance = random.Random(seed)
    return [chance.sample(range(keys), chance.randrange(min(keys, 7) + 1)) for _ in range(articles)]


def proposed(*texts, floor=0.2):
    """Return the pairs of texts that either channel proposes."""
    columns = columns_of(texts, RECIPE)
    count, holders = len(columns), holders_of(columns.anchors)
    own, lengths = OwnAnchors.of(columns.anchors), columns.shingles.lengths
    channels = count_pairs(holders, count), own, lengths, pairs_in_bands(columns.bands)
    pairs = candidates_of(*channels, np.arange(count), floor, in_crowds(holders, count))
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


def test_parts_of_the_keys_can_be_gone_through_at_the_same_time(monkeypatch):
    """Two that are at work together do not get in each other's way."""
    monkeypatch.setattr(module, "_SORTED_AT_ONCE", 500)
    numbers = np.random.default_rng(3).integers(0, 1 << 62, 1500, np.uint64) << np.uint64(2)
    rows = np.concatenate([numbers, np.random.default_rng(4).permutation(numbers)])
    keys = Ragged.from_lengths(rows, np.full(300, 10))
    together = threading.Barrier(4, timeout=60)
    packed = module._packed

    def when_all_have_room(*arguments):
        together.wait()
        return packed(*arguments)

    alone = holders_of(keys)
    monkeypatch.setattr(module, "_packed", when_all_have_room)
    with ThreadPoolExecutor(8) as threads:
        found = holders_of(keys, threads.map)

    assert len(alone.keys) == 1500
    assert found.keys.tolist() == alone.keys.tolist()
    assert found.articles.values.tolist() == alone.articles.values.tolist()
    assert found.articles.offsets.tolist() == alone.articles.offsets.tolist()


def test_holders_are_those_of_keys_that_several_articles_hold():
    """By key, and within a key by rank; who holds a key alone is of no use."""
    found = held([[9, 4], [4], [7], [9, 4]])

    assert found.keys.tolist() == [4, 9]
    assert [row.tolist() for row in found.articles] == [[0, 1, 3], [0, 3]]


def test_a_key_is_cut_to_some_of_its_bits():
    """The mask tells which ones, so that a key can be found in a text again."""
    key = 2**64 - 1
    found = held([[key], [key], []])

    assert int(found.mask) == 2**KEY_BITS - 1
    assert found.keys.tolist() == [key & int(found.mask)]


def test_some_of_many_articles_are_told_by_the_bits_that_all_leave_free():
    """Who holds the keys of a share of a corpus is as if all of it were there."""
    keys = Ragged.of_lists([[1 << 40 | 5], [5]])
    keys = Ragged(keys.values.astype(np.uint64), keys.offsets)
    some = holders_of(keys, count=1 << 30)

    assert some.mask == low_bits(1 << 30) == 2**34 - 1
    assert some.keys.tolist() == [5]
    assert some.articles[0].tolist() == [0, 1]
    assert len(holders_of(keys).keys) == 0


@pytest.mark.parametrize(("count", "bits"), [(0, 44), (3, 44), (2**20, 44), (2**20 + 1, 43)])
def test_keys_are_cut_alike_in_corpora_of_up_to_a_million(count, bits):
    """So what an index has of keys is good for a corpus that grows; beyond, ranks need room."""
    assert int(low_bits(count)) == 2**bits - 1


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


FAMILIES = {
    "doubled": lambda seed: f"{prose(300, seed)} {prose(300, seed + 1000)}",
    "five times as long": lambda seed: (
        f"{prose(600, seed + 1000)} {prose(300, seed)} {prose(600, seed + 2000)}"
    ),
    "cut to a fifth": lambda seed: " ".join(prose(300, seed).split()[:60]),
    "copied": lambda seed: prose(300, seed),
}


@pytest.mark.parametrize("variant", FAMILIES.values(), ids=FAMILIES)
def test_a_variant_is_found_however_much_was_added_or_cut(variant):
    """At least 99 of 100, where LSH alone finds one in five of the longest."""
    found = sum(proposed(prose(300, seed), variant(seed)) == [(0, 1)] for seed in range(100))

    assert found >= 99


def test_short_articles_are_proposed_by_a_single_anchor():
    """A brief of eight words has four shingles to be known by."""
    assert proposed("a b c d e f g h", "x y z a b c d e") == [(0, 1)]


def test_a_single_anchor_of_many_is_chance():
    """Long articles that share one turn of phrase are not compared."""
    idiom = "at the end of the day"
    texts = [f"{prose(300, seed)} {idiom} {prose(300, seed + 50)}" for seed in range(6)]

    assert proposed(*texts) == []


def test_a_sample_far_under_the_floor_is_not_proposed():
    """Shared anchors estimate containment, so hopeless pairs cost nothing further."""
    quote = prose(80, 9)
    texts = [f"{prose(1500, seed)} {quote}" for seed in (1, 2)]

    assert proposed(*texts, floor=0.01) == [(0, 1)]
    assert proposed(*texts, floor=0.3) == []


def test_signatures_alone_propose_too():
    """The channels are independent: articles without anchors may still share a band."""
    texts = [prose(300, 1), prose(300, 1)]
    columns = columns_of(texts, RECIPE)
    bare = OwnAnchors.of(columns.anchors, np.unique(columns.anchors.values))
    nothing = count_pairs(held([[], []]), 2)

    lengths, two = columns.shingles.lengths, np.arange(2)
    alike = pairs_in_bands(columns.bands)
    pairs = candidates_of(nothing, bare, lengths, alike, two, 0.2, NOBODY)
    assert (pairs.left.tolist(), pairs.right.tolist(), len(pairs)) == ([0], [1], 1)


def test_within_one_story_signatures_have_nothing_to_add():
    """Anchors have joined it already; in a crowd of variants everybody shares a band."""
    texts = [prose(300, 1), prose(300, 1)]
    columns = columns_of(texts, RECIPE)
    bare = OwnAnchors.of(columns.anchors, np.unique(columns.anchors.values))
    nothing = count_pairs(held([[], []]), 2)

    lengths, one = columns.shingles.lengths, np.zeros(2, np.int64)
    alike = pairs_in_bands(columns.bands)
    assert len(candidates_of(nothing, bare, lengths, alike, one, 0.2, NOBODY)) == 0


def test_no_articles_make_no_candidates():
    """An empty corpus is no special case."""
    assert proposed() == []


@pytest.mark.parametrize("at_once", [1, 7, 50])
@pytest.mark.parametrize("compiled", [True, False])
def test_keys_that_are_sorted_in_parts_come_out_in_order(monkeypatch, at_once, compiled):
    """Memory for a part is enough, and nobody sees how many parts there were."""
    rows = [[key * 0x9E3779B97F4A7C15 % 2**63 for key in keys] for keys in random_rows(3)]
    whole = held(rows)
    monkeypatch.setattr(module, "_SORTED_AT_ONCE", at_once)
    if not compiled:
        monkeypatch.setattr(module, "KERNEL", None)
    parts = held(rows)

    assert parts.keys.tolist() == whole.keys.tolist()
    assert [row.tolist() for row in parts.articles] == [row.tolist() for row in whole.articles]


def test_a_part_may_be_fuller_than_chance_would_have_it(monkeypatch):
    """Keys that somebody crafted to lie close together are all counted."""
    monkeypatch.setattr(module, "_SORTED_AT_ONCE", 64)
    rows = [list(range(3000)), list(range(1000, 4000))]

    assert counted(rows) == {(0, 1): 2000}


def test_a_band_shared_by_chance_is_not_proposed():
    """Of two long articles that share a band, and not one of their many anchors."""
    columns = columns_of([prose(300, 1), prose(300, 2)], RECIPE)
    bands = columns.bands.copy()
    bands[1, 0] = bands[0, 0]
    nothing = count_pairs(held([[], []]), 2)

    own, lengths, two = OwnAnchors.of(columns.anchors), columns.shingles.lengths, np.arange(2)
    given = nothing, own, lengths, pairs_in_bands(bands)
    assert len(candidates_of(*given, two, 0.2, NOBODY)) == 0


@pytest.mark.parametrize("size", [MAX_HOLDERS, MAX_HOLDERS + 1])
def test_in_a_crowd_is_who_holds_a_key_of_which_not_all_are_paired(size):
    """The others are paired with everybody who shares a key with them."""
    holders = held([[1, 2] for _ in range(size)] + [[2, 3], [3]])

    expected = [size + 1 > MAX_HOLDERS] * (size + 1) + [False]
    assert in_crowds(holders, size + 2).tolist() == expected


def test_who_is_in_no_crowd_is_known_without_a_look_at_anchors():
    """What all holders of a key were paired by is as much as their anchors tell, crowds or not."""
    texts = [f"{prose(60, 1)} {prose(60, seed)}" for seed in range(MAX_HOLDERS + 8)]
    texts += [f"{prose(90, 200)} {prose(60, seed)}" for seed in range(300, 304)]
    columns = columns_of(texts, RECIPE)
    bands = columns.bands.copy()
    bands[:, 0] = np.arange(len(texts)) % 4  # shared by strangers and others
    holders, count = holders_of(columns.anchors), len(columns)
    own = OwnAnchors.of(columns.anchors)
    given = count_pairs(holders, count), own, columns.shingles.lengths
    alike, alone = pairs_in_bands(bands), np.arange(count)
    crowded = in_crowds(holders, count)
    assert 0 < crowded.sum() < count

    found = candidates_of(*given, alike, alone, 0.2, crowded)
    looked = candidates_of(*given, alike, alone, 0.2, np.ones(count, np.bool_))
    assert (found.left.tolist(), found.right.tolist()) == (
        looked.left.tolist(),
        looked.right.tolist(),
    )


def test_of_short_articles_anchors_rule_nothing_out():
    """A small sample may miss what there is."""
    columns = columns_of([prose(16, 1), prose(16, 2)], RECIPE)
    bands = columns.bands.copy()
    bands[1, 0] = bands[0, 0]
    nothing = count_pairs(held([[], []]), 2)

    own, lengths, two = OwnAnchors.of(columns.anchors), columns.shingles.lengths, np.arange(2)
    given = nothing, own, lengths, pairs_in_bands(bands)
    assert len(candidates_of(*given, two, 0.2, NOBODY)) == 1


@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_boilerplate_is_left_out_wherever_anchors_are_looked_at(monkeypatch, at_once):
    """As if all anchors had been copied without it, however many of them are copied at once."""
    monkeypatch.setattr(module, "_COUNTED_AT_ONCE", at_once)
    anchors = columns_of([f"{prose(60, 1)} {prose(60, seed)}" for seed in range(8)], RECIPE).anchors
    furniture = np.unique(anchors.values)[::3].copy()
    bare = without(anchors, furniture)
    own = OwnAnchors.of(anchors, furniture)

    left, right = np.array([[0, 1], [5, 2], [5, 6]]).T
    assert np.array_equal(own.under, anchors_under(bare))
    assert np.array_equal(own.shared(left, right), shared_values(bare, left, right))


def test_keys_are_left_out_with_all_of_their_holders():
    """As if nobody had ever held them; of other keys nothing changes."""
    rows = random_rows(5)
    left_out = np.array([3, 7, 39, 1000], np.uint64)
    found = without_keys(held(rows), left_out)
    expected = held([[key for key in keys if key not in {3, 7, 39}] for keys in rows])

    assert found.keys.tolist() == expected.keys.tolist()
    assert [row.tolist() for row in found.articles] == [row.tolist() for row in expected.articles]


def test_without_keys_to_leave_out_all_holders_stay():
    """Nothing was learned to be boilerplate."""
    holders = held(random_rows(6))

    assert without_keys(holders, np.empty(0, np.uint64)) is holders


@pytest.mark.parametrize("keys", [1, 60, 4000])
def test_both_ways_make_the_same_pairs(monkeypatch, keys):
    """Of small groups and of crowds, of few others and of many, compiled or not; in one order."""
    rows = random_rows(2, articles=300, keys=keys)
    compiled = count_pairs(held(rows), len(rows))
    monkeypatch.setattr(module, "KERNEL", None)
    again = count_pairs(held(rows), len(rows))

    for column in ("left", "right", "shared"):
        assert getattr(compiled, column).tolist() == getattr(again, column).tolist()


def test_both_ways_count_anchors_under_bounds(monkeypatch):
    """Compiled or not."""
    anchors = columns_of([prose(300, 1)], RECIPE).anchors
    under = anchors_under(anchors)
    monkeypatch.setattr(module, "KERNEL", None)

    assert np.array_equal(anchors_under(anchors), under)


def test_keys_come_in_one_order_however_many_articles_there_are():
    """So of passages that overlap, the same ones are shown as boilerplate of a growing corpus."""
    one, other = 5 << 50 | 9, 3 << 50 | 80  # told apart, and put in order, by their low bits
    few = [[one, other], [one, other]]
    alone, among = held(few), held([*few, *[[] for _ in range(3000)]])

    assert alone.mask == among.mask
    assert alone.keys.tolist() == among.keys.tolist() == [9, 80]
