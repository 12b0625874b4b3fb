"""Who holds which key: anchors, or LSH bands, each held by some articles.

Keys are sorted, equal ones lie side by side, and so do their holders. Articles are known by rank
here: a number that depends on their texts only.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe_news.core.among import places_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.kernel import KERNEL
from dedupe_news.core.ragged import Ragged, Run, distinct, sort_hashes

__all__ = [
    "KEY_BITS",
    "MAX_HOLDERS",
    "REPRESENTATIVES",
    "Holders",
    "crowds_of",
    "holders_of",
    "in_crowds",
    "low_bits",
    "met_by_all",
    "without_keys",
]

MAX_HOLDERS = 32
"""Up to so many holders of a key are paired all with all."""

KEY_BITS = 44
"""Low bits of a key that tell it from others; fewer where ranks of more articles need room."""

REPRESENTATIVES = 3
"""Of a larger crowd all are paired with so many: the first by rank."""

_SORTED_AT_ONCE = (  # keys: what a processor's cache holds in part, and memory with ease
    1 << 21 if KERNEL is not None else 1 << 23  # numpy takes longer to find a part than to sort it
)
_PASSES = 3  # bits by which keys are divided at most: for each part all of them are gone through


@dataclass(frozen=True, slots=True)
class Holders:
    """The articles that hold each key, for keys that at least two articles hold.

    Attributes:
        articles: One row of ranks, ascending, for each key.
        keys: The low bits of the key of each row, shape (rows,), uint64, ascending.
        mask: Which bits of a key those are.
    """

    articles: Ragged
    keys: UInt64s
    mask: np.uint64


_Held = tuple[npt.NDArray[np.int64], UInt64s, npt.NDArray[np.int64]]


def holders_of(keys: Ragged, run: Run[_Held] = map, count: int = 0) -> Holders:
    """Return who holds each key that at least two articles hold.

    A key is cut to some of its bits, as many for ten articles as for a million, which is
    enough to keep chance out; what chance lets in is verified like everything else.

    Args:
        keys: Hashes, one row of uint64 for each article, by rank, in any order; no article holds
            a key twice.
        run: Goes through the parts of the keys, in threads or one after the other.
        count: Number of articles, if these are but some of them or some of their keys.
    """
    count = count or len(keys)
    bits, parts = _rank_bits(count), _parts(len(keys.values))
    rooms: list[UInt64s] = []  # that nobody works in, each for the keys of a part twice
    expected = _expected(len(keys.values), parts) + 1

    def held_in(part: int) -> _Held:
        try:
            room = rooms.pop()
        except IndexError:  # as many are needed as work at the same time
            room = np.empty((2, expected), np.uint64)
        held = _held(_packed(keys, bits, parts, part, room[0]), bits, room[1])
        rooms.append(room)
        return held

    found = list(run(held_in, range(1 << parts)))
    rows = Ragged.from_lengths(
        np.concatenate([ranks for ranks, _, _ in found]),
        np.concatenate([sizes for _, _, sizes in found]),
    )
    return Holders(rows, np.concatenate([cut for _, cut, _ in found]), low_bits(count))


def _parts(count: int) -> int:
    """Return by how many bits so many keys are divided into parts that are sorted at once."""
    return min(max(0, (count - 1) // _SORTED_AT_ONCE).bit_length(), _PASSES)


def _packed(keys: Ragged, bits: int, parts: int, part: int, room: UInt64s) -> UInt64s:
    """Return the keys of one part, cut, with the rank of the holder in the bits that are free.

    They lie in the room, if that is large enough: memory is slow when it is first used.
    """
    if KERNEL is not None:
        found = KERNEL.packed(keys.values, keys.offsets, bits, parts, part, room)
        if found >= len(room):  # hashes are spread evenly, so this is somebody's intention
            room = np.empty(found + 1, np.uint64)
            KERNEL.packed(keys.values, keys.offsets, bits, parts, part, room)
        return room[:found]
    packed = keys.values << np.uint64(bits)
    packed |= keys.rows.view(np.uint64)
    return packed[packed >> np.uint64(64 - parts) == part] if parts else packed


def _expected(count: int, parts: int) -> int:
    """Return how many keys of a part there is room for."""
    mean = count >> parts
    return mean + mean // 16 + 1024 if parts else count


def _held(packed: UInt64s, bits: int, room: UInt64s) -> _Held:
    """Return the ranks of the holders, the cut keys, and how many hold each, key after key.

    Args:
        packed: Keys with their holders, in any order; it is written over.
        bits: How many of the lowest ones are the rank of a holder.
        room: Memory to work in, at best for as many.
    """
    room = room if len(room) >= len(packed) else np.empty_like(packed)
    sort_hashes(packed, room)
    if KERNEL is not None:
        keys, rest = np.split(room[: len(packed) // 2 * 2], 2)
        sizes = rest.view(np.int64)
        rows, held = KERNEL.held(packed, bits, keys, sizes)
        return packed[:held].view(np.int64).copy(), keys[:rows].copy(), sizes[:rows].copy()
    cut = packed >> np.uint64(bits)
    fresh = np.ones(len(packed) + 1, np.bool_)
    np.not_equal(cut[1:], cut[:-1], out=fresh[1:-1])
    several = np.flatnonzero(~(fresh[1:] & fresh[:-1]))  # most keys have one holder
    ranks = packed[several] & np.uint64((1 << bits) - 1)
    edges = np.flatnonzero(fresh[several])
    return ranks.view(np.int64), cut[several[edges]], np.diff(edges, append=len(several))


def without_keys(holders: Holders, hashes: UInt64s) -> Holders:
    """Return the holders of all keys but some, given as hashes in any order."""
    if not len(hashes):
        return holders
    kept = np.ones(len(holders.keys), np.bool_)
    kept[places_of(distinct(hashes & holders.mask), holders.keys)] = False
    lengths = holders.articles.lengths
    ranks = holders.articles.values[np.repeat(kept, lengths)]
    rows = Ragged.from_lengths(ranks, lengths[kept])
    return Holders(rows, holders.keys[kept], holders.mask)


def low_bits(count: int) -> np.uint64:
    """Return which bits of a key ranks leave free, where there are so many articles."""
    return np.uint64(2**64 - 1) >> np.uint64(_rank_bits(count))


def _rank_bits(count: int) -> int:
    return max(int(count - 1).bit_length(), 64 - KEY_BITS)


def met_by_all(holders: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return those holders of a key with whom each holder is paired: all, or the first few.

    Args:
        holders: All holders of the key, by rank.
    """
    return holders if len(holders) <= MAX_HOLDERS else holders[:REPRESENTATIVES]


def in_crowds(holders: Holders, count: int) -> npt.NDArray[np.bool_]:
    """Return who holds a key of which not all holders are paired, shape (articles,).

    Args:
        holders: Who holds each key.
        count: Number of articles; all ranks lie below.
    """
    found = np.zeros(count, np.bool_)
    found[crowds_of(holders)] = True
    return found


def crowds_of(holders: Holders) -> npt.NDArray[np.int64]:
    """Return the same as ranks, ascending, each once: there may be few of very many articles."""
    crowds = np.flatnonzero(holders.articles.lengths > MAX_HOLDERS)
    return distinct(holders.articles.take(crowds).values)
