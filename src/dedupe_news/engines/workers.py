"""Other processes of a run: each does the tasks that it is sent, one after the other.

Two pipes lead to a worker, one there and one back. No thread of the first process waits at them: it
looks for results when it has time. Nor does anybody have to wait for it: a worker takes its tasks
out of the pipe as they come, and results find room in the other. Only large arrays of them are not
sent, but laid down in a file.
"""

import os
import pickle
import select
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from typing import IO, TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from dedupe_news.engines.memory import reuse_memory
from dedupe_news.engines.scratch import Passed, Scratch, file_in_memory, write_at
from dedupe_news.errors import EngineError
from dedupe_news.garbage import collect_seldom

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from queue import SimpleQueue

    from dedupe_news.engines.scratch import Share

    Ends = tuple[Connection, Connection]

__all__ = ["AHEAD", "Task", "Worker"]

AHEAD = 3
"""Tasks that may be under way to a worker, so that it is never idle."""

In = TypeVar("In")
Out = TypeVar("Out")
Outcome = tuple[Any, Exception | None]
"""What a call returned, or its error."""

_PIPE = 1 << 20  # bytes that may wait in a pipe: as many as Linux lets everybody have
_LARGE = 1 << 12  # bytes of an array that is not sent
_PATIENCE = 1.0  # seconds until a process that has closed its pipes must be gone
_NO_MORE = b""  # in place of a task
_KILLED = "memory may have run out: fewer --jobs or less --memory take less"
_FAILED = (
    "it has printed why; a script that is run by itself must call this library "
    'under if __name__ == "__main__":, or with jobs=1'
)


class Task(Generic[In, Out]):
    """A call that some process makes, and what comes of it.

    Attributes:
        function: What is called; it can be pickled.
        value: What it is called with; it can be pickled.
        is_done: Whether it is known what came of it.
    """

    def __init__(self, function: Callable[[In], Out], value: In) -> None:
        """Make a task that nobody has begun."""
        self.function = function
        self.value = value
        self.is_done = False
        self._outcome: Outcome = None, None

    def do(self) -> None:
        """Make the call in this process."""
        try:
            self.end((self.function(self.value), None))
        except Exception as error:  # noqa: BLE001 - it is raised where the result is asked for
            self.end((None, error))

    def end(self, outcome: Outcome) -> None:
        """Take down what came of it."""
        self._outcome, self.is_done = outcome, True

    def result(self) -> Out:
        """Return what the call returned, or raise its error."""
        result: Out
        result, error = self._outcome
        if error is not None:
            raise error
        return result


class Worker:
    """Another process, and the tasks that are on their way to it or back."""

    def __init__(self, number: int, share: "Share") -> None:
        """Start the process.

        Args:
            number: That by which it writes to the files of the run.
            share: These files.
        """
        from multiprocessing import get_context  # noqa: PLC0415 - not for little work

        context = get_context("fork") if _can_be_copied() else get_context("spawn")
        tasks, self._tasks = context.Pipe(duplex=False)
        self._results, results = context.Pipe(duplex=False)
        theirs, ours = (tasks, results), (self._tasks, self._results)
        for end in theirs:
            _widen(end)
        self._trays = [file_in_memory() for _ in range(AHEAD)]
        call = theirs, ours, Passed(self._trays), number, share
        self._process = context.Process(target=_serve, args=call, daemon=True)
        self._process.start()
        for end in theirs:
            end.close()
        self._arrivals = select.poll()  # asked after each task: a connection's own takes long
        self._arrivals.register(self._results.fileno(), select.POLLIN)
        self._known: Callable[[Any], Any] | None = None  # the function that it was sent
        self._under_way: deque[Task[Any, Any]] = deque()

    @property
    def load(self) -> int:
        """How many tasks are under way."""
        return len(self._under_way)

    def send(self, task: Task[Any, Any]) -> None:
        """Have a task done, after those that were sent before."""
        function = b"" if task.function is self._known else _pickled(task.function)
        message = _pickled((function, task.value))
        with self._alive():
            self._tasks.send_bytes(message)
        self._known = task.function
        self._under_way.append(task)

    def collect(self) -> None:
        """End the tasks of which the results have arrived."""
        while self._under_way and self._arrivals.poll(0):
            with self._alive():
                message = self._results.recv_bytes()
            outcome = _picked_up(message, self._trays)
            self._under_way.popleft().end(outcome)
            if outcome[1] is not None:  # it may be that the function could not be read
                self._known = None

    def dismiss(self) -> None:
        """Have the process end; at once, if it still works on what nobody wants any more."""
        if self._under_way:
            self._process.kill()
        with suppress(OSError):
            self._tasks.send_bytes(_NO_MORE)
        self._tasks.close()
        self._results.close()
        for tray in self._trays:
            tray.close()

    def wait(self) -> None:
        """Wait until the process has ended."""
        self._process.join()

    @contextmanager
    def _alive(self) -> Iterator[None]:
        """Say so if the process is found to have ended.

        Raises:
            EngineError: If it has.
        """
        try:
            yield
        except (EOFError, OSError) as error:
            self._process.join(_PATIENCE)
            code = self._process.exitcode
            msg = f"a process that worked on this has ended, with code {code}"
            raise EngineError(msg, hint=_KILLED if code is None or code < 0 else _FAILED) from error

    @staticmethod
    def wait_for_any(workers: "Sequence[Worker]") -> None:
        """Wait until there is something to collect from one of them."""
        from multiprocessing.connection import wait  # noqa: PLC0415 - loaded with the first worker

        wait([worker._results for worker in workers if worker.load])  # noqa: SLF001 - its own


