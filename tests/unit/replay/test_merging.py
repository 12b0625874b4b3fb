"""Several reports as one."""

from dataclasses import replace

from dedupe_news.model import Boilerplate
from dedupe_news.replay import merge
from reports import EMPTY, FERRY, RICH


def test_one_report_stays_as_it_is():
    """There is nothing to merge."""
    assert merge([RICH]) is RICH


def test_clusters_of_the_same_texts_and_base_become_one():
    """With the members of both, each once."""
    merged = merge([FERRY, RICH])

    assert [cluster.id for cluster in merged.clusters] == ["3f9c1a52", "77aa0b1c"]
    assert [member.id for member in merged.clusters[0].members] == [
        "np-ferry.txt",
        "radiokust-ferry.txt",
        "np-ferry-2.txt",
        "news.jsonl#17",
    ]
    assert [overlap.id for overlap in merged.clusters[0].overlaps] == ["digests/week 20.txt"]


def test_members_and_variants_stay_in_step():
    """The base first, then the variants in their order."""
    [cluster, _] = merge([FERRY, RICH]).clusters

    ids = [variant.id for variant in cluster.variants]
    assert ids == [member.id for member in cluster.members[1:]]


def test_the_same_texts_under_other_names_stay_apart_and_get_an_id_of_their_own():
    """A link must lead to one place."""
    cluster = FERRY.clusters[0]
    renamed = replace(cluster.members[0], id="copy.txt")
    other = replace(cluster, base="copy.txt", members=(renamed, cluster.members[1]))

    merged = merge([FERRY, replace(FERRY, clusters=(other,)), FERRY])

    assert sorted(each.id for each in merged.clusters) == ["3f9c1a52", "3f9c1a52.2"]


def test_what_is_known_to_be_there_twice_counts_once():
    """Members of a cluster that both have, and inputs that both could not read."""
    summary = merge([RICH, RICH]).summary

    assert (summary.articles, summary.clusters, summary.clustered) == (56, 2, 6)
    assert (summary.unique, summary.skipped) == (50, 1)
    assert summary.clustered + summary.unique == summary.articles


def test_counts_add_up():
    """Of articles that stand alone nobody can tell whether they are the same."""
    summary = merge([FERRY, EMPTY]).summary

    assert (summary.articles, summary.clusters, summary.clustered, summary.unique) == (7, 1, 2, 5)
    assert merge([RICH, RICH]).summary.left_out == {"binary": 14, "hidden": 4}


def test_settings_that_differ_are_both_told():
    """A reader must know that the clusters were found by different rules."""
    other = replace(EMPTY, settings={**EMPTY.settings, "seed": 2, "extra": "x"})
    settings = merge([FERRY, other]).settings

    assert settings["seed"] == "1 | 2"
    assert settings["num_perm"] == 128
    assert settings["extra"] == "x"


def test_what_took_no_part_is_told_once():
    """The same input, for the same reason."""
    assert merge([RICH, RICH]).skipped == RICH.skipped


def test_boilerplate_is_counted_over_all():
    """The most frequent first."""
    other = replace(EMPTY, boilerplate=(Boilerplate("Read more.", 30, 2), *RICH.boilerplate))

    assert [(each.text, each.articles) for each in merge([RICH, other]).boilerplate] == [
        ("Read more.", 30),
        ("All rights reserved.", 24),
    ]
