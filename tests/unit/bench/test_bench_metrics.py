"""Scores are arithmetic on ids and positions."""

import math

import pytest

from dedupe_news.model import (
    Alignment,
    Change,
    Cluster,
    Counts,
    Member,
    Report,
    Summary,
    Variant,
)
from metrics import (
    PairScore,
    clustered_pairs,
    confusion,
    containment,
    direct_pairs,
    joined,
    labels_of,
    removed_of,
    score_pairs,
    shingle_set,
)


def _report(*groups: tuple[str, ...], via: str = "") -> Report:
    return Report({}, Summary(0, 0, 0, 0, 0), tuple(_cluster(ids, via) for ids in groups))


def _cluster(ids: tuple[str, ...], via: str) -> Cluster:
    members = tuple(Member(one, "", "", "", "", 1, 1) for one in ids)
    variants = tuple(Variant(one, "reprint", 1.0, 1.0, 1.0, via=via) for one in ids[1:])
    return Cluster("0", ids[0], "id", members, variants)


ALIGNMENT = Alignment(
    (
        Change("same", (0,), (0,)),
        Change("merged", (1, 2), (1,)),
        Change("removed", (3,), ()),
        Change("split", (4,), (2, 3)),
        Change("added", (), (4,)),
    ),
    "=&//+",
    Counts(),
)


@pytest.mark.parametrize(
    ("predicted", "ignored", "wanted"),
    [
        ([("a", "b"), ("c", "d")], [], PairScore(2, 0, 0)),
        ([("a", "b"), ("a", "c")], [], PairScore(1, 1, 1)),
        ([("a", "b"), ("a", "c")], [("a", "c")], PairScore(1, 1, 0)),
        ([("a", "b")], [("c", "d")], PairScore(1, 0, 0)),
        ([], [], PairScore(0, 2, 0)),
    ],
)
def test_ignored_pairs_count_neither_for_nor_against(predicted, ignored, wanted):
    """A pair is found, missed, wrong, or left out altogether."""
    assert score_pairs(predicted, [("a", "b"), ("c", "d")], ignored) == wanted


def test_the_scores_are_the_usual_three():
    """Precision, recall and F1 follow from the counts."""
    score = PairScore(found=6, missed=2, wrong=4)

    assert (score.recall, score.precision, score.f1) == (0.75, 0.6, pytest.approx(2 / 3))


def test_nothing_to_score_is_no_score():
    """An empty set is neither perfect nor a failure."""
    score = PairScore(0, 0, 0)

    assert all(math.isnan(value) for value in (score.recall, score.precision, score.f1))


def test_all_members_of_a_cluster_are_pairs():
    """A cluster of three claims three pairs, whoever is its base."""
    report = _report(("b", "a", "c"), ("x", "y"))

    assert joined(report) == {("a", "b"), ("b", "c"), ("a", "c"), ("x", "y")}
    assert clustered_pairs([["a"], []]) == set()


def test_direct_pairs_have_the_base_on_one_side_and_nobody_between():
    """Two variants are no direct pair, nor is a variant that came through another."""
    assert direct_pairs(_report(("b", "a", "c"))) == {("a", "b"), ("b", "c")}
    assert direct_pairs(_report(("b", "a"), via="z")) == set()


def test_each_paragraph_of_the_variant_has_the_label_of_its_change():
    """A change with several variant positions labels each of them."""
    assert labels_of(ALIGNMENT) == {
        0: ("same", (0,)),
        1: ("merged", (1, 2)),
        2: ("split", (4,)),
        3: ("split", (4,)),
        4: ("added", ()),
    }
    assert removed_of(ALIGNMENT) == {3}


def test_the_confusion_counts_only_labelled_paragraphs():
    """What nobody labelled is not scored."""
    counts = confusion({0: "same", 1: "same", 4: "new"}, ALIGNMENT)

    assert counts == {("same", "same"): 1, ("same", "merged"): 1, ("new", "added"): 1}


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("a b c d e f", "A, b. C d e f g h", 1.0),
        ("a b c d e f", "a b c d e x", 0.5),
        ("a b", "a b", 1.0),
        ("a b", "", 0.0),
        ("", "", 0.0),
    ],
)
def test_containment_is_of_the_smaller_in_the_larger(left, right, wanted):
    """The plain twin judges by shares of five-word shingles."""
    assert containment(shingle_set(left), shingle_set(right)) == wanted
