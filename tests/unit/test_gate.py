"""What of the finds is new, and what was accepted."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dedupe_news.baseline import Baseline
from dedupe_news.errors import IndexUnusableError, PathError
from dedupe_news.gate import Focus, examine, focus_since, judge
from dedupe_news.index.listing import list_corpus
from dedupe_news.settings import Settings
from kept import INDEX, KEEPING, examined, put, story, updated
from repositories import commit, git


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


@pytest.mark.parametrize("files", [(), ("b.txt",), ("z.txt",), ("feed.jsonl",), ("new.txt",)])
def test_an_index_makes_no_difference(files):
    """Neither a look at the changed files alone nor one at all of it."""
    put("feed.jsonl", json.dumps({"id": "x", "text": story(1, 2, 3, 5)}))
    updated()
    put("new.txt", story(7, 8, 9))
    put("a.txt", story(1, 2))

    with_index, without = examined(*files), examined(*files, index=None)

    assert (with_index.report, with_index.focus) == (without.report, without.focus)
    assert judge(with_index, Baseline()) == judge(without, Baseline())


@pytest.mark.parametrize("text", ["no database " * 1000, ""])
def test_a_damaged_index_is_mended_on_the_way(text):
    """A check of one file would not find anything in it."""
    updated()
    INDEX.write_text(text, "utf-8")

    assert examined("b.txt").report == examined("b.txt", index=None).report
    assert examined("b.txt").notice == ""


def test_an_index_of_other_settings_is_no_help():
    """A check does not make it anew behind one's back."""
    updated()
    keeping = replace(KEEPING, settings=Settings(shingle_words=6))

    with pytest.raises(IndexUnusableError, match="shingle-words 5, and this run has 6"):
        examined("b.txt", keeping=keeping)


def since(ref):
    """Return what is new since a commit."""
    return focus_since(ref, ["."], KEEPING)


def test_what_is_new_since_a_commit_are_changed_files_without_what_they_held():
    """Wherever in them it stands now."""
    put("feed.jsonl", json.dumps({"id": "x", "text": story(20)}))
    commit()
    assert since("HEAD") == Focus(frozenset())
    rows = [{"id": "y", "text": story(1, 2, 3, 9)}, {"id": "x", "text": story(20)}]
    put("feed.jsonl", "\n".join(map(json.dumps, rows)))
    commit()

    focus = since("HEAD~1")

    assert focus.files == {"feed.jsonl"}
    examination = examine(list_corpus(["."], KEEPING.reading), focus, KEEPING)
    assert examination.focus == {"feed.jsonl#y"}


def test_what_was_moved_since_a_commit_is_not_new():
    """Its words were there."""
    commit()
    git("mv", "b.txt", "c.txt")

    examination = examine(list_corpus(["."], KEEPING.reading), since("HEAD"), KEEPING)

    assert examination.focus == frozenset()
    assert examination.report.clusters == ()


def test_a_commit_that_does_not_exist_is_an_error():
    """With what git says of it."""
    commit()

    with pytest.raises(PathError, match="git diff failed"):
        since("no-such-commit")
