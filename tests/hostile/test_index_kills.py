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

from dedupe_news.errors import IndexLockedError, IndexUnusableError
from dedupe_news.index.lock import locked
from dedupe_news.index.store import Store
from kept import INDEX, KEEPING, as_json, examined, indexed, put, scanned, story, updated

ROOT = Path(__file__).parents[2]
KILLS = 100
WORKER = """
import sys
from kept import put, story, updated
print("ready", flush=True)
sys.stdin.readline()
for seed in range(int(sys.argv[1]), int(sys.argv[1]) + 40):
    for number in range(4):
        put(f"a/{(seed + number) % 30}.txt", story(seed % 7, seed + 100, seed + number + 200))
    updated()
    print(seed, flush=True)
"""


def worker(seed):
    """Return a process that changes files and updates the index, over and over."""
    paths = [str(ROOT / "src"), str(ROOT / "tests")]
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-c", WORKER, str(seed)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environ, stdin=pipe, stdout=pipe, stderr=pipe)


def killed(process, after):
    """Let a process work for some seconds, and kill it as a power cut would."""
    assert process.stdout.readline() == b"ready\n"
    process.stdin.write(b"\n")
    process.stdin.flush()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    _, told = process.communicate()
    assert process.returncode == -signal.SIGKILL, told.decode()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A small corpus."""
    monkeypatch.chdir(tmp_path)
    for number in range(30):
        put(f"a/{number}.txt", story(number % 9, number + 50))


def test_a_hundred_kills_lose_nothing():
    """Whenever a writer dies, the next one goes on, and the report is that of a scan."""
    chance = random.Random(5)
    waiting = [worker(seed) for seed in range(2)]
    for round_ in range(KILLS):
        killed(waiting.pop(0), chance.uniform(0.0, 0.15))
        waiting.append(worker(round_ + 2))
        if INDEX.exists():
            with Store(INDEX) as store:
                store.check()
        if round_ % 5 == 0:
            updated()
            assert as_json(indexed()) == as_json(scanned())
    for process in waiting:
        process.kill()
        process.communicate()
    updated()
    assert as_json(indexed()) == as_json(scanned())


def test_a_first_build_that_was_killed_is_finished_by_the_next_run(monkeypatch):
    """What was read is not read again; what was not worked out is not believed."""
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("dedupe_news.upkeep.find", _killed)
        updated()

    with pytest.raises(IndexUnusableError, match="unfinished") as caught:
        indexed()
    assert "index update" in caught.value.hint
    assert len(updated().changes) == 0
    assert as_json(indexed()) == as_json(scanned())


def _killed(*_):
    raise KeyboardInterrupt


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
        before = reader.counts()
        put("a/new.txt", story(77))
        updated()
        assert reader.counts() == before
    with Store(INDEX) as reader:
        assert reader.counts()["files"] == before["files"] + 1
