"""Clusters: articles joined by matches, without welding strangers together.

A match says that two articles are variants of each other. That a matches b and b matches c
does not make a and c variants: b may be a digest, or the middle of a long chain of rewrites.
So a cluster grows from a seed, the article with most in common with its matches, and takes
in who matches the seed, or matches a member and still shares something with the seed; but
nobody who is a stranger to those already in it.

Articles are known by rank: a number that depends on their texts only, so that no tie is ever
broken by the order of the input.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import chain, combinations, pairwise

import numpy as np
import numpy.typing as npt

from dedupe_news.core.components import component_labels, components
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.verify import Comparisons

__all__ = ["Clustering", "grow_clusters"]

_MOSTLY = 0.5  # resemblance from which an article is one of its matches, and no digest of them
_WITNESSES = 4  # members that a newcomer must not be a stranger to: keeps the work linear
_SMALL = 4  # members of a group whose pairs are compared beforehand
_POSSIBLE_SEEDS = 4  # of a component in doubt, from all of which it is grown

_ROUNDING = 1e-9  # more than a few operations can be wrong by, or a sum in proportion

Compare = Callable[[npt.NDArray[np.int64], npt.NDArray[np.int64]], Comparisons]


@dataclass(frozen=True, slots=True)
class Clustering:
    """Which articles belong together.

    Attributes:
        clusters: Ranks of the members of each cluster, ascending; clusters by first member.
        overlaps: Pairs (member, outsider) that match but are not in one cluster, ascending.
        asked: Rows of pairs in doubt on which all this may depend, shape (n,), int64. If there
            are any, somebody has to decide them, and clusters have to be grown anew, until there
            are none.
    """

    clusters: tuple[tuple[int, ...], ...]
    overlaps: tuple[tuple[int, int], ...]
    asked: npt.NDArray[np.int64] = field(
        default_factory=lambda: np.empty(0, np.int64), compare=False
    )


def grow_clusters(
    pairs: Comparisons,
    count: int,
    compare: Compare,
    floor: float,
    doubts: Comparisons | None = None,
) -> Clustering:
    """Return the clusters that the matches among `pairs` form.

    Args:
        pairs: All compared pairs, matching or not, ascending, each once.
        count: Number of articles; all ranks lie below.
        compare: Compares further pairs, for those that were never candidates.
        floor: Containment below which two articles are strangers.
        doubts: Further pairs that share something; whether they match is to be asked only if
            anything depends on it.
    """
    matches = pairs.take(pairs.matches)
    labels = component_labels(matches.left, matches.right, count)
    groups = components(labels)
    are_whole = _are_whole(groups, np.bincount(labels[matches.left], minlength=count))
    whole, torn = (groups.take(np.flatnonzero(mask)) for mask in (are_whole, ~are_whole))
    known = _Known(matches.take(np.isin(matches.left, torn.values)), compare, floor)
    known.ask(_likely_to_be_asked(torn, known))
    open_ = doubts or Comparisons.concatenate([])
    firsts = _firsts(torn, labels, known, open_)
    asked = _asked(open_, firsts, count)
    grown = sorted(chain.from_iterable(_split(one, known, firsts) for one in _members(torn)))
    digests = _digests(grown, known, count)
    if digests and not len(asked):
        home = _homes(grown, count)
        asked = np.flatnonzero(np.isin(home[open_.left], home[list(digests)]))
    clusters = sorted([*_members(whole), *_without(digests, grown, known)])
    return Clustering(tuple(clusters), _overlaps(clusters, matches, count), asked)


def _are_whole(groups: Ragged, matches: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Return in which groups everybody matches everybody: they are clusters, and most are such.

    Args:
        groups: The components that matches form.
        matches: How many there are in the component of each first member, shape (articles,).
    """
    sizes = groups.lengths
    most = sizes * (sizes - 1) // 2
    result: npt.NDArray[np.bool_] = matches[groups.values[groups.starts]] == most
    return result


