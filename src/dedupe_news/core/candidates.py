"""Candidates: which pairs of articles are worth comparing word by word.

Two channels propose them: a shared LSH band, and shared anchors. Both are the same problem:
keys, each held by some articles. Keys are sorted, equal ones lie side by side, and their
holders are paired. The work grows with the number of keys: a key held by very many articles
pairs each of them with a few representatives, never all with all.

Articles are known by rank here: a number that depends on their texts only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from dedupe_news.core.among import places_of, without
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.kernel import KERNEL
from dedupe_news.core.ragged import Ragged, Run, distinct, shared_values, sort_hashes
from dedupe_news.core.sketches import LEVELS, anchor_bounds, anchor_levels

__all__ = [
    "KEY_BITS",
    "MAX_HOLDERS",
    "Candidates",
    "Holders",
    "OwnAnchors",
    "PairCounts",
    "anchors_under",
    "are_likely",
    "are_ruled_out",
    "are_sampled",
    "candidates_of",
    "count_pairs",
    "crowds_of",
    "holders_of",
    "in_crowds",
    "low_bits",
    "met_by_all",
    "pairs_in_bands",
    "without_keys",
]

MAX_HOLDERS = 32
"""Up to so many holders of a key are paired all with all."""

KEY_BITS = 44
"""Low bits of a key that tell it from others; fewer where ranks of more articles need room."""

_NOTHING: Final = np.empty(0, np.uint64)
_REPRESENTATIVES = 3  # of a larger crowd, with whom all of it are paired: the first by rank
_SIGMAS = 3  # how far below its expectation a sample may fall before a pair is given up
_FEW_ANCHORS = 16  # an article with fewer is proposed by a single one
_SLICE = 1 << 22  # keys whose pairs are made at once
_COUNTED_AT_ONCE = 1 << 13  # articles whose anchors are copied without boilerplate to be counted
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


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to verify, each once, ascending.

    Attributes:
        left: Rank of the one article, shape (pairs,), int64.
        right: Rank of the other, always greater, shape (pairs,), int64.
    """

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs of articles, ascending, and how many keys each has in common, shape (pairs,)."""

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    shared: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.left)

    def take(self, chosen: npt.NDArray[np.bool_]) -> "PairCounts":
        """Return the pairs where a mask, shape (pairs,), is true."""
        return PairCounts(self.left[chosen], self.right[chosen], self.shared[chosen])


Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OwnAnchors:
    """The anchors of articles, of which boilerplate is left out wherever somebody looks at them.

    Attributes:
        anchors: Those of each article, ascending, boilerplate among them; a row of uint64 each.
        furniture: Hashes of boilerplate, ascending.
        under: How many of the others lie under each bound, shape (levels, articles).
    """

    anchors: Ragged
    furniture: UInt64s
    under: Counts

    @classmethod
    def of(cls, anchors: Ragged, furniture: UInt64s = _NOTHING, run: Run[Counts] = map) -> Self:
        """Return the anchors once they have been counted.

        Args:
            anchors: Those of each article, ascending.
            furniture: Hashes of boilerplate, ascending.
            run: Counts those of some articles after others, or beside them.
        """

        def under(first: int) -> Counts:
            some = anchors.between(first, min(first + _COUNTED_AT_ONCE, len(anchors)))
            return anchors_under(without(some, furniture))

        found = list(run(under, range(0, len(anchors), _COUNTED_AT_ONCE)))
        return cls(anchors, furniture, np.hstack([np.empty((LEVELS, 0), np.int64), *found]))

    def __len__(self) -> int:
        return len(self.anchors)

    def shared(self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> Counts:
        """Return how many of them each pair of articles has in common, shape (pairs,)."""
        rows = distinct(np.concatenate((left, right)))
        own = without(self.anchors.take(rows), self.furniture)
        return shared_values(own, np.searchsorted(rows, left), np.searchsorted(rows, right))


_Held = tuple[npt.NDArray[np.int64], UInt64s, npt.NDArray[np.int64]]


def candidates_of(
    shared: PairCounts,
    own: OwnAnchors,
    lengths: npt.NDArray[np.int64],
    alike: PairCounts,
    stories: npt.NDArray[np.int64],
    floor: float,
    crowded: npt.NDArray[np.bool_],
) -> Candidates:
    """Return the pairs that either channel proposes.

    Shared anchors are a sample of shared shingles, so they also estimate containment: a pair
    whose sample is hopelessly small, or is a single anchor of many, is not proposed. Bands
    propose what anchors have not joined: of two articles that tell one story the anchors have
    said all, and in a crowd of variants nearly everybody shares a band with everybody. Nor is a
    pair proposed that shares a band by chance, as its anchors tell.

    Args:
        shared: Pairs of articles that have anchors in common.
        own: Anchors of each article without boilerplate.
        lengths: Number of shingles of each article that its anchors were drawn from.
        alike: Pairs of articles that have bands in common, see `pairs_in_bands`.
        stories: Label of the story of each article, shape (articles,), int64.
        floor: Containment below which nobody wants to know of a pair.
        crowded: Who may have anchors in common that `shared` does not count, see `in_crowds`.
    """
    count, levels = len(own), anchor_levels(lengths)
    likely = are_likely(shared, own.under, levels, floor)
    alike = alike.take(stories[alike.left] != stories[alike.right])
    apart = _share_nothing(alike, shared, own, crowded)
    alike = alike.take(~(apart & are_sampled(alike, own.under, levels)))
    codes = [
        shared.left[likely] * count + shared.right[likely],
        alike.left * count + alike.right,
    ]
    return Candidates(*np.divmod(distinct(np.concatenate(codes)), max(count, 1)))


def pairs_in_bands(bands: UInt64s) -> PairCounts:
    """Return every pair of articles that have bands in common, and how many.

    Args:
        bands: LSH bucket keys, shape (articles, bands).
    """
    return count_pairs(holders_of(Ragged.of_table(bands)), len(bands))


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
    if KERNEL is not None:
        room = room if len(room) >= len(packed) else np.empty_like(packed)
        sort_hashes(packed, room)
        keys, rest = np.split(room[: len(packed) // 2 * 2], 2)
        sizes = rest.view(np.int64)
        rows, held = KERNEL.held(packed, bits, keys, sizes)
        return packed[:held].view(np.int64).copy(), keys[:rows].copy(), sizes[:rows].copy()
    packed.sort()
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


def count_pairs(holders: Holders, count: int) -> PairCounts:
    """Return every pair of articles that hold a key in common, and how many they share.

    In a crowd of more than `MAX_HOLDERS` an article is paired with the first few of the
    crowd only. Ranks come from hashes, so these are as good a sample as any; and whoever
    joins or leaves a crowd, unless it is one of them, changes nothing between the others.

    Args:
        holders: Who holds each key.
        count: Number of articles; all ranks lie below.
    """
    pairs = np.empty(0, np.uint64)
    shared = np.empty(0, np.int64)
    for rows in _slices(holders.articles):
        fresh, occurrences = _counted(rows, count)
        pairs, shared = _merged(pairs, shared, fresh, occurrences)
    left, right = np.divmod(pairs, np.uint64(max(count, 1)))
    return PairCounts(left.view(np.int64), right.view(np.int64), shared)


def met_by_all(holders: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return those holders of a key with whom each holder is paired: all, or the first few.

    Args:
        holders: All holders of the key, by rank.
    """
    return holders if len(holders) <= MAX_HOLDERS else holders[:_REPRESENTATIVES]


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


