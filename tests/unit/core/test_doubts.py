"""Second looks that wait do not show, but in the time that it takes."""

from itertools import combinations, product

import numpy as np
import pytest

from dedupe_news import looks
from dedupe_news.core import doubts as module
from dedupe_news.core import facts, growth
from dedupe_news.core.clusters import grow_clusters
from dedupe_news.core.doubts import Doubts
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shared_words import match_in_order
from dedupe_news.core.verify import Comparisons, Rule
from dedupe_news.pipeline import scan
from dedupe_news.settings import Settings
from invented import article, prose, variant, words

RULE = Rule(0.6, 20, 5)
TEXT = words(200, 1)
NOBODY = 1 << 40


def comparisons(*pairs):
    """Return pairs by row with containment, of which 0.6 is a match, and resemblance: its half."""
    rows = [(*pair[:3], *(pair[3:] or (pair[2] / 2,))) for pair in pairs]
    left, right, shares, alike = map(np.array, zip(*rows, strict=True))
    return Comparisons(left, right, shares, alike, shares >= 0.6)


@pytest.fixture
def settled(monkeypatch):
    """Return what tells which pairs are looked at twice, and which are left in doubt."""

    def settle(pairs, most, refused=()):
        looked = []

        def match(_words, left, right, _rule):
            chosen = list(zip(left.tolist(), right.tolist(), strict=True))
            looked.extend(chosen)
            return np.array([pair not in refused for pair in chosen], np.bool_)

        monkeypatch.setattr(module, "match_in_order", match)
        words = Ragged.of_lists([[]] * (1 + max(pair[1] for pair in pairs)))
        doubts = Doubts(comparisons(*pairs), words, RULE)
        doubts.settle(most)
        return sorted(looked), [pairs[row][:2] for row in np.flatnonzero(doubts.open).tolist()]

    return settle


HUB = [(0, rank, 0.9) for rank in range(1, 7)]


@pytest.mark.parametrize(
    ("pair", "looked", "left"),
    [
        ((1, 2, 0.5), [], [(1, 2)]),
        ((1, 7, 0.5), [(1, 7)], []),  # 7 matches nobody as yet
        ((1, 7, 0.1), [], []),  # they share too little for a second look
        ((0, 7, 0.5), [(0, 7)], []),
    ],
)
def test_what_is_weaker_than_a_match_of_both_can_wait(settled, pair, looked, left):
    """It is neither the strongest match of the one nor of the other."""
    assert settled([*HUB, pair], 5) == (looked, left)


@pytest.mark.parametrize(("most", "left"), [(3, [(5, 8)]), (6, [])])
def test_no_second_look_waits_where_there_is_no_crowd(settled, most, left):
    """A small family is described by all of its pairs."""
    far = [(7, 8, 0.9), (7, 9, 0.8), (8, 9, 0.5)]
    looked, open_ = settled([*HUB, *far, (5, 8, 0.3)], most)

    assert (8, 9) in looked
    assert open_ == left


@pytest.mark.parametrize(
    ("refused", "looked"),
    [([], [(7, 8)]), ([(7, 8)], [(2, 7), (7, 8)]), ([(7, 8), (2, 7)], [(1, 7), (2, 7), (7, 8)])],
)
def test_who_has_no_match_tries_the_strongest_pair_first(settled, refused, looked):
    """And the next, until one matches."""
    pairs = [*HUB, (0, 8, 0.9), (1, 7, 0.3), (2, 7, 0.4), (7, 8, 0.5)]

    assert settled(pairs, 5, refused)[0] == looked


def test_in_the_end_everything_is_tried(settled):
    """Nobody is left in doubt without a match."""
    pairs = [*HUB, *((rank, 7, 0.3 + rank / 100) for rank in range(1, 7))]
    looked, left = settled(pairs, 5, {pair[:2] for pair in pairs})

    assert (len(looked), left) == (6, [])


@pytest.mark.parametrize(("share", "looked"), [(0.59, 3), (0.3, 0)])
def test_whoever_may_be_the_first_of_a_cluster_is_looked_at_twice(settled, share, looked):
    """8 might have more in common with its matches than 0."""
    others = [(8, rank, 0.95) for rank in range(9, 13)]
    shy = [(1, 8, 0.61), *((rank, 8, share) for rank in (2, 3, 4))]

    assert len(settled([*HUB, *shy, *others], 5)[0]) == looked


STAR = ((0, 1, 0.95), (0, 2, 0.9), (0, 3, 0.9), (0, 4, 0.8), (5, 6, 0.9))


def asked(matches, doubts, strangers=frozenset()):
    """Return which doubts clusters depend on; all share something, but for some strangers."""

    def compare(left, right):
        pairs = list(zip(left.tolist(), right.tolist(), strict=True))
        return comparisons(*((*pair, 0.3 * (pair not in strangers)) for pair in pairs))

    found = grow_clusters(comparisons(*matches), 10, compare, 0.2, comparisons(*doubts))
    return [doubts[row][:2] for row in found.asked.tolist()]


