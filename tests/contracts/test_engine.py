"""What every engine keeps to: the report depends on the articles and the settings alone."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from dedupe_news import families
from dedupe_news.engines.spark import describing, keys, names, verifying
from dedupe_news.sources import batch
from invented import article, prose, variant, words
from lanes import run_in_memory
from stories import corpus, json_of, json_report

HERE = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def expected():
    """Return the report of one process on the articles as they stand."""
    return json_report()


@pytest.fixture
def small_tasks(monkeypatch):
    """Cut the work into many tasks, so that there is something to mix up."""
    monkeypatch.setattr(batch, "_MADE_SIZE", 2000)
    monkeypatch.setattr(families, "_PORTION", 5)


def test_the_planted_corpus_has_what_may_go_wrong(expected):
    """A contract on nothing would be kept by anything."""
    report = json.loads(expected)

    relations = {one["relation"] for cluster in report["clusters"] for one in cluster["variants"]}
    assert {"identical", "reprint", "excerpt"} <= relations
    assert any(one.get("via") for cluster in report["clusters"] for one in cluster["variants"])
    assert any(cluster.get("overlaps") for cluster in report["clusters"])
    assert report["boilerplate"]
    assert len(report["clusters"]) >= 8
    assert "same-id~2" in expected


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_processes_give_the_same_bytes(expected, small_tasks, jobs):
    """However many work, and however the work was cut."""
    assert json_report(jobs=jobs) == expected


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_input_does_not_show(expected, small_tasks, seed):
    """File systems list folders as they like."""
    items = corpus()
    random.Random(seed).shuffle(items)

    assert json_report(items) == expected


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_hash_seed_of_a_process_does_not_show(expected, hash_seed):
    """Sets and dictionaries of text have another order in every process."""
    paths = [str(HERE), *filter(None, sys.path)]
    run = subprocess.run(
        [sys.executable, "-c", "from stories import json_report; print(json_report(), end='')"],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        check=True,
    )

    assert run.stdout.decode() == expected


SETTINGS = [
    {},
    {"within_days": 2.0},
    {"across": "source"},
    {"across": "folder"},
    {"keep": ("longest",), "shingle_unit": "char"},
    {"ignore_text": ("[aeiou]l",), "diff": False},
    {"min_containment": 0.9, "num_perm": 16, "seed": 3},
]


@pytest.fixture
def small_batches(monkeypatch):
    """Cut what a lane does into many pieces, too."""
    for module, size in ((keys, 7), (names, 5), (verifying, 3), (describing, 4)):
        monkeypatch.setattr(module, "_BATCH", size)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("lanes", [1, 2, 5])
def test_the_lanes_of_a_cluster_give_the_same_bytes(small_tasks, small_batches, settings, lanes):
    """Whatever is asked for; Spark runs the same steps, and has its own tests."""
    run = run_in_memory(corpus(), lanes, chance=lanes, **settings)

    assert json_of(run.report()) == json_report(**settings)


def test_crowds_under_suspicion_give_the_same_bytes(small_batches, monkeypatch):
    """Of a line that all hold, many holders are left out; those who judge it are there."""
    monkeypatch.setattr(keys, "_BATCH", 100)
    line = prose(30, 77)
    items = [article(f"{n:03}", n + 10, n + 11 * (n % 2), line) for n in range(240)]
    run = run_in_memory(items, 2)
    report = json_of(run.report())

    assert report == json_report(items)
    assert json.loads(report)["boilerplate"]
    assert {row.kind for row in run._left_out} == {"anchor-left"}


def test_a_divided_jury_gives_the_same_bytes(small_batches):
    """Most tell one story, and of the others some do as well: their texts are asked for."""
    dispatch = words(200, 1)
    items = [
        article(
            f"{n:03}", variant(dispatch, n), prose(80, n + 5000), date=f"2020-01-{n % 28 + 1:02}"
        )
        for n in range(120)
    ]
    report = json_of(run_in_memory(items, 3).report())

    assert report == json_report(items)
    assert json.loads(report)["boilerplate"] == []
    assert json.loads(report)["summary"]["clusters"] == 1
