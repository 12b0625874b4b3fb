"""Keys: what each wording is found by, and who holds the same.

Of a key that very many of a batch hold, only the first few holders are sent to where it is
counted, with the number of the others: they would be paired with the first three of all
holders anyway. Those left out wait where they are, for the names of these three.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dedupe_news.core.candidates import (
    MAX_HOLDERS,
    Holders,
    PairCounts,
    count_pairs,
    met_by_all,
)
from dedupe_news.core.columns import columns_of, places_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.scope import Places, Scope
from dedupe_news.core.suspects import JURY, MIN_STORIES
from dedupe_news.engines.scratch import matched, unpacked
from dedupe_news.engines.spark.course import Course, Ranks
from dedupe_news.engines.spark.reading import DIGEST, days_of
from dedupe_news.engines.spark.rows import Parts, Row, arrays_of, routed, row_of
from dedupe_news.engines.spark.sheaves import numbered

__all__ = ["JOINED", "hold", "hold_again", "make_keys", "pair_left_out", "wordings"]

_BATCH = 1 << 12  # wordings whose keys are made, and capped, together
_SENT = max(MAX_HOLDERS + 1, JURY)  # holders of a key that a batch sends: enough to know a crowd
JOINED = np.uint64(0xFFFFFFFF)
"""Bits of a key by which rows of two kinds are brought together: some that no rank takes."""

_BUCKETS = 1 << 20  # by the low bits of a key, to see quickly that no key is hot


def wordings(rows: Iterable[Row], course: Course) -> Iterator[list[Row]]:
    """Yield the articles of each wording, the first copy first.

    Args:
        rows: The articles of a lane, sorted by key.
        course: How the run goes.
    """
    within = course.scope.within_days
    copies: list[Row] = []
    last = float("nan")
    for row in rows:
        known = bool(copies) and copies[0].key[:DIGEST] == row.key[:DIGEST]
        if within is not None:
            first, end = days_of(row.key)
            known = known and not first - last > within  # not known is not too far
            last = float(np.fmax(last, end)) if known else end
        if copies and not known:
            yield copies
            copies = []
        copies.append(row)
    if copies:
        yield copies


def make_keys(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield what each wording of a lane is found by.

    Args:
        rows: The articles of a lane, in sheaves, sorted by key.
        course: How the run goes.

    Yields:
        Rows `anchors`, which stay: ranks, numbers of shingles, anchors with their lengths,
        days and groups. Rows `anchor` and `band` for the lanes of keys: keys, ranks and how
        many anchors the holder has; `anchor-more` and `band-more`: keys and how many holders
        were left out; `anchor-left` and `band-left`: these, one row for each key.
    """
    ranks: list[int] = []
    firsts: list[str] = []
    places: list[Places] = []
    lane = 0
    for copies in wordings(numbered(rows), course):
        lane = copies[0].lane
        ranks.append(int(course.starts[lane]) + copies[0].number)
        firsts.append(matched(copies[0].data, course.recipe))
        if course.scope != Scope():
            members = course.scope.places([unpacked(row.data) for row in copies])
            places.append(members.of_copies(Ragged.of_lists([list(range(len(copies)))])))
        if len(ranks) >= _BATCH:
            yield from _keys(lane, ranks, firsts, places, course)
            ranks, firsts, places = [], [], []
    if ranks:
        yield from _keys(lane, ranks, firsts, places, course)


def _keys(
    lane: int, ranks: list[int], firsts: list[str], places: list[Places], course: Course
) -> Iterator[Row]:
    recipe = course.recipe
    columns = columns_of(firsts, recipe)
    where = Places.concatenate(places) if places else Places.unknown(0)
    numbers = np.array(ranks, course.rank_type)
    anchors = columns.anchors
    lengths = anchors.lengths.astype(np.uint32)
    yield row_of(
        lane,
        "anchors",
        *(numbers, columns.shingles.lengths, anchors.values, anchors.lengths),
        *(where.days, where.groups),
    )
    rows = anchors.rows
    yield from _capped(lane, "anchor", anchors.values, numbers[rows], lengths[rows], course)
    rows = np.repeat(np.arange(len(ranks)), columns.bands.shape[1])
    yield from _capped(lane, "band", columns.bands.ravel(), numbers[rows], lengths[rows], course)


def _capped(
    lane: int,
    kind: str,
    keys: UInt64s,
    ranks: npt.NDArray[np.integer],
    sizes: npt.NDArray[np.integer],
    course: Course,
) -> Iterator[Row]:
    """Yield keys for their lanes; of those with very many holders, the first few only."""
    left = _beyond(keys)
    if len(left):
        sent = np.ones(len(keys), np.bool_)
        sent[left] = False
        firsts = _starts(keys[left])
        for group in np.split(left, firsts[1:]):
            number = int(keys[group[0]] & JOINED)
            yield row_of(
                lane, f"{kind}-left", keys[group[:1]], ranks[group], sizes[group], number=number
            )
        hot, counts = keys[left[firsts]], np.diff([*firsts, len(left)])
        yield from routed(f"{kind}-more", course.of_keys(hot), hot, counts)
        keys, ranks, sizes = keys[sent], ranks[sent], sizes[sent]
    yield from routed(kind, course.of_keys(keys), keys, ranks, sizes)


