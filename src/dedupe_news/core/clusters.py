"""Clusters: articles joined by matches, without welding strangers together.

A match says that two articles are variants of each other. That a matches b and b matches c
does not make a and c variants: b may be a digest, or the middle of a long chain of rewrites.
So a cluster grows from a seed, the article with most in common with its matches, and takes
in who matches the seed, or matches a member and still shares something with the seed; but
nobody who is a stranger to those already in it.

Articles are known by rank: a number that depends on their texts only, so that no tie is ever
broken by the order of the input.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import chain, combinations, pairwise

import numpy as np
import numpy.typing as npt

from dedupe_news.core.acquaintance import Compare, Known
from dedupe_news.core.components import component_labels, components
from dedupe_news.core.growth import first_clusters, grown_from
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.verify import Comparisons

__all__ = ["Clustering", "grow_clusters"]

_MOSTLY = 0.5  # resemblance from which an article is one of its matches, and no digest of them
_SMALL = 4  # members of a group whose pairs are compared beforehand


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
    known = Known(matches.take(np.isin(matches.left, torn.values)), compare, floor)
    known.ask(_likely_to_be_asked(torn, known))
    open_ = doubts or Comparisons.concatenate([])
    firsts = first_clusters(torn, labels, known, open_)
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


def _asked(
    doubts: Comparisons, firsts: Mapping[int, Sequence[int]], count: int
) -> npt.NDArray[np.int64]:
    """Return the rows of all doubts but those inside of clusters that are the same in any case."""
    settled = np.zeros(count, np.bool_)
    settled[[*chain.from_iterable(firsts.values())]] = True
    return np.flatnonzero(~(settled[doubts.left] & settled[doubts.right]))


def _members(groups: Ragged) -> Iterator[tuple[int, ...]]:
    values = tuple(groups.values.tolist())
    return (values[slice(*bounds)] for bounds in pairwise(groups.offsets.tolist()))


def _likely_to_be_asked(torn: Ragged, known: Known) -> list[tuple[int, int]]:
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


def _split(
    members: Sequence[int], known: Known, firsts: Mapping[int, Sequence[int]]
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
        cluster = grown_from(seed, left, known)
        left.difference_update(cluster)
        if left:
            bereft = left.intersection(chain.from_iterable(map(known.matches.__getitem__, cluster)))
            for rank in bereft:
                strength[rank] = known.strength(rank, left)
                heappush(seeds, (-strength[rank], rank))
        yield tuple(sorted(cluster))


def _digests(clusters: list[tuple[int, ...]], known: Known, count: int) -> set[int]:
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
    digests: set[int], clusters: list[tuple[int, ...]], known: Known
) -> Iterator[tuple[int, ...]]:
    """Yield the clusters without digests, where the others hold together without them."""
    for members in clusters:
        kept = tuple(rank for rank in members if rank not in digests)
        fewer = 1 < len(kept) < len(members)
        yield kept if fewer and _hold_together(kept, known) else members


def _hold_together(members: Sequence[int], known: Known) -> bool:
    reached, frontier = {members[0]}, [members[0]]
    inside = set(members)
    while frontier:
        near = inside.intersection(known.matches[frontier.pop()]) - reached
        reached |= near
        frontier.extend(near)
    return reached == inside


def _is_digest(rank: int, home: npt.NDArray[np.int64], known: Known) -> bool:
    """Whether an article, of which a match is in another cluster, is no more than a digest."""
    matches = known.matches[rank]
    in_company = bool((home[list(matches)] >= 0).all())
    return in_company and max(matches.values()) < 1 + _MOSTLY
