"""Other ways to make clusters, on graphs small enough to check by hand."""

from itertools import combinations

import numpy as np
import pytest

import cluster_rules
from cluster_rules import RULES, average_link, reachable, rule_table, star
from dedupe_news import Article
from dedupe_news.core.verify import Comparisons
from labelled import pair

FLOOR = 0.2


def compared(rows, matches):
    """Return pairs as compared; those that do not match share nothing."""
    left, right = np.array(rows).T
    values = np.array([matches.get(row, 0.0) for row in rows])
    return Comparisons(left, right, values, values / 2, np.array([row in matches for row in rows]))


def clusters(rule, matches):
    """Return what a rule makes of six articles, given the containment of those that match."""

    def look(left, right):
        return compared(list(zip(left.tolist(), right.tolist(), strict=True)), matches)

    return rule(compared(sorted(matches), matches), 6, look, FLOOR).clusters


CHAIN = {(0, 1): 0.9, (1, 2): 0.8, (2, 3): 0.8}
"""Four in a row."""
DIGEST = {(0, 5): 1.0, (1, 5): 0.9, (2, 5): 0.8, (0, 3): 0.8}
"""Three strangers in one digest; the first has a reprint."""


@pytest.mark.parametrize(
    ("rule", "matches", "expected"),
    [
        (reachable, CHAIN, ((0, 1, 2, 3),)),
        (star, CHAIN, ((0, 1, 2),)),
        (average_link(1.0), CHAIN, ((0, 1), (2, 3))),
        (average_link(0.5), CHAIN, ((0, 1), (2, 3))),
        (reachable, DIGEST, ((0, 1, 2, 3, 5),)),
        (star, DIGEST, ((0, 1, 2, 5),)),
        (average_link(1.0), DIGEST, ((0, 5),)),
        (average_link(0.5), DIGEST, ((0, 1, 5),)),
    ],
)
def test_each_rule_joins_what_its_name_says(rule, matches, expected):
    """Reachable joins all, a star stops at one step, and means must be close."""
    assert clusters(rule, matches) == expected


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_two_who_match_are_together_by_any_rule(rule):
    """What the rules differ in is what goes beyond."""
    assert clusters(rule, {(2, 4): 0.25}) == ((2, 4),)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_nobody_is_in_two_clusters(rule):
    """And a cluster has two members at least."""
    matches = {two: 0.6 + 0.1 * (sum(two) % 4) for two in combinations(range(6), 2) if sum(two) % 3}
    found = clusters(rule, matches)

    assert len({rank for one in found for rank in one}) == sum(map(len, found))
    assert min(map(len, found)) > 1


def test_a_table_has_a_row_for_each_rule(invented):
    """On the same articles, with what is together found by all."""
    story = invented.story(1)
    articles = [Article("a", story), Article("b", (*story, "More.")), Article("c", ("Other.",))]
    table = rule_table(("any", articles, {pair("a", "b")}, set()))

    assert [row[0] for row in table.rows] == list(RULES)
    assert {row[1:] for row in table.rows} == {(1.0, 1.0, 1, 0, 0, 1, 2)}


def test_the_command_prints_and_keeps_its_tables(labelled_folder, monkeypatch, capsys, tmp_path):
    """Round-ups need more stories than a small set has: the error says so."""
    monkeypatch.setattr(cluster_rules, "_RESULTS", tmp_path / "results")
    monkeypatch.setattr(cluster_rules, "_ROUND_UPS", 0)
    monkeypatch.setattr(cluster_rules, "plant_all", lambda *_: [])
    words = ["--data", str(labelled_folder), "--write"]

    assert cluster_rules.main(words) == 0
    assert "### invented: cluster rules" in capsys.readouterr().out
    assert len(list((tmp_path / "results").iterdir())) == 2

    monkeypatch.setattr(cluster_rules, "_ROUND_UPS", 9)
    assert cluster_rules.main(words) == 2
    assert "error: invented: too few" in capsys.readouterr().err
