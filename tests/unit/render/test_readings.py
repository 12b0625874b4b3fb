from dataclasses import replace

import pytest

from dedupe_news.model import Alignment, Change, Counts, NumberChange, Variant
from dedupe_news.render.readings import groups
from reports import CROWD, FERRY, HARBOUR, agency

CLUSTER = FERRY.clusters[0]


def cluster_of(*variants, texts=(), numbers=()):
    """Return the ferry story in variants of which each has the given changes."""
    made = tuple(
        Variant(
            f"{place}.txt",
            "reprint",
            1.0,
            1.0,
            1.0,
            alignment=Alignment(tuple(changes), "", Counts(), numbers),
            texts=texts,
        )
        for place, changes in enumerate(variants, 1)
    )
    members = tuple(replace(CLUSTER.members[1], id=each.id) for each in made)
    return replace(CLUSTER, members=(CLUSTER.members[0], *members), variants=made)


def added(text, place=3):
    """Return the addition of a text."""
    return Change("added", (), (place,), 0.0, (), text)


def told(cluster):
    """Return who has what, in a short form."""
    return [
        (group.witnesses, [(each.change.op, *each.change.base) for each in group.readings])
        for group in groups(cluster)
    ]


def test_what_most_have_comes_first_and_what_one_has_alone_last():
    """Each change once, with all who have it."""
    tickets, helicopter = added("Tickets stay valid."), added("A helicopter waits.")
    cluster = cluster_of([tickets], [tickets, helicopter], [], [tickets, helicopter, added("Bye.")])

    assert [(group.witnesses, len(group.readings)) for group in groups(cluster)] == [
        ((1, 2, 4), 1),
        ((2, 4), 1),
        ((4,), 1),
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Nobody called us.", "nobody  called us", True),
        ("“Nobody” – called us…", '"Nobody" - called us', True),
        ("Größe zählt", "GRÖSSE zählt", True),
        ("It costs 5 $.", "It costs 5 €.", False),
        ("It costs $5.", "It costs 5.", False),
        ("Up by 5%.", "Up by 5.", False),
        ("कि", "क", False),
        ("東京で", "東京", False),
        ("***", "---", False),
    ],
)
def test_an_addition_is_known_by_its_words(one, other, same):
    """Quotes, dashes, blanks and upper case make no other reading; money and marks do."""
    cluster = cluster_of([added(one)], [added(other, 7)])

    assert len(groups(cluster)) == (1 if same else 2)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Change("removed", (4,), ()), Change("removed", (4,), ()), True),
        (Change("removed", (4,), ()), Change("removed", (5,), ()), False),
        (Change("moved", (8,), (0,)), Change("moved", (8,), (2,)), True),
        (Change("moved", (8,), (0,)), Change("moved", (8,), (0,), 0.9, (("+", "x"),)), False),
        (
            Change("edited", (5,), (5,), 0.9, (("=", "a b "), ("+", "in"))),
            Change("edited", (5,), (6,), 0.9, (("=", "a b "), ("+", "IN"))),
            True,
        ),
        (
            Change("edited", (5,), (5,), 0.9, (("+", "in"),)),
            Change("edited", (5,), (5,), 0.9, (("-", "in"),)),
            False,
        ),
        (Change("merged", (2, 3), (2,)), Change("merged", (2, 3), (1,)), True),
        (Change("merged", (2, 3), (2,)), Change("split", (2,), (2, 3)), False),
    ],
)
def test_other_changes_are_known_by_their_place_in_the_base_and_their_words(one, other, same):
    """Where they stand in the variant does not matter."""
    assert len(groups(cluster_of([one], [other]))) == (1 if same else 2)


def test_paragraphs_that_are_cut_in_other_places_are_two_readings():
    """As far as the texts were kept; without them nobody can tell."""
    whole = cluster_of([Change("split", (1,), (0, 1))], [Change("split", (1,), (0, 1))])
    first, second = whole.variants
    texts = (replace(first, texts=("One two.", "Three.")), replace(second, texts=("One.", "two")))

    assert len(groups(whole)) == 1
    assert len(groups(replace(whole, variants=texts))) == 2


def test_readings_stand_in_the_order_of_the_base():
    """What was added behind the paragraph that it follows, a moved paragraph where it was."""
    changes = [
        Change("moved", (8,), (0,)),
        added("Before all.", 1),
        Change("edited", (0,), (2,), 0.9, (("+", "x"),)),
        added("Behind the first.", 3),
        Change("same", (1,), (4,)),
        Change("boilerplate", (), (5,), 0.0, (), "Foot."),
        Change("removed", (2,), ()),
        added("Behind what is gone.", 6),
    ]

    assert told(cluster_of(changes, changes)) == [
        (
            (1, 2),
            [("added",), ("edited", 0), ("added",), ("removed", 2), ("added",), ("moved", 8)],
        )
    ]


def test_a_reading_brings_its_figures():
    """Those of its own paragraphs."""
    numbers = (NumberChange("40", "30", 5), NumberChange("1", "2", 6))
    edited = Change("edited", (5,), (5,), 0.9, (("+", "30"),))
    [group] = groups(cluster_of([edited], numbers=numbers))

    assert group.readings[0].numbers == (NumberChange("40", "30", 5),)


def test_the_same_twice_in_one_variant_is_not_shared():
    """It takes two to have something in common."""
    cluster = cluster_of([added("Again."), added("Again.", 5)], [added("Other.")])

    assert [group.witnesses for group in groups(cluster)] == [(1,), (2,)]


def test_a_reading_tells_where_it_is_found():
    """Member and number of the change, the first of them first."""
    cluster = cluster_of([added("A.")], [Change("same", (0,), (0,)), added("a")], [added("B.")])

    assert [each.places for group in groups(cluster) for each in group.readings] == [
        ((1, 0), (2, 1)),
        ((3, 0),),
    ]


def test_without_changes_there_is_nothing_to_share():
    """They were not asked for."""
    assert groups(HARBOUR.clusters[0]) == []


def test_nothing_is_lost_in_a_crowd():
    """Every change of every variant stands in exactly one group that this variant is in."""
    cluster = CROWD.clusters[0]
    found = groups(cluster)
    for place, variant in enumerate(cluster.variants, 1):
        own = [each for group in found if place in group.witnesses for each in group.readings]
        wanted = [change for change in variant.alignment.changes if change.op != "same"]
        assert len(own) == len(wanted)
        assert {each.change.text for each in own} == {change.text for change in wanted}
    assert agency.paragraphs[8] in {each.change.text for group in found for each in group.readings}
