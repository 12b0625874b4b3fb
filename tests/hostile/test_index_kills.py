"""An index whose writer is killed: no article is lost, and no answer is wrong."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from dedupe_news.errors import IndexLockedError
from dedupe_news.index.lock import locked
from dedupe_news.index.store import Store
from kept import INDEX, KEEPING, as_json, examined, indexed, put, scanned, story, updated

ROOT = Path(__file__).parents[2]
KILLS = 100
NURSERY = """
import itertools, os, sys
import kept
from kept import INDEX, KEEPING, put, story, updated
from dedupe_news.index.followed import list_corpus
from dedupe_news.updating import make_anew
for line in sys.stdin:
    child = os.fork()  # of a process that has loaded all: a hundred starts would take a minute
    if child:
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    kept._ticks = itertools.count(1000 * int(line))  # no two versions may look the same
    for seed in range(int(line), int(line) + 40):
        for number in range(4):
            put(f"a/{(seed + number) % 30}.txt", story(seed % 7, seed + 100, seed + number + 200))
        if seed % 3:
            updated()
        else:
            make_anew(INDEX, list_corpus(["."], KEEPING.reading), KEEPING)
    os._exit(0)
"""


@pytest.fixture
def nursery():
    """A process that starts writers: each changes files and updates the index, over and over."""
    paths = [str(ROOT / "src"), str(ROOT / "tests")]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-c", NURSERY]
    with subprocess.Popen(
        command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        yield process
        process.stdin.close()


def kill_a_writer(nursery, seed, after):
    """Let a writer work for some seconds, and kill it as a power cut would."""
    nursery.stdin.write(f"{seed}\n")
    nursery.stdin.flush()
    writer = int(nursery.stdout.readline())
    time.sleep(after)
    os.kill(writer, signal.SIGKILL)
    assert int(nursery.stdout.readline()) == -signal.SIGKILL


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A small corpus."""
    monkeypatch.chdir(tmp_path)
    for number in range(30):
        put(f"a/{number}.txt", story(number % 9, number + 50))


def test_a_hundred_kills_lose_nothing(nursery):
    """Whenever a writer dies, the next one goes on, and the report is that of a scan."""
    chance = random.Random(5)
    for round_ in range(KILLS):
        kill_a_writer(nursery, round_ + 1, chance.uniform(0.0, 0.15))
        if INDEX.exists():
            with Store(INDEX) as store:
                store.check()
        if round_ % 5 == 0:
            updated()
            assert as_json(indexed()) == as_json(scanned())
    updated()
    assert as_json(indexed()) == as_json(scanned())


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.9])
def test_a_file_that_was_cut_short_is_made_anew_or_refused(keep):
    """Never a wrong answer."""
    updated()
    expected = examined("a/3.txt").report.clusters
    data = INDEX.read_bytes()
    INDEX.write_bytes(data[: int(len(data) * keep)])

    assert examined("a/3.txt").report.clusters == expected
    updated()
    assert as_json(indexed()) == as_json(scanned())


def test_a_file_that_is_no_index_is_replaced():
    """There is nothing in an index that the corpus does not have."""
    INDEX.parent.mkdir()
    INDEX.write_bytes(b"this is no database, but it is long enough to look at" * 100)

    updated()

    assert as_json(indexed()) == as_json(scanned())


def test_a_second_writer_waits_and_then_says_for_whom(tmp_path):
    """The lock tells who holds it, and is free when that one is gone."""
    updated()
    lock = INDEX.with_name(f"{INDEX.name}.lock")
    with (
        locked(lock, 1),
        pytest.raises(IndexLockedError, match=f"locked by process {os.getpid()}"),
        locked(lock, 0.1),
    ):
        pass

    with locked(lock, 0.1):
        pass


def test_a_check_does_without_an_index_that_is_being_written():
    """It reads the corpus itself, and says so."""
    updated()
    for number in range(30):
        put(f"a/{number}.txt", story(number % 4, number + 50))
    keeping = replace(KEEPING, patience=0.1)

    with locked(INDEX.with_name(f"{INDEX.name}.lock"), 1):
        found = examined(keeping=keeping)

    assert "is not used" in found.notice
    assert found.report.clusters == scanned().clusters


def test_a_reader_sees_one_state_while_a_writer_is_at_work():
    """The old one until the new one is whole."""
    updated()
    with Store(INDEX) as reader, reader.reading():
        before = reader.count()
        put("a/new.txt", story(77))
        updated()
        assert reader.count() == before
    with Store(INDEX) as reader:
        assert reader.count()["files"] == before["files"] + 1
