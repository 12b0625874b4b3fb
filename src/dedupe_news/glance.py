"""A check at a glance: what an index knows is still true when a few files have changed.

What a scan finds depends on the whole corpus, but most of it on little: whoever joins a crowd
changes nothing between the others, and a passage is judged by its first witnesses. So a few
changed articles are held against those that share a key with them, and all else stands.
Where that cannot be shown, because a crowd gets another representative, stories are joined or
parted, or a passage gets another witness, there is no glance and the whole is worked out.

Wordings are known by tags here: those of the index by their ranks in it, newcomers by numbers
from there on.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedupe_news.core.boilerplate import (
    MIN_STORIES,
    Group,
    are_in_company,
    may_be_framed,
    shingles_of_group,
    tell_one_story,
    witnesses_of,
)
from dedupe_news.core.candidates import (
    MAX_HOLDERS,
    PairCounts,
    anchors_under,
    are_likely,
    are_ruled_out,
    low_bits,
    met_by_all,
)
from dedupe_news.core.columns import Columns, Recipe, columns_of, without
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.sketches import anchor_levels
from dedupe_news.core.text import words_of
from dedupe_news.index.store import Store

__all__ = ["Circle", "UncertainError", "Wordings", "candidates_of_newcomers", "require_unchanged"]

_STEPS = 40  # wordings that are asked who is near them, to see whether a story holds together

Tags = npt.NDArray[np.int64]


class UncertainError(Exception):
    """It cannot be shown that what is known still holds."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a key, by rank: before the change, and after it."""

    before: Tags
    after: Tags

    def moved(self, wordings: "Wordings") -> set[int]:
        """Return who becomes one of the first few of a crowd, or is it no more, by staying.

        All others meet each other after the change as they did before it.

        Raises:
            UncertainError: If a key gets a crowd, or is none any more.
        """
        sizes = len(self.before), len(self.after)
        if max(sizes) <= MAX_HOLDERS:
            return set()
        if min(sizes) <= MAX_HOLDERS:
            raise UncertainError
        old = {tag for tag in met_by_all(self.before).tolist() if tag not in wordings.gone}
        return old ^ {tag for tag in met_by_all(self.after).tolist() if tag < wordings.count}


class Wordings:
    """The wordings of an index, newcomers, and those that are gone."""

    def __init__(
        self,
        store: Store,
        recipe: Recipe,
        fresh: Columns,
        texts: Sequence[str],
        gone: Sequence[int],
        firsts: Tags,
    ) -> None:
        """Take stock.

        Args:
            store: The index.
            recipe: How columns are made.
            fresh: The newcomers, by digest, none of which is in the index.
            texts: What is matched of them, in the same order.
            gone: Ranks of the wordings that no article has any more.
            firsts: Number of the first article of each wording of the index.
        """
        self.count = len(firsts)
        self.fresh = fresh
        self.gone = frozenset(gone)
        self.newcomers = range(self.count, self.count + len(fresh))
        self.reborn = self._reborn(store.array("digests").reshape(-1, 2))
        self.recipe = recipe
        self._texts = texts
        self._store = store
        self._firsts = firsts
        self._places = _places(store.array("digests").reshape(-1, 2), fresh.digests)
        self._read: dict[int, Columns] = {}

    def _reborn(self, digests: UInt64s) -> dict[int, int]:
        """Return which newcomers are there already: they go, and come again as they were."""
        old = {digests[tag].tobytes(): tag for tag in self.gone}
        found = (old.get(digest.tobytes()) for digest in self.fresh.digests)
        return {
            tag: before
            for tag, before in zip(self.newcomers, found, strict=True)
            if before is not None
        }

    @property
    def count_after(self) -> int:
        """How many wordings there are after the change."""
        return self.count + len(self.fresh) - len(self.gone)

    def columns(self, tag: int) -> Columns:
        """Return the columns of one wording."""
        if tag not in self._read:
            self._read[tag] = self._columns(tag)
        return self._read[tag]

    def _columns(self, tag: int) -> Columns:
        if tag >= self.count:
            return self.fresh.take(np.array([tag - self.count]))
        return columns_of([self._text(tag)], self.recipe)

    def words(self, tag: int) -> Ragged:
        """Return the word hashes of one wording, as one row."""
        return words_of([self._text(tag)], self.recipe.unit)

    def _text(self, tag: int) -> str:
        if tag >= self.count:
            return self._texts[tag - self.count]
        return self.recipe.matched(self._store.get(int(self._firsts[tag])))

    def in_order(self, tags: Iterable[int]) -> Tags:
        """Return tags by the ranks that they have after the change."""
        return np.array(sorted(tags, key=self.place), np.int64)

    def place(self, tag: int) -> tuple[int, int]:
        """Return where a wording stands among all, for comparison."""
        if tag < self.count:
            return (tag, 0)
        number = tag - self.count
        return (int(self._places[number]) - 1, number + 1)