def _firsts(
    groups: Ragged, labels: npt.NDArray[np.int64], known: "_Known", doubts: Comparisons
) -> Mapping[int, Sequence[int]]:
    """Return by first member the first clusters of groups with doubts, if they are so in any case.

    Args:
        groups: The components that matches form.
        labels: The first member of the component of each article.
        known: What is known of pairs.
        doubts: Pairs that may match.
    """
    if not len(doubts):
        return {}
    homes, others = labels[doubts.left], labels[doubts.right]
    across = homes != others
    in_doubt = np.zeros(len(labels), np.bool_)
    in_doubt[homes] = True
    in_doubt[homes[across]] = in_doubt[others[across]] = False
    outlook = _Outlook(known, doubts, len(labels))
    rows = np.flatnonzero(in_doubt[groups.values[groups.starts]]).tolist()
    return {int(groups[row][0]): outlook.cluster_in(groups[row]) for row in rows}


def _asked(
    doubts: Comparisons, firsts: Mapping[int, Sequence[int]], count: int
) -> npt.NDArray[np.int64]:
    """Return the rows of all doubts but those inside of clusters that are the same in any case."""
    settled = np.zeros(count, np.bool_)
    settled[[*chain.from_iterable(firsts.values())]] = True
    return np.flatnonzero(~(settled[doubts.left] & settled[doubts.right]))


class _Outlook:
    """What may become of a component in which some pairs are in doubt.

    It is grown from each article that may turn out to have most in common with its matches. If the
    first members are who they are whatever is in doubt, a doubt inside of the cluster could bring
    somebody in sooner, and make a stranger of nobody.
    """

    def __init__(self, known: "_Known", doubts: Comparisons, count: int) -> None:
        self._known = known
        sure, may_be = _strengths(known.pairs), _strengths(doubts)
        self._least = np.bincount(*sure, count)
        self._most = (self._least + np.bincount(*may_be, count)) * (1 + _ROUNDING)
        self._doubtful = np.full(count, -np.inf)  # the strongest of each that is in doubt
        np.maximum.at(self._doubtful, *may_be)

    def cluster_in(self, members: npt.NDArray[np.int64]) -> list[int]:
        """Return the first cluster of a component in any case, but for doubts outside of it.

        None of the members if it cannot be told.
        """
        may_seed = self._most[members] >= self._least[members].max()
        seeds = members[may_seed].tolist()
        if len(seeds) > _POSSIBLE_SEEDS:
            return []
        everybody = set(members.tolist())
        grown = [_grown(seed, everybody, self._known) for seed in seeds]
        alike = all(set(one) == set(grown[0]) for one in grown)
        return grown[0] if alike and all(map(self._has_sure_witnesses, grown)) else []

    def _has_sure_witnesses(self, cluster: Sequence[int]) -> bool:
        """Whether those who joined a seed first would do so whatever is in doubt.

        They do where each of them matches it more strongly than anybody who may match it: whoever
        was refused before one of them is refused in any case.
        """
        seed, *others = cluster[:_WITNESSES]
        matches, doubtful = self._known.matches[seed], self._doubtful[seed]
        near = [rank for rank in others if matches.get(rank, -np.inf) > doubtful]
        return len(near) == _WITNESSES - 1


