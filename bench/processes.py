"""What a whole process costs: time, processor time and memory, with all its children.

    python -S bench/processes.py NOTE COMMAND...

The command runs under a process that imports next to nothing. A child starts as a copy of its
parent, and the system counts that copy as memory of the child: a big parent would hide it.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, gettempdir
from typing import NamedTuple

__all__ = ["INSTALLED", "Command", "Cost", "ProcessError", "in_turn", "main", "measure", "middle"]

INSTALLED = {  # what Python compiles is kept, as it is where programs are installed
    "PYTHONDONTWRITEBYTECODE": "",
    "PYTHONPYCACHEPREFIX": str(Path(gettempdir()) / "dedupe-news-bench-bytecode"),
}
"""Variables of all processes that are measured."""

_POLL = 0.03  # seconds between two looks at the memory of several processes
_LAST_WORDS = 2000  # characters of what a process said before it failed

Command = tuple[Sequence[str], Mapping[str, str]]
"""A program with its arguments, and the variables that it gets besides those of this process."""


class ProcessError(Exception):
    """A process that was to be measured failed; the text says which, and what it said."""


class Cost(NamedTuple):
    """What one run took.

    Attributes:
        seconds: From start to end.
        processor: Seconds of all processors, in user and system mode.
        user: Of these, the seconds in user mode: other work on the machine changes them least.
        megabytes: Peak of the resident memory of the process and its children together; what
            they share is counted for each of them.
    """

    seconds: float
    processor: float
    user: float
    megabytes: float


def measure(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    output: Path | None = None,
) -> Cost:
    """Return what one run of a command costs.

    Args:
        command: The program and its arguments.
        environment: Variables besides those of this process.
        output: Where its standard output goes; nowhere when not given.

    Raises:
        ProcessError: If it does not end with 0.
    """
    with TemporaryDirectory() as folder, (output or Path(os.devnull)).open("wb") as stdout:
        note = Path(folder) / "cost.json"
        ended = subprocess.run(
            [sys.executable, "-S", __file__, str(note), *command],
            stdout=stdout,
            stderr=subprocess.PIPE,
            env={**os.environ, **INSTALLED, **(environment or {})},
            check=False,
        )
        if ended.returncode:
            said = ended.stderr.decode(errors="replace")[-_LAST_WORDS:]
            msg = f"{' '.join(command)} ended with {ended.returncode}: {said}"
            raise ProcessError(msg)
        return Cost(**json.loads(note.read_text("utf-8")))


def in_turn(rounds: int, commands: Sequence[Command]) -> list[list[Cost]]:
    """Return the costs of each command, round by round.

    Each round runs all commands once, so that a slow moment of the machine hits all alike.

    Args:
        rounds: How often each command runs.
        commands: What to run.
    """
    costs = [[measure(*command) for command in commands] for _ in range(rounds)]
    return [list(column) for column in zip(*costs, strict=True)]


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(*map(median, zip(*costs, strict=True)))


def main(arguments: Sequence[str]) -> int:
    """Run a command, note what it took, and return its exit code.

    Args:
        arguments: The file for the note, then the command.
    """
    note, *command = arguments
    start = time.perf_counter()
    process = subprocess.Popen(command)
    ended, peaks = threading.Event(), [0.0]
    watcher = threading.Thread(target=_watch, args=(process.pid, ended, peaks))
    watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    ended.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = max(peaks[0], used.ru_maxrss / 1024)
    cost = Cost(seconds, used.ru_utime + used.ru_stime, used.ru_utime, peak)
    Path(note).write_text(json.dumps(cost._asdict()), "utf-8")
    return process.returncode


def _watch(pid: int, ended: threading.Event, peaks: list[float]) -> None:
    """Keep the highest memory of all the processes together in the one place of `peaks`."""
    page = os.sysconf("SC_PAGE_SIZE") / 2**20
    while not ended.wait(_POLL):
        peaks[0] = max(peaks[0], page * sum(map(_pages, _tree(pid))))


def _tree(pid: int) -> Iterator[int]:
    """Yield a process and its descendants; only itself where the system has no such list."""
    yield pid
    with suppress(OSError):  # it ended between two looks
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text("ascii").split():
                yield from _tree(int(child))


def _pages(pid: int) -> int:
    """Return how many pages a process holds in memory; 0 if it has just gone."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
