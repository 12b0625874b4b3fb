"""Clusters: articles joined by matches, without welding strangers together.

A match says that two articles are variants of each other. That a matches b and b matches c
does not make a and c variants: b may be a digest, or the middle of a long chain of rewrites.
So a cluster grows from a seed, the article with most in common with its matches, and takes
in who matches the seed, or matches a member and still shares something with the seed; but
nobody who is a stranger to those already in it.

Articles are known by rank: a number that depends on their texts only, so that no tie is ever
broken by the order of the input.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from dedupe_news.core.components import component_labels, components
from dedupe_news.core.verify import Comparisons

__all__ = ["Clustering", "grow_clusters"]

_MOSTLY = 0.5  # resemblance from which an article is one of its matches, and no digest of them
_WITNESSES = 4  # members that a newcomer must not be a stranger to: keeps the work linear

_ROUNDING = 1e-9  # more than a few operations can be wrong by

Compare = Callable[[npt.NDArray[np.int64], npt.NDArray[np.int64]], Comparisons]


@dataclass(frozen=True, slots=True)
class Clustering:
    """Which articles belong together.

    Attributes:
        clusters: Ranks of the members of each cluster, ascending; clusters by first member.
        overlaps: Pairs (member, outsider) that match but are not in one cluster, ascending.
    """

    clusters: tuple[tuple[int, ...], ...]
    overlaps: tuple[tuple[int, int], ...]


def grow_clusters(pairs: Comparisons, count: int, compare: Compare, floor: float) -> Clustering:
    """Return the clusters that the matches among `pairs` form.

    Args:
        pairs: All compared pairs, matching or not, ascending, each once.
        count: Number of articles; all ranks lie below.
        compare: Compares further pairs, for those that were never candidates.
        floor: Containment below which two articles are strangers.
    """
    matches = pairs.take(pairs.matches)
    labels = component_labels(matches.left, matches.right, count)
    sizes = np.bincount(labels, minlength=count)
    crowded = sizes[labels[matches.left]] > 2  # noqa: PLR2004 - two who match are a cluster
    couples = zip(matches.left[~crowded].tolist(), matches.right[~crowded].tolist(), strict=True)
    known = _Known(matches.take(crowded), compare, floor)
    grown: list[tuple[int, ...]] = []
    for members in components(matches.left[crowded], matches.right[crowded], count):
        grown.extend(_split(members, known))
    clusters = sorted([*couples, *_without_digests(sorted(grown), known)])
    return Clustering(tuple(clusters), _overlaps(clusters, matches, count))


def _overlaps(
    clusters: Sequence[tuple[int, ...]], matches: Comparisons, count: int
) -> tuple[tuple[int, int], ...]:
    """Return the pairs that match across clusters, each side that is in one first."""
    home = np.full(count, -1, np.int64)
    members = np.fromiter(chain.from_iterable(clusters), np.int64)
    home[members] = np.repeat(np.arange(len(clusters)), [len(one) for one in clusters])
    ends = np.concatenate((matches.left, matches.right))
    others = np.concatenate((matches.right, matches.left))
    across = (home[ends] >= 0) & (home[ends] != home[others])
    pairs = zip(ends[across].tolist(), others[across].tolist(), strict=True)
    return tuple(sorted(pairs))


class _Known:
    """What is known of pairs: who matches whom, and who is a stranger to whom.

    Of two who both match a third, much is known without comparing them: what both share with it
    must overlap, unless the third has room for both.
    """

    def __init__(self, matches: Comparisons, compare: Compare, floor: float) -> None:
        self._compare = compare
        self._floor = floor
        self.matches: dict[int, dict[int, float]] = {}
        self._shares: dict[tuple[int, int], bool] = {}
        self._pairs = matches
        self._by_right = np.argsort(matches.right, kind="stable")
        self._rights = matches.right[self._by_right]
        self._third = -1
        self._parts: dict[int, tuple[float, float]] = {}  # of those who match the third
        for left, right, strength in matches.strengths():
            self.matches.setdefault(left, {})[right] = strength
            self.matches.setdefault(right, {})[left] = strength

    def strength(self, rank: int, among: set[int]) -> float:
        """Sum of what an article has in common with its matches among some."""
        return sum(value for other, value in self.matches[rank].items() if other in among)

    def share_something(self, one: int, others: list[int]) -> bool:
        """Whether an article is a stranger to none of the others, who were looked at before."""
        return all(self._match(pair) or self._shares[pair] for pair in _pairs([one], others))

    def look_ahead(self, some: Iterable[int], others: Sequence[int]) -> None:
        """Compare some articles with others as far as that has not been done: all at once.

        Args:
            some: Articles.
            others: Those that they are compared with; most of all match the first of these.
        """
        parts = self._parts_of(others[0])
        missing = [
            pair
            for pair in _pairs(some, others)
            if pair not in self._shares
            and not self._match(pair)
            and not self._surely_share(pair, parts)
        ]
        if missing:
            left, right = np.array(missing, np.int64).T
            found = self._compare(left, right).containment >= self._floor
            self._shares.update(zip(missing, found.tolist(), strict=True))

    def _surely_share(
        self, pair: tuple[int, int], parts: Mapping[int, tuple[float, float]]
    ) -> bool:
        """Whether two articles are no strangers by what each has in common with a third.

        Args:
            pair: The two.
            parts: For each who matches the third, what both share, and the smaller of both, as
                parts of the larger.
        """
        if pair[0] not in parts or pair[1] not in parts:
            return False
        one, other = parts[pair[0]], parts[pair[1]]
        common = one[0] + other[0] - 1  # least share of the third that is in both
        if common * max(one[1], other[1]) < self._floor + _ROUNDING:
            return False
        self._shares[pair] = True
        return True

    def _parts_of(self, third: int) -> Mapping[int, tuple[float, float]]:
        """Return for all who match an article what both share, and the smaller, by the larger."""
        if third != self._third:
            held = self._by_right[slice(*np.searchsorted(self._rights, (third, third + 1)))]
            first, last = np.searchsorted(self._pairs.left, (third, third + 1))
            rows = self._pairs.take(np.concatenate((held, np.arange(first, last))))
            larger = 1 / rows.resemblance + 1 - 1 / rows.containment  # where what they share is 1
            shares = zip(
                (1 / larger).tolist(), (1 / rows.containment / larger).tolist(), strict=True
            )
            self._third = third
            self._parts = dict(zip((rows.left + rows.right - third).tolist(), shares, strict=True))
        return self._parts

    def _match(self, pair: tuple[int, int]) -> bool:
        return pair[1] in self.matches.get(pair[0], ())


def _pairs(some: Iterable[int], others: Sequence[int]) -> list[tuple[int, int]]:
    return [(min(one, other), max(one, other)) for one in some for other in others]


def _split(members: npt.NDArray[np.int64], known: _Known) -> Iterator[tuple[int, ...]]:
    """Yield the clusters that one component holds; who finds no company is left out."""
    left = set(members.tolist())
    while len(left) > 1:
        strength = {rank: known.strength(rank, left) for rank in left}
        seed = min(left, key=lambda rank: (-strength[rank], rank))
        if strength[seed] == 0:
            return
        cluster = _grown(seed, left, known)
        left -= set(cluster)
        yield tuple(sorted(cluster))


def _without_digests(clusters: list[tuple[int, ...]], known: _Known) -> Iterator[tuple[int, ...]]:
    """Yield the clusters without articles that carry members of several.

    Such an article resembles none of what it carries. It is left out of its cluster only
    where all that it matches is in company (what it overlaps must be told), and where the
    others hold together without it.
    """
    home = {rank: number for number, members in enumerate(clusters) for rank in members}
    for number, members in enumerate(clusters):
        kept = [rank for rank in members if not _is_digest(rank, number, home, known)]
        yield tuple(kept) if len(kept) > 1 and _hold_together(kept, known) else members


def _hold_together(members: list[int], known: _Known) -> bool:
    reached, frontier = {members[0]}, [members[0]]
    inside = set(members)
    while frontier:
        near = inside.intersection(known.matches[frontier.pop()]) - reached
        reached |= near
        frontier.extend(near)
    return reached == inside


def _is_digest(rank: int, number: int, home: dict[int, int], known: _Known) -> bool:
    matches = known.matches[rank]
    homes = {home.get(other, -1) for other in matches}
    carries_others = len(homes - {number}) > 0 and -1 not in homes
    return carries_others and max(matches.values()) < 1 + _MOSTLY


def _grown(seed: int, left: set[int], known: _Known) -> list[int]:
    """Return the seed and those who join it, nearest first."""
    cluster = [seed]
    inside = {seed}
    frontier = [seed]
    while frontier:
        newcomers: dict[int, float] = {}
        for member in frontier:
            for rank, strength in known.matches[member].items():
                if rank in left and rank not in inside:
                    newcomers[rank] = max(strength, newcomers.get(rank, 0.0))
        frontier = []
        ordered = sorted(newcomers, key=lambda rank: (-newcomers[rank], rank))
        looked = 0
        for place, rank in enumerate(ordered):
            witnesses = cluster[:_WITNESSES]
            if len(witnesses) > looked:
                looked = len(witnesses)
                known.look_ahead(ordered[place:], witnesses)
            if known.share_something(rank, witnesses):
                cluster.append(rank)
                inside.add(rank)
                frontier.append(rank)
    return cluster
