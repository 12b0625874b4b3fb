"""Which variant stands nearest to which, read from the changes that they share.

A change that two variants have in common was hardly made twice: the later one descends from the
earlier, or both from a third. So each variant hangs from the earlier one most of whose changes
it repeats, and from the base where it repeats none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dedupe_news.model import Change, Cluster, Variant

__all__ = ["Kin", "kinship"]

Innovation = tuple[str, tuple[int, ...], str]
"""What a change brought: its mark, where in the base, and the words."""

_MOST = 200  # variants; comparing more of them, each with each, takes too long


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


def kinship(cluster: Cluster) -> tuple[Kin, ...]:
    """Return the place of each variant in the tree, in the order of the variants."""
    places = {member.id: place for place, member in enumerate(cluster.members)}
    through = [Kin(places.get(variant.via, 0)) for variant in cluster.variants]
    if len(through) > _MOST:
        return tuple(_rooted(through))
    news = [_innovations(variant) for variant in cluster.variants]
    nearest = (_nearest(own, news[:number]) for number, own in enumerate(news))
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


def _nearest(own: frozenset[Innovation], earlier: Sequence[frozenset[Innovation]]) -> Kin | None:
    """Return the earlier variant at least half of whose changes are repeated, if there is one."""
    found: tuple[int, int, int] | None = None
    for number, other in enumerate(earlier):
        shared = len(own & other)
        rank = (shared, shared - len(other), -number)
        if 2 * shared >= len(other) > 0 and (found is None or rank > found):
            found = rank
    return Kin(1 - found[2], found[0]) if found else None


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
