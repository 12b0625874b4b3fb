"""Keys: what each wording is found by, and who holds the same.

Of a key that very many of a batch hold, only the first few holders are sent to where it is
counted, with the number of the others: they would be paired with the first three of all
holders anyway. Those left out wait where they are, for the names of these three.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe_news.core.among import places_of
from dedupe_news.core.columns import columns_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import (
    MAX_HOLDERS,
    Holders,
    crowds_of,
    holders_of,
    met_by_all,
    without_keys,
)
from dedupe_news.core.pair_counts import PairCounts, count_pairs
from dedupe_news.core.ragged import Ragged, distinct
from dedupe_news.core.scope import Places, Scope
from dedupe_news.core.suspects import JURY, MIN_STORIES
from dedupe_news.engines.scratch import matched, unpacked
from dedupe_news.engines.spark.course import Course, Ranks
from dedupe_news.engines.spark.reading import DIGEST, days_of, twins
from dedupe_news.engines.spark.rows import Parts, Row, arrays_of, routed, row_of, shares_of
from dedupe_news.engines.spark.sheaves import before_articles

__all__ = ["JOINED", "hold", "hold_again", "make_keys", "pair_left_out", "wordings"]

_BATCH = 1 << 12  # wordings whose keys are made, and capped, together
_SENT = max(MAX_HOLDERS + 1, JURY)  # holders of a key that a batch sends: enough to know a crowd
JOINED = np.uint64(0xFFFFFFFF)
"""Bits of a key by which rows of two kinds are brought together: some that no rank takes."""

_BUCKETS = 1 << 16  # by the low bits of a key, to see quickly that no key is hot: a cache's worth


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
        rows: Rows `id` of a lane, then its articles, in sheaves, sorted by key.
        course: How the run goes.

    Yields:
        A row `twins` if two of those ids seem to be equal. Rows `anchors`, which stay: ranks,
        numbers of shingles, anchors with their lengths, days and groups. Rows `anchor` and
        `band` for the lanes of keys: keys, holder after holder; how many each of these has
        there, its rank, and how many anchors it has in all. `anchor-more` and `band-more`: keys
        and how many holders were left out; `anchor-left` and `band-left`: these, one row for
        each key.
    """
    ranks: list[int] = []
    firsts: list[str] = []
    places: list[Places] = []
    lane, recipe, scope = 0, course.recipe, course.scope
    ids, articles = before_articles(rows, {"id"})
    yield from twins(ids)
    for copies in wordings(articles, course):
        lane = copies[0].lane
        ranks.append(int(course.starts[lane]) + copies[0].number)
        firsts.append(matched(copies[0].data, recipe))
        if scope != Scope():
            members = scope.places([unpacked(row.data) for row in copies])
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
    for kind, keys in (("anchor", anchors), ("band", Ragged.of_table(columns.bands))):
        yield from _capped(lane, kind, keys, numbers, lengths, course)


def _capped(
    lane: int,
    kind: str,
    keys: Ragged,
    ranks: npt.NDArray[np.integer],
    sizes: npt.NDArray[np.integer],
    course: Course,
) -> Iterator[Row]:
    """Yield keys for their lanes; of those with very many holders, the first few only."""
    left = _beyond(keys.values)
    if len(left):
        rows = keys.rows
        firsts = _starts(keys.values[left])
        for group in np.split(left, firsts[1:]):
            key, holders = keys.values[group[:1]], rows[group]
            number = int(key[0] & JOINED)
            arrays = key, ranks[holders], sizes[holders]
            yield row_of(lane, f"{kind}-left", *arrays, number=number)
        hot, counts = keys.values[left[firsts]], np.diff(firsts, append=len(left))
        yield from routed(f"{kind}-more", course.of_keys(hot), hot, counts)
        keys = keys.drop(np.sort(left))
    rows = keys.rows
    for target, places in shares_of(course.of_keys(keys.values)):
        firsts = _starts(rows[places])
        lengths = np.diff(firsts, append=len(places)).astype(np.uint32)
        holders = rows[places[firsts]]
        yield row_of(target, kind, keys.values[places], lengths, ranks[holders], sizes[holders])


