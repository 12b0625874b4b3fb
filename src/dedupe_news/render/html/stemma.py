"""Which variant stands nearest to which, read from the changes that they share.

A change that two variants have in common was hardly made twice: the later one descends from the
earlier, or both from a third. So each variant hangs from the earlier one most of whose changes
it repeats, and from the base where it repeats none.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dedupe_news.model import Change, Cluster, Variant

__all__ = ["MOST", "Branch", "Kin", "branches", "kinship"]

Innovation = tuple[str, tuple[int, ...], str]
"""What a change brought: its mark, where in the base, and the words."""

MOST = 1000
"""Variants that are compared, each with each; of more, only the links are shown."""
_DEEPEST = 12  # lists in each other


@dataclass(frozen=True, slots=True)
class Kin:
    """Where a variant hangs in the tree.

    Attributes:
        parent: Place among the cluster's members of the one it is nearest to; 0 is the base.
        shared: How many changes the two have in common; 0 where the base is nearest.
        depth: How far from the base, from 1.
    """

    parent: int
    shared: int = 0
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Branch:
    """A member in the order in which a tree is drawn.

    Attributes:
        place: Its place among the members.
        opens: Whether others hang from it.
        closes: How many lists end behind it.
    """

    place: int
    opens: bool
    closes: int


def branches(kin: Sequence[Kin]) -> list[Branch]:
    """Return all members, each below the one that it is nearest to, the base first.

    Below a certain depth nothing is indented any further: no screen is wide enough.
    """
    children: dict[int, list[int]] = defaultdict(list)
    for place, each in enumerate(kin, 1):
        children[each.parent].append(place)
    order, waiting = [], [0]
    while waiting:
        here = waiting.pop()
        order.append(here)
        waiting += reversed(children[here])
    depths = [min(kin[place - 1].depth, _DEEPEST) if place else 0 for place in order]
    steps = [below - above for above, below in zip(depths, [*depths[1:], 0], strict=True)]
    return [
        Branch(place, step > 0, max(-step, 0)) for place, step in zip(order, steps, strict=True)
    ]


def kinship(cluster: Cluster) -> tuple[Kin, ...]:
    """Return the place of each variant in the tree, in the order of the variants."""
    places = {member.id: place for place, member in enumerate(cluster.members)}
    through = [Kin(places.get(variant.via, 0)) for variant in cluster.variants]
    if len(through) > MOST:
        return tuple(_rooted(through))
    nearest = _nearest([_innovations(variant) for variant in cluster.variants])
    return tuple(_rooted([near or via for near, via in zip(nearest, through, strict=True)]))


def _rooted(kin: Sequence[Kin]) -> list[Kin]:
    """Return the same with depths; where a chain leads back to itself, the base is put in."""
    depths = {0: 0}
    parents = [0, *(each.parent for each in kin)]
    for place in range(1, len(parents)):
        chain = [place]
        while chain[-1] not in depths:
            if parents[chain[-1]] in chain:
                parents[chain[-1]] = 0
            chain.append(parents[chain[-1]])
        for below, above in zip(chain[-2::-1], chain[:0:-1], strict=True):
            depths[below] = depths[above] + 1
    return [
        Kin(parent, each.shared if parent else 0, depths[place])
        for place, (parent, each) in enumerate(zip(parents[1:], kin, strict=True), 1)
    ]


def _nearest(news: Sequence[frozenset[Innovation]]) -> list[Kin | None]:
    """Return for each variant the earlier one at least half of whose changes it repeats, if any."""
    holders: dict[Innovation, list[int]] = defaultdict(list)
    found: list[Kin | None] = []
    for number, own in enumerate(news):
        shared = Counter(other for each in own for other in holders[each])
        ranks = [
            (count, count - len(news[other]), -other)
            for other, count in shared.items()
            if 2 * count >= len(news[other])
        ]
        best = max(ranks, default=None)
        found.append(Kin(1 - best[2], best[0]) if best else None)
        for each in own:
            holders[each].append(number)
    return found


def _innovations(variant: Variant) -> frozenset[Innovation]:
    changes = variant.alignment.changes if variant.alignment else ()
    return frozenset(news for change in changes for news in _news(change))


def _news(change: Change) -> list[Innovation]:
    if change.op in {"same", "boilerplate"}:
        return []
    if change.op in {"added", "removed"}:
        return [(change.op, change.base, change.text)]
    words = [(mark, change.base, text) for mark, text in change.words if mark != "="]
    recut = [] if change.op == "edited" else [(change.op, change.base, "")]
    return [*recut, *words]
