"""Arithmetic modulo 2**64 on arrays: the same values on every machine, in every process."""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

__all__ = ["AT_HAND", "BASE", "UInt64s", "fmix64", "powers"]

UInt64s = npt.NDArray[np.uint64]

BASE = 0x9E3779B97F4A7C15
"""The odd number whose powers weigh the places of a polynomial: 2**64 over the golden ratio."""

AT_HAND = 1 << 14
"""Numbers that are gone through several times while a cache holds them."""

_MASK = (1 << 64) - 1


def fmix64(values: UInt64s) -> UInt64s:
    """Return the values scrambled one to one, so that every bit depends on every other.

    Args:
        values: Shape (n, ...), uint64; overwritten, so hand in an array of your own.

    Source: Austin Appleby, MurmurHash3, finaliser of the 128-bit variant (public domain).
    """
    step = max(1, AT_HAND // max(1, math.prod(values.shape[1:])))
    for start in range(0, len(values), step):
        _mix(values[start : start + step])
    return values


def _mix(values: UInt64s) -> None:
    values ^= values >> np.uint64(33)
    values *= np.uint64(0xFF51AFD7ED558CCD)
    values ^= values >> np.uint64(33)
    values *= np.uint64(0xC4CEB9FE1A85EC53)
    values ^= values >> np.uint64(33)


def powers(count: int, *, inverse: bool = False) -> UInt64s:
    """Return BASE**0, BASE**1, … modulo 2**64, or their inverses.

    Args:
        count: How many.
        inverse: Whether to return the numbers that multiply those powers to 1.

    Returns:
        Shape (count,), uint64; shared and read-only.
    """
    size = 1 << max(count - 1, 1).bit_length()  # few sizes, so that few are computed
    return _powers(size, inverse)[:count]


@lru_cache(maxsize=64)
def _powers(size: int, inverse: bool) -> UInt64s:  # noqa: FBT001 - the key of the cache
    base = pow(BASE, -1, 1 << 64) if inverse else BASE
    values = np.full(size, base & _MASK, np.uint64)
    values[0] = 1
    np.multiply.accumulate(values, out=values)
    values.flags.writeable = False
    return values
