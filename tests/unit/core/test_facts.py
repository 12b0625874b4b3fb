"""What is known of texts, read or told."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from strategies import corpora

from dedupe_news.core import describe as describing
from dedupe_news.core.facts import Known, PairFacts, TextFacts, Told
from dedupe_news.core.insight import Insight, insight
from dedupe_news.core.verify import Rule, compare
from dedupe_news.core.wording import Wordings
from dedupe_news.pipeline import scan
from dedupe_news.settings import Settings
from invented import article, prose

RULE = Rule(0.6, 20, 5)
NONE = np.empty(0, np.uint64)
FOOTER = prose(30, 99)


def bare(report):
    """Return clusters without what was read of texts to align them."""
    return [
        replace(
            cluster,
            base_texts=(),
            variants=tuple(replace(one, alignment=None, texts=()) for one in cluster.variants),
        )
        for cluster in report.clusters
    ]


def both(items, **settings):
    """Return the clusters as they are read for an alignment, and as they are told without one."""
    return [bare(scan(items, Settings(diff=diff, **settings))) for diff in (True, False)]


@given(corpora())
def test_what_was_told_is_what_reading_says(items):
    """Whoever wants no alignment gets the same clusters, from verification."""
    read, told = both(items)

    assert told == read


@pytest.mark.parametrize("keep", [("most-contained",), ("longest",), ("id",)])
def test_it_is_the_same_where_boilerplate_counts_for_nothing(keep):
    """Five stories with one footer, each in three versions and with a copy."""
    items = [
        article(f"{story}{version}", *range(10 * story, 10 * story + 3 + version), FOOTER)
        for story in range(6)
        for version in range(3)
    ]
    items += [replace(one, id=f"{one.id}-copy") for one in items[::3]]
    read, told = both(items, keep=keep)

    assert (len(read), told) == (6, read)


def test_small_families_are_not_read_again(monkeypatch):
    """Verification has read them."""
    monkeypatch.setattr(describing, "Read", None)
    versions = [article("a", 1, 2), article("b", 1, 2, 3), article("c", 1, 2, 4)]
    clusters = scan(versions, Settings(diff=False)).clusters

    assert [len(cluster.members) for cluster in clusters] == [3]


def test_crowds_and_copies_are_read():
    """Of copies no pair is verified, and of a crowd not every one."""
    crowd = [article(f"{number:02}", *range(8), 100 + number) for number in range(20)]
    copies = [article("x", 50, 51), article("y", 50, 51)]
    read, told = both([*crowd, *copies])

    assert [len(cluster.members) for cluster in told] == [20, 2]
    assert told == read


def test_texts_in_many_pairs_are_passed_over():
    """Hardly any of their pairs is asked for."""
    texts = [prose(60, 1), prose(60, 1) + " " + prose(9, 2), prose(60, 1) + " " + prose(9, 3)]
    wordings = Wordings(texts, "word", 5, NONE)
    seen = compare(wordings.sets, np.array([0, 0]), np.array([1, 2]), RULE)

    assert insight(seen, wordings, RULE, most=2).right.tolist() == [1, 2]
    assert insight(seen, wordings, RULE, most=1).right.tolist() == []


def test_there_is_no_insight_into_who_matches_one_of_a_crowd():
    """Two who do belong to a large family, of which not all pairs are told."""
    text = prose(60, 1)
    wordings = Wordings([f"{text} {prose(20, seed)}" for seed in range(2, 8)], "word", 5, NONE)
    left, right = np.array([0, 0, 0, 1, 4]), np.array([1, 2, 3, 2, 5])
    seen = compare(wordings.sets, left, right, RULE)
    assert seen.matches.all()

    assert insight(seen, wordings, RULE, most=2).left.tolist() == [4]
    assert insight(seen, wordings, RULE, most=3).left.tolist() == [0, 0, 0, 1, 4]


def test_an_insight_has_a_row_for_each_text_and_match():
    """By the numbers that the pairs came with."""
    texts = [prose(60, 1), prose(70, 2), prose(60, 1) + " " + prose(20, 3)]
    wordings = Wordings(texts, "word", 5, NONE)
    seen = compare(wordings.sets, np.array([0, 0]), np.array([1, 2]), RULE)
    told = insight(seen, wordings, RULE, most=8)

    assert (told.texts.tolist(), told.own.tolist()) == ([0, 2], [60, 80])
    assert told.shingles.tolist() == [56, 76]
    assert (told.left.tolist(), told.right.tolist(), told.shared.tolist()) == ([0], [2], [56])
    assert told.shares.tolist() == [[1.0, 0.75]]
    assert len(Insight.concatenate([told, told]).texts) == 4
    assert Insight.concatenate([]).shares.shape == (0, 2)


def test_shares_are_told_from_the_side_that_asks():
    """A base may have the greater number."""
    texts = {number: TextFacts(10, 10, 6, (number, 0)) for number in (3, 7)}
    told = Told(texts, {(3, 7): PairFacts(5, 0.5, (0.25, 0.75))})
    known = Known([told], [7, 3], [0, 2])

    assert list(known.shares(np.array([0, 1]), np.array([1, 0]))) == [
        (False, (0.75, 0.25), 0.5),
        (False, (0.25, 0.75), 0.5),
    ]
    assert known.contained == [5 / 6, 5 / 6]


def test_who_shows_changes_must_read():
    """Where boilerplate stands in a text is not told."""
    with pytest.raises(NotImplementedError):
        Known([], [], [0]).covered(0)


def test_nothing_is_in_doubt_of_what_was_told():
    """All of its pairs have been looked at twice."""
    with pytest.raises(NotImplementedError):
        Known([], [], [0]).match(np.array([0]), np.array([1]))
