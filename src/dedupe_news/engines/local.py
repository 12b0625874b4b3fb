"""This machine: one process, or several."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice, product
from operator import call
from typing import TYPE_CHECKING, Protocol, TypeVar

from dedupe_news.engines.scratch import IN_MEMORY, Scratch, can_share
from dedupe_news.engines.workers import AHEAD, Task, Worker

if TYPE_CHECKING:
    from threading import Thread

__all__ = ["Engine", "Processes", "Serial", "available_cores", "local_engine"]

In = TypeVar("In")
Out = TypeVar("Out")

_PILED = 4  # times as many may wait for one that takes longer
_MORE = 2  # tasks that this process keeps beyond those under way to a worker which is sent one


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

    def dismiss(self) -> None:
        """Let other processes go while this one goes on: there is no more to share, most likely."""
        ...

    def finish(self) -> None:
        """Let them go for good, and give up what was put aside, while this one goes on."""
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

    def dismiss(self) -> None:
        """Do nothing: there are no others."""

    def finish(self) -> None:
        """Do nothing: it would take as long as later."""

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
        self._workers: list[Worker] = []
        self._leaving: list[Worker] = []
        self._giving_up: Thread | None = None

    def map(self, function: Callable[[In], Out], values: Iterable[In]) -> Iterator[Out]:
        """Yield the results in the order of the values."""
        iterator = iter(values)
        first = list(islice(iterator, 2))
        if len(first) < 2:  # noqa: PLR2004 - one task is not worth a process
            yield from map(function, first)
            return
        self._start()
        yield from self._shared(function, chain(first, iterator))

    def beside(self, function: Callable[[], Out]) -> Callable[[], Out]:
        """Start the function in a thread, where there was enough to do for other processes."""
        if not self._workers:
            return function
        task: Task[Callable[[], Out], Out] = Task(call, function)
        thread = _started(task.do)

        def wait() -> Out:
            thread.join()
            return task.result()

        return wait

    def in_threads(self, function: Callable[[In], Out], values: Iterable[In]) -> list[Out]:
        """Return the results in the order of the values.

        As many threads as there are other processes take one after the other, as this one does.
        """
        tasks = [Task(function, value) for value in values]
        waiting = iter(tasks)

        def work() -> None:
            for task in waiting:
                task.do()

        threads = [_started(work) for _ in self._workers]
        work()
        for thread in threads:
            thread.join()
        return [task.result() for task in tasks]

    def _shared(self, function: Callable[[In], Out], values: Iterator[In]) -> Iterator[Out]:
        waiting: deque[Task[In, Out]] = deque()  # for their turn, whoever does them
        kept: deque[Task[In, Out]] = deque()  # those of them that nobody has begun
        most = _PILED * AHEAD * self._others

        def kept_at_least(wanted: int) -> bool:
            missing = min(wanted - len(kept), most - len(waiting))
            for value in islice(values, max(missing, 0)):
                task = Task(function, value)
                kept.append(task)
                waiting.append(task)
            return len(kept) >= wanted

        while True:
            for worker in self._workers:
                worker.collect()
            for load, worker in product(range(AHEAD), self._workers):
                if worker.load == load and kept_at_least(load + _MORE):
                    worker.send(kept.popleft())
            kept_at_least(AHEAD + 1)
            if not waiting:
                return
            if waiting[0].is_done:
                yield waiting.popleft().result()
            elif kept:
                kept.popleft().do()
            else:
                Worker.wait_for_any(self._workers)

    def dismiss(self) -> None:
        """Let the processes end, without waiting for tasks that nobody wants any more.

        If there is more to share after all, others are started.
        """
        while self._workers:
            worker = self._workers.pop()
            worker.dismiss()
            self._leaving.append(worker)

    def finish(self) -> None:
        """Let the processes end, and have a thread give up what was put aside.

        The system takes a while to take so much memory back.
        """
        self.dismiss()
        if self._leaving:
            self._giving_up = _started(self.scratch.close)

    def close(self) -> None:
        """End the processes, and give up what was put aside."""
        self.dismiss()
        if self._giving_up is not None:
            self._giving_up.join()
        self.scratch.close()
        while self._leaving:
            self._leaving.pop().wait()

    def _start(self) -> None:
        if not self._workers:
            share = self.scratch.share()
            self._workers = [Worker(number, share) for number in range(1, self._others + 1)]


def _started(work: Callable[[], None]) -> "Thread":
    """Return a thread that does some work."""
    from threading import Thread  # noqa: PLC0415 - seldom needed for little work

    thread = Thread(target=work)
    thread.start()
    return thread


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


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