@pytest.mark.parametrize(
    ("doubts", "open_"),
    [
        ([(1, 4, 0.5), (2, 3, 0.5)], []),
        ([(0, 7, 0.5)], [(0, 7)]),  # somebody else might belong there
        ([(2, 3, 0.5), (4, 5, 0.5)], [(2, 3), (4, 5)]),  # two might be one
        ([(1, 4, 0.5), (5, 6, 0.5)], [(5, 6)]),  # there is nobody else in that one
    ],
)
def test_doubts_inside_a_cluster_are_not_asked_about(doubts, open_):
    """Unless they could bring somebody in."""
    assert asked(STAR, doubts) == open_


@pytest.mark.parametrize(("pair", "open_"), [((1, 2, 0.5), []), ((1, 7, 0.5), [(1, 7)])])
def test_doubts_about_who_is_refused_are_asked_about(pair, open_):
    """7 matches a member, but is a stranger to the first: what it matches is to be told."""
    assert asked([*STAR, (4, 7, 0.7)], [pair], {(0, 7)}) == open_


def test_doubts_are_asked_about_where_a_digest_is_left_out():
    """The others have to hold together without it."""
    stories = range(4), range(4, 8)
    matches = [(*pair, 0.95) for story in stories for pair in combinations(story, 2)]
    matches = [*matches[1:], *((rank, 8, 0.7) for rank in range(8))]
    strangers = set(product(*stories))

    assert asked(matches, [(0, 1, 0.5)], strangers) == [(0, 1)]


def test_who_might_be_the_first_of_a_cluster_must_have_room_for_all():
    """Seen from 0, all are in; seen from 1, which may match more, 7 is a stranger to 2."""
    matches = [(0, 1, 0.9), *((0, rank, 0.95) for rank in (4, 5, 6)), (0, 7, 0.7)]
    matches += [(1, 2, 0.9), (1, 3, 0.9)]
    doubts = [(1, rank, 0.5) for rank in (4, 5, 6, 7)]

    assert asked(matches, doubts) == []
    assert asked(matches, doubts, {(2, 7)}) == [pair[:2] for pair in doubts]
    assert asked(matches, doubts[:1], {(2, 7)}) == []


def test_somebody_in_doubt_may_take_the_place_of_a_witness_who_is_refused():
    """2 is a stranger to 1: then 4 is the last of the first four, or 5 is, whom 6 does not like."""
    matches = [(0, 1, 0.95), (0, 2, 0.9), (0, 3, 0.85), (0, 4, 0.6, 0.1), (0, 6, 0.6, 0.05)]
    doubt = (0, 5, 0.4, 0.39)

    assert asked([*matches, (3, 5, 0.9)], [doubt], {(1, 2), (5, 6)}) == [(0, 5)]


@pytest.mark.parametrize(
    "matches", [[(0, 1, 0.9), (0, 2, 0.9), (2, 3, 0.9)], [(0, 1, 0.9), (0, 2, 0.9), (0, 4, 0.6)]]
)
def test_nobody_may_come_before_the_witnesses(matches):
    """Where these might be others, some might be strangers."""
    assert asked([*matches, (1, 3, 0.7)], [(0, 3, 0.59, 0.59)]) == [(0, 3)]


def crowd(share, seed=0):
    """Return variants of one text with a paragraph of their own, of which that share is edited."""
    return [
        article(f"{number:02}", variant(TEXT, 100 * seed + number, share), prose(30, number))
        for number in range(50)
    ]


@pytest.mark.parametrize("share", [0.03, 0.04, 0.05, 0.06])
@pytest.mark.parametrize("keep", ["most-contained", "longest", "id"])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_crowd_is_described_as_if_all_had_been_looked_at_twice(monkeypatch, share, keep, seed):
    """Whoever is the base, and whether there is one cluster in any case or not."""
    settings = Settings(diff=False, keep=(keep,))
    monkeypatch.setattr(looks, "_CROWD", NOBODY)
    every = scan(crowd(share, seed), settings)
    monkeypatch.setattr(looks, "_CROWD", 2)

    assert scan(crowd(share, seed), settings) == every


def test_what_clusters_ask_about_is_looked_at_twice(monkeypatch):
    """The report is what it would be without a doubt, also where nothing is certain in advance."""
    monkeypatch.setattr(looks, "_CROWD", NOBODY)
    every = scan(crowd(0.05), Settings(diff=False))
    monkeypatch.setattr(looks, "_CROWD", 2)
    monkeypatch.setattr(growth, "_POSSIBLE_SEEDS", 0)

    assert scan(crowd(0.05), Settings(diff=False)) == every


def test_who_may_match_the_base_is_looked_at_twice(monkeypatch):
    """Nobody else has to be."""
    looked = []

    def looking(texts, left, right, rule):
        looked.append(len(left))
        return match_in_order(texts, left, right, rule)

    monkeypatch.setattr(facts, "match_in_order", looking)
    monkeypatch.setattr(looks, "_CROWD", 2)
    (cluster,) = scan(crowd(0.06, 1), Settings(diff=False)).clusters

    assert 0 < sum(looked) < len(cluster.members)
