"""Who is in an index, who comes, who goes, and who holds which key before and after.

Wordings are known by tags here: those of the index by their ranks in it, newcomers by numbers
from there on. Only what is asked for is read from the index.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.columns import Columns, Recipe, columns_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import MAX_HOLDERS, low_bits, met_by_all
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.suspects import JURY
from dedupe_news.core.text import words_of
from dedupe_news.index.columns import Column
from dedupe_news.index.store import Store

__all__ = ["Circle", "Held", "UncertainError", "Wordings", "places_among", "ranks_among"]

_HEAD = JURY  # of a crowd: those by whom it is judged, the few whom others meet among them

Tags = npt.NDArray[np.int64]


class UncertainError(Exception):
    """It cannot be shown that what is known still holds."""


class Held(NamedTuple):
    """Who holds a key before the change, and after it.

    Attributes:
        before: Tags by rank; of a crowd, the first.
        after: The same, of those who hold it then.
        sizes: How many there are before and after.
        came: Who holds it now.
        went: Who does not any more.
    """

    before: Sequence[int]
    after: Sequence[int]
    sizes: tuple[int, int]
    came: Sequence[int] = ()
    went: Sequence[int] = ()

    def is_crowd(self) -> tuple[bool, bool]:
        """Return whether there is a crowd before, and after."""
        return self.sizes[0] > MAX_HOLDERS, self.sizes[1] > MAX_HOLDERS

    def moved(self) -> set[int]:
        """Return who becomes one of the first few of a crowd, or is it no more, by staying.

        All others of the crowd meet each other after the change as they did before it.
        """
        old, new = set(_first_few(self.before)), set(_first_few(self.after))
        return (old - set(self.went)) ^ (new - set(self.came))


class Wordings:
    """The wordings of an index, newcomers, and those that are gone."""

    def __init__(
        self,
        store: Store,
        recipe: Recipe,
        fresh: Columns,
        texts: Sequence[str],
        gone: Collection[int],
    ) -> None:
        """Take stock.

        Args:
            store: The index.
            recipe: How columns are made.
            fresh: The newcomers, by digest.
            texts: What is matched of them, in the same order.
            gone: Ranks of the wordings that are not there any more; a newcomer may be one of
                them, who comes again as it was.
        """
        digests = store.column("digests")
        self.store = store
        self.recipe = recipe
        self.count = len(digests)
        self.fresh = fresh
        self.gone = frozenset(gone)
        self.newcomers = range(self.count, self.count + len(fresh))
        self._texts = texts
        self._read: dict[int, tuple[str, Columns]] = {}
        places, ranks = places_among(digests, fresh.digests)
        self._places = places.tolist()
        reborn = zip(self.newcomers, ranks.tolist(), strict=True)
        self.reborn = {tag: rank for tag, rank in reborn if rank in self.gone}

    @property
    def count_after(self) -> int:
        """How many wordings there are after the change."""
        return self.count + len(self.fresh) - len(self.gone)

    @property
    def mask(self) -> int:
        """The bits of a key by which it is told from others."""
        return int(low_bits(self.count))

    def read(self, tags: Iterable[int]) -> None:
        """Read some wordings together, which takes less than one by one."""
        missing = sorted({tag for tag in tags if tag < self.count and tag not in self._read})
        if not missing:
            return
        copies = self.store.ragged("copies").rows(np.array(missing, np.int64))
        texts = self.store.matched(copies.values[copies.starts].tolist(), self.recipe)
        columns = columns_of(texts, self.recipe)
        for row, tag in enumerate(missing):
            self._read[tag] = texts[row], columns.take(np.array([row]))

    def columns(self, tag: int) -> Columns:
        """Return the columns of one wording."""
        if tag >= self.count:
            return self.fresh.take(np.array([tag - self.count]))
        self.read((tag,))
        return self._read[tag][1]

    def words(self, tags: Sequence[int]) -> Ragged:
        """Return the word hashes of some wordings, one row for each."""
        self.read(tags)
        return words_of(list(map(self._text, tags)), self.recipe.unit)

    def _text(self, tag: int) -> str:
        return self._texts[tag - self.count] if tag >= self.count else self._read[tag][0]

    def in_order(self, tags: Iterable[int]) -> Tags:
        """Return tags by the ranks that they have after the change."""
        return np.array(sorted(tags, key=self.place), np.int64)

    def place(self, tag: int) -> tuple[int, int]:
        """Return where a wording stands among all, for comparison."""
        if tag < self.count:
            return (tag, 0)
        number = tag - self.count
        return (self._places[number] - 1, number + 1)


class Circle:
    """Who holds the keys of one kind that changed articles have."""

    def __init__(self, kind: str, wordings: Wordings) -> None:
        """Look up who holds the keys of those who come and those who go.

        Args:
            kind: `anchor` or `band`.
            wordings: Who is there, who comes and who goes.
        """
        self._kind = kind
        self._wordings = wordings
        self._bits = wordings.mask.bit_length()
        self._head = _HEAD + len(wordings.gone)
        self._keys: dict[int, list[int]] = {}
        self._held: dict[int, Held] = {}
        self._came: defaultdict[int, list[int]] = defaultdict(list)
        self._went: defaultdict[int, list[int]] = defaultdict(list)
        self.whole: dict[int, int] = {}
        """Changed keys with all of their bits."""
        wordings.read(wordings.gone)
        for tags, table in ((wordings.newcomers, self._came), (sorted(wordings.gone), self._went)):
            for tag in tags:
                for key, whole in zip(self.keys(tag), self._of(tag).tolist(), strict=True):
                    table[key].append(tag)
                    self.whole[key] = whole
        self.changed = self.held(self.whole)

    def moved(self) -> set[int]:
        """Return who meets others than before, though it stays.

        That is who becomes one of the first few of a crowd or is it no more; and, where a crowd
        comes or goes, everybody in it, for all of them have met each other.
        """
        moved: set[int] = set()
        for key, held in self.changed.items():
            before, after = held.is_crowd()
            if before and after:
                moved |= held.moved()
            elif before or after:
                everybody = {*self.all(key, after=False), *self.all(key)}
                moved |= everybody.difference(held.came, held.went)
        return moved

    def keys(self, tag: int) -> list[int]:
        """Return the keys of a wording, as far as they tell it from others."""
        if tag not in self._keys:
            mask = np.uint64(self._wordings.mask)
            self._keys[tag] = (self._of(tag) & mask).tolist()
        return self._keys[tag]

    def held(self, keys: Iterable[int]) -> dict[int, Held]:
        """Return who holds each of some keys."""
        keys = list(keys)
        missing = [key for key in dict.fromkeys(keys) if key not in self._held]
        if missing:
            found = self._wordings.store.holders(
                self._kind, np.array(missing, np.uint64), first_bits=self._bits, most=self._head
            )
            values, ends = found.holders.values.tolist(), found.holders.offsets.tolist()
            for row, (key, size) in enumerate(zip(missing, found.sizes.tolist(), strict=True)):
                self._held[key] = self._changed(key, values[ends[row] : ends[row + 1]], size)
        return {key: self._held[key] for key in keys}

    def all(self, key: int, *, after: bool = True) -> Sequence[int]:
        """Return all who hold a key, by rank, however many."""
        held = self.held((key,))[key]
        head = held.after if after else held.before
        if len(head) == held.sizes[after]:
            return head
        one = np.array([key], np.uint64)
        before = self._wordings.store.holders(self._kind, one, first_bits=self._bits)
        whole = self._changed(key, before.holders.values.tolist(), held.sizes[0])
        return whole.after if after else whole.before

    def met(self, tag: int, keys: Iterable[int], *, after: bool = True) -> Counter[int]:
        """Return with whom a wording is paired, and how many of some of its keys they share."""
        counts: Counter[int] = Counter()
        for key, held in self.held(keys).items():
            holders = held.after if after else held.before
            if held.sizes[after] > MAX_HOLDERS:
                few = _first_few(holders)
                holders = self.all(key, after=after) if tag in few else few
            counts.update(holders)
        del counts[tag]
        return counts

    def _of(self, tag: int) -> UInt64s:
        columns = self._wordings.columns(tag)
        keys: UInt64s = columns.anchors[0] if self._kind == "anchor" else columns.bands[0]
        return keys

    def _changed(self, key: int, before: list[int], size: int) -> Held:
        """Return who holds a key, given the first who did and how many there were."""
        came, went = self._came.get(key, []), self._went.get(key, [])
        if not came and not went:
            return Held(before, before, (size, size))
        gone = set(went)
        after = [tag for tag in before if tag not in gone]
        place = self._wordings.place
        last = place(before[-1]) if len(before) < size else (self._wordings.count, 0)
        after = sorted([*after, *(tag for tag in came if place(tag) < last)], key=place)
        return Held(before, after, (size, size + len(came) - len(went)), came, went)


def ranks_among(digests: Column, wanted: UInt64s) -> Tags:
    """Return the rank of each of some digests in an index, or -1.

    Args:
        digests: Those of the index.
        wanted: Shape (n, 2), uint64.
    """
    return places_among(digests, wanted)[1]


def places_among(digests: Column, wanted: UInt64s) -> tuple[Tags, Tags]:
    """Return before which rank each of some digests stands, and its own rank or -1.

    Digests are hashes, so where one stands can be guessed; few of the others are read.

    Args:
        digests: Those of the index.
        wanted: Shape (n, 2), uint64.
    """
    count, first = len(digests), wanted[:, 0]
    guess = (first.astype(np.float64) / 2.0**64 * count).astype(np.int64)
    reach = 64 + 4 * int(count**0.5)
    low, high = np.maximum(guess - reach, 0), np.minimum(guess + reach, count)
    wrong = ~(_are_below(digests, low - 1, first) & ~_are_below(digests, high, first))
    low, high = np.where(wrong, 0, low), np.where(wrong, count, high)
    while (open_ := low < high).any():
        middle = (low + high) // 2
        below = _are_below(digests, middle, first)
        low = np.where(open_ & below, middle + 1, low)
        high = np.where(open_ & ~below, middle, high)
    here = np.flatnonzero(low < count)
    ranks = np.full(len(wanted), -1)
    same = (digests.take(low[here]) == wanted[here]).all(axis=1)
    ranks[here[same]] = low[here[same]]
    return low, ranks


def _are_below(digests: Column, ranks: Tags, bounds: UInt64s) -> npt.NDArray[np.bool_]:
    """Return which ranks have a digest below a bound, shape (ranks,); whoever is before all has."""
    below = ranks < 0
    inside = np.flatnonzero((ranks >= 0) & (ranks < len(digests)))
    below[inside] = digests.take(ranks[inside])[:, 0] < bounds[inside]
    return below


def _first_few(head: Sequence[int]) -> list[int]:
    """Return those of a crowd, given its first, with whom all of it are paired."""
    few: list[int] = met_by_all(np.array(head)).tolist()
    return few
