"""Connected components of a graph on arrays, and edges of a node side by side."""

import numpy as np
import numpy.typing as npt

from dedupe_news.core.ragged import Ragged

__all__ = ["component_labels", "components", "side_by_side"]

_HUB = 64  # edges of a node, from which on others cannot be near all of its neighbours


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


def side_by_side(
    left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """Return edges in an order in which those of one node are near each other, for most nodes.

    They come component by component, and in each first those between hubs. Each other edge comes
    with that of its nodes which is later in an order of their own: by the least of their
    neighbours that is no hub.

    Args:
        left: One end of each edge, shape (edges,).
        right: The other end, always greater, shape (edges,).
        count: Number of nodes.

    Returns:
        Numbers of edges, shape (edges,), int64.
    """
    hubs = np.bincount(np.concatenate((left, right)), minlength=count) >= _HUB
    among_few = np.flatnonzero(~(hubs[left] | hubs[right]))
    nodes = np.arange(count)
    least = nodes.copy()
    np.minimum.at(least, right[among_few], left[among_few])
    places = np.where(hubs, nodes, (least + 1) * count + nodes)
    last = np.maximum(places[left], places[right])
    return np.lexsort((last, component_labels(left, right, count)[left]))
