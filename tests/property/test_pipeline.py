"""Laws of a whole run."""

import json
from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import blocks, corpora, scripts

from dedupe_news import diff, scan
from dedupe_news.core.scope import Scope
from dedupe_news.corpus import gather, loaded
from dedupe_news.engines.local import local_engine
from dedupe_news.finding import find
from dedupe_news.model import Article
from dedupe_news.recipes import recipe_of, rule_of
from dedupe_news.settings import Settings
from dedupe_news.sources import in_batches
from stories import json_of, json_report

SETTINGS = Settings()


def members(report):
    """Return the ids of the members of each cluster."""
    return [{member.id for member in cluster.members} for cluster in report.clusters]


def runs_of_five(article):
    """Return the shingles of an article as words; a short one is one."""
    words = " ".join(article.paragraphs).split()
    return {tuple(words[at : at + 5]) for at in range(max(len(words) - 4, bool(words)))}


@given(corpora(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_show(items, chance):
    """Also where ids and wordings coincide."""
    shuffled = list(items)
    chance.shuffle(shuffled)

    assert json_report(shuffled) == json_report(items)


@given(corpora())
def test_every_article_is_counted_once(items):
    """It is in one cluster, unique, or skipped with a reason."""
    report = scan(items)
    everyone = [id_ for ids in members(report) for id_ in ids]
    summary = report.summary

    assert len(everyone) == len(set(everyone)) == summary.clustered
    assert summary.articles + len(report.skipped) == len(items)
    assert summary.clustered + summary.unique == summary.articles


@given(corpora())
def test_verified_pairs_are_some_of_all_pairs_compared(items):
    """With what they really have in common, and no pair twice."""
    with local_engine(1) as engine:
        recipe, scope = recipe_of(SETTINGS), Scope()
        parts = loaded(in_batches(items), recipe, scope, engine)
        corpus = gather(parts, recipe, scope, engine)
        sets = [runs_of_five(corpus.article(numbers[0])) for numbers in corpus.copies]
        found = find(corpus, SETTINGS)

    assume(not found.furniture.passages)  # boilerplate counts neither as shared nor as different
    pairs = found.pairs
    ends = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    assert set(ends) <= set(combinations(range(len(sets)), 2))
    assert len(set(ends)) == len(ends)
    for index, (one, other) in enumerate(ends):
        shared = len(sets[one] & sets[other])
        assert pairs.containment[index] == shared / min(len(sets[one]), len(sets[other]))
        assert pairs.containment[index] >= rule_of(SETTINGS).floor


@given(st.lists(blocks, min_size=2, max_size=5, unique=True), st.lists(blocks, max_size=3))
def test_a_report_inside_another_article_is_found(report, around):
    """Whole, with its paragraphs in a row, whatever stands before and behind."""
    longer = Article("longer", (*around, *report, *around[::-1]))

    assert members(scan([Article("report", tuple(report)), longer])) == [{"report", "longer"}]


@given(st.lists(scripts, max_size=4), st.lists(scripts, max_size=4))
def test_any_two_texts_can_be_scanned_compared_and_written(one, other):
    """No input ends a run, and the output is valid JSON."""
    pair = Article("a", tuple(one)), Article("b", tuple(other))

    for report in (scan(pair), diff(*pair)):
        assert json.loads(json_of(report))["summary"]["articles"] == report.summary.articles


@given(st.lists(scripts, max_size=5))
def test_an_article_against_itself_has_no_changes(texts):
    """Nothing is added, removed or edited."""
    report = diff(Article("a", tuple(texts)), Article("b", tuple(texts)))

    assert {change.op for change in report.clusters[0].variants[0].alignment.changes} <= {"same"}
