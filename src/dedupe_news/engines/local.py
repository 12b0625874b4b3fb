"""This machine: one process, or several."""

import ctypes
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from dedupe_news.engines.scratch import IN_MEMORY, Scratch, can_share
from dedupe_news.garbage import collect_seldom

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
    from multiprocessing.queues import SimpleQueue

    from dedupe_news.engines.scratch import Share

__all__ = ["Engine", "Processes", "Serial", "available_cores", "local_engine", "reuse_memory"]

In = TypeVar("In")
Out = TypeVar("Out")

_LARGEST = 1 << 25  # bytes of an array whose memory the next one gets
_SPARE = 1 << 26  # bytes that are kept for that
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # what glibc calls these
_PIPE = 1 << 20  # bytes of results that may wait: as many as Linux lets everybody have
_AHEAD = 3  # tasks of another process that are under way, so that it is never idle
_PILED = 4  # times as many results may wait for one that takes longer


class Engine(Protocol):
    """Runs a function over many values.

    Attributes:
        scratch: Where the processes at work put articles aside for each other.
    """

    scratch: Scratch

    def map(self, function: Callable[[In], Out], values: Iterable[In]) -> Iterator[Out]:
        """Yield the results in the order of the values, taking few values in advance.

        Args:
            function: A function that can be pickled; pure, so that it may run anywhere.
            values: Values that can be pickled.
        """
        ...

    def beside(self, function: Callable[[], Out]) -> Callable[[], Out]:
        """Have something worked out while this process goes on; return what waits for it.

        Args:
            function: Something long that leaves Python to others while it works, as numpy does.
        """
        ...

    def in_threads(self, function: Callable[[In], Out], values: Iterable[In]) -> list[Out]:
        """Return the results in the order of the values, worked out in this process.

        What is in memory need not be sent, so it is shared by threads.

        Args:
            function: Something long that leaves Python to others while it works.
            values: Few values, whose results take about as long each.
        """
        ...


