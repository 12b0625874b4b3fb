"""The stages of a cluster against the local engine: any lanes, any order of rows."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import corpora

from dedupe_news import scan
from dedupe_news.core.components import component_labels
from dedupe_news.engines.spark import components
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.rows import Parts, row_of
from dedupe_news.settings import Settings
from lanes import MemoryTasks, run_in_memory
from stories import json_of

NODES = 30


@given(corpora(), st.integers(1, 6), st.integers(0, 99))
def test_lanes_and_the_order_of_rows_do_not_show(items, lanes, seed):
    """Also where ids and wordings coincide."""
    assert json_of(run_in_memory(items, lanes, seed).report()) == json_of(scan(items))


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=60),
    st.integers(1, 5),
)
def test_stars_find_the_components_that_one_task_finds(pairs, lanes):
    """Round by round, each node hears of the least that it is joined with."""
    edges = np.array([pair for pair in pairs if pair[0] != pair[1]], np.int64).reshape(-1, 2)
    course = Course(Settings(), lanes, np.linspace(0, NODES, lanes + 1).astype(np.int64))
    tasks, frame = MemoryTasks(lanes), [row_of(0, "edge", edges[:, 0], edges[:, 1])]
    for _ in range(12):
        tossed = tasks.each(frame, lambda rows: components.toss(rows, course))
        large = tasks.in_lanes([tossed], lambda rows: components.large_star(rows, course))
        sent = tasks.each(large, lambda rows: components.spread(rows, course))
        frame = tasks.in_lanes([sent], lambda rows: components.small_star(rows, course))
    nodes, labels = Parts.of(components.label_stars(frame, course)).take("label", int, int)

    expected = component_labels(edges[:, 0], edges[:, 1], NODES)
    assert set(nodes.tolist()) == set(edges.ravel().tolist())
    assert (labels == expected[nodes]).all()
