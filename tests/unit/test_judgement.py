"""What of the finds is new, and what was accepted."""

from pathlib import Path

import pytest

from dedupe_news.baseline import Baseline
from dedupe_news.judgement import judge
from kept import examined, put, story


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A report, a reprint, and a stranger."""
    monkeypatch.chdir(tmp_path)
    put("a.txt", story(1, 2, 3))
    put("b.txt", story(1, 2, 3, 4))
    put("z.txt", story(7, 8))


def judged(baseline=None, *files):
    """Return what is new, given what was accepted."""
    return judge(examined(*files, index=None), baseline or Baseline())


def accepted(*files):
    """Return a baseline in which all present finds are accepted."""
    return Baseline(tuple(finding.pair for finding in judged(None, *files).findings))


def new(baseline, *files):
    """Return the new pairs of base and variant, in the order of the report."""
    found = judged(baseline, *files).findings
    return [(finding.base.id, finding.variant.id) for finding in found]


def test_a_reprint_is_found():
    """Base and variant, with what would be accepted."""
    (finding,) = judged().findings

    assert {finding.base.id, finding.variant.id} == {"a.txt", "b.txt"}
    assert finding.pair.ids == {"a.txt", "b.txt"}
    assert not finding.changed


@pytest.mark.parametrize(("files", "count"), [(["a.txt"], 1), (["b.txt"], 1), (["z.txt"], 0)])
def test_only_what_touches_the_focus_is_found(files, count):
    """On either side."""
    found = judged(None, *files)

    assert (len(found.findings), len(found.report.clusters)) == (count, count)
    assert found.report.summary.articles == 3


def test_what_was_accepted_is_not_new():
    """It is counted."""
    found = judged(accepted())

    assert (found.findings, found.accepted, found.report.clusters) == ((), 1, ())


def test_a_renamed_file_stays_accepted():
    """Its words are the same."""
    baseline = accepted()
    Path("b.txt").rename("c.txt")

    assert new(baseline) == []


def test_an_edited_file_has_changed_since_it_was_accepted():
    """It is new, and the finding says that it is known."""
    baseline = accepted()
    put("b.txt", story(1, 2, 3, 5))

    (finding,) = judged(baseline).findings

    assert finding.changed


@pytest.mark.parametrize("parts", [(1, 2, 3), (1, 2, 3, 4), (1, 2, 3, 5)])
def test_a_third_article_is_new(parts):
    """A copy of either, or a further reprint."""
    baseline = accepted()
    put("c.txt", story(*parts))

    assert [pair for pair in new(baseline) if "c.txt" in pair] == new(baseline) != []


def test_copies_are_accepted_by_number():
    """Three that were accepted stay so under other names; a fourth is new."""
    for name in "cd":
        put(f"{name}.txt", story(1, 2, 3))
    baseline = accepted()
    assert new(baseline) == []
    Path("c.txt").rename("y.txt")
    assert new(baseline) == []

    put("x.txt", story(1, 2, 3))

    assert len(new(baseline)) == 1


def test_another_base_makes_nothing_new():
    """Pairs that were accepted lead from each to each."""
    put("c.txt", story(1, 2, 3, 5))
    baseline = accepted()
    before = judged().report.clusters[0].base

    Path(before).write_text("Date: 2031-01-01\n\n" + Path(before).read_text("utf-8"), "utf-8")
    for path in {"a.txt", "b.txt", "c.txt"} - {before}:
        Path(path).write_text("Date: 2001-01-01\n\n" + Path(path).read_text("utf-8"), "utf-8")

    assert judged().report.clusters[0].base != before
    assert new(baseline) == []


def test_of_a_large_cluster_only_what_the_focus_is_in_is_new():
    """The others repeat the base as well, and are another check's business."""
    put("c.txt", story(1, 2, 3, 5))
    base = judged().report.clusters[0].base
    one, other = sorted({"a.txt", "b.txt", "c.txt"} - {base})

    assert new(None, one) == [(base, one)]
    assert set(new(None, base)) == {(base, one), (base, other)}


def test_a_report_of_what_is_new_counts_only_that():
    """Its clusters hold new variants and their bases; all other articles are unique."""
    put("y.txt", story(7, 8, 9))
    baseline = Baseline((judged(None, "a.txt").findings[0].pair,))

    summary = judged(baseline).report.summary

    assert (summary.articles, summary.clusters, summary.clustered, summary.unique) == (4, 1, 2, 2)


def test_a_pair_is_not_accepted_by_way_of_strangers():
    """Acceptance of one pair says nothing of an article that is like both."""
    put("c.txt", story(1, 2, 3, 5))
    first, *others = judged().findings

    assert len(judge(examined(index=None), Baseline((first.pair,))).findings) == len(others) == 1
