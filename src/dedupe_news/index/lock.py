"""One writer at a time: a lock that the system takes back when its holder dies."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dedupe_news.errors import IndexLockedError

__all__ = ["locked"]

_PAUSE = 0.05  # seconds between two tries


@contextmanager
def locked(path: Path, patience: float) -> Iterator[None]:
    """Hold the lock of an index; released on leaving, and by the system if we are killed.

    Args:
        path: The lock file; made if it is not there, and left there.
        patience: How many seconds to wait for another process.

    Raises:
        IndexLockedError: If another process still holds it by then, naming that process.
        OSError: If the file cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
    try:
        end = time.monotonic() + patience
        while not _taken(handle):
            if time.monotonic() >= end:
                raise _error(path, handle, patience)
            time.sleep(_PAUSE)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)  # which gives the lock back


def _taken(handle: int) -> bool:
    import fcntl  # noqa: PLC0415 - only where there is one; the rest of the program runs without

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _error(path: Path, handle: int, patience: float) -> IndexLockedError:
    holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
    msg = f"{path.with_suffix('')} is locked by process {holder}, after {patience:g} seconds"
    return IndexLockedError(msg, hint="wait until it is done; a process that died holds no lock")
