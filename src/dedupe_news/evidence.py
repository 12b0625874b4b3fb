"""Whether what was learned to be boilerplate is what would be learned after a few changes.

Boilerplate is judged by stories, and by the first witnesses of each anchor that many hold.
Whoever joins a story or a crowd behind the first few changes nothing of that. Where a passage
gets another witness, it is read again before and after.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from dedupe_news.core.boilerplate import Group, shingles_of_group
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import low_bits
from dedupe_news.core.suspects import (
    JURY,
    MIN_STORIES,
    are_in_company,
    may_be_framed,
    reconciled,
    tell_one_story,
    testimony_of,
)
from dedupe_news.wordings import Circle, Held, UncertainError, Wordings

__all__ = ["Stories", "require_unchanged"]

_STEPS = 40  # wordings that are asked who is near them, to see whether a story holds together


def require_unchanged(wordings: Wordings, anchors: Circle) -> "Stories":
    """Check that what was learned to be boilerplate is what would be learned now.

    Returns:
        The stories that wordings tell after the change.

    Raises:
        UncertainError: If that cannot be shown.
    """
    if low_bits(wordings.count) != low_bits(wordings.count_after):
        raise UncertainError  # by these bits anchors are told apart
    stories = Stories(wordings, anchors)
    changed = {
        key: verdicts
        for key, verdicts in _Verdicts(wordings, anchors, stories).of_changed().items()
        if verdicts[0] != verdicts[1]
    }
    if not changed:
        return stories
    leaving, joining = _affected(wordings, anchors, changed)
    old = {shingle for group in leaving for shingle in _found(wordings, group)}
    new = {shingle for group in joining for shingle in _found(wordings, group)}
    known = set(wordings.store.column("furniture").whole().tolist())
    if not old <= new <= known:
        raise UncertainError
    return stories


def _found(wordings: Wordings, group: Group) -> frozenset[int]:
    words = wordings.words(group.witnesses)
    return shingles_of_group(group, words, wordings.recipe.shingle_words)


class _Verdict(NamedTuple):
    """What an anchor is before or after the change: its witnesses, if it is under suspicion."""

    witnesses: tuple[int, ...] = ()
    many_stories: bool = False


class Stories:
    """Which story each wording tells, before the change and after it."""

    def __init__(self, wordings: Wordings, anchors: Circle) -> None:
        """Find the stories of the newcomers.

        Raises:
            UncertainError: If stories are joined by a newcomer, or parted by who is gone.
        """
        self._wordings = wordings
        self._anchors = anchors
        self._known = wordings.store.column("stories")
        self._counts = wordings.store.column("anchors")
        self._met: dict[tuple[int, bool], Counter[int]] = {}
        self._new = self._joined()

    def of(self, tags: Sequence[int]) -> list[int]:
        """Return labels of the stories of some wordings."""
        count = self._wordings.count
        old = self._known.take(np.array([tag for tag in tags if tag < count], np.int64))
        labels = iter(old.tolist())
        return [self._new[tag] if tag >= count else next(labels) for tag in tags]

    def met(self, tag: int, *, after: bool = True) -> Counter[int]:
        """Return with whom a wording shares how many anchors."""
        if (tag, after) not in self._met:
            keys = self._anchors.keys(tag)
            self._met[tag, after] = self._anchors.met(tag, keys, after=after)
        return self._met[tag, after]

    def _joined(self) -> dict[int, int]:
        """Return the story of each newcomer."""
        gone, count = self._wordings.gone, self._wordings.count
        stories: dict[int, int] = {}
        near = {tag: self._near(tag) for tag in self._wordings.newcomers}
        for group in _groups(near):
            others = {*self._known.take(np.array([tag for tag in group if tag < count], np.int64))}
            if len(others) > 1:
                raise UncertainError
            label = int(others.pop()) if others else -1 - min(group)
            stories |= {tag: label for tag in group if tag >= count}
        for group in _groups({tag: self._near(tag, after=False) for tag in gone}):
            left = {tag for tag in group if tag not in gone}
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
        met = self.met(tag, after=after)
        if not met:
            return set()
        others = np.array(list(met), np.int64)
        sizes = self._sizes(others)
        shared = np.array(list(met.values()), np.int64)
        own = np.full(len(others), len(self._anchors.keys(tag)))
        return set(others[tell_one_story(shared, own, sizes)].tolist())

    def _sizes(self, tags: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> np.ndarray:
        old = tags < self._wordings.count
        sizes = np.empty(len(tags), np.int64)
        sizes[old] = self._counts.take(tags[old])
        sizes[~old] = [len(self._anchors.keys(tag)) for tag in tags[~old].tolist()]
        return sizes


class _Verdicts:
    """What the anchors of changed articles are, before the change and after it."""

    def __init__(self, wordings: Wordings, anchors: Circle, stories: Stories) -> None:
        self._wordings = wordings
        self._anchors = anchors
        self._stories = stories
        self._common = {
            key: held for key, held in anchors.changed.items() if max(held.sizes) >= MIN_STORIES
        }
        self._suspects = wordings.store.suspects(self._common)
        circles = {circle for _, circle in self._suspects.values() if circle is not None}
        self._circles = wordings.store.circles(circles)

    def of_changed(self) -> dict[int, tuple[_Verdict, _Verdict]]:
        """Return the verdict on each before and after, by key.

        Raises:
            UncertainError: If the index does not say what it was.
        """
        return {
            key: (self._before(key, held), self._after(key, held))
            for key, held in self._common.items()
        }

    def _before(self, key: int, held: Held) -> _Verdict:
        if held.sizes[0] < MIN_STORIES:
            return _Verdict()
        if key not in self._suspects:
            raise UncertainError
        circle = self._suspects[key][1]
        return _Verdict() if circle is None else _Verdict(*self._circles[circle])

    def _after(self, key: int, held: Held) -> _Verdict:
        if held.sizes[1] < MIN_STORIES:
            return _Verdict()
        several = np.array([self._several_after(key, held)])
        if not are_in_company(several, np.array([held.sizes[1]]))[0]:
            return _Verdict()
        jury = np.array(held.after[:JURY], np.int64)
        stories = reconciled(jury, self._stories.of(jury.tolist()), self._anchors_of)
        found, many = testimony_of(jury, stories)
        witnesses = found.tolist()
        if not many and not self._may_be_framed(witnesses):
            return _Verdict()
        reborn = self._wordings.reborn
        return _Verdict(tuple(reborn.get(tag, tag) for tag in witnesses), many)

    def _several_after(self, key: int, held: Held) -> int:
        """Return with how many holders the first shares several anchors after the change."""
        first, met = held.after[0], self._stories.met
        if held.sizes[0] < MIN_STORIES or held.before[0] != first:
            shared = met(first)
            return sum(shared[tag] > 1 for tag in self._anchors.all(key)[1:])
        several = self._suspects[key][0] + sum(met(tag)[first] > 1 for tag in held.came)
        return several - sum(met(tag, after=False)[first] > 1 for tag in held.went)

    def _may_be_framed(self, witnesses: Sequence[int]) -> bool:
        return may_be_framed(self._anchors_of(witnesses))

    def _anchors_of(self, tags: Sequence[int]) -> list[UInt64s]:
        self._wordings.read(tags)
        return [self._wordings.columns(tag).anchors[0] for tag in tags]


def _affected(
    wordings: Wordings, anchors: Circle, changed: Mapping[int, tuple[_Verdict, _Verdict]]
) -> tuple[list[Group], list[Group]]:
    """Return the groups that anchors leave or join, as they are before and after."""
    verdicts = {verdict for pair in changed.values() for verdict in pair if verdict.witnesses}
    before, after = [], []
    for verdict in sorted(verdicts, key=lambda one: (one.witnesses, one.many_stories)):
        members = wordings.store.keys_of_circle(verdict.witnesses, many=verdict.many_stories)
        left = {key for key in members if key & wordings.mask not in changed}
        joined = {anchors.whole[key] for key, (_, new) in changed.items() if new == verdict}
        before.append((members, verdict))
        after.append((left | joined, verdict))
    return _as_groups(before, wordings.mask), _as_groups(after, wordings.mask)


def _as_groups(members: Iterable[tuple[set[int], _Verdict]], mask: int) -> list[Group]:
    """Return groups whose anchors are in the order in which a scan looks at them."""
    return [
        Group(
            tuple(sorted(keys, key=lambda key: key & mask)), verdict.witnesses, verdict.many_stories
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