def _beyond(keys: UInt64s) -> Ranks:
    """Return the places of holders beyond those that are sent, those of a key side by side."""
    buckets = (keys & np.uint64(_BUCKETS - 1)).astype(np.int64)
    maybe = np.flatnonzero(np.bincount(buckets, minlength=_BUCKETS)[buckets] > _SENT)
    order: Ranks = maybe[np.argsort(keys[maybe], kind="stable")]
    if not len(order):
        return order
    firsts = _starts(keys[order])
    lengths = np.diff([*firsts, len(order)])
    return order[np.arange(len(order)) - np.repeat(firsts, lengths) >= _SENT]


def _starts(values: npt.NDArray[np.generic]) -> Ranks:
    """Return where runs of equal values start."""
    return np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))


@dataclass(frozen=True, slots=True)
class _Held:
    """Keys that several hold, holders of one key side by side, by rank.

    Attributes:
        low: The compared bits of the key of each, shape (n,), uint64, ascending.
        full: All bits.
        ranks: The holder.
        sizes: How many anchors that one has.
        firsts: Where the holders of each key start, shape (keys,).
        totals: How many holders each key has, those left out counted, shape (keys,).
    """

    low: UInt64s
    full: UInt64s
    ranks: Ranks
    sizes: Ranks
    firsts: Ranks
    totals: Ranks

    @classmethod
    def of(
        cls, full: UInt64s, ranks: Ranks, sizes: Ranks, more: tuple[UInt64s, Ranks], mask: np.uint64
    ) -> "_Held":
        """Return the keys that at least two hold.

        Args:
            full: Keys, shape (n,), as they came.
            ranks: Their holders.
            sizes: How many anchors these have.
            more: Keys of which holders were left out, and how many; a key may come again.
            mask: Which bits of a key are compared.
        """
        low = full & mask
        order = np.argsort(low)
        fresh = np.ones(len(low) + 1, np.bool_)
        np.not_equal(low[order[1:]], low[order[:-1]], out=fresh[1:-1])
        order = order[~(fresh[1:] & fresh[:-1])]  # most keys have one holder
        order = order[np.lexsort((ranks[order], low[order]))]
        low = low[order]
        firsts = _starts(low) if len(low) else np.empty(0, np.int64)
        totals = np.diff([*firsts, len(low)])
        np.add.at(totals, np.searchsorted(low[firsts], more[0] & mask), more[1])
        return cls(low, full[order], ranks[order], sizes[order], firsts, totals)

    @property
    def lengths(self) -> Ranks:
        """How many holders of each key are here."""
        return np.diff([*self.firsts, len(self.low)])

    def holders(self, mask: np.uint64) -> Holders:
        """Return the same as the local engine has it."""
        rows = Ragged.from_lengths(self.ranks, self.lengths)
        return Holders(rows, self.low[self.firsts], mask)

    def crowds(self, kind: str) -> Iterator[Row]:
        """Yield a row for each key of which holders were left out, with whom these are paired."""
        for index in np.flatnonzero(self.totals > self.lengths).tolist():
            start = self.firsts[index]
            met = slice(start, start + len(met_by_all(self.ranks[start : start + _SENT])))
            key = self.low[start : start + 1]
            number = int(key[0] & JOINED)
            yield row_of(0, kind, key, self.ranks[met], self.sizes[met], number=number)


