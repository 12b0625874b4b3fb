"""Spark keeps to what every engine keeps to: the same bytes, whatever the cluster does."""

import json
import pickle
import random
from functools import partial
from pathlib import Path

import pytest

from dedupe_news import Settings
from dedupe_news.__main__ import main
from dedupe_news.engines.spark import pieces, plan, scan_frame
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.scanning import Scan
from dedupe_news.engines.spark.session import SparkTasks
from dedupe_news.engines.spark.slots import hash_of
from dedupe_news.sources import batch, in_batches, read
from dedupe_news.sources.batch import Made
from invented import article
from stories import corpus, json_of, json_report

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def scanned(spark, monkeypatch):
    """Return a function that scans articles made in memory on Spark."""
    monkeypatch.setattr(batch, "_MADE_SIZE", 20_000)
    open_scans = []

    def _scanned(items, lanes=2, **settings):
        tasks = SparkTasks(spark, lanes)
        course = Course(Settings(**settings), tasks.lanes)
        data = (pickle.dumps(part) for part in in_batches(items))
        loaded = tasks.work(data, partial(pieces.read_pieces, course=course))
        open_scans.append(Scan(tasks, loaded, course))
        return open_scans[-1]

    yield _scanned
    for scan in open_scans:
        scan.close()


@pytest.fixture
def run_main(spark, capsys):
    """Return a function that runs the program here, in the session that there is."""

    def _run(*arguments):
        code = main([*map(str, arguments)])
        return code, capsys.readouterr()

    return _run


@pytest.mark.parametrize("lanes", [1, 3])
def test_the_report_is_that_of_one_process(scanned, lanes):
    """Shuffled input, other partitions: families, copies, a digest, equal ids, boilerplate."""
    items = corpus()
    random.Random(lanes).shuffle(items)

    assert json_of(scanned(items, lanes).report()) == json_report()


def test_what_is_shelved_may_move_where_spark_does_not_see_that_it_lies_right(scanned, spark):
    """Before 4.1 Spark moves all of it again, and the order must be kept all the same."""
    spark.conf.set("spark.sql.unionOutputPartitioning", "false")
    try:
        assert json_of(scanned(corpus(), 3).report()) == json_report()
    finally:
        spark.conf.unset("spark.sql.unionOutputPartitioning")


def test_components_too_large_for_one_task_are_found_in_rounds(scanned, monkeypatch):
    """With a limit of three edges this corpus is a large one."""
    monkeypatch.setattr(plan, "_ONE_TASK", 3)

    assert json_of(scanned(corpus(), 2).report()) == json_report()


def test_no_plan_compares_all_with_all(scanned, capsys):
    """Holders left out of crowds are joined by key, everything else goes lane by lane."""
    crowd = [article(f"{seed}", 1, 2, 3, seed + 100) for seed in range(200)]
    scan = scanned(crowd, 2)
    joined = []
    join = scan._tasks.joined
    scan._tasks.joined = lambda *args: joined.append(join(*args)) or joined[-1]
    scan.work()
    for frame in [*joined, scan.matches, scan.clusters, scan.changes]:
        frame.explain(extended=True)
    told = capsys.readouterr().out

    assert len(joined) >= 2
    assert "SortMergeJoin" in told or "HashJoin" in told
    assert "Cartesian" not in told
    assert "NestedLoop" not in told


def test_articles_stay_where_they_lie(scanned, capsys):
    """Their texts are shuffled once, when they are read; what is asked of them comes to them."""
    scan = scanned(corpus(), 2)
    scan.work()
    scan.matches.explain()
    told = capsys.readouterr().out
    beside = told[told.index("Union") :]

    assert beside.index("InMemoryTableScan") < beside.index("InMemoryRelation")
    assert "Exchange" not in told[: told.index("Union")]


def test_a_frame_of_articles_becomes_frames_of_finds(spark):
    """Lazily: what was not asked for has not been worked out."""
    rows = [(one.id, "\n\n".join(one.paragraphs), one.source) for one in read(str(SAMPLES))]
    frame = spark.createDataFrame(rows, "id string, text string, source string")
    with scan_frame(frame, Settings()) as scan:
        assert "matches" not in scan._run.__dict__
        pairs = {(row["left"], row["right"]) for row in scan.matches.collect()}
        assert "clusters" not in scan._run.__dict__
        members = scan.clusters.collect()
        changes = scan.changes.where("op = 'added'").collect()
        report, summary = scan.report(), scan.summary

    assert len(pairs) == 6
    assert [row["role"] for row in members].count("base") == len(report.clusters) == 6
    assert {row["id"] for row in members} == {
        one.id for each in report.clusters for one in each.members
    }
    assert len(changes) == sum(
        change.op == "added"
        for each in report.clusters
        for variant in each.variants
        for change in variant.alignment.changes
    )
    assert summary.articles == len(rows)


