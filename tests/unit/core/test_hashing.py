"""Arithmetic that must never change: indexes and reports of years hang on it."""

import numpy as np
import pytest

from dedupe_news.core.hashing import BASE, fmix64, powers

WHOLE = 1 << 64


def slow_fmix64(value):
    """Return the finaliser of MurmurHash3, with Python's own integers."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = (value ^ value >> 33) * factor % WHOLE
    return value ^ value >> 33


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (1, 0xB456BCFC34C2CB2C), (2, 0x3ABF2A20650683E7), (WHOLE - 1, 0x64B5720B4B825F21)],
)
def test_the_finaliser_is_the_published_one(value, expected):
    """Anyone can recompute a hash from the paper that it is taken from."""
    assert fmix64(np.array([value], np.uint64)).tolist() == [expected]


def test_the_finaliser_equals_its_slow_twin():
    """Arrays overflow as integers modulo 2**64 do."""
    values = [place * BASE % WHOLE for place in range(200)]

    assert fmix64(np.array(values, np.uint64)).tolist() == list(map(slow_fmix64, values))


def test_the_finaliser_overwrites_its_argument():
    """No second array is made: a batch of texts is large."""
    values = np.array([1, 2], np.uint64)

    assert fmix64(values) is values


@pytest.mark.parametrize("count", [0, 1, 2, 3, 64, 65])
def test_powers_are_those_of_the_base(count):
    """Each place weighs the base times the place before."""
    assert powers(count).tolist() == [pow(BASE, place, WHOLE) for place in range(count)]


@pytest.mark.parametrize("count", [1, 2, 3, 100])
def test_a_power_times_its_inverse_is_one(count):
    """Sums that start anywhere in a text can be brought back to its start."""
    assert (powers(count) * powers(count, inverse=True)).tolist() == [1] * count


def test_powers_are_shared_and_so_cannot_be_written():
    """Whoever wrote into them would change every later hash."""
    with pytest.raises(ValueError, match="read-only"):
        powers(4)[0] = 2
