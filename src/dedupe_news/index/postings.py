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

_BLOCK = 1024  # entries of a block, and more only where one key has more
_HEAD = struct.Struct("<QIB")  # first key, number of entries, bytes of a distance
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
    width = max(1, -(-int(steps.max()).bit_length() // 8))
    low = steps.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :width]
    head = _HEAD.pack(int(keys[0]), len(keys), width)
    return b"".join((head, low.tobytes(), holders.astype("<u4").tobytes()))


def _unpacked(block: bytes) -> tuple[UInt64s, Numbers]:
    first, count, width = _HEAD.unpack_from(block)
    middle = _HEAD.size + count * width
    steps = np.zeros((count, 8), np.uint8)
    steps[:, :width] = np.frombuffer(block, np.uint8, count * width, _HEAD.size).reshape(-1, width)
    keys = np.cumsum(steps.view("<u8").ravel().astype(np.uint64), dtype=np.uint64)
    holders = np.frombuffer(block, "<u4", count, middle)
    return keys + np.uint64(first), holders.astype(np.int64)