class Circle:
    """Who holds the keys of one kind that changed articles have."""

    def __init__(self, store: Store, kind: str, wordings: Wordings) -> None:
        """Look up who holds the keys of those who come and those who go.

        Args:
            store: The index.
            kind: `anchor` or `band`.
            wordings: Who is there, who comes and who goes.
        """
        self._store = store
        self._kind = kind
        self._wordings = wordings
        self._held: dict[int, Held] = {}
        self._newcomers: defaultdict[int, list[int]] = defaultdict(list)
        for tag in wordings.newcomers:
            for key in self.keys(tag).tolist():
                self._newcomers[key].append(tag)
        self.changed = {
            key: held
            for tag in (*wordings.newcomers, *sorted(wordings.gone))
            for key, held in self.held(self.keys(tag)).items()
        }

    def moved(self) -> set[int]:
        """Return who becomes one of the first few of a crowd, or is it no more, by staying.

        Raises:
            UncertainError: If a key gets a crowd, or is none any more.
        """
        moved: set[int] = set()
        return moved.union(*(held.moved(self._wordings) for held in self.changed.values()))

    def keys(self, tag: int) -> UInt64s:
        """Return the keys of a wording."""
        columns = self._wordings.columns(tag)
        keys: UInt64s = columns.anchors[0] if self._kind == "anchor" else columns.bands[0]
        return keys

    def held(self, keys: UInt64s) -> dict[int, Held]:
        """Return who holds each of some keys."""
        missing = np.array([key for key in keys.tolist() if key not in self._held], np.uint64)
        for key, before in zip(
            missing.tolist(), self._store.holders(self._kind, missing), strict=True
        ):
            self._held[key] = self._with_newcomers(key, before)
        return {key: self._held[key] for key in keys.tolist()}

    def met(self, tag: int, keys: UInt64s, *, after: bool = True) -> Counter[int]:
        """Return with whom a wording is paired, and how many of some of its keys they share."""
        counts: Counter[int] = Counter()
        for held in self.held(keys).values():
            holders = held.after if after else held.before
            representatives = met_by_all(holders)
            counts.update((holders if tag in representatives else representatives).tolist())
        del counts[tag]
        return counts

    def _with_newcomers(self, key: int, before: Tags) -> Held:
        gone, new = self._wordings.gone, self._newcomers.get(key, [])
        if not new and gone.isdisjoint(before.tolist()):
            return Held(before, before)
        stay = [tag for tag in before.tolist() if tag not in gone]
        return Held(before, self._wordings.in_order([*stay, *new]))


