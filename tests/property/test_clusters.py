"""Laws of clusters."""

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.core import acquaintance
from dedupe_news.core.clusters import grow_clusters
from dedupe_news.core.components import component_labels
from dedupe_news.core.verify import Comparisons

FLOOR = 0.2
SHARES = st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.6, 0.8, 1.0])


@st.composite
def graphs(draw):
    """Return how much every two articles share, and which pairs are candidates."""
    count = draw(st.integers(0, 9))
    pairs = list(combinations(range(count), 2))
    shares = {pair: draw(SHARES) for pair in pairs}
    return count, shares, [pair for pair in pairs if draw(st.booleans())]


def looked_at(pairs, shares):
    """Return pairs, compared: of articles so unlike in length that nothing follows for a third."""
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    found = np.array([shares[pair] for pair in pairs], np.float64)
    return Comparisons(ends[:, 0], ends[:, 1], found, found / 4, found >= 0.6)


SETS = st.sets(st.integers(0, 11), min_size=1)


@given(st.lists(st.tuples(SETS, SETS, SETS), min_size=1, max_size=9))
def test_what_follows_from_a_third_is_what_comparing_would_say(parts):
    """Clusters of real sets are the same, whoever is compared and whoever is spared that."""
    sets = [one | {12 + each for each in two & three} for one, two, three in parts]

    def compare(left, right):
        return compared(list(zip(left.tolist(), right.tolist(), strict=True)), sets)

    everyone = list(combinations(range(len(sets)), 2))
    matches = compared(everyone, sets)
    spared = grow_clusters(matches.take(matches.matches), len(sets), compare, FLOOR)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acquaintance, "ROUNDING", math.inf)
        assert grow_clusters(matches.take(matches.matches), len(sets), compare, FLOOR) == spared


def compared(pairs, sets):
    """Return pairs of sets, compared as those of shingles are."""
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    shared = np.array([len(sets[one] & sets[other]) for one, other in pairs], np.float64)
    smaller = np.array([min(len(sets[one]), len(sets[other])) for one, other in pairs])
    union = np.array([len(sets[one] | sets[other]) for one, other in pairs])
    found = shared / smaller
    return Comparisons(ends[:, 0], ends[:, 1], found, shared / union, found >= 0.6)


def clusters_of(count, shares, candidates):
    """Return the clustering of a graph."""

    def compare(left, right):
        return looked_at(list(zip(left.tolist(), right.tolist(), strict=True)), shares)

    return grow_clusters(looked_at(candidates, shares), count, compare, FLOOR)


@given(graphs())
def test_clusters_lie_inside_connected_components(graph):
    """Nobody is joined whom no chain of matches joins, and nobody twice."""
    count, shares, candidates = graph
    matches = [pair for pair in candidates if shares[pair] >= 0.6]
    ends = np.array(matches, np.int64).reshape(-1, 2)
    labels = component_labels(ends[:, 0], ends[:, 1], count)
    found = clusters_of(*graph).clusters

    everyone = [rank for members in found for rank in members]
    assert len(everyone) == len(set(everyone))
    assert all(len(members) > 1 for members in found)
    assert all(len({labels[rank] for rank in members}) == 1 for members in found)


@given(graphs())
def test_a_pair_that_matches_nobody_else_is_a_cluster(graph):
    """Two articles are enough."""
    _, shares, candidates = graph
    matches = [pair for pair in candidates if shares[pair] >= 0.6]
    found = clusters_of(*graph).clusters

    for pair in matches:
        others = [other for other in matches if other != pair and set(other) & set(pair)]
        assert others or pair in found


@given(graphs())
def test_small_clusters_hold_no_strangers(graph):
    """Up to five members, every two match or share something."""
    _, shares, _ = graph

    for members in clusters_of(*graph).clusters:
        if len(members) <= 5:
            assert all(shares[pair] >= FLOOR for pair in combinations(members, 2))


@given(graphs())
def test_everything_that_is_left_out_is_told(graph):
    """A match of a member is in its cluster or among the overlaps."""
    _, shares, candidates = graph
    found = clusters_of(*graph)
    home = {rank: members for members in found.clusters for rank in members}

    for one, other in (pair for pair in candidates if shares[pair] >= 0.6):
        for member, outsider in ((one, other), (other, one)):
            inside = member in home and outsider not in home[member]
            assert ((member, outsider) in found.overlaps) == inside


@st.composite
def stars(draw):
    """Return much as it is where one is like all others, which share something at least."""
    count = draw(st.integers(5, 9))
    shares = {
        pair: draw(st.sampled_from([0.3, 0.5, 0.6, 0.8])) for pair in combinations(range(count), 2)
    }
    shares |= {(0, rank): draw(st.sampled_from([0.5, 0.6, 0.9, 1.0])) for rank in range(1, count)}
    return count, shares, [pair for pair in shares if draw(st.booleans()) or not pair[0]]


@given(st.one_of(graphs(), stars()), st.randoms(use_true_random=False))
def test_what_nobody_asks_about_makes_no_difference(graph, chance):
    """Some pairs are in doubt: those about which clusters do not ask may match or not."""
    count, shares, candidates = graph
    compared = looked_at(candidates, shares)
    doubtful = np.array([FLOOR <= shares[pair] < 0.6 for pair in candidates], np.bool_)
    doubts, sure = compared.take(doubtful), compared.take(~doubtful)
    fate = np.array([chance.random() < 0.5 for _ in range(len(doubts))], np.bool_)
    open_ = np.ones(len(doubts), np.bool_)
    settled = grown(count, shares, sure, doubts)
    while len(settled.asked):
        open_[np.flatnonzero(open_)[settled.asked]] = False
        known = joined(sure, doubts, fate & ~open_)
        settled = grown(count, shares, known, doubts.take(open_))

    assert settled == grown(count, shares, joined(sure, doubts, fate), None)


def joined(sure, doubts, fate):
    """Return pairs with those in doubt that turn out to match."""
    found = replace(doubts, matches=fate).take(fate)
    both = Comparisons.concatenate([sure, found])
    return both.take(np.lexsort((both.right, both.left)))


def grown(count, shares, pairs, doubts):
    """Return the clustering of compared pairs, of which some are in doubt."""

    def compare(left, right):
        return looked_at(list(zip(left.tolist(), right.tolist(), strict=True)), shares)

    return grow_clusters(pairs, count, compare, FLOOR, doubts)