def _can_be_copied() -> bool:
    """Return whether a copy of this process can work: that is there at once, and has all loaded.

    It would have the locks of other threads as these hold them at that moment. So there must be
    none, not even of a library, which Linux can tell; elsewhere the system's own libraries may not
    bear to be copied.
    """
    with suppress(OSError):
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - a path costs its module
    return False


def _widen(pipe: "Connection") -> None:
    """Let so many bytes wait in a pipe, where the system allows for it.

    What finds no room keeps a worker from going on until the first process takes something out.
    """
    with suppress(ImportError, AttributeError, OSError):
        import fcntl  # noqa: PLC0415 - not on every system

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)


def _serve(ours: "Ends", theirs: "Ends", trays: Passed, number: int, share: "Share") -> None:
    """Do all tasks that come, in this process, which was started for that.

    Args:
        ours: Where tasks come from, and where results go.
        theirs: The other ends, which the first process has: while anybody else holds them, it would
            not be seen that this is gone.
        trays: Where large arrays are laid down.
        number: That by which this process writes to the files of the run.
        share: These files.
    """
    for end in theirs:
        end.close()
    _settle_in(number, share)
    from queue import SimpleQueue  # noqa: PLC0415 - for workers alone
    from threading import Thread  # noqa: PLC0415

    tasks, results = ours
    waiting: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_take, args=(tasks, waiting), daemon=True).start()
    desk, in_turn = _Desk(trays.files), cycle(range(AHEAD))
    with suppress(OSError):  # nobody is there any more who wants results
        for message in iter(waiting.get, _NO_MORE):
            results.send_bytes(desk.answer(message, next(in_turn)))


def _settle_in(number: int, share: "Share") -> None:
    """Leave Ctrl-C to the first process, which ends the others; look for cycles seldom."""
    import signal  # noqa: PLC0415 - for workers alone

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    reuse_memory()
    collect_seldom()
    Scratch.received(share, number)


def _take(tasks: "Connection", waiting: "SimpleQueue[bytes]") -> None:
    """Take tasks out of a pipe as they come, until there are no more or nobody sends them."""
    message = None
    while message != _NO_MORE:
        try:
            message = tasks.recv_bytes()
        except (EOFError, OSError):
            message = _NO_MORE
        waiting.put(message)


class _Desk:
    """Where a worker works: it knows one function at a time."""

    def __init__(self, trays: Sequence[IO[bytes]]) -> None:
        self._trays = trays
        self._function: Callable[[Any], Any]

    def answer(self, message: bytes, tray: int) -> bytes:
        """Return what tells of the outcome of a task, of which large arrays lie on a tray."""
        try:
            return _laid_down((self._result(message), None), self._trays, tray)
        except Exception as error:  # noqa: BLE001 - it is raised in the first process
            import traceback  # noqa: PLC0415 - seldom needed

            error.add_note(f"In another process:\n{traceback.format_exc()}")
            return _laid_down((None, _portable(error)), self._trays, tray)

    def _result(self, message: bytes) -> Any:  # noqa: ANN401 - whatever the function returns
        function, value = pickle.loads(message)  # noqa: S301 - written by this program
        if function:
            self._function = pickle.loads(function)  # noqa: S301
        return self._function(value)


def _portable(error: Exception) -> Exception:
    """Return an error, or what it says if it cannot be had in another process."""
    try:
        pickle.loads(_pickled(error))  # noqa: S301 - just written
    except Exception:  # noqa: BLE001 - whatever its class does
        return EngineError(f"{type(error).__name__}: {error}")
    return error


def _laid_down(outcome: Outcome, trays: Sequence[IO[bytes]], tray: int) -> bytes:
    """Return an outcome as it is sent; its large arrays are laid down.

    A pipe would ask the system for as much memory each time, and want them copied twice more.

    Args:
        outcome: Can be pickled.
        trays: Files of this worker.
        tray: The number of one that has been picked up, as all have that were laid down as many
            tasks ago as may be under way.
    """
    large: list[memoryview] = []

    def is_sent(array: pickle.PickleBuffer) -> bool:
        is_large = array.raw().nbytes >= _LARGE
        if is_large:
            large.append(array.raw())
        return not is_large

    body = pickle.dumps(outcome, pickle.HIGHEST_PROTOCOL, buffer_callback=is_sent)
    end = 0
    for array in large:
        end = write_at(trays[tray], end, array)
    return _pickled((body, tray, [array.nbytes for array in large]))


def _picked_up(message: bytes, trays: Sequence[IO[bytes]]) -> Outcome:
    """Return the outcome that was sent, its large arrays in memory of their own."""
    body, tray, sizes = pickle.loads(message)  # noqa: S301 - written by this program
    large = [np.empty(size, np.uint8) for size in sizes]  # which nobody has to empty before
    trays[tray].seek(0)
    for array in large:
        trays[tray].readinto(array.data)
    outcome: Outcome = pickle.loads(body, buffers=large)  # noqa: S301
    return outcome


def _pickled(value: object) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
