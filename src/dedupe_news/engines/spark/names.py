"""Ids that several articles claim: who keeps it, and what the others are called."""

import pickle
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from zlib import crc32

import numpy as np

from dedupe_news.corpus import told_apart
from dedupe_news.engines.scratch import packed, unpacked
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.reading import DIGEST, digests_of_keys, id_of, with_id
from dedupe_news.engines.spark.rows import Row, routed
from dedupe_news.engines.spark.sheaves import before_articles, in_sheaves, loose, numbered
from dedupe_news.model import Article

__all__ = ["claim", "contest", "rename", "under_new_names"]

_BATCH = 1 << 12  # claims in one row
_MADE = re.compile(r"(?:~\d+)+\Z")  # what is put behind an id that is taken

Claim = tuple[str, int, bytes]
"""An id, the rank of the article that has it, and the digest of its wording."""


def claim(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the id of each article for the lane in which all that it may clash with is.

    Args:
        rows: Articles.
        course: How the run goes.

    Yields:
        Rows `claim`.
    """
    claims: defaultdict[int, list[Claim]] = defaultdict(list)
    for number, row in enumerate(numbered(rows), 1):
        id_ = id_of(row.key)
        rank = int(course.starts[row.lane]) + row.number
        lane = crc32(_MADE.sub("", id_).encode()) % course.lanes
        claims[lane].append((id_, rank, row.key[:DIGEST]))
        if number % _BATCH == 0:
            yield from _claims(claims)
            claims.clear()
    yield from _claims(claims)


def contest(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the ids that several articles claim, and whose texts are wanted to decide.

    Args:
        rows: Rows `claim` of some lanes.
        course: How the run goes.

    Yields:
        Rows `contest`, for the same lane; rows `wanted`, for the lanes of ranks.
    """
    lanes: defaultdict[int, defaultdict[str, list[Claim]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for each in pickle.loads(row.data):  # noqa: S301 - written by a task of this run
            lanes[row.lane][_MADE.sub("", each[0])].append(each)
    for lane, roots in lanes.items():
        groups = [group for group in roots.values() if len({id_ for id_, *_ in group}) < len(group)]
        if groups:
            yield Row(lane, "contest", b"", len(groups), pickle.dumps(groups))
            ranks = np.array([rank for group in groups for _, rank, _ in group], np.int64)
            yield from routed("wanted", course.of_ranks(ranks), ranks, np.full(len(ranks), lane))


def rename(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the articles that get another id.

    Args:
        rows: Rows `contest` and `text` of some lanes.
        course: How the run goes.

    Yields:
        Rows `renamed`, for the lanes of ranks: their number is the rank, their data the id.
    """
    groups: list[list[Claim]] = []
    texts: dict[int, bytes] = {}
    for row in loose(rows):
        if row.kind == "contest":
            groups += pickle.loads(row.data)  # noqa: S301 - written by a task of this run
        else:
            texts[row.number] = row.data
    for group in groups:
        ids = [id_ for id_, _, _ in group]
        digests = digests_of_keys(digest for _, _, digest in group)
        shelf = _Texts([texts[rank] for _, rank, _ in group])
        for (id_, rank, _), name in zip(group, told_apart(ids, digests, shelf.get), strict=True):
            if name != id_:
                lane = int(course.of_ranks(np.array([rank]))[0])
                yield Row(lane, "renamed", b"", rank, name.encode())


@in_sheaves
def under_new_names(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield articles under the ids that they have from now on.

    Args:
        rows: Rows `renamed`, then the articles of the same lane.
        course: How the run goes.
    """
    before, articles = before_articles(rows, {"renamed"})
    names = {row.number: row.data.decode() for row in before}
    for row in articles:
        name = names.get(int(course.starts[row.lane]) + row.number)
        if name is None:
            yield row
        else:
            article = replace(unpacked(row.data), id=name)
            yield row._replace(key=with_id(row.key, name), data=packed([article])[0])


class _Texts:
    """Articles by their place in a group."""

    def __init__(self, texts: list[bytes]) -> None:
        self._texts = texts

    def get(self, number: int) -> Article:
        return unpacked(self._texts[number])


def _claims(claims: dict[int, list[Claim]]) -> Iterator[Row]:
    for lane, some in claims.items():
        yield Row(lane, "claim", b"", len(some), pickle.dumps(some))
