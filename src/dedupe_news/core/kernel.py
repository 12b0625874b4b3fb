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
        self,
        texts: list[str],
        table: object,
        mode: int,
        hashes: UInt64s,
        counts: object,
        spans: object = ...,
        /,
    ) -> tuple[int, int]:
        """Hash the words of texts up to one that the table cannot tell: rows, and words.

        Where there is room for the places of words, these are told as well.
        """
        ...

    def shingles(self, hashes: UInt64s, offsets: object, size: int, out: UInt64s, /) -> None:
        """Hash every run of `size` words of each row."""
        ...

    def signatures(
        self, hashes: UInt64s, offsets: object, factors: object, summands: object, out: object, /
    ) -> None:
        """Take the least permuted hash of each row for each permutation."""
        ...

    def band_keys(
        self, signatures: object, perms: int, bands: int, rows: int, out: UInt64s, /
    ) -> None:
        """Cut signatures of `perms` values into keys."""
        ...

    def digests(self, hashes: UInt64s, offsets: object, out: UInt64s, /) -> None:
        """Digest the words of each row in their order."""
        ...

    def sets(self, values: UInt64s, offsets: object, out: UInt64s, counts: object, /) -> int:
        """Sort each row, without repetition, into other room or its own; return how many stay."""
        ...

    def ascending(self, values: UInt64s, room: UInt64s, /) -> None:
        """Sort hashes where they are, with room for as many beside them."""
        ...

    def under(self, values: UInt64s, offsets: object, limits: UInt64s, counts: object, /) -> None:
        """Count the values of each ascending row that do not exceed its limit."""
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

    def aligned(
        self,
        words: UInt64s,
        left: object,
        left_end: object,
        right: object,
        right_end: object,
        needed: object,
        shortest: int,
        largest: int,
        out: object,
        /,
    ) -> None:
        """Count the words of each pair that stand in the same order; -1 for one too large."""
        ...

    def shares(
        self,
        words: UInt64s,
        offsets: object,
        shingles: UInt64s,
        shingle_offsets: object,
        left: object,
        right: object,
        size: int,
        shortest: int,
        largest: int,
        out: object,
        /,
    ) -> None:
        """Count the words of each of two rows that stand in the other, and shingles of both."""
        ...

    def weigh(
        self,
        hashes: UInt64s,
        numbers: object,
        values: UInt64s,
        offsets: object,
        out: object,
        /,
    ) -> None:
        """Add up, over each row, the numbers of those hashes that are among its values."""
        ...

    def company(
        self, values: UInt64s, offsets: object, most: int, sizes: object, shared: object, /
    ) -> None:
        """Count what ascending rows hold and share, without what `most` of them have."""
        ...

    def likes(
        self,
        words: UInt64s,
        offsets: object,
        parts: bytes,
        others: UInt64s,
        other_offsets: object,
        other_parts: bytes,
        size: int,
        most: int,
        limit: int,
        least: float,
        out: object,
        /,
    ) -> tuple[int, int]:
        """Find paragraphs of two pages that share stretches: how many pairs, if any is crowded.

        -1 stands for more pairs than there is room for, or more pairs of places than the limit.
        """
        ...

    def places(self, hashes: UInt64s, values: UInt64s, out: object, /) -> int:
        """Find the places of values that are among ascending hashes; return how many."""
        ...

    def sifted(
        self,
        hashes: UInt64s,
        values: UInt64s,
        starts: object,
        lengths: object,
        wanted: bool,  # noqa: FBT001 - C takes its arguments by place
        out: UInt64s,
        counts: object,
        /,
    ) -> int:
        """Copy those values of each row that are among hashes, or are not; return how many."""
        ...

    def rows(
        self,
        arrays: list[UInt64s],
        parts: object,
        starts: object,
        lengths: object,
        size: int,
        out: object,
        /,
    ) -> None:
        """Copy rows of items of `size` bytes, each from one of some arrays, one after the other."""
        ...

    def packed(
        self,
        values: UInt64s,
        offsets: object,
        bits: int,
        part_bits: int,
        part: int,
        out: UInt64s,
        /,
    ) -> int:
        """Pack the keys of one part with the ranks of their holders; return how many there are."""
        ...

    def pairs(
        self,
        ranks: object,
        offsets: object,
        count: int,
        most: int,
        few: int,
        codes: UInt64s,
        shared: object,
        /,
    ) -> int:
        """Write a code for each pair of holders of a key, and how many keys it shares.

        How many pairs there are; where there is no room, how much is wanted, and more than enough.
        """
        ...

    def held(self, packed: UInt64s, bits: int, keys: UInt64s, sizes: object, /) -> tuple[int, int]:
        """Move the ranks of holders that share a key to the front: keys, and holders."""
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
