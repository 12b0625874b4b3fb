"""Which hashes are among others, told by where some of their bits lead.

Hashes are even, so most stand alone in the place where they would be looked for.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.kernel import KERNEL, Kernel
from dedupe_news.core.ragged import Ragged, Rows

__all__ = ["in_both", "only", "places_of", "without"]

_LOW_BITS = 20  # as many as a table of some megabytes answers for; a small question, a small table
_SPARE_BITS = 2  # so that few hashes want the same place
_LAST_BIT = 63
_SOUGHT_AT_ONCE = 1 << 22  # hashes that the kernel looks up at once
_AT_ONCE = 1 << 14  # hashes that are looked up at once, for the cache's sake


def without(rows: Ragged, hashes: UInt64s) -> Ragged:
    """Return rows of hashes with some, given ascending, left out of them."""
    if not len(hashes):
        return rows
    if KERNEL is None:
        return rows.drop(places_of(hashes, rows.values))
    kept, counts = np.empty_like(rows.values), np.empty(len(rows), np.int64)
    bounds = rows.starts, rows.lengths
    held = KERNEL.sifted(hashes, rows.values, *bounds, False, kept, counts)  # noqa: FBT003 - it is C
    return Ragged.from_lengths(kept[:held], counts)


def only(rows: Ragged | Rows, hashes: UInt64s) -> Ragged:
    """Return those hashes of each row, ascending, that are among some, given ascending."""
    if not len(hashes):
        return Ragged(np.empty(0, np.uint64), np.zeros(len(rows) + 1, np.int64))
    if KERNEL is not None:
        return _only(KERNEL, rows, hashes)
    places = places_of(hashes, rows.values)
    order = np.argsort(rows.starts, kind="stable")
    owners = np.searchsorted(rows.starts[order], places, side="right") - 1
    held = owners >= 0
    owners, places = order[owners[held]], places[held]
    inside = places < rows.starts[owners] + rows.lengths[owners]
    owners, places = owners[inside], places[inside]
    order = np.argsort(owners, kind="stable")
    counts = np.bincount(owners, minlength=len(rows))
    return Ragged.from_lengths(rows.values[places[order]], counts)


def _only(kernel: Kernel, rows: Ragged | Rows, hashes: UInt64s) -> Ragged:
    """Return the same, a number of rows at a time, each in its place."""
    lengths = rows.lengths
    ends = np.cumsum(lengths)
    counts = np.empty(len(rows), np.int64)
    found: list[UInt64s] = []
    first = 0
    while first < len(rows):
        before = ends[first] - lengths[first]
        last = max(first + 1, int(np.searchsorted(ends, before + _SOUGHT_AT_ONCE, side="right")))
        room = np.empty(ends[last - 1] - before, np.uint64)
        bounds = rows.starts[first:last], lengths[first:last]
        held = kernel.sifted(hashes, rows.values, *bounds, True, room, counts[first:last])  # noqa: FBT003 - it is C
        found.append(room[:held].copy())
        first = last
    return Ragged.from_lengths(np.concatenate([np.empty(0, np.uint64), *found]), counts)


def places_of(hashes: UInt64s, values: UInt64s) -> npt.NDArray[np.int64]:
    """Return where in `values` stand hashes that are among some, given ascending."""
    if not len(hashes):
        return np.empty(0, np.int64)
    found: list[npt.NDArray[np.int64]] = []
    if KERNEL is not None:
        room = np.empty(min(_SOUGHT_AT_ONCE, len(values)), np.int64)
        for start in range(0, len(values), _SOUGHT_AT_ONCE):
            count = KERNEL.places(hashes, values[start : start + _SOUGHT_AT_ONCE], room)
            found.append(start + room[:count])
        return np.concatenate(found) if found else np.empty(0, np.int64)
    bits = min(_LOW_BITS, len(values).bit_length() + 1, len(hashes).bit_length() + _SPARE_BITS)
    table = _Table.of(hashes, _slots(hashes, bits, 0), _free_slots(1, bits, 0))
    for start in range(0, len(values), _AT_ONCE):
        chunk = values[start : start + _AT_ONCE]
        among, again = table.look(chunk, _slots(chunk, bits, 0))
        places = np.minimum(np.searchsorted(hashes, chunk[again]), len(hashes) - 1)
        among[again] = hashes[places] == chunk[again]
        found.append(start + np.flatnonzero(among))
    return np.concatenate(found) if found else np.empty(0, np.int64)


def in_both(one: Ragged, other: Ragged) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which values of each row are in the same row of the other, and the other way round.

    Args:
        one: Rows of uint64, in any order.
        other: As many rows of uint64, in any order.

    Returns:
        Shape (total of the one,) and shape (total of the other,), bool.
    """
    return _in_both((one.values, one.rows), (other.values, other.rows), 0)


