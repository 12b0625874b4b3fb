"""Numbers that lead to partitions: Spark sends a row where the hash of its column says."""

__all__ = ["hash_of", "slots_of"]

_MASK = 0xFFFFFFFF


def slots_of(lanes: int) -> tuple[int, ...]:
    """Return for each lane a number that Spark's hash sends to the partition of that lane.

    Args:
        lanes: As many as there are partitions.
    """
    found: dict[int, int] = {}
    value = 0
    while len(found) < lanes:
        found.setdefault(hash_of(value) % lanes, value)
        value += 1
    return tuple(found[lane] for lane in range(lanes))


def hash_of(value: int) -> int:
    """Return the hash by which Spark chooses a partition for an integer.

    Args:
        value: Of 32 bits.

    Source: Austin Appleby, MurmurHash3, 32-bit variant (public domain), with Spark's seed.
    """
    mixed = _rotated(value * 0xCC9E2D51 & _MASK, 15) * 0x1B873593 & _MASK
    hashed = (_rotated(42 ^ mixed, 13) * 5 + 0xE6546B64) & _MASK
    hashed ^= 4
    hashed = (hashed ^ hashed >> 16) * 0x85EBCA6B & _MASK
    hashed = (hashed ^ hashed >> 13) * 0xC2B2AE35 & _MASK
    hashed ^= hashed >> 16
    return hashed - (1 << 32) if hashed >> 31 else hashed


def _rotated(value: int, bits: int) -> int:
    return (value << bits | value >> (32 - bits)) & _MASK
