"""What a run took: time by stage, and memory at its peak."""

import sys
import time

from dedupe_news.cli.progress import Advance

__all__ = ["Stopwatch"]

_NAMES = {"read": "reading", "compare": "comparing", "align": "aligning"}
_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in one unit of ru_maxrss


class Stopwatch:
    """Notes when each stage was last heard of, and passes the news on."""

    def __init__(self, advance: Advance) -> None:
        self._advance = advance
        self._start = time.perf_counter()
        self._last: dict[str, float] = {}

    def advance(self, stage: str, done: int, total: int | None) -> None:
        """Note that a stage goes on."""
        self._last[stage] = time.perf_counter()
        self._advance(stage, done, total)

    def lines(self) -> list[str]:
        """Return one line for the time and one for the memory."""
        now = time.perf_counter()
        parts = [f"{now - self._start:.2f} s in all"]
        before = self._start
        for stage, last in self._last.items():
            parts.append(f"{_NAMES.get(stage, stage)} {last - before:.2f} s")
            before = last
        return [f"time: {', '.join(parts)}", *_memory()]


def _memory() -> list[str]:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return []
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _UNIT
    line = f"memory: {own / 1e6:,.0f} MB at the peak"
    return [f"{line}, a worker {workers / 1e6:,.0f} MB" if workers else line]
