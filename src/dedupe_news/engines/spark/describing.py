"""Description: the articles of a component meet, and are read as the local engine reads them."""

import pickle
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from dedupe_news.core.clusters import grow_clusters
from dedupe_news.core.columns import Columns
from dedupe_news.core.describe import Family, describe
from dedupe_news.core.sketches import Bands
from dedupe_news.core.verify import Comparisons
from dedupe_news.corpus import Loaded, gather
from dedupe_news.engines.local import local_engine
from dedupe_news.engines.scratch import Scratch, unpacked
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.keys import wordings
from dedupe_news.engines.spark.reading import digests_of_keys, id_of, unusable
from dedupe_news.engines.spark.rows import Parts, Row, routed
from dedupe_news.engines.spark.sheaves import before_articles, in_order, in_sheaves
from dedupe_news.families import portions_of
from dedupe_news.model import Article, Cluster, Skipped

__all__ = ["Teller", "as_found", "describe_components", "send_members"]

Teller = Callable[[Cluster | Skipped], Row]
"""What makes a row of what was found; that of a cluster has the number of its members."""

_BATCH = 512  # articles of components that are described together, unless one has more
_LABEL = struct.Struct(">Q")


@in_sheaves
def send_members(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield what belongs to a component, for the lane where it is described.

    Args:
        rows: Rows `label` and `match` of a lane, the latter by its lesser rank, then the
            articles.
        course: How the run goes.

    Yields:
        Rows `link`: matches. Rows `member`, whose keys sort by component: articles that match
        others, or that are copies.
    """
    before, articles = before_articles(rows, {"label", "match"})
    parts = Parts.of(before)
    ranks, labels = parts.take("label", np.int64, np.int64)
    order = np.argsort(ranks)
    ranks, labels = ranks[order], labels[order]
    lanes = course.of_labels(labels)
    left, *others = parts.take("match", np.int64, np.int64, np.float64, np.float64)
    yield from routed("link", lanes[np.searchsorted(ranks, left)], left, *others)
    homes = dict(
        zip(ranks.tolist(), zip(labels.tolist(), lanes.tolist(), strict=True), strict=True)
    )
    for copies in wordings(articles, course):
        rank = int(course.starts[copies[0].lane]) + copies[0].number
        if rank in homes or len(copies) > 1:
            label, lane = homes.get(rank) or (rank, int(course.of_labels(np.array([rank]))[0]))
            for copy in copies:
                key = _LABEL.pack(label) + copy.key
                yield Row(lane, "member", key, rank, copy.data)


def as_found(item: Cluster | Skipped) -> Row:
    """Return a row that holds a cluster or a skip as it is; the key of a cluster is its base."""
    data = pickle.dumps(item)
    if isinstance(item, Skipped):
        return Row(0, "skipped", b"", 1, data)
    return Row(0, "cluster", item.base.encode(), len(item.members), data)


def describe_components(
    rows: Iterable[Row], course: Course, tell: Teller = as_found
) -> Iterator[Row]:
    """Yield the clusters of some components.

    Args:
        rows: Rows `link` and `member` of a lane.
        course: How the run goes.
        tell: Makes the rows.

    Yields:
        Rows `cluster`; rows `skipped`: articles that cannot be aligned, which their clusters have
        all the same.
    """
    links = Parts()
    chunk: list[Row] = []
    component = b""
    known: Comparisons | None = None
    for row in in_order(_members(rows, links)):
        known = known or _links(links)
        if len(chunk) >= _BATCH and row.key[: _LABEL.size] != component:
            yield from map(tell, _described(chunk, known, course))
            chunk = []
        component = row.key[: _LABEL.size]
        chunk.append(row)
    if chunk and known is not None:
        yield from map(tell, _described(chunk, known, course))


def _members(rows: Iterable[Row], links: Parts) -> Iterator[Row]:
    for row in rows:
        if row.kind == "link":
            links.add(row)
        else:
            yield row


def _links(parts: Parts) -> Comparisons:
    left, right, containment, resemblance = parts.take(
        "link", np.int64, np.int64, np.float64, np.float64
    )
    order = np.lexsort((right, left))
    every = np.ones(len(left), np.bool_)
    return Comparisons(left, right, containment, resemblance, every).take(order)


def _described(rows: list[Row], links: Comparisons, course: Course) -> Iterator[Cluster | Skipped]:
    recipe, scope, rule = course.recipe, course.scope, course.rule
    ranks = np.unique([row.number for row in rows])
    place = np.minimum(np.searchsorted(ranks, links.left), len(ranks) - 1)
    inside = links.take(ranks[place] == links.left)
    pairs = Comparisons(
        np.searchsorted(ranks, inside.left),
        np.searchsorted(ranks, inside.right),
        inside.containment,
        inside.resemblance,
        inside.matches,
    )
    with local_engine(1) as engine:
        corpus = gather(_loaded(rows, course, engine.scratch), recipe, scope, engine)
        look_at = corpus.look(course.furniture, rule)
        clustering = grow_clusters(pairs, len(corpus.columns), look_at.compare, rule.floor)
        for portion in portions_of(clustering, pairs, corpus):
            yield from _clusters(portion.families(), course)


def _clusters(families: Sequence[Family], course: Course) -> Iterator[Cluster | Skipped]:
    """Yield clusters; what cannot be aligned is told, and its cluster shown without changes."""
    try:
        found = describe(families, course.view, diff=course.settings.diff)
    except Exception as error:  # noqa: BLE001 - one hostile article must not take the others down
        if len(families) > 1:
            for family in families:
                yield from _clusters([family], course)
            return
        yield from _named(families[0], error, course)
        found = describe(families, course.view, diff=False)
    yield from found


def _named(family: Family, error: Exception, course: Course) -> Iterator[Skipped]:
    """Yield which articles of a family cannot be aligned, not even with themselves, or all."""
    hostile = [article for article in family.articles if not _is_sound(article, course)]
    for article in hostile or family.articles:
        yield unusable(article, error)


def _is_sound(article: Article, course: Course) -> bool:
    twin = replace(article, id=f"{article.id}~")
    try:
        describe([Family((article, twin))], course.view, diff=True)
    except Exception:  # noqa: BLE001 - that is the question
        return False
    return True


def _loaded(rows: list[Row], course: Course, out: Scratch) -> Iterator[Loaded]:
    """Yield articles some hundred at a time, as a batch of input is loaded.

    What tells their wordings apart is in their keys, and nobody asks by what they were found: no
    text is read for that again.
    """
    bands = Bands.leaning_to_recall(course.settings.num_perm).bands
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        keys = [row.key[_LABEL.size :] for row in some]
        yield Loaded(
            Columns.unread(digests_of_keys(keys), bands),
            out.put([row.data for row in some]),
            [id_of(key) for key in keys],
            [],
            [],
            0,
            course.scope.places_of(len(some), (unpacked(row.data) for row in some)),
        )
