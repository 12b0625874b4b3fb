"""Which variant stands nearest to which."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.model import Alignment, Change, Cluster, Counts, Member, Variant
from dedupe_news.render.html.stemma import MOST, Branch, branches, kinship


def family(*news, via=None):
    """Return a cluster whose variants have added the given texts to the base."""
    via = via or {}
    variants = tuple(
        Variant(str(number), "reprint", 1.0, 1.0, 1.0, via.get(number, ""), _adding(added))
        for number, added in enumerate(news, 1)
    )
    ids = ("base", *(variant.id for variant in variants))
    members = tuple(Member(each, "", "", "", "", 1, 9) for each in ids)
    return Cluster("0" * 8, "base", "earliest", members, variants)


def _adding(texts):
    changes = tuple(Change("added", (), (n,), 0.0, (), text) for n, text in enumerate(texts))
    return Alignment((Change("same", (0,), (9,)), *changes), "=", Counts())


def parents(*news, **options):
    """Return the place of each variant's parent."""
    return [kin.parent for kin in kinship(family(*news, **options))]


@pytest.mark.parametrize(
    ("news", "expected"),
    [
        (["", ""], [0, 0]),
        (["x", "x"], [0, 1]),
        (["x", "xy", "xyz"], [0, 1, 2]),
        (["xy", "xz", "xyz"], [0, 1, 1]),
        (["xyz", "x"], [0, 0]),
        (["a", "b", "ab"], [0, 0, 1]),
        (["", "x"], [0, 0]),
    ],
)
def test_a_variant_hangs_from_the_earlier_one_whose_changes_it_repeats(news, expected):
    """More in common wins, then less that is not repeated, then the earlier."""
    assert parents(*news) == expected


@pytest.mark.parametrize(
    ("via", "expected"),
    [({2: "1"}, [0, 1]), ({1: "2"}, [2, 0]), ({1: "2", 2: "1"}, [2, 0]), ({1: "gone"}, [0, 0])],
)
def test_without_a_shared_change_the_link_counts(via, expected):
    """Links that lead in a circle, or to nobody, are cut at the base."""
    assert parents("", "", via=via) == expected


def test_depths_count_from_the_base():
    """A tree can be drawn from them without walking it."""
    assert [kin.depth for kin in kinship(family("x", "xy", "", "xyz"))] == [1, 2, 1, 3]


def test_a_tree_is_drawn_each_below_the_one_it_hangs_from():
    """A list opens behind whoever has others below, and ends behind the last of them."""
    drawn = branches(kinship(family("x", "xy", "", "xyz")))

    assert drawn == [
        Branch(0, opens=True, closes=0),
        Branch(1, opens=True, closes=0),
        Branch(2, opens=True, closes=0),
        Branch(4, opens=False, closes=2),
        Branch(3, opens=False, closes=1),
    ]


def test_a_chain_without_end_is_not_indented_without_end():
    """What hangs deeper stands on the last level, and as many lists end as were opened."""
    drawn = branches(kinship(family(*("abcdefghijklmnopqrst"[:n] for n in range(1, 20)))))

    assert sum(branch.opens for branch in drawn) == sum(branch.closes for branch in drawn) == 12
    assert [branch.place for branch in drawn] == list(range(20))


def test_very_many_variants_hang_as_they_were_linked():
    """Comparing each with each would take too long."""
    assert parents(*["x"] * MOST)[:3] == [0, 1, 1]
    assert set(parents(*["x"] * (MOST + 1))) == {0}


def test_what_was_not_compared_hangs_from_the_base():
    """Without changes there is nothing to go by."""
    cluster = family("x", "x")
    bare = tuple(replace(variant, alignment=None) for variant in cluster.variants)

    assert [kin.parent for kin in kinship(replace(cluster, variants=bare))] == [0, 0]


@given(
    news=st.lists(st.text("abc", max_size=4), min_size=1, max_size=8),
    via=st.dictionaries(st.integers(1, 8), st.integers(0, 8).map(str)),
)
def test_every_chain_ends_at_the_base(news, via):
    """It is a tree, whatever the links say."""
    kin = kinship(family(*news, via=via))

    for each in kin:
        above = each.parent
        assert each.depth == (kin[above - 1].depth + 1 if above else 1)
