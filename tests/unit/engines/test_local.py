"""One process or several: the same results in the same order."""

import math
import operator
import os
import threading
import time
from contextlib import ExitStack
from functools import partial

import pytest

from dedupe_news.engines.local import Processes, Serial, available_cores, local_engine


@pytest.fixture(scope="module")
def pool():
    """Return two processes, started once: that costs a second."""
    engine = Processes(2)
    yield engine
    engine.close()


@pytest.fixture(params=["serial", "processes"])
def engine(request):
    """Return each engine."""
    return Serial() if request.param == "serial" else request.getfixturevalue("pool")


@pytest.fixture
def taken():
    """Return a list of what was taken from `feed`."""
    return []


@pytest.fixture
def feed(taken):
    """Return a function that gives values one by one, and keeps count."""

    def _feed(count):
        for value in range(count):
            taken.append(value)
            yield value

    return _feed


@pytest.mark.parametrize("count", [0, 1, 2, 3, 30])
def test_results_come_in_the_order_of_the_values(engine, count):
    """Whichever process is done first."""
    assert list(engine.map(operator.neg, range(count))) == [-value for value in range(count)]


def test_a_slow_first_value_does_not_change_the_order(pool):
    """The results of the others wait for it."""
    assert list(pool.map(time.sleep, [0.2, 0, 0, 0])) == [None] * 4


def test_values_are_taken_as_they_are_needed(engine, feed, taken):
    """A stream without end can be worked on, and little of it is held."""
    results = engine.map(operator.neg, feed(10**9))
    first = [next(results) for _ in range(20)]

    assert first == [-value for value in range(20)]
    assert 20 <= len(taken) <= 20 + 3 * 4


def test_nothing_is_taken_before_the_first_result_is_asked_for(engine, feed, taken):
    """A run that is not started reads no file."""
    engine.map(operator.neg, feed(3))

    assert taken == []


def test_an_exception_comes_out_where_its_result_would_have(engine):
    """Results before it are given, and the error is the one that was raised."""
    results = engine.map(math.sqrt, [4, 9, -1, 16])

    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        next(results)


def test_an_engine_is_good_for_several_stages(engine):
    """After an exception, too."""
    with pytest.raises(ZeroDivisionError):
        list(engine.map(partial(operator.truediv, 1), [1, 1, 0, 1]))

    assert list(engine.map(operator.neg, [1, 2, 3])) == [-1, -2, -3]


LOOK = (
    "__import__('time').sleep(0.05), __import__('os').getpid(), __import__('signal').getsignal(2)"
)


def test_this_process_is_one_of_several(pool):
    """It has a share of the work, and one other the rest: that is as many as were asked for."""
    found = {process for _, process, _ in pool.map(eval, [LOOK] * 12)}

    assert os.getpid() in found
    assert len(found) == 2


@pytest.mark.parametrize(("count", "sent"), [(2, 1), (3, 1)])
def test_what_is_left_for_one_is_done_here(pool, count, sent):
    """To send the last value would leave this process without any."""
    found = [process for _, process, _ in pool.map(eval, [LOOK] * count)]

    assert len(found) - found.count(os.getpid()) == sent


@pytest.mark.parametrize("count", [0, 1, 2, 3, 30])
def test_threads_give_results_in_the_order_of_the_values(engine, count):
    """Whichever end they were worked out from."""
    list(engine.map(abs, range(3)))  # starts the others, where there are any

    assert engine.in_threads(operator.neg, range(count)) == [-value for value in range(count)]


def test_this_process_works_beside_its_threads(pool):
    """One value waits for another, as one thread alone would do forever."""
    list(pool.map(abs, range(3)))
    met = threading.Barrier(2, timeout=60)

    assert sorted(pool.in_threads(lambda _: met.wait(), range(2))) == [0, 1]


def test_what_runs_beside_is_not_waited_for(pool):
    """Before somebody asks for what comes of it; other values go on."""
    list(pool.map(abs, range(3)))
    done = threading.Event()
    waits = pool.beside(partial(done.wait, 60))

    assert pool.in_threads(operator.neg, range(5)) == [0, -1, -2, -3, -4]
    done.set()
    assert waits()


def test_an_error_in_a_thread_comes_out(engine):
    """Whichever of them it happens in."""
    list(engine.map(abs, range(3)))
    with pytest.raises(ZeroDivisionError):
        engine.in_threads(partial(operator.truediv, 1), [0, 1, 1])
    with pytest.raises(ZeroDivisionError):
        engine.in_threads(partial(operator.truediv, 1), [1, 1, 0])
    with pytest.raises(ZeroDivisionError):
        engine.beside(partial(operator.truediv, 1, 0))()


def test_workers_leave_an_interrupt_to_their_parent(pool):
    """Ctrl-C reaches every process of a terminal; one of them ends the run in order."""
    found = {process: handler for _, process, handler in pool.map(eval, [LOOK] * 12)}
    del found[os.getpid()]

    assert {handler.name for handler in found.values()} == {"SIG_IGN"}


def test_a_single_task_is_done_here():
    """It is not worth the start of a process."""
    with local_engine(4) as engine:
        assert list(engine.map(eval, ["__import__('os').getpid()"])) == [os.getpid()]
        assert not engine._workers


def test_one_job_is_the_builtin_map():
    """No process, no pickling."""
    with local_engine(1) as engine:
        assert isinstance(engine, Serial)
        assert list(engine.map(lambda value: value, [1, 2])) == [1, 2]


def test_closing_cancels_what_nobody_wants_any_more():
    """A run that fails ends at once, not after all that is under way."""
    engines = ExitStack()
    engine = engines.enter_context(local_engine(2))
    next(engine.map(time.sleep, [0, 60, 60, *[0] * 9]))
    closing = time.monotonic()
    engines.close()

    assert time.monotonic() - closing < 5
    with pytest.raises(ValueError, match="closed"):
        list(engine.map(operator.neg, [1, 2]))


def test_what_is_finished_gives_up_what_was_put_aside():
    """The processes as well; to close it later does no harm."""
    engine = Processes(2)
    places = engine.scratch.put([b"an article"])
    list(engine.map(operator.neg, range(9)))
    worker = engine._workers[0]
    engine.finish()
    engine.close()

    assert worker._process.exitcode is not None
    with pytest.raises(ValueError, match="closed"):
        list(engine.scratch.get(places))


@pytest.mark.parametrize("engine_of_its_own", [Serial, partial(Processes, 2)])
def test_a_process_that_works_alone_gives_it_up_when_it_is_closed(engine_of_its_own):
    """Before, it would only take as long as then."""
    alone = engine_of_its_own()
    places = alone.scratch.put([b"an article"])
    alone.finish()

    assert list(alone.scratch.get(places)) == [b"an article"]
    alone.close()
    with pytest.raises(ValueError, match="closed"):
        list(alone.scratch.get(places))


def test_closing_twice_or_unused_does_no_harm():
    """The end of a run may be reached by several ways."""
    engine = Processes(2)
    engine.close()
    engine.close()

    assert list(engine.map(operator.neg, [1])) == [-1]


@pytest.mark.parametrize("affinity", [True, False])
def test_the_cores_that_may_be_used_are_counted(monkeypatch, affinity):
    """A container may give fewer than the machine has."""
    if affinity:
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    else:
        monkeypatch.delattr(os, "sched_getaffinity", raising=False)
        monkeypatch.setattr(os, "cpu_count", lambda: None)

    assert available_cores() == (3 if affinity else 1)
