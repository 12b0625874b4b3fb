"""How a process treats memory that it gave back."""

import ctypes
from contextlib import suppress

__all__ = ["reuse_memory"]

_LARGEST = 1 << 25  # bytes of an array whose memory the next one gets
_SPARE = 1 << 26  # bytes that are kept for that
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # what glibc calls these


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
        mallopt(_ARENA_MAX, 1)  # what one thread gave back is there for all
