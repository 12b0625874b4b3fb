"""Other processes: what they are sent, what comes back, and how they end."""

import operator
import os
import signal
import subprocess
import sys
import time
from collections import deque
from functools import partial

import numpy as np
import pytest

from dedupe_news.engines import workers as module
from dedupe_news.engines.scratch import Scratch
from dedupe_news.engines.workers import AHEAD, Task, Worker
from dedupe_news.errors import EngineError

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


@pytest.fixture(scope="module", params=["copied", "fresh"])
def started(request):
    """Return a function that starts a worker, as a copy of this process or afresh."""
    scratch = Scratch(writers=2)

    def start():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_can_be_copied", lambda: request.param == "copied")
            return Worker(1, scratch.share())

    yield start
    scratch.close()


@pytest.fixture(scope="module")
def worker(started):
    """Return a worker of which nobody asks too much."""
    worker = started()
    yield worker
    worker.dismiss()
    worker.wait()


def done(worker, function, values):
    """Return tasks, once a worker has done all of them."""
    tasks = [Task(function, value) for value in values]
    left = deque(tasks)
    while left or worker.load:
        if left and worker.load < AHEAD:
            worker.send(left.popleft())
        else:
            Worker.wait_for_any([worker])
            worker.collect()
    return tasks


def test_a_worker_does_its_tasks_one_after_the_other(worker):
    """And another function after that."""
    assert [task.result() for task in done(worker, operator.neg, range(5))] == [0, -1, -2, -3, -4]
    assert [task.result() for task in done(worker, abs, [-7])] == [7]
    assert worker.load == 0


def test_a_worker_is_another_process_that_leaves_signals_to_the_first(worker):
    """What the first process does at a signal is for itself."""
    look = "__import__('os').getpid(), [int(__import__('signal').getsignal(n)) for n in (2, 15)]"
    (task,) = done(worker, eval, [look])
    process, handlers = task.result()

    assert process != os.getpid()
    assert handlers == [signal.SIG_IGN, signal.SIG_DFL]


def test_nobody_waits_for_room_forever(worker):
    """Tasks and results may both be larger than what a pipe holds, and be many."""
    values = [bytes([n]) * (3 << 20) for n in range(8)]

    assert [task.result() for task in done(worker, bytes, values)] == values


def test_large_arrays_come_as_they_were_laid_down(worker):
    """As many as may be under way lie there at once, and whoever has them may write to them."""
    sizes = [1, 5000, 10, 70000, 3000, 5000]
    arrays = [task.result() for task in done(worker, np.arange, sizes)]
    arrays[1] += 1

    assert [(len(one), one.sum() * 2) for one in arrays] == [
        (size, size * (size - 1 + 2 * (place == 1))) for place, size in enumerate(sizes)
    ]


def test_an_error_tells_where_it_arose(worker):
    """It is raised where the result is asked for, and the worker goes on."""
    zero, one = done(worker, partial(operator.truediv, 1), [0, 1])

    with pytest.raises(ZeroDivisionError) as caught:
        zero.result()
    assert "In another process:\nTraceback" in caught.value.__notes__[0]
    assert one.result() == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("lambda: 0", "PicklingError|AttributeError"),  # a result that cannot be sent
        ("(_ for _ in ()).throw(type('Odd', (ValueError,), {})('so'))", "Odd: so"),
    ],
)
def test_what_cannot_be_sent_back_is_told(worker, code, words):
    """A class that only the worker knows is named."""
    (task,) = done(worker, eval, [code])

    with pytest.raises(Exception, match=words) as caught:
        task.result()
    assert caught.type is not ValueError


class _Unreadable:
    """A function that can be pickled, and not be read again."""

    def __reduce__(self):
        return int, ("no number",)

    def __call__(self, value):
        """Never come so far."""


def test_a_function_that_cannot_be_read_is_not_taken_for_another(worker):
    """Nor for itself, when it is sent again."""
    done(worker, abs, [1])
    unreadable = _Unreadable()

    for _ in range(2):
        (task,) = done(worker, unreadable, [1])
        with pytest.raises(ValueError, match="no number"):
            task.result()


@pytest.mark.parametrize("at", ["work", "rest"])
def test_a_worker_that_is_killed_is_missed(started, at):
    """By a system that runs out of memory, say: whatever it had to do is not done."""
    worker = started()
    (task,) = done(worker, eval, ["__import__('os').getpid()"])
    if at == "work":
        worker.send(Task(time.sleep, 60))
    os.kill(task.result(), signal.SIGKILL)
    worker._process.join()

    with pytest.raises(EngineError, match="has ended, with code -9") as caught:
        done(worker, abs, [1])
    assert "--jobs" in caught.value.hint
    worker.dismiss()
    worker.wait()


def test_a_worker_that_gives_up_itself_is_no_matter_of_memory(started):
    """As one does that runs the user's script again, and finds a scan in it."""
    worker = started()

    with pytest.raises(EngineError, match="with code 3") as caught:
        done(worker, eval, ["__import__('os')._exit(3)"])
    assert "__main__" in caught.value.hint
    worker.dismiss()
    worker.wait()


def test_a_worker_ends_while_nobody_wants_what_it_is_at(started):
    """Not only after that."""
    worker = started()
    done(worker, abs, [1])
    worker.send(Task(time.sleep, 60))
    start = time.monotonic()
    worker.dismiss()
    worker.wait()

    assert time.monotonic() - start < 5


_LEFT_ALONE = """
import os, sys, time
from dedupe_news.engines import workers as module
from dedupe_news.engines.scratch import Scratch

module._can_be_copied = lambda: sys.argv[1] == "copied"
if __name__ == "__main__":
    scratch = Scratch(writers=3)
    workers = [module.Worker(number, scratch.share()) for number in (1, 2)]
    tasks = [module.Task(eval, "__import__('os').getpid()") for _ in workers]
    for worker, task in zip(workers, tasks):
        worker.send(task)
    while not all(task.is_done for task in tasks):
        for worker in workers:
            worker.collect()
    print(*(task.result() for task in tasks), flush=True)
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("way", ["copied", "fresh"])
def test_no_worker_outlives_the_first_process(tmp_path, way):
    """However that ends, and though nobody tells them: their output would stay open else."""
    script = tmp_path / "left_alone.py"
    script.write_text(_LEFT_ALONE)
    run = subprocess.run(
        [sys.executable, script, way], stdout=subprocess.PIPE, timeout=60, check=False
    )

    assert run.returncode == -signal.SIGKILL
    assert len(run.stdout.split()) == 2


_THREADS = """
import sys, threading
from dedupe_news.engines.workers import _can_be_copied
if sys.argv[1:]:
    threading.Thread(target=threading.Event().wait, args=(60,), daemon=True).start()
print(_can_be_copied())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="where threads can be counted")
@pytest.mark.parametrize(("more", "expected"), [((), b"True\n"), (("more",), b"False\n")])
def test_a_process_with_threads_is_not_copied(more, expected):
    """They may hold locks, which the copy would wait for in vain."""
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    told = subprocess.check_output([sys.executable, "-c", _THREADS, *more], env=env)

    assert told == expected


def test_a_process_whose_threads_nobody_counts_is_not_copied(monkeypatch):
    """Other systems have no such list."""

    def missing(_path):
        raise FileNotFoundError

    monkeypatch.setattr(os, "listdir", missing)

    assert not module._can_be_copied()
