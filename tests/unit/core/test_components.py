"""Connected components, against a plain walk."""

import random

import numpy as np
import pytest

from dedupe_news.core.components import component_labels, components, side_by_side


def slow_labels(edges, count):
    """Return the smallest node that each node can reach, by walking."""
    neighbours = {node: {node} for node in range(count)}
    for one, other in edges:
        neighbours[one].add(other)
        neighbours[other].add(one)
    labels = [-1] * count
    for start in range(count):
        reached = [start] if labels[start] < 0 else []
        for node in reached:  # grows while it is walked
            if labels[node] < 0:
                labels[node] = start
                reached.extend(neighbours[node])
    return labels


def ends(edges):
    """Return both ends of edges as arrays."""
    return np.array([left for left, _ in edges], int), np.array([right for _, right in edges], int)


@pytest.mark.parametrize("seed", range(20))
def test_labels_equal_those_of_a_plain_walk(seed):
    """From no edges to one big component."""
    chance = random.Random(seed)
    edges = [(chance.randrange(40), chance.randrange(40)) for _ in range(seed * 2)]

    assert component_labels(*ends(edges), 40).tolist() == slow_labels(edges, 40)


@pytest.mark.parametrize("step", [1, -1])
def test_a_long_chain_is_one_component(step):
    """Labels run to its end, in whichever direction it was built."""
    edges = [(node, node + 1) for node in range(999)][::step]

    assert component_labels(*ends(edges), 1000).tolist() == [0] * 1000


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([], []),
        ([(1, 2)], [[1, 2]]),
        ([(4, 5), (0, 3), (3, 1)], [[0, 1, 3], [4, 5]]),
        ([(0, 1), (0, 1), (1, 0)], [[0, 1]]),
    ],
)
def test_components_come_by_their_first_node_without_single_ones(edges, expected):
    """Nodes without an edge have no company to be reported."""
    labels = component_labels(*ends(edges), 6)

    assert [found.tolist() for found in components(labels)] == expected


@pytest.mark.parametrize(
    ("edges", "expected"),
    [
        ([], []),
        ([(0, 3), (1, 2), (0, 5), (3, 5)], [(0, 3), (0, 5), (3, 5), (1, 2)]),  # by component
        ([(0, 2), (1, 3), (0, 4), (2, 3)], [(0, 2), (0, 4), (1, 3), (2, 3)]),
    ],
)
def test_edges_of_a_node_come_side_by_side(edges, expected):
    """Nodes by their least neighbour, and each edge with the greater of both in that order."""
    order = side_by_side(*ends(edges), 6)

    assert [edges[number] for number in order.tolist()] == expected


@pytest.mark.parametrize("seed", range(5))
def test_hubs_do_not_part_few_who_belong_together(seed):
    """All nodes are joined with a few, and each with one other far away."""
    chance = random.Random(seed)
    few = list(range(3, 203))
    chance.shuffle(few)
    couples = [tuple(sorted(few[at : at + 2])) for at in range(0, len(few), 2)]
    edges = sorted([(hub, node) for node in few for hub in range(3)] + couples)
    order = side_by_side(*ends(edges), 203).tolist()
    place = {edges[number]: at for at, number in enumerate(order)}

    for couple in couples:
        places = [place[edge] for edge in edges if set(couple) & set(edge)]
        assert max(places) - min(places) == 6
