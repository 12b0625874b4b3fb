"""What an article is found by: its digest, its MinHash signature and its anchors.

A digest finds exact copies. A signature, cut into bands, finds articles that resemble each
other as wholes. Anchors find the one that stands inside the other, however long that is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from random import Random

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import BASE, UInt64s, fmix64, powers
from dedupe_news.core.kernel import KERNEL
from dedupe_news.core.ragged import Ragged, Rows

__all__ = [
    "LEVELS",
    "Bands",
    "anchor_bounds",
    "anchor_levels",
    "anchors_of",
    "band_keys",
    "digests_of",
    "permutations",
    "signatures_of",
]

LEVELS = 4
"""Anchor bounds: all shingles, 1/2, 1/4, 1/8 of them."""

_WIDTH = 1 << 14  # shingles that are permuted at once, unless one article has more
_ROOM = 1 << 17  # permuted hashes that are held at once: what a processor's cache holds
_WANTED_ANCHORS = 48  # an article goes to the next lower bound while it keeps about so many


@dataclass(frozen=True, slots=True)
class Bands:
    """How a signature is cut: `bands` times `rows` values, from the first on."""

    bands: int
    rows: int

    @classmethod
    def leaning_to_recall(cls, num_perm: int) -> "Bands":
        """Return the cut for signatures of `num_perm` values.

        Three values a band propose a pair of resemblance 0.44 with a chance of 0.98 at 128
        values; whatever is proposed too much is dropped by verification.
        """
        rows = min(3, num_perm)
        return cls(num_perm // rows, rows)

    def chance(self, resemblance: float) -> float:
        """Return the chance, in [0, 1], that a pair of this resemblance shares a band.

        Source: Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4.
        """
        return float(1 - (1 - resemblance**self.rows) ** self.bands)


def digests_of(words: Ragged) -> UInt64s:
    """Return 128 bits for each article that are equal only for equal words in equal order.

    Args:
        words: Word hashes, one row of uint64 for each article.

    Returns:
        Shape (articles, 2), uint64.
    """
    if KERNEL is not None:
        compiled = np.empty((len(words), 2), np.uint64)
        KERNEL.digests(words.values, words.offsets, compiled)
        return compiled
    sums = np.zeros((len(words), 2), np.uint64)
    filled = np.flatnonzero(words.lengths)
    bounds = np.append(words.offsets[filled], len(words.values))
    for first, last in _blocks(bounds):
        start, end = bounds[[first, last]].tolist()
        starts = bounds[first:last] - start
        shift = powers(end - start, inverse=True)[starts]  # so that every article begins at power 0
        for half, salt in enumerate((np.uint64(BASE), np.uint64(~BASE & (2**64 - 1)))):
            weighed = fmix64(words.values[start:end] ^ salt)
            weighed *= powers(end - start)
            sums[filled[first:last], half] = np.add.reduceat(weighed, starts) * shift
    sums += words.lengths[:, None].astype(np.uint64)
    return fmix64(sums)


@lru_cache(maxsize=8)  # each batch asks for them
def permutations(num_perm: int, seed: int) -> tuple[npt.NDArray[np.uint32], ...]:
    """Return the factors (odd) and the summands of datasketch's `affine32` permutations.

    Args:
        num_perm: How many permutations.
        seed: Seed of numpy's legacy generator, whose stream is frozen for good, from 0 to 2^32 - 1.

    Returns:
        Two arrays of shape (num_perm,), uint32. They equal `MinHash.permutations` of
        datasketch 2, which need not be imported for them (it brings scipy, half a second).
    """
    drawn = np.fromiter(islice(_legacy_numbers(seed), 2 * num_perm), np.uint32, 2 * num_perm)
    return drawn[:num_perm] * np.uint32(2) + np.uint32(1), drawn[num_perm:]


def _legacy_numbers(seed: int) -> Iterator[int]:
    """Yield the 32-bit numbers of `numpy.random.RandomState(seed)`, which is slow to load.

    Python has the same generator, the Mersenne Twister, and fills its state otherwise.

    Source: Matsumoto, Nishimura, "Mersenne Twister" (1998); `init_genrand` of its 2002 version.
    """
    state = [seed]
    for place in range(1, 624):
        last = state[-1]
        state.append((1_812_433_253 * (last ^ (last >> 30)) + place) & 0xFFFFFFFF)
    generator = Random()  # noqa: S311 - no secret
    generator.setstate((3, (*state, 624), None))
    while True:
        yield generator.getrandbits(32)


def signatures_of(shingles: Ragged, num_perm: int, seed: int) -> npt.NDArray[np.uint32]:
    """Return the MinHash signature of each article.

    Args:
        shingles: Shingle hashes, one row of uint64 for each article; repetition and order do
            not matter, and an empty row has the highest values.
        num_perm: Values per signature.
        seed: Seed of the permutations.

    Returns:
        Shape (articles, num_perm), uint32: bit for bit what datasketch's
        `MinHash(num_perm, seed, scheme="affine32").update_batch` makes of the low 32 bits
        of the same hashes.

    Source: Broder, "On the resemblance and containment of documents" (1997); datasketch 2.
    """
    factors, summands = permutations(num_perm, seed)
    signatures = np.empty((len(shingles), num_perm), np.uint32)
    if KERNEL is not None:
        KERNEL.signatures(shingles.values, shingles.offsets, factors, summands, signatures)
        return signatures
    filled = np.flatnonzero(shingles.lengths)
    bounds = np.append(shingles.offsets[filled], len(shingles.values))
    least = np.full((num_perm, len(filled)), 2**32 - 1, np.uint32)
    for first, last in _blocks(bounds):
        start, end = bounds[[first, last]].tolist()
        starts, best = bounds[first:last] - start, least[:, first:last]
        for low in range(start, end, _ROOM):  # once, unless the block is one giant article
            _permute(shingles.values[low : min(end, low + _ROOM)], starts, factors, summands, best)
    signatures.fill(2**32 - 1)
    signatures[filled] = least.T
    return signatures


def _permute(
    values: UInt64s,
    starts: npt.NDArray[np.int64],
    factors: npt.NDArray[np.uint32],
    summands: npt.NDArray[np.uint32],
    least: npt.NDArray[np.uint32],
) -> None:
    """Lower the least permuted hashes of rows that start at some values, shape (perms, rows)."""
    hashes = _fmix32(values.astype(np.uint32))
    height = max(1, _ROOM // len(hashes))
    room = np.empty((height, len(hashes)), np.uint32)
    for top in range(0, len(factors), height):
        chosen = slice(top, top + height)
        permuted = np.multiply(hashes, factors[chosen, None], out=room[: len(factors) - top])
        permuted += summands[chosen, None]
        best = least[chosen]
        np.minimum(best, np.minimum.reduceat(permuted, starts, axis=1), out=best)


def band_keys(signatures: npt.NDArray[np.uint32], bands: Bands) -> UInt64s:
    """Return the bucket keys of signatures: two articles are candidates when one is equal.

    Args:
        signatures: MinHash values, shape (articles, num_perm), uint32.
        bands: How many bands to cut, and how many values go into each.

    Returns:
        Shape (articles, bands), uint64. The number of the band is mixed in, so that equal
        values in different bands have different keys.
    """
    if KERNEL is not None:
        compiled = np.empty((len(signatures), bands.bands), np.uint64)
        perms = signatures.shape[1]
        KERNEL.band_keys(signatures, perms, bands.bands, bands.rows, compiled)
        return compiled
    used = signatures[:, : bands.bands * bands.rows].astype(np.uint64)
    cut = used.reshape(len(signatures), bands.bands, bands.rows)
    keys = (cut * powers(bands.rows + 1)[1:]).sum(axis=2, dtype=np.uint64)
    return fmix64(keys + np.arange(bands.bands, dtype=np.uint64)[None, :])


def anchor_levels(distinct: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return which bound each article's anchors lie under: level n keeps 1 in 2**n.

    A long article is sampled at 1/8; a short one more densely, so that every article has
    some. Of two articles, the sample at the higher of their levels is common to both.

    Args:
        distinct: Number of shingles of each article, shape (articles,).

    Returns:
        Shape (articles,), int64, from 0 to 3.
    """
    halvings = np.floor(np.log2(np.maximum(distinct / _WANTED_ANCHORS, 1)))
    return np.minimum(halvings, LEVELS - 1).astype(np.int64)