_Owned = tuple[UInt64s, npt.NDArray[np.int64]]
"""Values, and the row of each."""


def _in_both(
    one: _Owned, other: _Owned, shift: int
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return the same, told by the bits from some place on.

    Each row has slots of its own. Those few that have none, and those that may be one of them, are
    told by the bits that follow.
    """
    (values, rows), (others, other_rows) = one, other
    if not len(values) or not len(others):
        return np.zeros(len(values), np.bool_), np.zeros(len(others), np.bool_)
    bits = int(np.bincount(other_rows).max()).bit_length() + _SPARE_BITS
    slots, taken = _slots(values, bits, shift, rows), _slots(others, bits, shift, other_rows)
    count = int(max(rows[-1], other_rows[-1])) + 1
    table = _Table.of(others, taken, _free_slots(count, bits, shift))
    found, again = table.look(values, slots)
    met = np.zeros(len(table.values), np.bool_)
    met[slots[found]] = True
    both, ousted = met.take(taken), table.ousted
    left = (values[again], rows[again]), (others[ousted], other_rows[ousted])
    found[again], both[ousted] = _in_both(*left, min(shift + bits, _LAST_BIT))
    return found, both


@dataclass(frozen=True, slots=True)
class _Table:
    """Hashes, each in the slot that some of its bits lead to, unless another one takes its place.

    Attributes:
        values: What stands in each slot; in a free one, a number that belongs elsewhere.
        crowded: Whether a hash was ousted from a slot, shape (slots,), bool.
        ousted: Which hashes these are, int64.
    """

    values: UInt64s
    crowded: npt.NDArray[np.bool_]
    ousted: npt.NDArray[np.int64]

    @classmethod
    def of(cls, hashes: UInt64s, slots: npt.NDArray[np.int64], free: UInt64s) -> Self:
        """Return a table of hashes, given their slots, in the room of free ones."""
        free[slots] = hashes
        ousted = np.flatnonzero(free.take(slots) != hashes)
        crowded = np.zeros(len(free), np.bool_)
        crowded[slots[ousted]] = True
        return cls(free, crowded, ousted)

    def look(
        self, hashes: UInt64s, slots: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
        """Return which hashes stand in their slots, and which others may be among the ousted."""
        found = self.values.take(slots) == hashes
        return found, np.flatnonzero(self.crowded.take(slots) > found)


def _slots(
    values: UInt64s, bits: int, shift: int, rows: npt.NDArray[np.int64] | None = None
) -> npt.NDArray[np.int64]:
    """Return the slot of each value by some of its bits, each row having slots of its own."""
    slots = values >> np.uint64(shift)
    slots &= np.uint64((1 << bits) - 1)
    if rows is not None:
        slots |= rows.view(np.uint64) << np.uint64(bits)
    return slots.view(np.int64)


def _free_slots(rows: int, bits: int, shift: int) -> UInt64s:
    """Return slots of some rows that hold nothing: what is there belongs elsewhere."""
    slots = np.zeros(rows << bits, np.uint64)
    slots[:: 1 << bits] = 1 << shift  # where 0 itself would belong
    return slots