def _beyond(keys: UInt64s) -> Ranks:
    """Return the places of holders beyond those that are sent, those of a key side by side."""
    buckets = (keys & np.uint64(_BUCKETS - 1)).astype(np.int64)
    maybe = np.flatnonzero(np.bincount(buckets, minlength=_BUCKETS)[buckets] > _SENT)
    order: Ranks = maybe[np.argsort(keys[maybe], kind="stable")]
    if not len(order):
        return order
    firsts = _starts(keys[order])
    lengths = np.diff(firsts, append=len(order))
    return order[np.arange(len(order)) - np.repeat(firsts, lengths) >= _SENT]


def _starts(values: npt.NDArray[np.generic]) -> Ranks:
    """Return where runs of equal values start."""
    return np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))


@dataclass(frozen=True, slots=True)
class _Held:
    """Keys that several hold.

    Attributes:
        holders: Who holds each key; an article is known by its place among the ranks.
        ranks: All articles that hold any key, ascending, shape (articles,).
        sizes: How many anchors each of them has.
        totals: How many holders each key has, those left out counted, shape (keys,).
    """

    holders: Holders
    ranks: Ranks
    sizes: Ranks
    totals: Ranks

    @classmethod
    def of(cls, parts: Parts, kind: str, course: Course) -> "_Held":
        """Return the keys of a kind that at least two hold.

        Args:
            parts: All rows of that kind, and of those left out, of one lane.
            kind: The channel, `anchor` or `band`.
            course: How the run goes.
        """
        values, lengths, ranks, sizes = parts.take(kind, np.uint64, *[np.int64] * 3)
        order = np.argsort(ranks)
        keys = Ragged.from_lengths(values, lengths).take(order)
        holders = holders_of(keys, count=course.wordings)
        full, left_out = parts.take(f"{kind}-more", np.uint64, np.int64)
        totals = holders.articles.lengths
        np.add.at(totals, np.searchsorted(holders.keys, full & holders.mask), left_out)
        return cls(holders, ranks[order], sizes[order], totals)

    @property
    def lengths(self) -> Ranks:
        """How many holders of each key are here, shape (keys,)."""
        return self.holders.articles.lengths

    def by_key(self) -> Ranks:
        """Return the ranks of the holders, key after key."""
        ranks: Ranks = self.ranks[self.holders.articles.values]
        return ranks

    def pairs(self) -> PairCounts:
        """Return which holders have keys in common, by their places, and how many."""
        return count_pairs(self.holders, len(self.ranks))

    def crowds(self, kind: str) -> Iterator[Row]:
        """Yield a row for each key of which holders were left out, with whom these are paired."""
        for index in np.flatnonzero(self.totals > self.lengths).tolist():
            met = met_by_all(self.holders.articles[index])
            key = self.holders.keys[index : index + 1]
            number = int(key[0] & JOINED)
            yield row_of(0, kind, key, self.ranks[met], self.sizes[met], number=number)


