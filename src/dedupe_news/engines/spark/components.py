"""Components of a graph that no task has to hold: alternating stars, round by round.

A graph of few edges goes to one task. A larger one is turned, round by round, into stars
around the least node of each component; after a few rounds nothing changes any more.

Source: Kiveris, Lattanzi, Mirrokni, Rastogi, Vassilvitskii, "Connected components in MapReduce
    and beyond" (2014).
"""

from collections.abc import Iterable, Iterator

import numpy as np

from dedupe_news.core.components import component_labels
from dedupe_news.core.hashing import fmix64
from dedupe_news.engines.spark.course import Course, Ranks
from dedupe_news.engines.spark.rows import Parts, Row, routed, row_of

__all__ = ["forest", "label_stars", "label_whole", "large_star", "small_star", "spread", "toss"]

_CHECK = np.uint64(0x7FFFFFFF)  # few enough bits that many checks can be added up


def toss(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield edges for the lane of each of their ends, for `large_star`."""
    left, right = _edges(rows)
    yield from _sent(np.concatenate((left, right)), np.concatenate((right, left)), course)


def spread(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield edges for the lane of their greater end, for `small_star`."""
    left, right = _edges(rows)
    yield from _sent(np.maximum(left, right), np.minimum(left, right), course)


def large_star(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield an edge from each greater neighbour of a node to the least neighbour."""
    del course
    nodes, others = _edges(rows)
    least = _least(nodes, np.minimum(nodes, others))
    greater = others > nodes
    yield _checked(others[greater], least[greater])


def small_star(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield an edge from a node and each of its lesser neighbours to the least of them."""
    del course
    nodes, others = _edges(rows)
    least = _least(nodes, others)
    left, right = np.concatenate((nodes, others)), np.concatenate((least, least))
    yield _checked(left[left != right], right[left != right])


def label_stars(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the label of each node of stars, for the lanes of ranks."""
    nodes, labels = _edges(rows)
    yield from _labelled(np.concatenate((nodes, labels)), np.concatenate((labels, labels)), course)


def label_whole(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the label of each node of a whole graph, for the lanes of ranks."""
    left, right = _edges(rows)
    nodes, places = np.unique(np.concatenate((left, right)), return_inverse=True)
    labels = component_labels(places[: len(left)], places[len(left) :], len(nodes))
    yield from _labelled(nodes, nodes[labels], course)


def forest(left: Ranks, right: Ranks) -> tuple[Ranks, Ranks]:
    """Return edges that join what some edges join, fewer than there are nodes."""
    nodes, places = np.unique(np.concatenate((left, right)), return_inverse=True)
    labels = component_labels(places[: len(left)], places[len(left) :], len(nodes))
    others = np.flatnonzero(nodes[labels] != nodes)
    return nodes[labels[others]], nodes[others]


def _edges(rows: Iterable[Row]) -> tuple[Ranks, Ranks]:
    left, right = Parts.of(rows).take("edge", np.int64, np.int64)
    return left, right


def _sent(nodes: Ranks, others: Ranks, course: Course) -> Iterator[Row]:
    narrow = nodes.astype(course.rank_type), others.astype(course.rank_type)
    yield from routed("edge", course.of_labels(nodes), *narrow)


def _labelled(nodes: Ranks, labels: Ranks, course: Course) -> Iterator[Row]:
    pairs = np.unique(np.stack((nodes, labels)), axis=1)
    nodes, labels = pairs[0], pairs[1]
    narrow = nodes.astype(course.rank_type), labels.astype(course.rank_type)
    yield from routed("label", course.of_ranks(nodes), *narrow)


def _least(nodes: Ranks, others: Ranks) -> Ranks:
    """Return for each edge the least of what the edges of its node lead to."""
    unique, places = np.unique(nodes, return_inverse=True)
    least = np.full(len(unique), np.iinfo(np.int64).max)
    np.minimum.at(least, places, others)
    return least[places]


def _checked(left: Ranks, right: Ranks) -> Row:
    """Return edges, each once, with a number that depends on which they are."""
    pairs = np.unique(np.stack((left, right)), axis=1)
    mixed = fmix64(pairs[0].astype(np.uint64)) ^ pairs[1].astype(np.uint64)
    check = int((fmix64(mixed) & _CHECK).sum() & _CHECK) if pairs.size else 0
    return row_of(0, "edge", pairs[0], pairs[1], number=check)