def _strengths(pairs: Comparisons) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return both ends of all pairs, and with each how much these have in common."""
    return np.concatenate((pairs.left, pairs.right)), np.tile(pairs.strength, 2)


def _members(groups: Ragged) -> Iterator[tuple[int, ...]]:
    values = tuple(groups.values.tolist())
    return (values[slice(*bounds)] for bounds in pairwise(groups.offsets.tolist()))


def _likely_to_be_asked(torn: Ragged, known: "_Known") -> list[tuple[int, int]]:
    """Return the pairs of small groups that do not match: one of three, in most groups.

    To compare them one by one takes ten times as long as all at once.
    """
    small = torn.take(np.flatnonzero(torn.lengths <= _SMALL))
    pairs = chain.from_iterable(combinations(members, 2) for members in _members(small))
    return [(one, other) for one, other in pairs if other not in known.matches[one]]


def _overlaps(
    clusters: Sequence[tuple[int, ...]], matches: Comparisons, count: int
) -> tuple[tuple[int, int], ...]:
    """Return the pairs that match across clusters, each side that is in one first, ascending."""
    home = _homes(clusters, count)
    ends = np.concatenate((matches.left, matches.right))
    others = np.concatenate((matches.right, matches.left))
    across = (home[ends] >= 0) & (home[ends] != home[others])
    pairs = zip(ends[across].tolist(), others[across].tolist(), strict=True)
    return tuple(sorted(pairs))


def _homes(clusters: Sequence[tuple[int, ...]], count: int) -> npt.NDArray[np.int64]:
    """Return the number of the cluster that each article is in, -1 for none, shape (count,)."""
    home = np.full(count, -1, np.int64)
    members = np.fromiter(chain.from_iterable(clusters), np.int64)
    home[members] = np.repeat(np.arange(len(clusters)), [len(one) for one in clusters])
    return home


class _Known:
    """What is known of pairs: who matches whom, and who is a stranger to whom.

    Of two who both match a third, much is known without comparing them: what both share with it
    must overlap, unless the third has room for both.
    """

    def __init__(self, matches: Comparisons, compare: Compare, floor: float) -> None:
        self._compare = compare
        self._floor = floor
        self._shares: dict[tuple[int, int], bool] = {}
        self.pairs = matches
        self._by_right = np.argsort(matches.right, kind="stable")
        self._rights = matches.right[self._by_right]
        self._parts = _Parts.of(-1, matches.take(np.empty(0, np.int64)))
        self.matches = self._both_ways()

    def _both_ways(self) -> dict[int, dict[int, float]]:
        """Return whom each article matches, ascending, and how much both have in common."""
        pairs, held = self.pairs, self._by_right
        strength = pairs.strength
        ends = np.concatenate((self._rights, pairs.left))
        order = np.argsort(ends, kind="stable")  # who is less than an article stands first
        ends = ends[order]
        others = np.concatenate((pairs.left[held], pairs.right))[order].tolist()
        strengths = np.concatenate((strength[held], strength))[order].tolist()
        bounds = np.flatnonzero(np.diff(ends, prepend=-1, append=-1))
        return {
            rank: dict(zip(others[start:end], strengths[start:end], strict=True))
            for rank, (start, end) in zip(
                ends[bounds[:-1]].tolist(), pairwise(bounds.tolist()), strict=True
            )
        }

    def strength(self, rank: int, among: set[int]) -> float:
        """Sum of what an article has in common with its matches among some."""
        return sum(value for other, value in self.matches[rank].items() if other in among)

    def ask(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Compare those pairs, left before right, that have not been compared yet: all at once."""
        missing = [pair for pair in pairs if pair not in self._shares]
        if missing:
            left, right = np.array(missing, np.int64).T
            found = self._compare(left, right).containment >= self._floor
            self._shares.update(zip(missing, found.tolist(), strict=True))

    def strangers(self, some: Sequence[int], others: Sequence[int], third: int) -> set[int]:
        """Return those of some who are strangers to any of others: they are compared at once.

        Args:
            some: Articles.
            others: Those that they must not be strangers to.
            third: An article whom most of them match, to tell much without comparing.
        """
        known = self._parts_of(third)
        asked = [
            (min(one, other), max(one, other))
            for other, matches in ((other, self.matches[other]) for other in others)
            for one in known.uncertain(
                [one for one in some if one not in matches], other, self._floor
            )
        ]
        self.ask(asked)
        apart = chain.from_iterable(pair for pair in asked if not self._shares[pair])
        return set(apart).difference(others)

    def _parts_of(self, third: int) -> "_Parts":
        if third != self._parts.third:
            held = self._by_right[slice(*np.searchsorted(self._rights, (third, third + 1)))]
            first, last = np.searchsorted(self.pairs.left, (third, third + 1))
            rows = np.concatenate((held, np.arange(first, last)))
            self._parts = _Parts.of(third, self.pairs.take(rows))
        return self._parts


