"""Other processes of a run: each does the tasks that it is sent, one after the other.

Two pipes lead to a worker, one there and one back. No thread of the first process waits at them: it
looks for results when it has time. Nor does anybody have to wait for it: a worker takes its tasks
out of the pipe as they come, and some results find room in the other.
"""

import os
import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dedupe_news.engines.memory import reuse_memory
from dedupe_news.engines.scratch import Scratch
from dedupe_news.errors import EngineError
from dedupe_news.garbage import collect_seldom

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from queue import SimpleQueue

    from dedupe_news.engines.scratch import Share

    Ends = tuple[Connection, Connection]

__all__ = ["Task", "Worker"]

In = TypeVar("In")
Out = TypeVar("Out")
Outcome = tuple[Any, Exception | None]
"""What a call returned, or its error."""

_PIPE = 1 << 20  # bytes that may wait in a pipe: as many as Linux lets everybody have
_PATIENCE = 1.0  # seconds until a process that has closed its pipes must be gone
_NO_MORE = b""  # in place of a task


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
        call = theirs, ours, number, share
        self._process = context.Process(target=_serve, args=call, daemon=True)
        self._process.start()
        for end in theirs:
            end.close()
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
        while self._under_way and self._results.poll():
            with self._alive():
                message = self._results.recv_bytes()
            result, error = pickle.loads(message)  # noqa: S301 - written by this program
            self._under_way.popleft().end((result, error))
            if error is not None:  # it may be that the function could not be read
                self._known = None

    def dismiss(self) -> None:
        """Have the process end; at once, if it still works on what nobody wants any more."""
        if self._under_way:
            self._process.kill()
        with suppress(OSError):
            self._tasks.send_bytes(_NO_MORE)
        self._tasks.close()
        self._results.close()

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
            msg = f"a process that worked on this has ended, with code {self._process.exitcode}"
            hint = "memory may have run out: fewer --jobs or less --memory take less"
            raise EngineError(msg, hint=hint) from error

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


def _serve(ours: "Ends", theirs: "Ends", number: int, share: "Share") -> None:
    """Do all tasks that come, in this process, which was started for that.

    Args:
        ours: Where tasks come from, and where results go.
        theirs: The other ends, which the first process has: while anybody else holds them, it would
            not be seen that this is gone.
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
    desk = _Desk()
    with suppress(OSError):  # nobody is there any more who wants results
        for message in iter(waiting.get, _NO_MORE):
            results.send_bytes(desk.answer(message))


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

    def __init__(self) -> None:
        self._function: Callable[[Any], Any]

    def answer(self, message: bytes) -> bytes:
        """Return what comes of a task, pickled as the task was."""
        try:
            return _pickled((self._result(message), None))
        except Exception as error:  # noqa: BLE001 - it is raised in the first process
            import traceback  # noqa: PLC0415 - seldom needed

            error.add_note(f"In another process:\n{traceback.format_exc()}")
            return _portable(error)

    def _result(self, message: bytes) -> Any:  # noqa: ANN401 - whatever the function returns
        function, value = pickle.loads(message)  # noqa: S301 - written by this program
        if function:
            self._function = pickle.loads(function)  # noqa: S301
        return self._function(value)


def _portable(error: Exception) -> bytes:
    """Return an error, or what it says if it cannot be had in another process."""
    try:
        packed = _pickled((None, error))
        pickle.loads(packed)  # noqa: S301 - just written
    except Exception:  # noqa: BLE001 - whatever its class does
        return _pickled((None, EngineError(f"{type(error).__name__}: {error}")))
    return packed


def _pickled(value: object) -> bytes:
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