def _counted(holders: Ragged, count: int) -> tuple[UInt64s, npt.NDArray[np.int64]]:
    """Return left * count + right for each pair of holders, ascending, and how many keys it shares.

    Args:
        holders: Those of each key.
        count: Number of articles.
    """
    if KERNEL is None:
        return np.unique_counts(_pair_codes(holders, count))
    rows = holders.values, holders.offsets, count, MAX_HOLDERS, _REPRESENTATIVES
    room = KERNEL.pairs(*rows, np.empty(0, np.uint64), np.empty(0, np.int64))
    codes, shared = np.empty(room, np.uint64), np.empty(room, np.int64)  # most is never touched
    found = KERNEL.pairs(*rows, codes, shared)
    return codes[:found].copy(), shared[:found].copy()


def _pair_codes(holders: Ragged, count: int) -> UInt64s:
    """Return the same codes in any order, each as often as the pair shares a key."""
    ranks = holders.values.astype(np.uint64)
    sizes = np.repeat(holders.lengths, holders.lengths)
    firsts = np.repeat(holders.offsets[:-1], holders.lengths)
    places = np.arange(len(ranks)) - firsts
    scaled = ranks * np.uint64(count)
    crowded = sizes > MAX_HOLDERS
    parts = []
    for place in range(_REPRESENTATIVES):
        others = np.flatnonzero(crowded & (places > place))
        parts.append(scaled[firsts[others] + place] + ranks[others])
    reach = np.where(crowded, 0, sizes - places)
    here = np.arange(len(ranks))
    for step in range(1, MAX_HOLDERS):
        here = here[reach[here] > step]
        parts.append(scaled[here] + ranks[here + step])
    return np.concatenate(parts)


