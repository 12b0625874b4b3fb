"""What of a report is asked for, and in which order."""

from dataclasses import replace

import pytest

from dedupe_news.replay import ORDERS, Wanted, rank, select
from reports import EMPTY, FERRY, HARBOUR, RICH


def kept(report, **conditions):
    """Return the ids of the variants that are left, by cluster."""
    clusters = select(report, Wanted(**conditions)).clusters
    return {cluster.id: [variant.id for variant in cluster.variants] for cluster in clusters}


RADIO, UPDATE, DIGEST = "radiokust-ferry.txt", "np-ferry-2.txt", "news.jsonl#17"


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"relations": ["reprint"]}, {"3f9c1a52": [RADIO], "77aa0b1c": [RADIO]}),
        ({"relations": ["update", "excerpt"]}, {"3f9c1a52": [UPDATE, DIGEST]}),
        ({"relations": ["identical"]}, {}),
        ({"sources": ["RADIO kust"], "relations": ["reprint"], "since": "2024-05-15"}, {}),
        ({"sources": ["Norden Press"], "relations": ["excerpt"]}, {"3f9c1a52": [DIGEST]}),
        ({"sources": ["nobody"]}, {}),
        ({"min_added_words": 10}, {"3f9c1a52": [RADIO], "77aa0b1c": [RADIO]}),
        ({"min_added_words": 101}, {}),
        ({"since": "2024-05-14T11"}, {"3f9c1a52": [RADIO], "77aa0b1c": [RADIO]}),
        ({"since": "2024"}, {"3f9c1a52": [UPDATE, RADIO], "77aa0b1c": [RADIO]}),
        ({"since": "2024-05-14T12:30+01:00"}, {"3f9c1a52": [RADIO], "77aa0b1c": [RADIO]}),
        ({"since": "2024-05-14T11:41"}, {}),
    ],
)
def test_only_variants_for_which_all_conditions_hold_are_kept(conditions, expected):
    """A cluster of which none is left is gone."""
    assert kept(RICH, **conditions) == expected


@pytest.mark.parametrize(
    ("date", "since", "counts"),
    [
        ("2024-05-14", "2024-05-14", True),
        ("2024-05-14", "2024-05-14T10:00", True),
        ("2024-05-13", "2024-05-14", False),
        ("2024-05", "2024-05-14", True),
        ("2024-04", "2024-05-14", False),
        ("2024", "2024-05", True),
        ("2024-05-13T23:30-05:00", "2024-05-14", True),
        ("2024-05-14T00:30+05:00", "2024-05-14", False),
        ("", "2024", False),
        ("yesterday", "2024", False),
    ],
)
def test_a_date_counts_if_it_may_be_as_late(date, since, counts):
    """Clocks are compared, not letters; what is not known speaks for the article."""
    cluster = FERRY.clusters[0]
    later = replace(cluster.members[1], date=date)
    report = replace(FERRY, clusters=(replace(cluster, members=(cluster.members[0], later)),))

    assert bool(kept(report, since=since)) is counts


def test_without_a_condition_nothing_changes():
    """The report is the same."""
    assert select(RICH, Wanted()) is RICH


def test_members_follow_the_variants_and_the_base_stays():
    """Positions in a cluster still belong together."""
    [cluster] = select(RICH, Wanted(relations=["excerpt"])).clusters

    assert [member.id for member in cluster.members] == ["np-ferry.txt", DIGEST]


def test_what_was_asked_for_stands_in_the_settings_and_the_counts_stay():
    """A part must not be taken for the whole."""
    narrowed = select(RICH, Wanted(relations=["excerpt"], min_added_words=0))

    assert narrowed.settings["only_relations"] == "excerpt"
    assert "only_min_added_words" not in narrowed.settings
    assert narrowed.summary == RICH.summary


def test_without_a_diff_no_words_are_known_to_be_added():
    """What was not compared cannot pass a bound on it."""
    assert kept(HARBOUR, min_added_words=1) == {}


def test_there_is_an_order_for_every_question():
    """Each gives all clusters, and the same ones twice."""
    for order in ORDERS:
        once = rank(RICH, order).clusters
        assert set(once) == set(RICH.clusters)
        assert rank(rank(RICH, order), order).clusters == once


@pytest.mark.parametrize(
    ("order", "first"),
    [("size", "many"), ("added", "new"), ("figures", "new"), ("date", "old"), ("base", "old")],
)
def test_an_order_puts_first_what_it_is_about(order, first):
    """Most members, most words, most figures, the earliest, the first name."""
    ferry, plain = FERRY.clusters[0], HARBOUR.clusters[0]
    early = replace(plain.members[0], date="1999")
    clusters = (
        replace(ferry, id="new", base="c"),
        replace(plain, id="many", base="b", members=(*plain.members, plain.members[1])),
        replace(plain, id="old", base="a", members=(early, plain.members[1])),
    )

    assert rank(replace(EMPTY, clusters=clusters), order).clusters[0].id == first