def require_unchanged(store: Store, wordings: Wordings, anchors: Circle) -> Mapping[int, int]:
    """Check that what was learned to be boilerplate is what would be learned now.

    Returns:
        The story of each newcomer: a label of the index, or a negative one for a new story.

    Raises:
        UncertainError: If that cannot be shown.
    """
    if low_bits(wordings.count) != low_bits(wordings.count_after):
        raise UncertainError  # by these bits anchors are sorted
    evidence = _Evidence(store, wordings, anchors)
    evidence.require_unchanged()
    return evidence.new_stories


def candidates_of_newcomers(
    store: Store,
    wordings: Wordings,
    anchors: Circle,
    bands: Circle,
    floor: float,
    stories: Mapping[int, int] | None = None,
) -> list[tuple[int, int]]:
    """Return the pairs of a newcomer and another wording that are worth comparing.

    Args:
        store: The index.
        wordings: Who is there.
        anchors: Who holds which anchor.
        bands: Who holds which band.
        floor: Containment below which nobody wants to know of a pair.
        stories: The story of each newcomer, within which bands propose nothing; without them,
            bands propose all that they can.
    """
    known = store.array("stories")

    def told(tag: int) -> int:
        return int(known[tag]) if tag < wordings.count else (stories or {})[tag]

    furniture = store.array("furniture")
    under = store.array("own anchors").reshape(-1, wordings.count)
    lengths = store.array("shingles")
    pairs: set[tuple[int, int]] = set()
    sizes = _Sizes(under, lengths, wordings, furniture)
    for tag in wordings.newcomers:
        keys = np.setdiff1d(anchors.keys(tag), furniture)
        shared = anchors.met(tag, keys)
        near = {other for other in shared if sizes.are_likely(tag, other, shared[other], floor)}
        alike = bands.met(tag, bands.keys(tag))
        near.update(
            other
            for other in alike
            if stories is None or told(other) != told(tag)
            if not sizes.are_ruled_out(tag, other)
        )
        pairs.update((tag, other) for other in near if (other, tag) not in pairs)
    return sorted(pairs)


