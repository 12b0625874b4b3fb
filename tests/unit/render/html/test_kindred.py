"""What several variants have in common, and who has all that another has."""

from dataclasses import replace

from dedupe_news.model import Alignment, Change, Counts, NumberChange, Variant
from dedupe_news.render.html.kindred import common, kin_of, shared_groups
from dedupe_news.render.html.rows import Shared
from reports import CROWD, FERRY, HARBOUR

CLUSTER = FERRY.clusters[0]


def cluster_of(*texts):
    """Return the ferry story in variants that each add the letters of a text."""
    variants = []
    for number, news in enumerate(texts, 1):
        changes = [Change("same", (0,), (0,))]
        changes += [Change("added", (), (n,), 0.0, (), text) for n, text in enumerate(news, 1)]
        alignment = Alignment(tuple(changes), "", Counts())
        variants.append(Variant(f"{number}", "reprint", 1.0, 1.0, 1.0, "", alignment))
    members = tuple(replace(CLUSTER.members[1], id=each.id) for each in variants)
    return replace(CLUSTER, members=(CLUSTER.members[0], *members), variants=tuple(variants))


def kindred(cluster):
    """Return for each variant who has all of its changes, and who else has each."""
    return [
        (each.twins, list(each.also.values())) for each in kin_of(cluster, shared_groups(cluster))
    ]


def test_what_is_shared_is_told_with_the_letters_of_all():
    """What most have comes first; a change stands with its mark, word and place."""
    found = common(shared_groups(CROWD.clusters[0]))
    [boat] = [each for group in found for each in group.changes if each.op == "edited"]

    assert [len(group.letters) for group in found] == [20, 15, 10, 6]
    assert found[0].letters[:3] == ("C", "E", "G")
    assert (boat.mark, boat.phrase, boat.base) == ("~", "edited", "6")
    assert boat.text.runs == (("=", "Replacement boats will sail from "), ("+", "Lom"))
    assert boat.numbers == (("40", "30"),)


def test_a_pair_has_nothing_to_share():
    """It takes two variants."""
    assert shared_groups(CLUSTER) == []
    assert shared_groups(HARBOUR.clusters[0]) == []


def test_each_change_knows_who_else_has_it():
    """By letters where they are few, by number where they are many; with its group."""
    cluster = cluster_of("ab", "ac", "a", "a", "a", "a")

    assert kindred(cluster)[0] == ((), [Shared((), 5, 1)])
    assert kindred(cluster_of("ab", "ac"))[1] == ((), [Shared(("B",), 1, 1)])


def test_who_has_all_of_it_is_told_once():
    """And not with each change; the later one may have more."""
    found = kindred(cluster_of("ab", "ab", "abc", "b"))

    assert found[0] == (("C", "D"), [Shared((), 0, 2), Shared(("E",), 1, 1)])
    assert found[2] == ((), [Shared(("B", "C"), 2, 2), Shared(("B", "C", "E"), 3, 1)])
    assert found[3] == (("B", "C", "D"), [Shared((), 0, 1)])


def test_who_has_no_change_has_no_twin():
    """The base itself is what they are like."""
    assert kindred(cluster_of("", "", "a"))[:2] == [((), []), ((), [])]


def test_without_changes_nobody_is_like_another():
    """They were not asked for."""
    cluster = cluster_of("a", "a")
    bare = tuple(replace(variant, alignment=None) for variant in cluster.variants)

    assert kindred(replace(cluster, variants=bare)) == [((), []), ((), [])]


def test_figures_come_with_the_first_who_has_them():
    """A change that has none has none."""
    edited = Change("edited", (0,), (0,), 0.9, (("+", "30"),))
    alignment = Alignment((edited,), "~", Counts(), (NumberChange("40", "30", 0),))
    variants = tuple(replace(each, alignment=alignment) for each in cluster_of("", "").variants)
    cluster = replace(cluster_of("", ""), variants=variants)

    [group] = common(shared_groups(cluster))
    assert group.changes[0].numbers == (("40", "30"),)
