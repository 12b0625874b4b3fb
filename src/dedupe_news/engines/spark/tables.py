"""Frames of articles in, and frames of what was found out: rows of named columns."""

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.reading import id_of, item_rows
from dedupe_news.engines.spark.rows import Parts, Row, routed
from dedupe_news.engines.spark.sheaves import before_articles, in_sheaves
from dedupe_news.model import Article, Cluster, Skipped, Variant
from dedupe_news.render.document import cluster_value, skipped_value
from dedupe_news.render.json import dumps
from dedupe_news.sources.names import printable
from dedupe_news.sources.records import Records

__all__ = [
    "CHANGES",
    "CLUSTERS",
    "MATCHES",
    "SKIPPED",
    "article_rows",
    "as_line",
    "changes",
    "clusters",
    "lines",
    "matches",
    "name_greater",
    "name_lesser",
    "shown_address",
    "skipped",
]

MATCHES = "left string, right string, containment double, resemblance double"
"""Pairs that match: ids, the share of the smaller that the larger has, Jaccard similarity."""

CLUSTERS = (
    "cluster string, base string, id string, role string, relation string,"
    " base_in_variant double, variant_in_base double, resemblance double, via string,"
    " shape string, title string, source string, date string, url string, path string,"
    " paragraphs int, words int"
)
"""One row for each member of a cluster, the base too."""

CHANGES = (
    "cluster string, base string, variant string, place int, op string,"
    " base_paragraphs array<int>, variant_paragraphs array<int>, similarity double,"
    " text string, words array<struct<mark:string,text:string>>"
)
"""One row for each change from a base to a variant; `place` is its place among them."""

SKIPPED = "id string, code string, message string, hint string"
"""Inputs that could not take part."""

_ITEMS = 256  # records that become articles at once


@in_sheaves
def article_rows(
    records: Iterable[Mapping[str, Any]], course: Course, fields: Mapping[str, str]
) -> Iterator[Row]:
    """Yield the articles in records, and why there is none in the others.

    Args:
        records: Values by column; `_file` and `_line` tell where one stands, if it is in a file.
        course: How the run goes.
        fields: For a field of an article, the column that holds it, where that is not usual.
    """
    makers: dict[str, Records] = {}
    items: list[Any] = []
    for number, record in enumerate(records):
        name, place = shown_address(record.get("_file", "-")), record.get("_line", number)
        maker = makers.setdefault(name, Records(name, fields))
        values = {key: value for key, value in record.items() if key not in {"_file", "_line"}}
        item = maker.article(values, place)
        if name == "-" and isinstance(item, Article):
            item = replace(item, path="")
        items.append(item)
        if len(items) >= _ITEMS:
            yield from item_rows(items, course)
            items = []
    yield from item_rows(items, course)


def shown_address(path: str) -> str:
    """Return an address as it is shown: one on this machine as a path."""
    for prefix in ("file://", "file:"):
        if path.startswith(prefix):
            return printable(path.removeprefix(prefix))
    return printable(path)


def name_lesser(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield matches with the id of the lesser, for the lanes of the greater.

    Args:
        rows: Rows `match` of the lanes of the lesser, then their articles.
        course: How the run goes.
    """
    before, articles = before_articles(rows, {"match"})
    left, right, *shares = _matched(before)
    names = _names(articles, left, course)
    yield from routed("match", course.of_ranks(right), right, names, *shares)


def name_greater(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield matches with both ids, the lesser id first.

    Args:
        rows: Rows `match` as `name_lesser` yields them, then the articles of their lanes.
        course: How the run goes.
    """
    before, articles = before_articles(rows, {"match"})
    parts = Parts.of(before)
    right, names, *shares = parts.take("match", np.int64, np.object_, np.float64, np.float64)
    others = _names(articles, right, course)
    named = [
        (min(one, other), max(one, other), *share)
        for one, other, *share in zip(
            names, others, *(part.tolist() for part in shares), strict=True
        )
    ]
    yield Row(0, "named", b"", len(named), pickle.dumps(named))


def matches(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    """Yield matches that know both ids as rows of `MATCHES`."""
    for row in rows:
        yield from pickle.loads(row.data)  # noqa: S301 - written by a task of this run


def clusters(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    """Yield the members of clusters as rows of `CLUSTERS`."""
    for cluster in _read(rows, Cluster):
        variants = {variant.id: variant for variant in cluster.variants}
        for member in cluster.members:
            yield (
                *(cluster.id, cluster.base, member.id),
                *_told(variants.get(member.id)),
                *(member.title, member.source, member.date, member.url, member.path),
                *(member.paragraphs, member.words),
            )


def changes(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    """Yield the changes of variants as rows of `CHANGES`."""
    for cluster in _read(rows, Cluster):
        for variant in cluster.variants:
            found = variant.alignment.changes if variant.alignment else ()
            for place, change in enumerate(found):
                words = [{"mark": mark, "text": text} for mark, text in change.words]
                yield (
                    *(cluster.id, cluster.base, variant.id, place, change.op),
                    *(list(change.base), list(change.variant), change.similarity),
                    *(change.text, words),
                )


def skipped(rows: Iterable[Row]) -> Iterator[tuple[Any, ...]]:
    """Yield what was skipped as rows of `SKIPPED`."""
    for skip in _read(rows, Skipped):
        yield skip.id, skip.code, skip.message, skip.hint


def lines(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the clusters and skips in rows as lines."""
    yield from map(as_line, _read(rows, (Cluster, Skipped)))


def as_line(item: Cluster | Skipped) -> Row:
    """Return a row that holds a cluster or a skip as a line of JSON, its key sorts as a report."""
    if isinstance(item, Cluster):
        members = len(item.members)
        size = (1 << 32) - members
        key = b"1" + size.to_bytes(8, "big") + item.base.encode()
        line = dumps({"type": "cluster", **cluster_value(item)})
        return Row(0, "cluster", key, members, line.encode())
    key = b"2" + f"{item.id}\0{item.code}\0{item.message}".encode()
    line = dumps({"type": "skipped", **skipped_value(item)})
    return Row(0, "skipped", key, 1, line.encode())


def _read(rows: Iterable[Row], kind: type[Any] | tuple[type[Any], ...]) -> Iterator[Any]:
    for row in rows:
        item = pickle.loads(row.data)  # noqa: S301 - written by tasks of this run
        if isinstance(item, kind):
            yield item


def _told(variant: Variant | None) -> tuple[Any, ...]:
    if variant is None:
        return ("base", None, None, None, None, None, None)
    return (
        *("variant", variant.relation, variant.base_in_variant, variant.variant_in_base),
        *(variant.resemblance, variant.via or None),
        variant.alignment.shape if variant.alignment else None,
    )


def _matched(rows: Iterable[Row]) -> list[np.ndarray[Any, Any]]:
    return Parts.of(rows).take("match", np.int64, np.int64, np.float64, np.float64)


def _names(articles: Iterable[Row], ranks: Any, course: Course) -> Any:  # noqa: ANN401
    """Return the ids of some articles of a lane."""
    wanted = set(ranks.tolist())
    found: dict[int, str] = {}
    for row in articles:
        rank = int(course.starts[row.lane]) + row.number
        if rank in wanted:
            found[rank] = id_of(row.key)
    return np.array([found[rank] for rank in ranks.tolist()], np.object_)
