"""The compiled loops, where they could be built; otherwise None, and numpy does the work.

Set `DEDUPE_NEWS_KERNEL=off` to do without them: the results are the same, bit for bit.
"""

from os import environ
from typing import Protocol

from dedupe_news.core.hashing import UInt64s

__all__ = ["KERNEL", "Kernel", "load"]


class Kernel(Protocol):
    """What the extension module offers; arrays are C-contiguous, results go into the last."""

    def words(
        self, texts: list[str], table: object, mode: int, hashes: UInt64s, counts: object, /
    ) -> tuple[int, int]:
        """Hash the words of texts up to one that the table cannot tell: rows, and words."""
        ...

    def shingles(self, hashes: UInt64s, offsets: object, size: int, out: UInt64s, /) -> None:
        """Hash every run of `size` words of each row."""
        ...

    def signatures(
        self, hashes: UInt64s, offsets: object, factors: object, summands: object, out: object, /
    ) -> None:
        """Take the least permuted hash of each row for each permutation."""
        ...

    def digests(self, hashes: UInt64s, offsets: object, out: UInt64s, /) -> None:
        """Digest the words of each row in their order."""
        ...

    def shared(
        self,
        values: UInt64s,
        left: object,
        left_end: object,
        right: object,
        right_end: object,
        out: object,
        /,
    ) -> None:
        """Count what each pair of ascending rows has in common, given by their bounds."""
        ...

    def covered(self, own: UInt64s, among: UInt64s, size: int, mask: object, /) -> None:
        """Mark the words that lie in a shingle of their own which is among ascending others."""
        ...


def load() -> Kernel | None:
    """Return the compiled loops, or None where there are none or they are switched off."""
    if environ.get("DEDUPE_NEWS_KERNEL") == "off":
        return None
    try:
        from dedupe_news.core import _kernel  # noqa: PLC0415 - built only where there is a compiler
    except ImportError:
        return None
    kernel: Kernel = _kernel
    return kernel


KERNEL = load()