def test_the_settings_of_the_callers_session_come_back(spark):
    """What is set for the time of a scan is nobody else's business."""
    names = ("spark.sql.adaptive.enabled", "spark.sql.shuffle.partitions")
    before = [spark.conf.get(name) for name in names]
    scan = scan_frame(spark.createDataFrame([("a", "b")], "id string, text string"), lanes=5)
    during = [spark.conf.get(name) for name in names]
    scan.close()

    assert during == ["false", "5"]
    assert [spark.conf.get(name) for name in names] == before


def test_the_program_prints_the_same_bytes(run_main):
    """A folder, read by the same rules; any form of report."""
    code, local = run_main("scan", SAMPLES, "--format", "json")
    spark_code, told = run_main("scan", SAMPLES, "--format", "json", "--engine", "spark")

    assert (code, spark_code) == (0, 0)
    assert told.out == local.out
    assert len(json.loads(told.out)["clusters"]) == 6


def test_folders_are_written_by_the_cluster(run_main, spark, tmp_path):
    """JSON Lines that make a report when they are laid end to end, and Parquet."""
    _, local = run_main("scan", SAMPLES, "--format", "jsonl")
    targets = ["-o", f"jsonl={tmp_path / 'lines'}", "-o", f"parquet={tmp_path / 'parquet'}"]
    code, told = run_main("scan", SAMPLES, "--engine", "spark", *targets)
    parts = sorted((tmp_path / "lines").glob("part-*"))

    assert code == 0
    assert told.out == ""
    assert "6 clusters among 19 articles" in told.err
    assert "".join(part.read_text("utf-8") for part in parts) == local.out
    assert spark.read.parquet(str(tmp_path / "parquet/clusters")).count() == 12
    assert spark.read.parquet(str(tmp_path / "parquet/matches")).count() == 6


def test_patterns_and_parquet_are_read_by_spark(run_main, spark, tmp_path):
    """The same stories, from lines found by a pattern and from a Parquet folder."""
    stories = [one for one in read(str(SAMPLES)) if one.source]
    half = len(stories) // 2
    for name, some in (("a", stories[:half]), ("b", stories[half:])):
        lines = [json.dumps({"id": one.id, "paragraphs": one.paragraphs}) for one in some]
        (tmp_path / f"{name}.jsonl").write_text("\n".join([*lines, "{broken"]), "utf-8")
    code, told = run_main("scan", f"{tmp_path}/*.jsonl", "--engine", "spark", "--format", "json")
    _, local = run_main("scan", tmp_path, "--format", "json")

    assert code == 3
    assert told.out == local.out

    rows = [(one.id, list(one.paragraphs)) for one in stories]
    frame = spark.createDataFrame(rows, "id string, paragraphs array<string>")
    frame.write.parquet(str(tmp_path / "stories.parquet"))
    code, told = run_main("scan", tmp_path / "stories.parquet", "--engine", "spark", "-f", "json")

    assert code == 0
    assert len(json.loads(told.out)["clusters"]) == len(json.loads(local.out)["clusters"])


def test_one_hostile_article_is_named_and_takes_nobody_down(spark):
    """Whatever it does to the one who reads it, the others are compared as if it were not there."""
    hostile = article("hostile", 1)
    object.__setattr__(hostile, "paragraphs", (None,))
    items = corpus()
    tasks = SparkTasks(spark, 2)
    course = Course(Settings(), 2)
    data = [pickle.dumps(Made((*items[:9], hostile, *items[9:])))]
    loaded = tasks.work(data, partial(pieces.read_pieces, course=course))
    with Scan(tasks, loaded, course) as scan:
        report = scan.report()

    named = [skip for skip in report.skipped if skip.code == "unusable"]
    assert [skip.id for skip in named] == ["hostile"]
    assert len(report.clusters) == len(json.loads(json_report())["clusters"])


def test_an_empty_folder_is_no_clean_run(run_main, tmp_path):
    """As on one machine, with a report and with folders."""
    for wanted in ([], ["-o", f"parquet={tmp_path / 'out'}"]):
        code, told = run_main("scan", tmp_path, "--engine", "spark", *wanted)

        assert code == 2
        assert "no article was found" in told.err


def test_slots_are_chosen_as_spark_chooses(spark):
    """Its own hash says where a row goes."""
    found = spark.range(20).selectExpr("hash(CAST(id AS INT)) AS hash").collect()

    assert [row["hash"] for row in found] == [hash_of(value) for value in range(20)]
