"""How a cluster grows from a seed, and what may become of it where pairs are in doubt."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dedupe_news.core.acquaintance import ROUNDING, Known
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.verify import Comparisons

__all__ = ["first_clusters", "grown_from"]

_WITNESSES = 4  # members that a newcomer must not be a stranger to: keeps the work linear
_POSSIBLE_SEEDS = 4  # of a component in doubt, from all of which it is grown


def grown_from(seed: int, left: set[int], known: Known) -> list[int]:
    """Return the seed and those who join it, nearest first.

    Args:
        seed: An article.
        left: Who may join it: who is in no cluster so far, the seed among them.
        known: What is known of pairs.
    """
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


def first_clusters(
    groups: Ragged, labels: npt.NDArray[np.int64], known: Known, doubts: Comparisons
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


class _Outlook:
    """What may become of a component in which some pairs are in doubt.

    It is grown from each article that may turn out to have most in common with its matches. If the
    first members are who they are whatever is in doubt, a doubt inside of the cluster could bring
    somebody in sooner, and make a stranger of nobody.
    """

    def __init__(self, known: Known, doubts: Comparisons, count: int) -> None:
        self._known = known
        sure, may_be = _strengths(known.pairs), _strengths(doubts)
        self._least = np.bincount(*sure, count)
        self._most = (self._least + np.bincount(*may_be, count)) * (1 + ROUNDING)
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
        grown = [grown_from(seed, everybody, self._known) for seed in seeds]
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