def hold(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield who holds the same, for the keys of some lanes.

    Args:
        rows: All rows `anchor`, `band`, `anchor-more` and `band-more` of the lanes.
        course: How the run goes.

    Yields:
        Rows `held`, which stay: keys that several hold, for `hold_again`. For the lanes of
        the greater rank: `pair`, pairs, how many keys they share here, and the fewer of their
        anchors; `first`, the first of many holders with each of the others, and the key;
        `alike`, pairs that share a band. `asked`, for this lane: keys of many holders, those
        who judge them, and how many holders there are. `anchor-crowd` and `band-crowd`: whom
        those left out are paired with.
    """
    for parts in Parts.by_lane(rows):
        anchors = _Held.of(parts, "anchor", course)
        ranks = anchors.by_key().astype(course.rank_type)
        yield row_of(0, "held", anchors.holders.keys, anchors.lengths.astype(np.uint32), ranks)
        yield from anchors.crowds("anchor-crowd")
        yield from _shared(anchors, course)
        yield from _asked(anchors, course)
        bands = _Held.of(parts, "band", course)
        yield from bands.crowds("band-crowd")
        pairs = bands.pairs()
        left, right = bands.ranks[pairs.left], bands.ranks[pairs.right]
        yield from routed("alike", course.of_ranks(right), *_narrow(course, left, right))


def hold_again(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield who holds the same once boilerplate is left out.

    Args:
        rows: Rows `held`; each holds all that its keys need.
        course: How the run goes; knows the boilerplate.

    Yields:
        Rows `pair`, as `hold` does, without anchors. Rows `crowded`, for the lanes of ranks: who
        may share keys that no pair counts.
    """
    for row in rows:
        keys, lengths, ranks = arrays_of(row.data)
        articles = Ragged.from_lengths(ranks.astype(np.int64), lengths)
        holders = without_keys(Holders(articles, keys, course.mask), course.furniture)
        yield from _crowded(crowds_of(holders), course)
        pairs = count_pairs(holders, course.count)
        narrow = _narrow(course, pairs.left, pairs.right)
        yield from routed(
            "pair", course.of_ranks(pairs.right), *narrow, pairs.shared.astype(np.uint32)
        )


def pair_left_out(rows: Iterable[tuple[Row, Row]], course: Course) -> Iterator[Row]:
    """Yield the pairs of those left out of crowds.

    Args:
        rows: A row of holders left out, and one that says whom they are paired with, for keys
            that are equal in the bits that rows are joined by.
        course: How the run goes.

    Yields:
        Rows `pair`, `first` and `alike`, as `hold` does; `crowded`, as `hold_again` does.
    """
    furniture = distinct(course.furniture & course.mask)
    for left, crowd in rows:
        full, ranks, sizes = arrays_of(left.data)
        key, met, met_sizes = arrays_of(crowd.data)
        if full[0] & course.mask != key[0] or len(places_of(furniture, key)):
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
        yield from _crowded(ranks, course)


def _crowded(ranks: Ranks, course: Course) -> Iterator[Row]:
    """Yield who is in a crowd; of one that was cut short many more than make one are left."""
    yield from routed("crowded", course.of_ranks(ranks), ranks.astype(course.rank_type))


def _narrow(course: Course, *ranks: Ranks) -> tuple[npt.NDArray[np.integer], ...]:
    return tuple(each.astype(course.rank_type) for each in ranks)


def _shared(held: _Held, course: Course) -> Iterator[Row]:
    """Yield how many keys pairs share, and the pairs of first holders by key."""
    pairs = held.pairs()
    left, right = held.ranks[pairs.left], held.ranks[pairs.right]
    fewer = np.minimum(held.sizes[pairs.left], held.sizes[pairs.right]).astype(np.uint32)
    arrays = *_narrow(course, left, right), pairs.shared.astype(np.uint32), fewer
    yield from routed("pair", course.of_ranks(right), *arrays)
    lengths, starts, ranks = held.lengths, held.holders.articles.starts, held.by_key()
    many = np.repeat(held.totals >= MIN_STORIES, lengths)
    many[starts] = False
    others = ranks[many]
    first = np.repeat(ranks[starts], lengths)[many]
    arrays = *_narrow(course, first, others), np.repeat(held.holders.keys, lengths)[many]
    yield from routed("first", course.of_ranks(others), *arrays)


def _asked(held: _Held, course: Course) -> Iterator[Row]:
    """Yield the keys that many hold, with those who judge whether they are boilerplate.

    These are here, whoever was left out: each batch sends more.
    """
    lengths, starts = held.lengths, held.holders.articles.starts
    many = np.repeat(held.totals >= MIN_STORIES, lengths)
    many &= np.arange(len(many)) - np.repeat(starts, lengths) < JURY
    keys, totals = np.repeat(held.holders.keys, lengths)[many], np.repeat(held.totals, lengths)
    narrow = _narrow(course, held.by_key()[many], totals[many])
    yield from routed("asked", course.of_keys(keys), keys, *narrow)