def hold(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield who holds the same, for the keys of some lanes.

    Args:
        rows: All rows `anchor`, `band`, `anchor-more` and `band-more` of the lanes.
        course: How the run goes.

    Yields:
        A row `held`, which stays: keys that several hold, for `hold_again`. For the lanes of
        the greater rank: `pair`, pairs, how many keys they share here, and the fewer of their
        anchors; `first`, the first of many holders with each of the others, and the key;
        `alike`, pairs that share a band. `asked`, for this lane: keys of many holders, those
        who judge them, and how many holders there are. `anchor-crowd` and `band-crowd`: whom
        those left out are paired with.
    """
    parts = Parts.of(rows)
    anchors = _held(parts, "anchor", course)
    omitted = anchors.totals - anchors.lengths
    hot = np.flatnonzero(omitted)
    more = anchors.full[anchors.firsts[hot]], omitted[hot]
    yield row_of(0, "held", anchors.full, anchors.ranks.astype(course.rank_type), *more)
    yield from anchors.crowds("anchor-crowd")
    yield from _shared(anchors, course)
    yield from _asked(anchors, course)
    bands = _held(parts, "band", course)
    yield from bands.crowds("band-crowd")
    alike = count_pairs(bands.holders(course.mask), course.count)
    yield from routed("alike", course.of_ranks(alike.right), *_narrow(alike, course))


def hold_again(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield who holds the same once boilerplate is left out.

    Args:
        rows: Rows `held`; each holds all that its keys need.
        course: How the run goes; knows the boilerplate.

    Yields:
        Rows `pair` and `anchor-crowd`, as `hold` does, the latter without sizes.
    """
    for row in rows:
        yield from _held_again(arrays_of(row.data), course)


def _held_again(arrays: tuple[npt.NDArray[Any], ...], course: Course) -> Iterator[Row]:
    full, ranks, *more = arrays
    kept = np.ones(len(full), np.bool_)
    kept[places_of(course.furniture, full)] = False
    again = np.ones(len(more[0]), np.bool_)
    again[places_of(course.furniture, more[0])] = False
    full, ranks = full[kept], ranks[kept].astype(np.int64)
    left = more[0][again], more[1][again]
    held = _Held.of(full, ranks, np.zeros(len(full), np.int64), left, course.mask)
    yield from held.crowds("anchor-crowd")
    pairs = count_pairs(held.holders(course.mask), course.count)
    arrays = *_narrow(pairs, course), pairs.shared.astype(np.uint32)
    yield from routed("pair", course.of_ranks(pairs.right), *arrays)


def pair_left_out(rows: Iterable[tuple[Row, Row]], course: Course) -> Iterator[Row]:
    """Yield the pairs of those left out of crowds.

    Args:
        rows: A row of holders left out, and one that says whom they are paired with, for keys
            that are equal in the bits that rows are joined by.
        course: How the run goes.

    Yields:
        Rows `pair`, `first` and `alike`, as `hold` does.
    """
    for left, crowd in rows:
        full, ranks, sizes = arrays_of(left.data)
        key, met, met_sizes = arrays_of(crowd.data)
        if full[0] & course.mask != key[0] or len(places_of(course.furniture, full)):
            continue
        one, other = np.repeat(met, len(ranks)), np.tile(ranks, len(met))
        narrow = one.astype(course.rank_type), other.astype(course.rank_type)
        if left.kind.startswith("band"):
            yield from routed("alike", course.of_ranks(other), *narrow)
            continue
        fewer = np.minimum(np.repeat(met_sizes, len(ranks)), np.tile(sizes, len(met)))
        counts = np.ones(len(one), np.uint32)
        lanes = course.of_ranks(other)
        yield from routed("pair", lanes, *narrow, counts, fewer.astype(np.uint32))
        firsts = slice(len(ranks))  # those of the first who is met
        arrays = (array[firsts] for array in (*narrow, np.repeat(key, len(one))))
        yield from routed("first", lanes[firsts], *arrays)


def _held(parts: Parts, kind: str, course: Course) -> _Held:
    full, ranks, sizes = parts.take(kind, np.uint64, np.int64, np.int64)
    more = parts.take(f"{kind}-more", np.uint64, np.int64)
    return _Held.of(full, ranks, sizes, (more[0], more[1]), course.mask)


def _narrow(pairs: PairCounts, course: Course) -> tuple[npt.NDArray[np.integer], ...]:
    return pairs.left.astype(course.rank_type), pairs.right.astype(course.rank_type)


def _shared(held: _Held, course: Course) -> Iterator[Row]:
    """Yield how many keys pairs share, and the pairs of first holders by key."""
    pairs = count_pairs(held.holders(course.mask), course.count)
    ranks, places = np.unique(held.ranks, return_index=True)
    sizes = held.sizes[places]
    fewer = np.minimum(
        sizes[np.searchsorted(ranks, pairs.left)], sizes[np.searchsorted(ranks, pairs.right)]
    )
    arrays = *_narrow(pairs, course), pairs.shared.astype(np.uint32), fewer.astype(np.uint32)
    yield from routed("pair", course.of_ranks(pairs.right), *arrays)
    lengths = held.lengths
    many = np.repeat(held.totals >= MIN_STORIES, lengths)
    many[held.firsts] = False
    others = held.ranks[many]
    first = np.repeat(held.ranks[held.firsts], lengths)[many].astype(course.rank_type)
    arrays = first, others.astype(course.rank_type), held.low[many]
    yield from routed("first", course.of_ranks(others), *arrays)


def _asked(held: _Held, course: Course) -> Iterator[Row]:
    """Yield the keys that many hold, with those who judge whether they are boilerplate.

    These are here, whoever was left out: each batch sends more.
    """
    lengths = held.lengths
    many = np.repeat(held.totals >= MIN_STORIES, lengths)
    many &= np.arange(len(many)) - np.repeat(held.firsts, lengths) < JURY
    low, totals = held.low[many], np.repeat(held.totals, lengths)[many]
    narrow = (array.astype(course.rank_type) for array in (held.ranks[many], totals))
    yield from routed("asked", course.of_keys(low), low, *narrow)
