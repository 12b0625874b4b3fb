import os
import subprocess
import sys
import time

import pytest

from dedupe_news.errors import IndexLockedError
from dedupe_news.index.lock import locked

HOLDER = """
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(handle, fcntl.LOCK_EX)
print(flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path):
    """The lock of an index."""
    return tmp_path / "index.sqlite.lock"


@pytest.fixture
def holder(path):
    """Another process that holds the lock until it is told to end, and has not said who it is."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        process.stdout.readline()
        yield process
        process.kill()


def test_who_holds_the_lock_writes_down_who_it_is(path):
    """And leaves the file behind, for a file that goes away can be locked twice."""
    path.write_text("123456789, who died long ago", "utf-8")

    with locked(path, 0):
        assert path.read_text("utf-8") == str(os.getpid())

    assert path.exists()


def test_a_second_one_is_told_whom_it_waited_for(path):
    """And for how long, and what to do."""
    with locked(path, 0), pytest.raises(IndexLockedError) as caught, locked(path, 0.05):
        pass

    told = f"{path.with_suffix('')} is locked by process {os.getpid()}, after 0.05 seconds"
    assert str(caught.value) == told
    assert "a process that died holds no lock" in caught.value.hint


def test_a_holder_that_did_not_say_who_it_is_is_unknown(path, holder):
    """Nothing is made up."""
    with pytest.raises(IndexLockedError, match="locked by process unknown"), locked(path, 0):
        pass


def test_the_lock_of_a_process_that_died_is_free(path, holder):
    """Nobody has to delete a file by hand."""
    holder.kill()
    holder.wait()

    with locked(path, 0):
        assert path.read_text("utf-8") == str(os.getpid())


def test_who_is_patient_gets_the_lock(path, holder, monkeypatch):
    """It is tried again and again until it is free."""
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        holder.kill()
        holder.wait()

    monkeypatch.setattr(time, "sleep", pause)

    with locked(path, 30):
        assert len(pauses) == 1


def test_a_failure_gives_the_lock_back(path):
    """What goes wrong inside is none of its business."""
    with pytest.raises(ZeroDivisionError), locked(path, 0):
        raise ZeroDivisionError

    with locked(path, 0):
        pass


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path):
    """Its name is in it."""
    with pytest.raises(FileNotFoundError, match="nowhere"), locked(tmp_path / "nowhere" / "x", 0):
        pass