class Serial:
    """One process: the builtin map."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        """Make an engine that holds so many bytes of articles in memory, and more on disk."""
        self.scratch = Scratch(in_memory)

    def map(self, function: Callable[[In], Out], values: Iterable[In]) -> Iterator[Out]:
        """Yield the results in the order of the values."""
        return map(function, values)

    def beside(self, function: Callable[[], Out]) -> Callable[[], Out]:
        """Return the function: it is called when its result is asked for."""
        return function

    def in_threads(self, function: Callable[[In], Out], values: Iterable[In]) -> list[Out]:
        """Return the results in the order of the values, one after the other."""
        return list(map(function, values))

    def close(self) -> None:
        """Give up what was put aside."""
        self.scratch.close()


class Processes:
    """Several processes, this one among them; results stay in order.

    The others are started when the second value arrives. This one hands them work, and works
    itself while the next result is not there: it would only wait, and what it does is not sent.
    """

    def __init__(self, jobs: int, in_memory: int = IN_MEMORY) -> None:
        """Make an engine of so many processes, at least two.

        Args:
            jobs: How many processes work.
            in_memory: Bytes of articles that they hold in memory together; more are on disk.
        """
        self.scratch = Scratch(in_memory, jobs)
        self._others = jobs - 1
        self._pool: ProcessPoolExecutor | None = None
        self._thread_pool: ThreadPoolExecutor | None = None

    def map(self, function: Callable[[In], Out], values: Iterable[In]) -> Iterator[Out]:
        """Yield the results in the order of the values."""
        iterator = iter(values)
        first = list(islice(iterator, 2))
        if len(first) < 2:  # noqa: PLR2004 - one task is not worth a process
            yield from map(function, first)
            return
        yield from self._shared(self._started(), function, chain(first, iterator))

    def beside(self, function: Callable[[], Out]) -> Callable[[], Out]:
        """Start the function in a thread, where there was enough to do for other processes."""
        threads = self._threads()
        return function if threads is None else threads.submit(function).result

    def in_threads(self, function: Callable[[In], Out], values: Iterable[In]) -> list[Out]:
        """Return the results in the order of the values.

        Threads begin with the first, this one with the last, and they meet where it may be.
        """
        waiting, threads = list(values), self._threads()
        if threads is None:
            return list(map(function, waiting))
        started = [threads.submit(function, value) for value in waiting]
        here: deque[Out] = deque()
        while len(here) < len(waiting) and started[-1 - len(here)].cancel():
            here.appendleft(function(waiting[-1 - len(here)]))
        return [*(one.result() for one in started[: len(waiting) - len(here)]), *here]

    def _threads(self) -> "ThreadPoolExecutor | None":
        """Return threads, as many as there are other processes; None where there are none."""
        if self._pool is None:
            return None
        if self._thread_pool is None:
            from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - loaded with the pool

            self._thread_pool = ThreadPoolExecutor(self._others)
        return self._thread_pool

    def _shared(
        self, pool: "ProcessPoolExecutor", function: Callable[[In], Out], values: Iterator[In]
    ) -> Iterator[Out]:
        waiting: deque[Future[Out]] = deque()
        enough = self._others * _AHEAD
        most = _PILED * enough
        while True:
            free = enough - sum(not result.done() for result in waiting)
            free = max(min(free, most - len(waiting)), 0)
            waiting.extend(pool.submit(function, value) for value in islice(values, free))
            if not waiting:
                return
            if not waiting[0].done() and len(waiting) < most:
                here = [_done(function, value) for value in islice(values, 1)]
                waiting.extend(here)
                if here:
                    continue
            yield waiting.popleft().result()

    def close(self) -> None:
        """End the processes, without waiting for tasks that nobody wants any more."""
        for helpers in (self._thread_pool, self._pool):
            if helpers is not None:
                helpers.shutdown(wait=True, cancel_futures=True)
        self.scratch.close()

    def _started(self) -> "ProcessPoolExecutor":
        import multiprocessing  # noqa: PLC0415 - slow to load, and seldom needed for little work
        from concurrent import futures  # noqa: PLC0415

        if self._pool is None:
            # a fresh interpreter: a fork would copy the locks of whatever threads there are
            context = multiprocessing.get_context("spawn")
            numbers: SimpleQueue[int] = context.SimpleQueue()
            for number in range(1, self._others + 1):
                numbers.put(number)
            settle = self.scratch.share(), numbers
            self._pool = futures.ProcessPoolExecutor(self._others, context, _settle_in, settle)
            _widen(self._pool)
        return self._pool


def _widen(pool: "ProcessPoolExecutor") -> None:
    """Let results wait in the pipe from the workers, where the system allows for so many bytes.

    What finds no room there keeps its worker from going on until a thread of this process gets its
    turn, several times for each result.
    """
    with suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415 - not on every system

        results = pool._result_queue._writer  # type: ignore[attr-defined] # noqa: SLF001 - it has no other name
        fcntl.fcntl(results.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


def _done(function: Callable[[In], Out], value: In) -> "Future[Out]":
    """Return what a function comes to, or its error, as if another process had been at it."""
    from concurrent.futures import Future  # noqa: PLC0415 - loaded with the pool

    future: Future[Out] = Future()
    try:
        future.set_result(function(value))
    except Exception as error:  # noqa: BLE001 - it is raised where its result would have come
        future.set_exception(error)
    return future


@contextmanager
def local_engine(jobs: int, in_memory: int = IN_MEMORY) -> Iterator[Engine]:
    """Yield an engine of so many processes; it is closed afterwards, whatever happens.

    Args:
        jobs: How many processes work; one where the system does not let them share files.
        in_memory: Bytes of articles that they hold in memory together; more are on disk.
    """
    alone = jobs == 1 or not can_share()
    engine = Serial(in_memory) if alone else Processes(jobs, in_memory)
    try:
        yield engine
    finally:
        engine.close()


def reuse_memory() -> None:
    """Have this process use memory again that it gave back, where the C library knows how.

    A scan makes and drops arrays of some megabytes all the time. The system takes their memory and
    empties it before it is used again, which takes as long as to fill it. It is for a program
    to decide that, not for a library.

    Source: mallopt(3) of the GNU C library.
    """
    with suppress(AttributeError, OSError, TypeError):  # other systems have other ways
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _LARGEST)
        mallopt(_TRIM_THRESHOLD, _SPARE)


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _settle_in(share: "Share", numbers: "SimpleQueue[int]") -> None:
    """Leave Ctrl-C to the parent, which ends the workers in order; look for cycles seldom.

    Args:
        share: The files of the run.
        numbers: Gives each worker the number by which it writes to them.
    """
    import signal  # noqa: PLC0415 - for workers alone

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    reuse_memory()
    collect_seldom()
    Scratch.received(share, numbers.get())
