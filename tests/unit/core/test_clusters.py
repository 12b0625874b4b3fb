"""Who belongs together, against a plain walk, and who must not."""

import random
from itertools import combinations

import numpy as np
import pytest

from dedupe_news.core.clusters import Clustering, grow_clusters
from dedupe_news.core.verify import Comparisons

FLOOR = 0.2


def comparisons(pairs):
    """Return compared pairs, given containment by pair; 0.6 and more match."""
    ends = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    shares = np.array([pairs[pair] for pair in sorted(pairs)])
    return Comparisons(ends[:, 0], ends[:, 1], shares, shares / 2, shares >= 0.6)


def clusters_of(pairs, count, further=None):
    """Return the clustering of pairs, of which `further` are no candidates."""
    further = further or {}

    def compare(left, right):
        found = [further.get(pair, 0.0) for pair in zip(left.tolist(), right.tolist(), strict=True)]
        shares = np.array(found)
        return Comparisons(left, right, shares, shares / 2, shares >= 0.6)

    return grow_clusters(comparisons(pairs), count, compare, FLOOR)


def slow_components(edges, count):
    """Return the groups of two and more that edges join, by walking."""
    groups = {node: {node} for node in range(count)}
    for one, other in edges:
        joined = groups[one] | groups[other]
        groups.update(dict.fromkeys(joined, joined))
    return sorted({tuple(sorted(group)) for group in groups.values() if len(group) > 1})


@pytest.mark.parametrize("seed", range(10))
def test_families_in_which_all_match_all_are_what_a_plain_walk_finds(seed):
    """Where nobody is a stranger, clusters are connected components."""
    chance = random.Random(seed)
    home = [chance.randrange(12) for _ in range(40)]
    pairs = {
        (one, other): chance.uniform(0.6, 1)
        for one, other in combinations(range(40), 2)
        if home[one] == home[other]
    }

    found = clusters_of(pairs, 40)
    assert list(found.clusters) == slow_components(pairs, 40)
    assert found.overlaps == ()


@pytest.mark.parametrize(("pairs", "count"), [({}, 0), ({}, 5), ({(0, 1): 0.5, (1, 2): 0.1}, 3)])
def test_without_matches_there_are_no_clusters(pairs, count):
    """Pairs that were looked at and do not match join nobody."""
    assert clusters_of(pairs, count) == Clustering((), ())


def test_a_chain_whose_ends_share_something_is_one_cluster():
    """A rewrite of a rewrite still tells the story, though it no longer matches the first."""
    found = clusters_of({(0, 1): 0.7, (1, 2): 0.7}, 3, further={(0, 2): 0.3})

    assert found.clusters == ((0, 1, 2),)


def test_a_chain_whose_ends_are_strangers_is_cut():
    """The one left over is named as an overlap, from the side of the cluster."""
    found = clusters_of({(0, 1): 0.9, (1, 2): 0.7}, 3)

    assert found == Clustering(((0, 1),), ((1, 2),))


def test_two_clusters_that_touch_name_each_other():
    """A match between them is an overlap seen from both."""
    found = clusters_of({(0, 1): 0.95, (1, 2): 0.6, (2, 3): 0.9}, 4)

    assert found == Clustering(((0, 1), (2, 3)), ((1, 2), (2, 1)))


def test_a_pair_known_to_share_too_little_is_compared_again_with_the_same_result():
    """Candidates that failed are no friends either."""
    assert clusters_of({(0, 1): 0.9, (0, 2): 0.1, (1, 2): 0.7}, 3).clusters == ((0, 1),)


def digest_of(parts, each=3):
    """Return a digest, the last article, that matches every article of some families."""
    count = parts * each
    pairs = {
        (one, other): 0.95
        for one, other in combinations(range(count), 2)
        if one // each == other // each
    }
    return pairs | {(rank, count): 0.7 for rank in range(count)}, count + 1


