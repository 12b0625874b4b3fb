"""What was found, as rows of columns and as lines: the same as the report has."""

import io
import json

import pytest

from dedupe_news import scan
from dedupe_news.engines.spark import tables
from dedupe_news.model import Article
from dedupe_news.render import Style, renderer
from invented import prose
from lanes import run_in_memory
from stories import corpus


@pytest.fixture(scope="module")
def run():
    """Return a run on the planted corpus."""
    return run_in_memory(corpus(), 3)


@pytest.fixture(scope="module")
def report():
    """Return what the local engine makes of it."""
    return scan(corpus())


def test_there_is_a_row_for_each_member(run, report):
    """With its role, and of a variant what it is to the base."""
    rows = {row[2]: row for row in tables.clusters(run.clusters)}
    members = {member.id: (each, member) for each in report.clusters for member in each.members}
    variants = {variant.id: variant for each in report.clusters for variant in each.variants}

    assert rows.keys() == members.keys()
    for id_, (cluster, member) in members.items():
        row = rows[id_]
        assert row[:4] == (cluster.id, cluster.base, id_, "variant" if id_ in variants else "base")
        assert row[-2:] == (member.paragraphs, member.words)
        if id_ in variants:
            assert row[4:8] == (
                *(variants[id_].relation, variants[id_].base_in_variant),
                *(variants[id_].variant_in_base, variants[id_].resemblance),
            )
    assert len(tables.CLUSTERS.split(",")) == len(row)


def test_there_is_a_row_for_each_change(run, report):
    """In the order in which they are told."""
    rows = list(tables.changes(run.clusters))
    wanted = [
        (cluster.id, variant.id, place, change.op, list(change.base), change.text)
        for cluster in report.clusters
        for variant in cluster.variants
        for place, change in enumerate(variant.alignment.changes)
    ]

    assert sorted((*row[:1], *row[2:6], row[8]) for row in rows) == sorted(wanted)


def test_without_alignment_there_are_no_changes():
    """And no shape of a variant."""
    plain = run_in_memory(corpus(), 2, diff=False)

    assert not [*tables.changes(plain.clusters)]
    assert {row[9] for row in tables.clusters(plain.clusters)} == {None}


def test_matches_have_ids(run, report):
    """Of wordings: the first copy of each stands for all."""
    pairs = {row[:2] for row in tables.matches(run.named_matches)}
    members = {member.id: each.id for each in report.clusters for member in each.members}

    assert pairs
    assert all(left < right for left, right in pairs)
    assert any(members.get(left) != members.get(right) for left, right in pairs)  # the digest
    assert all(containment <= 1 for *_, containment, _ in tables.matches(run.named_matches))


def test_skips_have_their_rows(run, report):
    """All that took no part."""
    rows = [*tables.skipped(run.skips)]

    assert sorted(rows) == sorted((s.id, s.code, s.message, s.hint) for s in report.skipped)


def test_lines_sorted_by_key_are_the_report(run, report):
    """As `--format jsonl` prints it."""
    out = io.StringIO()
    renderer("jsonl")(report, out, Style())
    rows = [*tables.lines([*run.clusters, *run.skips]), *run.frame_lines()]
    rows.sort(key=lambda row: row.key)

    assert "".join(row.data.decode() + "\n" for row in rows) == out.getvalue()


def test_clusters_may_become_lines_at_once(report):
    """They are the same lines, and nobody has kept the clusters; who asks has them all the same."""
    fresh = run_in_memory(corpus(), 2)
    rows = [*(row for each in fresh.lines for row in each), *fresh.frame_lines()]
    before = sorted((row.key, row.data) for row in rows)
    assert fresh._as_found is None

    assert sorted(fresh.report().clusters, key=str) == sorted(report.clusters, key=str)
    after = [*(row for each in fresh.lines for row in each), *fresh.frame_lines()]
    assert sorted((row.key, row.data) for row in after) == before


def test_what_is_neither_cluster_nor_skip_has_no_line(run):
    """Files that were passed over are counted in the summary."""
    left = run._tasks.pick(run.shelved, "left-out")

    assert left
    assert not [*tables.lines(left)]


def test_an_empty_corpus_has_an_empty_report():
    """No lane has anything."""
    found = run_in_memory([], 3).report()

    assert found == scan([])


def test_one_article_is_unique():
    """And counted."""
    found = run_in_memory([Article("a", (prose(50, 1),))], 3)

    assert json.loads(json.dumps(found.summary().articles)) == 1
    assert found.report().clusters == ()
