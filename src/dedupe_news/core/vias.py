"""Through whom a member belongs to its cluster, where it does not match the base."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dedupe_news.core.crowds import Links
from dedupe_news.core.ragged import distinct

__all__ = ["vias_of"]

Rows = npt.NDArray[np.int64]


def vias_of(
    links: Links, numbers: Rows, ids: Sequence[str], is_base: npt.NDArray[np.bool_]
) -> dict[int, str]:
    """Return for rows that match no base the id of the member that links them most strongly.

    Links name wordings, of which the first row stands for all; ties are broken by its id.

    Args:
        links: Pairs of wordings that match, of any number of families.
        numbers: The number of the wording of each row, shape (rows,); no two families share one.
        ids: The id of each row.
        is_base: Whether each row is the base of its family, or has the same words, shape (rows,).
    """
    if not len(links.left):
        return {}
    known = distinct(np.concatenate((numbers, links.left, links.right)))
    places = np.searchsorted(known, numbers)
    ends = np.searchsorted(known, np.concatenate((links.left, links.right)))
    others, strength = np.roll(ends, len(links.left)), np.tile(links.strength, 2)
    direct = np.zeros(len(known), np.bool_)
    direct[places[is_base]] = True
    direct[ends[direct[others]]] = True
    chosen = np.flatnonzero(~direct[ends])
    ends, others, strength = ends[chosen], others[chosen], strength[chosen]
    most = np.full(len(known), -np.inf)
    np.maximum.at(most, ends, strength)
    strongest = np.flatnonzero(strength == most[ends])
    first = np.full(len(known), len(ids))
    np.minimum.at(first, places, np.arange(len(ids)))
    in_order = sorted(range(len(ids)), key=ids.__getitem__)
    nearest = np.full(len(known), len(ids))
    np.minimum.at(nearest, ends[strongest], _ranks(in_order)[first[others[strongest]]])
    far = np.flatnonzero(nearest[places] < len(ids)).tolist()
    return {
        row: ids[in_order[near]]
        for row, near in zip(far, nearest[places[far]].tolist(), strict=True)
    }


def _ranks(in_order: Sequence[int]) -> Rows:
    """Return the place of each row in an order; behind all for the one that is none."""
    ranks = np.full(len(in_order) + 1, len(in_order))
    ranks[in_order] = np.arange(len(in_order))
    return ranks