@pytest.mark.parametrize("parts", [3, 5, 8])
@pytest.mark.parametrize("each", [2, 3, 6])
def test_a_digest_does_not_weld_the_stories_it_quotes(parts, each):
    """Each story keeps its own cluster, whatever matches the digest."""
    pairs, count = digest_of(parts, each)
    families = [set(range(part * each, part * each + each)) for part in range(parts)]

    for members in clusters_of(pairs, count).clusters:
        assert sum(bool(family & set(members)) for family in families) == 1


def test_a_digest_overlaps_every_story_and_belongs_to_none():
    """Readers of each story learn that it was digested."""
    pairs, count = digest_of(5)
    found = clusters_of(pairs, count)

    assert found.clusters == tuple((first, first + 1, first + 2) for first in range(0, 15, 3))
    for rank in range(count - 1):
        assert (rank, count - 1) in found.overlaps


def test_a_digest_stays_where_something_would_be_lost_without_it():
    """A story that only the digest repeats is told of nowhere else."""
    pairs, count = digest_of(2)
    alone = {(count - 1, count): 0.7}
    found = clusters_of(pairs | alone, count + 1)

    assert sum(count - 1 in members for members in found.clusters) == 1


def test_an_article_stays_that_holds_its_cluster_together():
    """Two excerpts of one report, one of which is in another story too."""
    held = {(0, 4): 0.7, (1, 4): 0.7, (2, 4): 0.7, (2, 3): 0.95}
    found = clusters_of(held, 5, {(0, 1): 0.3})

    assert found.clusters == ((0, 1, 4), (2, 3))


@pytest.mark.parametrize("seed", range(20))
def test_members_match_someone_and_no_two_of_the_first_are_strangers(seed):
    """On any graph: a cluster has two members or more, each in one cluster only."""
    chance = random.Random(seed)
    shares = {pair: chance.random() for pair in combinations(range(16), 2)}
    candidates = {pair: share for pair, share in shares.items() if chance.random() < 0.4}
    found = clusters_of(candidates, 16, shares)

    everyone = [rank for members in found.clusters for rank in members]
    assert len(everyone) == len(set(everyone))
    for members in found.clusters:
        assert len(members) > 1
        for rank in members:
            partners = {pair for pair, share in candidates.items() if rank in pair and share >= 0.6}
            assert any(set(pair) <= set(members) for pair in partners)


@pytest.mark.parametrize("seed", range(10))
def test_overlaps_are_the_matches_that_no_cluster_holds(seed):
    """No match is lost: its ends are in one cluster, or named as overlapping, or alone."""
    chance = random.Random(seed)
    pairs = {pair: chance.random() for pair in combinations(range(12), 2)}
    found = clusters_of(pairs, 12, pairs)

    home = {rank: members for members in found.clusters for rank in members}
    for one, other in (pair for pair, share in pairs.items() if share >= 0.6):
        together = one in home and home[one] == home.get(other)
        assert ((one, other) in found.overlaps) == (one in home and not together)
        assert ((other, one) in found.overlaps) == (other in home and not together)


def test_of_equal_seeds_the_one_with_the_lower_rank_leads():
    """Ranks depend on texts only, so no tie is broken by the order of the input."""
    found = clusters_of({(0, 1): 0.9, (1, 2): 0.9, (2, 3): 0.9}, 4)

    assert found == Clustering(((0, 1), (2, 3)), ((1, 2), (2, 1)))


def test_only_pairs_that_were_never_candidates_are_compared():
    """Each once, the lower rank first."""
    asked = []

    def compare(left, right):
        asked.extend(zip(left.tolist(), right.tolist(), strict=True))
        shares = np.full(len(left), 0.5)
        return Comparisons(left, right, shares, shares, shares >= 0.6)

    pairs = {(0, 1): 0.9, (1, 2): 0.8, (1, 3): 0.7}
    assert grow_clusters(comparisons(pairs), 4, compare, FLOOR).clusters == ((0, 1, 2, 3),)
    assert sorted(asked) == [(0, 2), (0, 3), (2, 3)]