def anchor_bounds(levels: npt.NDArray[np.int64]) -> UInt64s:
    """Return the highest hash that is an anchor at each level, same shape, uint64."""
    return np.uint64(2**64 - 1) >> levels.astype(np.uint64)


def anchors_of(shingles: Ragged) -> Ragged:
    """Return the anchors of each article: its shingle hashes under its bound.

    Args:
        shingles: Shingle hashes, one row of uint64 for each article, ascending and without
            repetition.

    Returns:
        One row of uint64 for each article, in the order of its shingles.

    Source: FracMinHash: Irber et al., "Lightweight compositional analysis of metagenomes
        with FracMinHash and minimum metagenome covers" (2022).
    """
    bounds = anchor_bounds(anchor_levels(shingles.lengths))
    if KERNEL is None:
        return shingles.keep(shingles.values <= np.repeat(bounds, shingles.lengths))
    counts = np.empty(len(shingles), np.int64)
    KERNEL.under(shingles.values, shingles.offsets, bounds, counts)
    return Rows(shingles.values, shingles.starts, counts).packed()


def _blocks(bounds: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield ranges of rows of about as many values, a giant one alone."""
    first, count = 0, len(bounds) - 1
    while first < count:
        last = int(np.searchsorted(bounds, bounds[first] + _WIDTH, side="right")) - 1
        last = max(first + 1, last)
        yield first, last
        first = last


def _fmix32(values: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """Return the values, overwritten, scrambled one to one.

    Source: Austin Appleby, MurmurHash3, finaliser of the 32-bit variant (public domain).
    """
    values ^= values >> np.uint32(16)
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values
