"""Connected components of a graph on arrays."""

import numpy as np
import numpy.typing as npt

from dedupe_news.core.ragged import Ragged

__all__ = ["component_labels", "components"]


def component_labels(
    left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """Return the smallest node of the component that each node is in.

    Every node takes the smallest label among its own and its neighbours', and labels are
    followed to their end, until nothing changes.

    Args:
        left: One end of each edge, shape (edges,).
        right: The other end, shape (edges,).
        count: Number of nodes.

    Returns:
        Shape (count,), int64.
    """
    labels = np.arange(count, dtype=np.int64)
    while True:
        before = labels.copy()
        least = np.minimum(labels[left], labels[right])
        np.minimum.at(labels, labels[left], least)
        np.minimum.at(labels, labels[right], least)
        while not np.array_equal(labels, labels[labels]):
            labels = labels[labels]
        if np.array_equal(labels, before):
            return labels


def components(labels: npt.NDArray[np.int64]) -> Ragged:
    """Return the components of two nodes or more, each ascending, by their first node.

    Args:
        labels: As `component_labels` returns them.
    """
    sizes = np.bincount(labels, minlength=len(labels))
    joined = np.flatnonzero(sizes[labels] > 1)
    nodes = joined[np.argsort(labels[joined], kind="stable")]
    return Ragged.from_lengths(nodes, sizes[sizes > 1])
