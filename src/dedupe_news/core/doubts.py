"""Second looks that can wait: whether two match is seldom asked where both have better matches.

A second look takes as long as to read a text. In a crowd each text has several pairs that only it
could decide, and next to nothing depends on them: through whom somebody belongs to a cluster is
told by the strongest match, and who belongs there by few.
"""

import numpy as np
import numpy.typing as npt

from dedupe_news.core.verify import Comparisons, Rule

__all__ = ["are_doubtful"]


def are_doubtful(pairs: Comparisons, rule: Rule, *, most: int) -> npt.NDArray[np.bool_]:
    """Return which pairs of crowds can do without a second look as yet, shape (pairs,).

    They share something, and each of both matches somebody more strongly than they could match
    each other.

    Args:
        pairs: Pairs by row, after the first look.
        rule: When two articles match.
        most: In how many of the pairs an article may be around which there is no crowd.
    """
    ends = np.concatenate((pairs.left, pairs.right))
    crowded = np.bincount(ends) > most
    if not crowded.any():
        return np.zeros(len(pairs), np.bool_)
    strength = pairs.containment + pairs.resemblance
    best = np.full(len(crowded), -np.inf)
    np.maximum.at(best, ends, np.tile(np.where(pairs.matches, strength, -np.inf), 2))
    share = pairs.containment >= rule.floor
    near = crowded.copy()
    near[pairs.left[share & crowded[pairs.right]]] = True
    near[pairs.right[share & crowded[pairs.left]]] = True
    doubtful: npt.NDArray[np.bool_] = share & ~pairs.matches
    doubtful &= near[pairs.left] | near[pairs.right]
    doubtful &= strength < np.minimum(best[pairs.left], best[pairs.right])
    return doubtful
