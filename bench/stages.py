"""Where the time of a scan goes: seconds by part of the package.

    python bench/stages.py FILE [--diff]

The process looks at itself a thousand times a second and charges what has passed since the last
look to the module of the package that is at work: the outermost below those that only pass work
on. Nothing is wrapped: a part that is renamed is seen all the same.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import FrameType

__all__ = ["main", "sampled"]

_PACKAGE = "dedupe_news"
_INTERVAL = 0.001  # seconds of processor time
_ORDER = (
    "pipeline",
    "finding",
    "reporting",
    "looks",
    "__main__",
    "cli",
    "corpus",
    "engines",
    "core.columns",
)
"""Modules that pass work on: what they call is the stage."""

_ELSEWHERE = "imports"


def main(arguments: list[str] | None = None) -> int:
    """Scan a file with one worker, and print the seconds of each part as one JSON object.

    Args:
        arguments: The command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--diff", action="store_true", help="align the variants, too")
    options = parser.parse_args(arguments)
    wanted = "--diff" if options.diff else "--no-diff"
    command = ["scan", str(options.file), wanted, "--format", "json", "--jobs", "1", "--quiet"]
    print(json.dumps(sampled(lambda: _run(command))))
    return 0


def sampled(work: Callable[[], object]) -> dict[str, float]:
    """Return the seconds of processor time that the work takes, by part, the largest first.

    Args:
        work: Called once, in the main thread.
    """
    with _watching() as taken:
        work()
    return dict(sorted(taken.items(), key=lambda both: -both[1]))


@contextmanager
def _watching() -> Iterator[dict[str, float]]:
    taken: dict[str, float] = defaultdict(float)
    last = time.process_time()

    def look(_signal: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.process_time()
        taken[_part(frame)] += now - last
        last = now

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _INTERVAL, _INTERVAL)
    try:
        yield taken
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _part(frame: FrameType | None) -> str:
    """Return the part of the package that the stack leads into, without the package's name."""
    names = list(_modules(frame))
    if not names or "importlib" in names[0]:
        return _ELSEWHERE
    own = [name.removeprefix(f"{_PACKAGE}.") for name in names if name.startswith(_PACKAGE)]
    found = next((name for name in reversed(own) if not name.startswith(_ORDER)), own[0])
    folder, _, module = found.partition(".")
    return module if folder in {"core", "engines"} else folder


def _modules(frame: FrameType | None) -> Iterator[str]:
    """Yield the modules of the stack, innermost first: those of the package, and importers."""
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith((f"{_PACKAGE}.", "importlib.")):
            yield name
        frame = frame.f_back


def _run(command: list[str]) -> None:
    from dedupe_news.__main__ import main as dedupe_news  # noqa: PLC0415 - imports are charged, too

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        dedupe_news(command)


if __name__ == "__main__":
    sys.exit(main())