@dataclass(frozen=True, slots=True)
class _Parts:
    """What articles have in common with one whom all of them match, as parts of the larger.

    Attributes:
        third: The one.
        ranks: The articles, shape (n,), int64, ascending.
        shared: What each shares with it, shape (n,), float64.
        smaller: The smaller of both, shape (n,), float64.
    """

    third: int
    ranks: npt.NDArray[np.int64]
    shared: npt.NDArray[np.float64]
    smaller: npt.NDArray[np.float64]

    @classmethod
    def of(cls, third: int, pairs: Comparisons) -> "_Parts":
        """Return the parts of an article, given the pairs in which it matches another."""
        ranks = pairs.left + pairs.right - third
        order = np.argsort(ranks)
        one = 1 / pairs.resemblance[order]
        other = 1 / pairs.containment[order]
        larger = one + 1 - other  # where what they share is 1
        return cls(third, ranks[order], 1 / larger, other / larger)

    def uncertain(self, some: Sequence[int], other: int, floor: float) -> Sequence[int]:
        """Return those of some who may be strangers to another, as far as these parts tell.

        Args:
            some: Articles.
            other: The other.
            floor: Containment below which two are strangers.
        """
        (place,), (known,) = self._places([other])
        if not known:
            return some
        places, among = self._places(some)
        common = self.shared[places] + self.shared[place] - 1  # least share of the third in both
        sure = common * np.maximum(self.smaller[places], self.smaller[place]) >= floor + _ROUNDING
        return [one for one, told in zip(some, (among & sure).tolist(), strict=True) if not told]

    def _places(self, some: Sequence[int]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Return where articles stand here, and which of them do."""
        wanted = np.array(some, np.int64)
        places = np.minimum(np.searchsorted(self.ranks, wanted), len(self.ranks) - 1)
        return places, self.ranks[places] == wanted


def _split(
    members: Sequence[int], known: _Known, firsts: Mapping[int, Sequence[int]]
) -> Iterator[tuple[int, ...]]:
    """Yield the clusters that one component holds; who finds no company is left out."""
    left = set(members)
    if first := firsts.get(members[0]):
        left.difference_update(first)
        yield tuple(sorted(first))
    strength = {rank: known.strength(rank, left) for rank in left}
    seeds = [(-value, rank) for rank, value in strength.items()]
    heapify(seeds)
    while len(left) > 1:
        weight, seed = heappop(seeds)
        if seed not in left or weight != -strength[seed]:
            continue  # it has found company, or some of its matches have
        if weight == 0:
            return
        cluster = _grown(seed, left, known)
        left.difference_update(cluster)
        if left:
            bereft = left.intersection(chain.from_iterable(map(known.matches.__getitem__, cluster)))
            for rank in bereft:
                strength[rank] = known.strength(rank, left)
                heappush(seeds, (-strength[rank], rank))
        yield tuple(sorted(cluster))


def _digests(clusters: list[tuple[int, ...]], known: _Known, count: int) -> set[int]:
    """Return the articles that carry members of several clusters.

    Such an article resembles none of what it carries, and all that it matches is in company: what
    it overlaps must be told.
    """
    home = _homes(clusters, count)
    left, right = known.pairs.left, known.pairs.right
    across = home[left] != home[right]
    torn = set(chain(left[across].tolist(), right[across].tolist()))
    return {rank for rank in torn if _is_digest(rank, home, known)}


def _without(
    digests: set[int], clusters: list[tuple[int, ...]], known: _Known
) -> Iterator[tuple[int, ...]]:
    """Yield the clusters without digests, where the others hold together without them."""
    for members in clusters:
        kept = tuple(rank for rank in members if rank not in digests)
        fewer = 1 < len(kept) < len(members)
        yield kept if fewer and _hold_together(kept, known) else members


def _hold_together(members: Sequence[int], known: _Known) -> bool:
    reached, frontier = {members[0]}, [members[0]]
    inside = set(members)
    while frontier:
        near = inside.intersection(known.matches[frontier.pop()]) - reached
        reached |= near
        frontier.extend(near)
    return reached == inside


def _is_digest(rank: int, home: npt.NDArray[np.int64], known: _Known) -> bool:
    """Whether an article, of which a match is in another cluster, is no more than a digest."""
    matches = known.matches[rank]
    in_company = bool((home[list(matches)] >= 0).all())
    return in_company and max(matches.values()) < 1 + _MOSTLY


def _grown(seed: int, left: set[int], known: _Known) -> list[int]:
    """Return the seed and those who join it, nearest first."""
    cluster = [seed]
    inside = {seed}
    frontier = [seed]
    while frontier and len(cluster) < len(left):
        newcomers: dict[int, float] = {}
        for member in frontier:
            for rank, strength in known.matches[member].items():
                if rank in left and rank not in inside:
                    newcomers[rank] = max(strength, newcomers.get(rank, 0.0))
        frontier = []
        ordered = sorted(newcomers, key=lambda rank: (-newcomers[rank], rank))
        strangers: set[int] = set()
        asked = 0
        for place, rank in enumerate(ordered):
            if asked < min(len(cluster), _WITNESSES):
                witnesses = cluster[asked:_WITNESSES]
                strangers |= known.strangers(ordered[place:], witnesses, seed)
                asked += len(witnesses)
            if rank not in strangers:
                cluster.append(rank)
                inside.add(rank)
                frontier.append(rank)
    return cluster
