"""Who holds which key, as blocks of bytes: sorted by key, so that a look-up reads one block.

Keys are hashes of 64 bits. Sorted, neighbours are close, and their distances take five or six
bytes rather than eight. A key that very many articles hold has a block of its own length:
no key is ever cut in two.
"""

import struct
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s

__all__ = ["blocks", "found", "signed", "unpacked"]

_BLOCK = 430  # entries of a block, so that four fit on a page; more only where one key has more
_HEAD = struct.Struct("<QIBB")  # first key, number of entries, bytes of a distance, of a holder
_SIGN = 1 << 63

Numbers = npt.NDArray[np.int64]


def signed(key: int) -> int:
    """Return an unsigned number of 64 bits as a signed one that sorts the same way."""
    return key - _SIGN


def blocks(keys: UInt64s, holders: Numbers) -> Iterator[tuple[int, bytes]]:
    """Yield blocks, each with its first key as a signed number, ascending.

    Args:
        keys: Shape (n,), uint64, in any order.
        holders: The number of the article that holds each, shape (n,), below 2**32.
    """
    order = np.lexsort((holders, keys))
    keys, numbers = keys[order], holders[order].astype(np.uint32)
    starts = np.searchsorted(keys, keys[::_BLOCK])  # back to where a key begins
    bounds = [*np.unique(starts).tolist(), len(keys)]
    for start, end in pairwise(bounds):
        yield signed(int(keys[start])), _packed(keys[start:end], numbers[start:end])


def unpacked(data: Iterable[bytes]) -> tuple[UInt64s, Numbers]:
    """Return the keys and holders of some blocks, in the order of the blocks."""
    parts = [_unpacked(block) for block in data]
    keys = np.concatenate([np.empty(0, np.uint64), *(part[0] for part in parts)])
    return keys, np.concatenate([np.empty(0, np.int64), *(part[1] for part in parts)])


def found(block: bytes, key: int) -> Numbers:
    """Return who holds a key, ascending, given the block that would hold it."""
    keys, holders = _unpacked(block)
    first, last = (np.searchsorted(keys, np.uint64(key), side) for side in ("left", "right"))
    return holders[first:last]


def _packed(keys: UInt64s, holders: npt.NDArray[np.uint32]) -> bytes:
    steps = np.diff(keys, prepend=keys[:1])
    widths = _width(int(steps.max())), _width(int(holders.max()))
    head = _HEAD.pack(int(keys[0]), len(keys), *widths)
    return b"".join((head, _cut(steps, widths[0]), _cut(holders.astype(np.uint64), widths[1])))


def _unpacked(block: bytes) -> tuple[UInt64s, Numbers]:
    first, count, width, holder_width = _HEAD.unpack_from(block)
    steps = _widened(block, _HEAD.size, count, width)
    holders = _widened(block, _HEAD.size + count * width, count, holder_width)
    return np.cumsum(steps, dtype=np.uint64) + np.uint64(first), holders.astype(np.int64)


def _width(largest: int) -> int:
    """Return how many bytes a number takes."""
    return max(1, -(-largest.bit_length() // 8))


def _cut(values: UInt64s, width: int) -> bytes:
    """Return the low bytes of some numbers."""
    return values.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :width].tobytes()


def _widened(block: bytes, start: int, count: int, width: int) -> UInt64s:
    """Return numbers of which the low bytes stand in a block."""
    values = np.zeros((count, 8), np.uint8)
    values[:, :width] = np.frombuffer(block, np.uint8, count * width, start).reshape(-1, width)
    return values.view("<u8").ravel().astype(np.uint64)