def anchors_under(anchors: Ragged) -> npt.NDArray[np.int64]:
    """Return how many anchors of each article lie under each bound, shape (levels, articles).

    Args:
        anchors: Anchors of each article, ascending.
    """
    bounds = anchor_bounds(np.arange(LEVELS))
    if KERNEL is not None:
        under = np.empty((LEVELS, len(anchors)), np.int64)
        for bound, counts in zip(bounds, under, strict=True):
            limits = np.full(len(anchors), bound)
            KERNEL.under(anchors.values, anchors.offsets, limits, counts)
        return under
    fewer = [anchors.counts(anchors.values <= bound) for bound in bounds[1:]]
    return np.stack([anchors.lengths, *fewer])


def are_likely(
    pairs: PairCounts,
    under: npt.NDArray[np.int64],
    levels: npt.NDArray[np.int64],
    floor: float,
) -> npt.NDArray[np.bool_]:
    """Return which pairs may contain each other to the share of `floor`.

    Args:
        pairs: Pairs of articles that have anchors in common.
        under: How many anchors of each article lie under each bound, without boilerplate.
        levels: The bound of each article's anchors.
        floor: Containment below which nobody wants to know of a pair.
    """
    sample = _samples(pairs, under, levels)
    least = sample * floor - _SIGMAS * np.sqrt(sample * floor * (1 - floor))
    likely: npt.NDArray[np.bool_] = pairs.shared >= least
    return likely & ((pairs.shared > 1) | (sample < _FEW_ANCHORS))


def are_ruled_out(
    pairs: PairCounts,
    anchors: Ragged,
    under: npt.NDArray[np.int64],
    levels: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Return of which pairs the anchors say that they have nothing in common.

    Of sixteen anchors or more not one is shared: where two thirds of the shingles are, that
    happens once in forty million pairs.

    Args:
        pairs: Pairs of articles, however they were found.
        anchors: Anchors of each article, ascending, without boilerplate.
        under: How many anchors of each article lie under each bound, without boilerplate.
        levels: The bound of each article's anchors.
    """
    nothing: npt.NDArray[np.bool_] = shared_values(anchors, pairs.left, pairs.right) == 0
    return nothing & are_sampled(pairs, under, levels)


def are_sampled(
    pairs: PairCounts, under: npt.NDArray[np.int64], levels: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Return of which pairs so many anchors could be shared that to share none tells all."""
    enough: npt.NDArray[np.bool_] = _samples(pairs, under, levels) >= _FEW_ANCHORS
    return enough


def _samples(
    pairs: PairCounts, under: npt.NDArray[np.int64], levels: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return how many anchors of each pair could be shared, shape (pairs,).

    Those under the bound that holds for both, of the one that has fewer.
    """
    common = np.maximum(levels[pairs.left], levels[pairs.right])
    return np.minimum(under[common, pairs.left], under[common, pairs.right])


def _share_nothing(
    pairs: PairCounts,
    shared: PairCounts,
    own: OwnAnchors,
    crowded: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:
    """Return which pairs have no anchor in common.

    Only of two who are both crowded the anchors are compared: all others have been counted.
    """
    count = len(own)
    counted = shared.left * count + shared.right
    codes = pairs.left * count + pairs.right
    places = np.searchsorted(counted, codes)
    nothing: npt.NDArray[np.bool_] = np.append(counted, -1)[places] != codes
    rows = np.flatnonzero(nothing & crowded[pairs.left] & crowded[pairs.right])
    nothing[rows] = own.shared(pairs.left[rows], pairs.right[rows]) == 0
    return nothing


def _slices(rows: Ragged) -> Iterator[Ragged]:
    """Yield ranges of rows, each of about a limited number of values."""
    first = 0
    while first < len(rows):
        last = int(np.searchsorted(rows.offsets, rows.offsets[first] + _SLICE, side="right"))
        last = max(first + 1, min(last, len(rows)))
        yield rows.between(first, last)
        first = last


def _merged(
    pairs: UInt64s,
    shared: npt.NDArray[np.int64],
    fresh: UInt64s,
    occurrences: npt.NDArray[np.int64],
) -> tuple[UInt64s, npt.NDArray[np.int64]]:
    """Return the sums of two ascending lists of counts."""
    if not len(pairs):
        return fresh, occurrences
    joined = np.concatenate((pairs, fresh))
    order = np.argsort(joined, kind="stable")
    joined = joined[order]
    starts = np.flatnonzero(np.concatenate(([True], joined[1:] != joined[:-1])))
    return joined[starts], np.add.reduceat(np.concatenate((shared, occurrences))[order], starts)
