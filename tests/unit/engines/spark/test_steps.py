"""Steps by themselves, where a whole run would hide what they do."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.core.components import component_labels
from dedupe_news.core.ragged import Ragged
from dedupe_news.engines.spark import (
    candidates,
    components,
    describing,
    keys,
    pieces,
    plan,
    scanning,
)
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.foreign import is_foreign, line_rows, whole_rows
from dedupe_news.engines.spark.reading import id_of
from dedupe_news.engines.spark.rows import Parts, Row, arrays_of, row_of
from dedupe_news.engines.spark.sheaves import before_articles, bound, loose
from dedupe_news.engines.spark.tables import article_rows, shown_address
from dedupe_news.settings import Settings
from dedupe_news.sources import ReadOptions
from invented import article
from lanes import MemoryTasks, run_in_memory
from stories import corpus, json_of, json_report

COURSE = Course(Settings(), 3, np.array([0, 10, 20, 1000]))


def ids_in(rows):
    """Return the ids of the articles in sheaves."""
    return [id_of(row.key) for row in loose(rows) if row.kind == "article"]


@pytest.mark.parametrize("size", [1, 64, 65, 500])
def test_of_a_hot_key_the_first_holders_are_sent(size):
    """As many as judge one another; the rest are counted, and wait."""
    held = [*([7] for _ in range(size)), [8], [9]]
    hashes = Ragged.of_arrays([np.array(own, np.uint64) for own in held])
    ranks = np.arange(size + 2)
    rows = [*keys._capped(0, "anchor", hashes, ranks, ranks, COURSE)]
    sent = sum(len(arrays_of(row.data)[0]) for row in rows if row.kind == "anchor")
    left = [arrays_of(row.data)[1].tolist() for row in rows if row.kind == "anchor-left"]
    more = [arrays_of(row.data)[1].tolist() for row in rows if row.kind == "anchor-more"]

    assert sent == min(size, 64) + 2
    assert left == ([[*range(64, size)]] if size > 64 else [])
    assert more == ([[size - 64]] if size > 64 else [])


@pytest.mark.parametrize("lanes", [1, 4])
def test_crowds_meet_their_first_as_on_one_machine(lanes, monkeypatch):
    """Batches of a few wordings, so that every one leaves holders out."""
    monkeypatch.setattr(keys, "_BATCH", 100)
    items = [article(f"{n:03}", 1, 2, n + 10) for n in range(420)]

    run = run_in_memory(items, lanes)
    assert json_of(run.report()) == json_report(items)
    assert run._left_out


@pytest.mark.parametrize(
    ("shared", "anchors", "crowded", "is_proposed"),
    [
        pytest.param([], 20, [], False, id="by chance"),
        pytest.param([1], 20, [], True, id="some anchor besides"),
        pytest.param([], 15, [], True, id="too few anchors to tell"),
        pytest.param([], 20, [12], True, id="anchors that nobody counts"),
        pytest.param([], 20, [3], False, id="no crowd but the lesser's"),
    ],
)
def test_no_text_is_sent_for_a_band_shared_by_chance(shared, anchors, crowded, is_proposed):
    """Where anchors can tell that before texts have met."""
    ends = np.array([3]), np.array([12])
    known = np.full((1, 4), anchors), *(np.empty((1, 0), kind) for kind in (float, object))
    one, other = (row_of(0, "traits", rank, np.zeros(1, np.uint8), *known) for rank in ends)
    counted = row_of(1, "pair", *(rank[: len(shared)] for rank in ends), np.array(shared, int))
    seen = [counted, row_of(1, "crowded", np.array(crowded, int)), row_of(1, "alike", *ends)]
    added = [*candidates.add_up([*seen, other], COURSE)]
    left, right, by_bands = candidates.proposed(Parts.of([*added, one]), COURSE)

    assert (left.tolist(), right.tolist()) == (([3], [12]) if is_proposed else ([], []))
    assert by_bands.all()


def test_who_holds_a_key_of_a_crowd_is_in_it_unless_it_is_boilerplate():
    """Of a crowd not all are paired."""
    lengths = np.array([33, 32, 40])
    held = row_of(0, "held", np.array([5, 6, 7], np.uint64), lengths, np.arange(lengths.sum()))
    rows = keys.hold_again([held], replace(COURSE, furniture=np.array([7], np.uint64)))

    crowded = [arrays_of(row.data)[0].tolist() for row in rows if row.kind == "crowded"]
    assert [rank for some in crowded for rank in some] == [*range(33)]


def test_a_row_that_comes_too_late_stops_the_run():
    """A wrong report would be worse."""
    rows = [*bound([Row(0, "article", b"key", 0, b"")]), Row(0, "wanted", b"", 0, b"")]
    before, articles = before_articles(rows, {"wanted"})

    assert before == []
    with pytest.raises(RuntimeError, match="'wanted' comes after"):
        list(articles)


@pytest.mark.parametrize("most", [2, 100])
def test_few_edges_are_one_task_and_many_are_rounds(monkeypatch, most):
    """With the same components; they are counted where there could be too many."""
    monkeypatch.setattr(plan, "_ONE_TASK", most)

    assert json_of(run_in_memory(corpus(), 3).report()) == json_report()


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60))
def test_a_forest_joins_what_the_edges_join(edges):
    """With fewer edges than there are nodes."""
    left, right = np.array(edges, np.int64).reshape(-1, 2).T
    one, other = components.forest(left, right)

    assert component_labels(one, other, 31).tolist() == component_labels(left, right, 31).tolist()
    assert len(one) < len(np.unique(edges)) or not edges


@pytest.mark.parametrize("here", [0, 1 << 30])
def test_lines_are_counted_here_or_there(monkeypatch, tmp_path, here):
    """With the same numbers; who has little to count asks nobody."""
    monkeypatch.setattr(scanning, "_COUNTED_HERE", here)
    monkeypatch.setattr(pieces, "_LARGE", 1)
    monkeypatch.setattr(pieces, "BLOCK", 64)
    (tmp_path / "a.jsonl").write_text('{"text": "some words"}\n' * 9, "utf-8")
    ranges = [*pieces.pieces_of([str(tmp_path)], ReadOptions())]
    asked = []

    class Counting(MemoryTasks):
        def collect(self, frame):
            asked.append(frame)
            return frame

    counted = scanning._counted(Counting(1), ranges)
    assert sum(row.number for row in counted) == 9
    assert len(asked) == (here == 0)


@pytest.mark.parametrize(
    ("size", "cores", "lanes"),
    [(0, 2, 1), (1 << 20, 2, 1), (1 << 25, 2, 4), (3 * 10**9, 2, 23), (10**12, 400, 7451)],
)
def test_lanes_are_as_many_as_the_input_is_worth(size, cores, lanes):
    """Some for each core, none of next to nothing, none too large."""
    assert scanning.lanes_for(size, cores) == lanes


@pytest.mark.parametrize(
    ("path", "foreign"),
    [
        ("s3a://bucket/news", True),
        ("news/*.jsonl", True),
        ("some.parquet", True),
        ("news", False),
        ("-", False),
    ],
)
def test_addresses_and_patterns_are_for_spark(path, foreign):
    """What is a path of this machine is walked by our own rules."""
    assert is_foreign(path) == foreign


def test_a_folder_of_parquet_files_is_for_spark(tmp_path):
    """And one that is called by a pattern is not, where it is there."""
    (tmp_path / "part.parquet").write_bytes(b"")
    (tmp_path / "a[b]").mkdir()

    assert is_foreign(str(tmp_path))
    assert not is_foreign(str(tmp_path / "a[b]"))


def test_lines_are_numbered_block_by_block():
    """Where a record has no id of its own, the line tells it."""
    records = [
        {"line": b'{"text": "one two three"}', "_file": "s3a://b/n.jsonl", "_start": start}
        for start in (0, 0, 50)
    ]
    breaks = {("s3a://b/n.jsonl", 0): 0, ("s3a://b/n.jsonl", 50): 2}
    rows = line_rows(records, COURSE, ReadOptions(), breaks)

    assert sorted(ids_in(rows)) == [f"s3a://b/n.jsonl#{n}" for n in (1, 2, 3)]


def test_files_are_read_from_what_they_hold():
    """By their suffix, as on this machine."""
    records = [
        {"path": "s3a://b/a.txt", "content": b"Title\n\nsome words of a text"},
        {"path": "file:///n/b.csv", "content": b"id,text\nx,more words of a text\n"},
    ]
    rows = whole_rows(records, COURSE, ReadOptions())

    assert sorted(ids_in(rows)) == ["/n/b.csv#x", "s3a://b/a.txt"]


def test_records_of_a_frame_become_articles():
    """By the usual names of columns; one without a text is skipped."""
    records = [
        {"id": 7, "body": "some words", "publisher": "NP"},
        {"id": None, "body": "other words", "publisher": None},
        {"_file": "file:///n/p.parquet", "_line": 3, "text": "words of a file"},
        {"id": "x", "nothing": 1},
    ]
    rows = [*article_rows(records, COURSE, {})]

    assert [row.kind for row in rows].count("skipped") == 1
    assert sorted(ids_in(rows)) == ["-#1", "/n/p.parquet#3", "7"]


@pytest.mark.parametrize(
    ("address", "shown"),
    [("file:///a/b", "/a/b"), ("file:/a/b", "/a/b"), ("s3a://b/ü", "s3a://b/ü"), ("-", "-")],
)
def test_addresses_of_this_machine_are_shown_as_paths(address, shown):
    """As the local engine calls them."""
    assert shown_address(address) == shown


@pytest.mark.parametrize("marked", ["hostile", "everybody"])
def test_an_article_that_cannot_be_aligned_is_named(monkeypatch, marked):
    """Its cluster is there without changes, all others are as they would be."""
    found = describing.describe

    def refuse(families, view, *, diff, base=""):
        texts = [text for family in families for one in family.articles for text in one.paragraphs]
        if diff and len(families[0].articles) > 1 and any(marked in text for text in texts):
            several = {one.id.rstrip("~") for one in families[0].articles}
            if marked == "hostile" or len(several) > 1:
                raise ValueError("no")
        return found(families, view, diff=diff, base=base)

    monkeypatch.setattr(describing, "describe", refuse)
    items = [article("a", 9001, 9002), article("b", 9001, 9002, f"{marked} words"), *corpus()]
    report = run_in_memory(items, 2).report()
    named = [skip.id for skip in report.skipped if skip.code == "unusable"]
    (shown,) = [each for each in report.clusters if each.base in "ab"]

    assert named == (["b"] if marked == "hostile" else ["a", "b"])
    assert shown.variants[0].alignment is None
    assert report.summary.skipped == len(report.skipped)
    assert sum(each.variants[0].alignment is None for each in report.clusters) == 1
