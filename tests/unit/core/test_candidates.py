"""Which pairs are worth comparing."""

import numpy as np
import pytest

from dedupe_news.core import candidates as module
from dedupe_news.core.among import without
from dedupe_news.core.candidates import OwnAnchors, anchors_under, candidates_of
from dedupe_news.core.columns import Recipe, columns_of
from dedupe_news.core.holders import (
    MAX_HOLDERS,
    holders_of,
    in_crowds,
)
from dedupe_news.core.pair_counts import count_pairs, pairs_in_bands
from dedupe_news.core.ragged import shared_values
from held import held
from invented import prose

RECIPE = Recipe(shingle_words=5, unit="word", num_perm=128, seed=1)
NOBODY = np.zeros(2, np.bool_)  # of two articles is in a crowd


def proposed(*texts, floor=0.2):
    """Return the pairs of texts that either channel proposes."""
    columns = columns_of(texts, RECIPE)
    count, holders = len(columns), holders_of(columns.anchors)
    own, lengths = OwnAnchors.of(columns.anchors), columns.shingles.lengths
    channels = count_pairs(holders, count), own, lengths, pairs_in_bands(columns.bands)
    pairs = candidates_of(*channels, np.arange(count), floor, in_crowds(holders, count))
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))


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


def test_a_band_shared_by_chance_is_not_proposed():
    """Of two long articles that share a band, and not one of their many anchors."""
    columns = columns_of([prose(300, 1), prose(300, 2)], RECIPE)
    bands = columns.bands.copy()
    bands[1, 0] = bands[0, 0]
    nothing = count_pairs(held([[], []]), 2)

    own, lengths, two = OwnAnchors.of(columns.anchors), columns.shingles.lengths, np.arange(2)
    given = nothing, own, lengths, pairs_in_bands(bands)
    assert len(candidates_of(*given, two, 0.2, NOBODY)) == 0


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


def test_both_ways_count_anchors_under_bounds(monkeypatch):
    """Compiled or not."""
    anchors = columns_of([prose(300, 1)], RECIPE).anchors
    under = anchors_under(anchors)
    monkeypatch.setattr(module, "KERNEL", None)

    assert np.array_equal(anchors_under(anchors), under)