class _Sizes:
    """How many anchors wordings have, boilerplate left out."""

    def __init__(self, under: Tags, lengths: Tags, wordings: Wordings, furniture: UInt64s) -> None:
        self._under = under
        self._lengths = lengths
        self._wordings = wordings
        self._furniture = furniture

    def are_likely(self, one: int, other: int, shared: int, floor: float) -> bool:
        """Whether two that share so many anchors may contain each other."""
        under = np.stack([self._of(one), self._of(other)], axis=1)
        lengths = np.array([self._length(one), self._length(other)])
        pair = PairCounts(np.array([0]), np.array([1]), np.array([shared]))
        return bool(are_likely(pair, under, anchor_levels(lengths), floor)[0])

    def are_ruled_out(self, one: int, other: int) -> bool:
        """Whether anchors say that two have nothing in common."""
        own = Ragged.concatenate([self._own(one), self._own(other)], np.uint64)
        under = np.stack([self._of(one), self._of(other)], axis=1)
        lengths = np.array([self._length(one), self._length(other)])
        pair = PairCounts(np.array([0]), np.array([1]), np.array([0]))
        return bool(are_ruled_out(pair, own, under, anchor_levels(lengths))[0])

    def _own(self, tag: int) -> Ragged:
        return without(self._wordings.columns(tag).anchors, self._furniture)

    def _of(self, tag: int) -> Tags:
        if tag < self._wordings.count:
            return self._under[:, tag]
        return anchors_under(self._own(tag))[:, 0]

    def _length(self, tag: int) -> int:
        if tag < self._wordings.count:
            return int(self._lengths[tag])
        return int(self._wordings.columns(tag).shingles.lengths[0])


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What an anchor is before or after the change: its witnesses, if it is under suspicion."""

    witnesses: tuple[int, ...] = ()
    many_stories: bool = False


class _Evidence:
    """What boilerplate is judged by, before and after the change."""

    def __init__(self, store: Store, wordings: Wordings, anchors: Circle) -> None:
        self._store = store
        self._wordings = wordings
        self._anchors = anchors
        self._stories = store.array("stories")
        self._counts = store.array("anchors")
        self._common = store.array("common")
        self._several = store.array("several")
        self._met: dict[tuple[int, bool], Counter[int]] = {}
        self.new_stories = self._joined_stories()

    def require_unchanged(self) -> None:
        changed = {
            key: (before, after)
            for key, held in self._anchors.changed.items()
            if max(len(held.before), len(held.after)) >= MIN_STORIES
            and (before := self._before(key, held)) != (after := self._after(key, held))
        }
        if not changed:
            return
        groups = _Groups(self._store, self._wordings.count)
        leaving, joining = groups.affected(changed)
        size = self._wordings.recipe.shingle_words
        old = {shingle for group in leaving for shingle in self._found(group, size)}
        new = {shingle for group in joining for shingle in self._found(group, size)}
        known = set(self._store.array("furniture").tolist())
        if not old <= new <= known:
            raise UncertainError

    def _found(self, group: Group, size: int) -> frozenset[int]:
        words = [self._wordings.words(tag) for tag in group.witnesses]
        return shingles_of_group(group, Ragged.concatenate(words, np.uint64), size)

    def _before(self, key: int, held: Held) -> _Verdict:
        return self._verdict(held.before, self._several_before(key, held))

    def _after(self, key: int, held: Held) -> _Verdict:
        if len(held.after) < MIN_STORIES:
            return _Verdict()
        first = int(held.after[0])
        if len(held.before) < MIN_STORIES or held.before[0] != first:
            met = self._of(first)
            return self._verdict(held.after, sum(met[tag] > 1 for tag in held.after[1:].tolist()))
        came = set(held.after.tolist()) - set(held.before.tolist())
        went = set(held.before.tolist()) - set(held.after.tolist())
        several = self._several_before(key, held)
        several += sum(self._of(tag)[first] > 1 for tag in came)
        several -= sum(self._of(tag, after=False)[first] > 1 for tag in went)
        return self._verdict(held.after, several)

    def _several_before(self, key: int, held: Held) -> int:
        if len(held.before) < MIN_STORIES:
            return 0
        place = int(np.searchsorted(self._common, np.uint64(key)))
        if place == len(self._common) or int(self._common[place]) != key:
            raise UncertainError
        return int(self._several[place])

    def _verdict(self, holders: Tags, several: int) -> _Verdict:
        if not are_in_company(np.array([several]), np.array([len(holders)]))[0]:
            return _Verdict()
        stories = [self._story(tag) for tag in holders.tolist()]
        witnesses = witnesses_of(holders, stories).tolist()
        many = len(set(stories)) >= MIN_STORIES
        if not many and not may_be_framed([self._anchors.keys(tag) for tag in witnesses]):
            return _Verdict()
        reborn = self._wordings.reborn
        return _Verdict(tuple(reborn.get(tag, tag) for tag in witnesses), many)

    def _story(self, tag: int) -> int:
        return self.new_stories[tag] if tag in self.new_stories else int(self._stories[tag])

    def _joined_stories(self) -> dict[int, int]:
        """Return the story of each newcomer.

        Raises:
            UncertainError: If stories are joined by a newcomer, or parted by who is gone.
        """
        stories: dict[int, int] = {}
        near = {tag: self._near(tag) for tag in self._wordings.newcomers}
        for group in _groups(near):
            others = {int(self._stories[tag]) for tag in group if tag < self._wordings.count}
            if len(others) > 1:
                raise UncertainError
            label = others.pop() if others else -1 - min(group)
            stories |= {tag: label for tag in group if tag >= self._wordings.count}
        gone = {tag: self._near(tag, after=False) for tag in self._wordings.gone}
        for group in _groups(gone):
            left = {tag for tag in group if tag not in self._wordings.gone}
            if len(left) > 1 and not self._are_together(left):
                raise UncertainError
        return stories

    def _are_together(self, tags: set[int]) -> bool:
        """Return whether some wordings tell one story after the change, by way of a few others."""
        reached, waiting, asked = {min(tags)}, [min(tags)], 0
        while waiting and asked < _STEPS and not tags <= reached:
            asked += 1
            near = self._near(waiting.pop(0)) - reached
            reached |= near
            waiting = [*sorted(near & tags), *waiting, *sorted(near - tags)]
        return tags <= reached

    def _near(self, tag: int, *, after: bool = True) -> set[int]:
        """Return who tells the same story as a wording, as far as anchors say."""
        met = self._of(tag, after=after)
        if not met:
            return set()
        others = np.array(list(met), np.int64)
        sizes = np.array([self._size(other) for other in others.tolist()])
        own = np.full(len(others), self._size(tag))
        shared = np.array(list(met.values()), np.int64)
        return set(others[tell_one_story(shared, own, sizes)].tolist())

    def _of(self, tag: int, *, after: bool = True) -> Counter[int]:
        """Return with whom a wording shares how many anchors."""
        if (tag, after) not in self._met:
            keys = self._anchors.keys(tag)
            self._met[tag, after] = self._anchors.met(tag, keys, after=after)
        return self._met[tag, after]

    def _size(self, tag: int) -> int:
        if tag < self._wordings.count:
            return int(self._counts[tag])
        return len(self._anchors.keys(tag))


class _Groups:
    """The groups in which anchors are judged, as they were written down."""

    def __init__(self, store: Store, count: int) -> None:
        self._mask = int(low_bits(count))
        self._keys = store.array("common")
        self._numbers = store.array("group")
        witnesses = Ragged.from_lengths(store.array("witnesses"), store.array("witnesses of"))
        many = store.array("many stories").tolist()
        verdicts = zip(witnesses, many, strict=True)
        self._known = {
            _Verdict(tuple(row.tolist()), stories): number
            for number, (row, stories) in enumerate(verdicts)
        }

    def affected(
        self, changed: Mapping[int, tuple[_Verdict, _Verdict]]
    ) -> tuple[list[Group], list[Group]]:
        """Return the groups that anchors leave or join, as they are before and after."""
        verdicts = {verdict for pair in changed.values() for verdict in pair if verdict.witnesses}
        before, after = [], []
        for verdict in sorted(verdicts, key=lambda one: (one.witnesses, one.many_stories)):
            members = self._members(verdict)
            before.append((members, verdict))
            left = {key for key in members if key not in changed}
            joined = {key for key, (_, new) in changed.items() if new == verdict}
            after.append((left | joined, verdict))
        return self._as_groups(before), self._as_groups(after)

    def _members(self, verdict: _Verdict) -> set[int]:
        number = self._known.get(verdict, -1)
        return set(self._keys[self._numbers == number].tolist()) if number >= 0 else set()

    def _as_groups(self, members: Iterable[tuple[set[int], _Verdict]]) -> list[Group]:
        """Return groups whose anchors are in the order in which a scan looks at them."""
        return [
            Group(
                tuple(sorted(keys, key=lambda key: key & self._mask)),
                verdict.witnesses,
                verdict.many_stories,
            )
            for keys, verdict in members
            if keys
        ]


def _groups(near: Mapping[int, set[int]]) -> list[set[int]]:
    """Return those that are near each other, and those near to them, as groups."""
    groups: list[set[int]] = []
    for tag, around in near.items():
        group = {tag, *around}
        links = near.keys() & group
        joined = [other for other in groups if other & links]
        groups = [other for other in groups if not other & links]
        groups.append(group.union(*joined))
    return groups


def _places(digests: UInt64s, fresh: UInt64s) -> Tags:
    """Return before which rank of the index each newcomer stands."""
    first = np.ascontiguousarray(digests[:, 0])
    return np.searchsorted(first, fresh[:, 0])
