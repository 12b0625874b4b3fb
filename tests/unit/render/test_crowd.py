from dataclasses import replace

import pytest

from dedupe_news.render import Style
from dedupe_news.render.crowd import crowd_lines, is_crowd, who
from dedupe_news.render.prose import paint
from dedupe_news.render.readings import Group
from reports import CROWD, RICH

CLUSTER = CROWD.clusters[0]


def lines(cluster, **style):
    """Return what is told of a crowd."""
    return [paint(line, color=False) for line in crowd_lines(cluster, Style(**style))]


def few(cluster, count):
    """Return a cluster with only its first variants."""
    return replace(cluster, members=cluster.members[: count + 1], variants=cluster.variants[:count])


@pytest.mark.parametrize(("count", "crowd"), [(1, False), (5, False), (6, True), (40, True)])
def test_six_variants_are_a_crowd(count, crowd):
    """Up to five are read one by one, each beside the base."""
    assert is_crowd(few(CLUSTER, count)) is crowd


@pytest.mark.parametrize(
    ("witnesses", "variants", "told"),
    [
        ((1, 2), 2, "All 2"),
        ((1, 3), 4, "2 of 4: B, D"),
        ((1, 2, 3), 4, "All 4 but E"),
        ((1, 2, 3, 4), 7, "All 7 but F, G, H"),
        ((1, 2, 3, 4), 8, "4 of 8: B, C, D, E"),
        ((25, 26), 40, "2 of 40: Z, AA"),
    ],
)
def test_who_has_something_is_told_in_the_fewest_letters(witnesses, variants, told):
    """Those who have it, or the few who do not."""
    assert who(Group(witnesses, ()), variants) == told


def test_every_text_that_was_added_is_there_once():
    """In full: it is what the papers wrote themselves."""
    shown = " ".join(" ".join(lines(CLUSTER)).split())
    texts = {
        " ".join(change.text.split())
        for variant in CLUSTER.variants
        for change in variant.alignment.changes
        if change.op in {"added", "removed"}
    }

    assert len(texts) == 9
    assert [text for text in texts if shown.count(text) != 1] == []


def test_a_headline_is_shown_where_it_is_another_one():
    """Forty times the same would be noise."""
    shown = lines(CLUSTER)

    assert "   No boat to the islands, says Lom Courier 4" in shown
    assert [line for line in shown if CLUSTER.members[0].title in line] == []


def test_who_belongs_through_another_is_named_with_it():
    """Even if it has nothing alone."""
    shown = lines(CLUSTER)

    assert shown[shown.index("AN  press/oster-times-8.txt") + 1] == (
        "AN is here through B; it does not match A itself."
    )


def test_copies_without_a_change_of_their_own_are_named_together():
    """Then there is nothing else to tell, but how to see more."""
    same = [each for each in CLUSTER.variants if each.relation == "identical" and not each.via]
    kept = tuple(replace(each, alignment=same[0].alignment) for each in same)
    members = tuple(CLUSTER.members[: len(kept) + 1])
    shown = lines(replace(CLUSTER, members=members, variants=kept))

    assert shown[:1] == [""]
    assert shown[1].startswith("With nothing of their own: B, C, D")
    assert shown[-1] == f"--full shows each of the {len(kept)} beside A."


def test_changes_that_were_not_asked_for_are_not_missed():
    """The table has said all; only who belongs through another needs a word."""
    bare = tuple(replace(variant, alignment=None) for variant in CLUSTER.variants)
    shown = lines(replace(CLUSTER, variants=bare))

    assert (
        shown
        == [
            "",
            "What one has alone",
            "",
            "AN  press/oster-times-8.txt",
            "   No boat to the islands, says Oster Times 8",
            "AN is here through B; it does not match A itself.",
        ]
        or "AN  press/oster-times-8.txt" in shown
    )
    assert not [line for line in shown if "--full" in line or "nothing of their own" in line]


def test_a_small_cluster_can_be_told_in_the_same_way():
    """All kinds of changes have a line, by their place in the base."""
    shown = lines(RICH.clusters[0])

    assert " A3+4 & merged, wording unchanged: … Inga Solheim said. ¶ She said the …" in shown
    assert "   A9 > moved from 9, wording unchanged" in shown
    assert "        ! number changed: 40 → 30" in shown
