"""Who holds which key, as blocks of bytes: many keys are looked up at once, each in one block.

A key is a hash. Its bits are turned round, so that those by which candidates are told apart
come first; the first of them are the number of a block, and the others stand in it, sorted.
Most keys have one holder: they and their holders are two plain columns. Those of several have
their holders behind them, by rank.

Nothing is unpacked to be searched: a step of the search reads one number for each key that is
looked up.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log2
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import KEY_BITS
from dedupe_news.core.ragged import Ragged, ranges, sort_hashes

__all__ = ["Found", "Layout", "blocks", "codes_of", "entries", "find", "keys_of"]

_TURN = np.uint64(64 - KEY_BITS)
_WORD = 64
_RANK = np.uint64((1 << (_WORD - KEY_BITS)) - 1)
_HEAD = np.dtype([("singles", "<u4"), ("rows", "<u4"), ("width", "u1")])
"""How a block begins: keys of one holder, keys of several, bytes of an end."""
_FEW, _MANY = 64, 1024  # entries of a block, where their number can be chosen
_SHORT = 1 << 16  # holders of one block, from which on their ends do not fit into two bytes
_NARROW, _WIDE = 2, 4  # bytes of an end
_SORTED_AT_ONCE = 1 << 23  # keys

Numbers = npt.NDArray[np.int64]


class Layout(NamedTuple):
    """How the keys of one kind are laid out.

    Attributes:
        bits: How many bits of a key are kept, from 44 to 64.
        block_bits: How many of them are the number of its block.
        holder_bytes: How many bytes the number of a holder takes.
    """

    bits: int
    block_bits: int
    holder_bytes: int

    @classmethod
    def fitting(cls, bits: int, entries: int, holders: int) -> Self:
        """Return the layout for so many keys, in which most blocks fit on a page.

        Args:
            bits: How many bits of a key are kept.
            entries: How many keys there are, each counted with each of its holders.
            holders: How many holders there are; their numbers lie below.
        """
        least, most = (round(log2(max(entries / size, 1))) for size in (_MANY, _FEW))
        first = max(least, bits - 56)  # a number is read eight bytes at a time, from any bit on
        choices = range(first, max(most, first) + 1)
        block_bits = min(choices, key=lambda n: (-(-(bits - n) // 8), abs(n - (least + most) / 2)))
        return cls(bits, block_bits, max(1, -(-max(holders - 1, 1).bit_length() // 8)))

    @property
    def rest_bits(self) -> int:
        """How many bits of a key stand in its block."""
        return self.bits - self.block_bits

    @property
    def rest_bytes(self) -> int:
        """How many bytes these take."""
        return -(-self.rest_bits // 8)


class Found(NamedTuple):
    """Who holds some keys.

    Attributes:
        sizes: How many hold each, shape (keys,), int64.
        holders: The first of them, by rank; all, unless a key has very many.
    """

    sizes: Numbers
    holders: Ragged

    @classmethod
    def nobody(cls, count: int) -> Self:
        """Return what is found of so many keys that nobody holds."""
        none = np.zeros(count, np.int64)
        return cls(none, Ragged.from_lengths(np.empty(0, np.int64), none))


def codes_of(keys: UInt64s, bits: int) -> UInt64s:
    """Return keys as they are stored: turned round, and cut to their first bits."""
    turned: UInt64s = (keys << _TURN) | (keys >> np.uint64(KEY_BITS))
    return turned >> np.uint64(_WORD - bits)


def keys_of(codes: UInt64s, bits: int) -> UInt64s:
    """Return keys as they were before `codes_of`; bits that were cut off are 0."""
    turned = codes << np.uint64(_WORD - bits)
    keys: UInt64s = (turned >> _TURN) | (turned << np.uint64(KEY_BITS))
    return keys


def blocks(rows: Ragged, layout: Layout) -> Iterator[tuple[int, bytes]]:
    """Yield the blocks of some keys, each with its number, ascending.

    Args:
        rows: Keys, one row of uint64 for each holder, by rank.
        layout: How they are laid out.
    """
    parts = max(0, (len(rows.values) - 1) // _SORTED_AT_ONCE).bit_length()
    for part in range(1 << parts):
        yield from _blocks(*_part(rows, layout.bits, parts, part), layout)


def _part(rows: Ragged, bits: int, parts: int, part: int) -> tuple[UInt64s, Numbers]:
    """Return the keys of one part, by their first bits, as they are stored; and who holds each."""
    if not parts:
        return codes_of(rows.values, bits), rows.rows
    begins = rows.values >> np.uint64(KEY_BITS - parts)
    begins &= np.uint64((1 << parts) - 1)
    chosen = np.flatnonzero(begins == part)
    holders = np.searchsorted(rows.offsets, chosen, side="right") - 1
    return codes_of(rows.values[chosen], bits), holders


def _blocks(codes: UInt64s, holders: Numbers, layout: Layout) -> Iterator[tuple[int, bytes]]:
    if not len(codes):
        return
    codes, holders = _sorted(codes, holders, layout.bits)
    starts = np.flatnonzero(_firsts(codes))
    keys = codes[starts]
    places = keys >> np.uint64(layout.rest_bits)
    begins = np.flatnonzero(_firsts(places))
    columns = _columns(keys, begins, holders, starts, layout)
    order = np.arange(len(columns) * len(begins)).reshape(len(columns), -1).T.ravel()
    laid = Ragged.arranged(columns, order, np.uint8)
    data, bounds = laid.values.tobytes(), laid.offsets[:: len(columns)].tolist()
    for number, (start, end) in zip(places[begins].tolist(), pairwise(bounds), strict=True):
        yield number, data[start:end]


def _columns(
    keys: UInt64s, begins: Numbers, holders: Numbers, starts: Numbers, layout: Layout
) -> tuple[Ragged, ...]:
    """Return what blocks consist of, one thing after the other: for each block a row of bytes.

    Args:
        keys: As they are stored, ascending, shape (keys,).
        begins: The first key of each block, shape (blocks,).
        holders: Those of the first key, then those of the next, shape (holders,).
        starts: The first holder of each key, shape (keys,).
        layout: How keys are laid out.
    """
    counts = np.diff(starts, append=len(holders))
    single, several = np.flatnonzero(counts == 1), np.flatnonzero(counts > 1)
    bounds = np.searchsorted(several, np.append(begins, len(keys)))
    rows = np.diff(bounds)
    singles = np.diff(begins, append=len(keys)) - rows
    ends = np.cumsum(np.concatenate(([0], counts[several])))
    totals = np.diff(ends[bounds])
    heads = np.empty(len(begins), _HEAD)
    heads["singles"], heads["rows"] = singles, rows
    heads["width"] = np.where(totals < _SHORT, _NARROW, _WIDE)
    rest = keys & np.uint64((1 << layout.rest_bits) - 1)
    crowd = holders[ranges(starts[several], counts[several])]
    key, holder = layout.rest_bytes, layout.holder_bytes
    return (
        Ragged.of_table(heads.view(np.uint8).reshape(len(heads), -1)),
        _cut(rest[single], key, singles),
        _cut(holders[starts[single]], holder, singles),
        _cut(rest[several], key, rows),
        _ends(ends[1:] - np.repeat(ends[bounds[:-1]], rows), heads),
        _cut(crowd, holder, totals),
    )


def _sorted(codes: UInt64s, holders: Numbers, bits: int) -> tuple[UInt64s, Numbers]:
    """Return keys and holders by key, and those of one key by holder.

    One sort of single numbers takes a fraction of one of pairs: the first bits of a key with
    its holder in one number, and the whole keys in another list, which runs beside the first.
    Where two keys begin alike it cannot tell whose the holders are, and looks.
    """
    spare = np.uint64(bits - KEY_BITS)
    if int(holders.max()) > _RANK:
        order = np.lexsort((holders, codes))
        return codes[order], holders[order]
    packed = codes >> spare
    packed <<= _TURN
    packed |= holders.view(np.uint64)
    room = np.empty_like(packed)
    sort_hashes(packed, room)
    if bits == KEY_BITS:
        return packed >> _TURN, (packed & _RANK).view(np.int64)
    whole = codes.copy()
    sort_hashes(whole, room)
    heads = whole >> spare
    twins = heads[1:][(heads[1:] == heads[:-1]) & (whole[1:] != whole[:-1])]
    packed &= _RANK
    by_holder = packed.view(np.int64)
    if len(twins):
        places, unsure = (np.flatnonzero(np.isin(each, twins)) for each in (heads, codes >> spare))
        order = unsure[np.lexsort((holders[unsure], codes[unsure]))]
        whole[places], by_holder[places] = codes[order], holders[order]
    return whole, by_holder


def _firsts(ascending: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Return which numbers are not those before them; numpy's own `unique` takes far longer."""
    first = np.ones(len(ascending), np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    return first


def entries(data: Sequence[tuple[int, bytes]], layout: Layout) -> tuple[UInt64s, Numbers]:
    """Return all keys of some blocks, as they are stored, and the holder of each.

    Args:
        data: Blocks, each with its number.
        layout: How they are laid out.

    Returns:
        Two arrays of one length, in no order; a key stands there once for each holder.

    Raises:
        ValueError: If a block is damaged.
    """
    opened = _Opened([block for _, block in data], layout)
    heads = np.array([number for number, _ in data], np.uint64) << np.uint64(layout.rest_bits)
    alone = np.repeat(heads, opened.singles) | opened.all(opened.single_keys, opened.singles)
    several = np.repeat(heads, opened.rows) | opened.all(opened.keys, opened.rows)
    ends = opened.ends(np.repeat(np.arange(len(data)), opened.rows), _steps(opened.rows))
    befores = np.where(_steps(opened.rows) > 0, np.concatenate(([0], ends))[:-1], 0)
    holder = layout.holder_bytes
    holders = [
        opened.all(opened.single_holders, opened.singles, holder),
        opened.all(opened.holders, opened.totals, holder),
    ]
    codes = np.concatenate((alone, np.repeat(several, ends - befores)))
    return codes, np.concatenate(holders).astype(np.int64)


def find(
    data: Sequence[bytes],
    homes: Numbers,
    codes: UInt64s,
    layout: Layout,
    *,
    first_bits: int,
    most: int | None = None,
) -> Found:
    """Return who holds each of some keys.

    Args:
        data: Blocks.
        homes: Which of them would hold each key, shape (keys,).
        codes: The keys as they are stored, shape (keys,).
        layout: How they are laid out.
        first_bits: How many bits must be equal, the first; the others do not count.
        most: How many holders of a key are wanted at most; None for all.

    Raises:
        ValueError: If a block is damaged.
    """
    if not len(data):
        return Found.nobody(len(codes))
    opened = _Opened(data, layout)
    free = np.uint64((1 << (layout.bits - first_bits)) - 1)
    low = codes & np.uint64((1 << layout.rest_bits) - 1) & ~free
    singles = opened.between(opened.single_keys, opened.singles, homes, low, low | free)
    rows = opened.between(opened.keys, opened.rows, homes, low, low | free)
    start, end = (opened.ends(homes, row - 1) for row in rows)
    alike = (singles[1] - singles[0]) + (rows[1] - rows[0])  # several that differ in other bits
    limit = np.where(alike > 1, end - start, end - start if most is None else most)
    taken = singles[1] - singles[0], np.minimum(end - start, limit)
    width = layout.holder_bytes
    held = [
        opened.read(np.repeat(base[homes] + first * width, count) + _steps(count) * width, width)
        for base, first, count in zip(
            (opened.single_holders, opened.holders), (singles[0], start), taken, strict=True
        )
    ]
    owners = np.concatenate([np.repeat(np.arange(len(codes)), count) for count in taken])
    holders = np.concatenate(held).astype(np.int64)
    order = np.lexsort((holders, owners))
    found = Ragged.from_lengths(holders[order], taken[0] + taken[1])
    if most is not None:
        found = found.keep(_steps(found.lengths) < most)
    return Found(singles[1] - singles[0] + end - start, found)


class _Opened:
    """Blocks laid end to end, and where their parts begin."""

    def __init__(self, data: Sequence[bytes], layout: Layout) -> None:
        """Look at the head of each.

        Raises:
            ValueError: If a block is not as long as its head says.
        """
        self._buffer = np.frombuffer(b"".join([*data, bytes(8)]), np.uint8)
        self._rest = layout.rest_bytes
        sizes = np.array([len(block) for block in data], np.int64)
        start = np.cumsum(sizes) - sizes
        if sizes.min(initial=_HEAD.itemsize) < _HEAD.itemsize:
            raise ValueError("a block of keys has no head")
        self.singles, self.rows = (self.read(start + at, 4).astype(np.int64) for at in (0, 4))
        self._width = self._buffer[start + 8].astype(np.int64)
        self.single_keys = start + _HEAD.itemsize
        self.single_holders = self.single_keys + self.singles * self._rest
        self.keys = self.single_holders + self.singles * layout.holder_bytes
        self._ends = self.keys + self.rows * self._rest
        self.holders = self._ends + self.rows * self._width
        if (self.holders > start + sizes).any():
            raise ValueError("a block of keys is too short")
        self.totals = self.ends(np.arange(len(data)), self.rows - 1)
        if (self.holders + self.totals * layout.holder_bytes != start + sizes).any():
            raise ValueError("a block of keys has the wrong length")

    def read(self, places: Numbers, width: int | Numbers) -> UInt64s:
        """Return the numbers of so many bytes that stand at some places."""
        words: UInt64s = self._buffer[places[:, None] + np.arange(8)].view("<u8").ravel()
        spare = np.asarray(64 - 8 * np.asarray(width)).astype(np.uint64)
        return words & (np.uint64(2**64 - 1) >> spare)

    def all(self, base: Numbers, counts: Numbers, width: int = 0) -> UInt64s:
        """Return all numbers of one column of each block."""
        width = width or self._rest
        return self.read(np.repeat(base, counts) + _steps(counts) * width, width)

    def ends(self, homes: Numbers, rows: Numbers) -> Numbers:
        """Return where the holders of some rows of some blocks end; 0 before the first row."""
        width = self._width[homes]
        ends = self.read(self._ends[homes] + np.maximum(rows, 0) * width, width)
        return np.where(rows < 0, 0, ends.astype(np.int64))

    def between(
        self, base: Numbers, counts: Numbers, homes: Numbers, low: UInt64s, high: UInt64s
    ) -> tuple[Numbers, Numbers]:
        """Return for each block which keys of a column lie between two, both included."""
        at, count = base[homes], counts[homes]
        return self._before(at, count, low), self._before(at, count, high + np.uint64(1))

    def _before(self, base: Numbers, counts: Numbers, bound: UInt64s) -> Numbers:
        """Return how many keys of ascending columns lie below a bound; all at once."""
        low, high = np.zeros_like(counts), counts.copy()
        while (open_ := low < high).any():
            middle = (low + high) // 2
            below = self.read(base + middle * self._rest, self._rest) < bound
            low = np.where(open_ & below, middle + 1, low)
            high = np.where(open_ & ~below, middle, high)
        return low


def _steps(counts: Numbers) -> Numbers:
    """Return 0, 1, … for each count, up to it."""
    return ranges(np.zeros_like(counts), counts)


def _cut(values: npt.NDArray[Any], width: int, sizes: Numbers) -> Ragged:
    """Return the low bytes of some numbers, in rows of so many numbers."""
    whole = np.ascontiguousarray(values, "<u8")
    cut = np.ndarray(len(whole), f"V{width}", whole, strides=(8,))
    return Ragged.from_lengths(np.frombuffer(cut.tobytes(), np.uint8), sizes * width)


def _ends(ends: Numbers, heads: npt.NDArray[Any]) -> Ragged:
    """Return where the holders of keys end, in as many bytes as the head of their block says."""
    rows, widths = heads["rows"].astype(np.int64), heads["width"].astype(np.int64)
    if (widths == _NARROW).all():
        return _cut(ends, _NARROW, rows)
    kept = np.arange(_WIDE) < np.repeat(widths, rows)[:, None]
    wide = ends.astype(f"<u{_WIDE}").view(np.uint8).reshape(-1, _WIDE)
    return Ragged.from_lengths(wide[kept], rows * widths)
