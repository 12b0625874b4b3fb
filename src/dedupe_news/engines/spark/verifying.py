"""Verification: the texts of candidates meet where the greater of each pair stands."""

from collections import ChainMap, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from dedupe_news.core.among import only, without
from dedupe_news.core.candidates import anchors_under, are_ruled_out
from dedupe_news.core.pair_counts import PairCounts
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shared_words import second_look
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.sketches import anchor_levels, anchors_of
from dedupe_news.core.text import words_of
from dedupe_news.core.verify import compare
from dedupe_news.engines.scratch import matched
from dedupe_news.engines.spark.candidates import proposed
from dedupe_news.engines.spark.components import forest
from dedupe_news.engines.spark.course import Course, Ranks
from dedupe_news.engines.spark.rows import Parts, Row, arrays_of, routed, row_of
from dedupe_news.engines.spark.sheaves import before_articles, in_sheaves, loose

__all__ = ["by_lesser", "edges", "fetch", "send_candidates", "verify"]

Mask = npt.NDArray[np.bool_]

_KINDS = {"candidate", "label", "match", "shared", "text", "traits", "wanted"}
_BATCH = 512  # texts that are compared at once, about


def fetch(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the texts that are wanted.

    Args:
        rows: Rows `wanted`, then the articles of the same lane.
        course: How the run goes.

    Yields:
        Rows `text`, for the lanes where they are wanted.
    """
    before, articles = before_articles(rows, _KINDS)
    ranks, lanes = Parts.of(before).take("wanted", np.int64, np.int64)
    yield from _texts(ranks, lanes, articles, course)


def send_candidates(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the pairs that are to be compared, and the texts of the lesser of each.

    Args:
        rows: Rows `shared`, `label` and `traits`, then the articles, of a lane of the lesser.
        course: How the run goes.

    Yields:
        Rows `candidate` and `text`, for the lanes of the greater.
    """
    before, articles = before_articles(rows, _KINDS)
    left, right, by_bands = proposed(Parts.of(before), course)
    lanes = course.of_ranks(right)
    narrow = left.astype(course.rank_type), right.astype(course.rank_type)
    yield from routed("candidate", lanes, *narrow, by_bands)
    yield from _texts(left, lanes, articles, course)


def verify(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield candidates that share something, compared.

    Args:
        rows: Rows `candidate` and `text`, then the articles, of a lane of the greater.
        course: How the run goes.

    Yields:
        Rows `match`: pairs that match, how much the smaller has of the larger, and how much
        they resemble each other; their number is how many there are.
    """
    before, articles = before_articles(rows, _KINDS)
    texts = {row.number: row.data for row in loose(before) if row.kind == "text"}
    parts = Parts.of(row for row in before if row.kind != "text")
    left, right, by_bands = parts.take("candidate", np.int64, np.int64, np.bool_)
    order = np.lexsort((left, right))
    left, right, by_bands = left[order], right[order], by_bands[order]
    ranks, counts = np.unique(right, return_counts=True)
    numbers = dict(zip(ranks.tolist(), counts.tolist(), strict=True))
    for chunk in _chosen(articles, numbers, course):
        first = np.searchsorted(right, min(chunk), side="left")
        last = np.searchsorted(right, max(chunk), side="right")
        ends = left[first:last], right[first:last]
        yield from _matches(ends, by_bands[first:last], ChainMap(chunk, texts), course)


def edges(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield edges that join what matches join, in one row `edge`."""
    matched = Parts.of(rows).take("match", np.int64, np.int64)
    yield row_of(0, "edge", *(ends.astype(course.rank_type) for ends in forest(*matched)))


def by_lesser(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield matches for the lanes of the lesser rank."""
    for row in rows:
        arrays = arrays_of(row.data)
        yield from routed("match", course.of_ranks(arrays[0]), *arrays)


def _chosen(
    articles: Iterable[Row], pairs: Mapping[int, int], course: Course
) -> Iterator[dict[int, bytes]]:
    """Yield the texts of greater ones, by rank, so many that their pairs are worth a call."""
    chunk: dict[int, bytes] = {}
    size = 0
    for row in articles:
        rank = int(course.starts[row.lane]) + row.number
        if rank in pairs:
            chunk[rank] = row.data
            size += 1 + pairs[rank]
            if size >= _BATCH:
                yield chunk
                chunk, size = {}, 0
    if chunk:
        yield chunk


def _matches(
    ends: tuple[Ranks, Ranks], by_bands: Mask, texts: Mapping[int, bytes], course: Course
) -> Iterator[Row]:
    recipe, rule = course.recipe, course.rule
    ranks = np.unique(np.concatenate(ends))
    words = words_of([matched(texts[rank], recipe) for rank in ranks.tolist()], recipe.unit)
    sets = distinct_shingles(shingles_of(words, recipe.shingle_words))
    left, right = (np.searchsorted(ranks, end) for end in ends)
    kept = ~_by_chance(sets, (left, right), by_bands, course)
    known = only(sets, course.furniture)
    seen = compare(sets, left[kept], right[kept], rule, known)
    seen = second_look(seen, words, rule)
    seen = seen.take(seen.matches)
    if len(seen):
        narrow = (ranks[end].astype(course.rank_type) for end in (seen.left, seen.right))
        yield row_of(0, "match", *narrow, seen.containment, seen.resemblance)


def _by_chance(sets: Ragged, ends: tuple[Ranks, Ranks], by_bands: Mask, course: Course) -> Mask:
    """Return which pairs only share a band, by chance, as their anchors tell."""
    chance = np.zeros(len(by_bands), np.bool_)
    if by_bands.any():
        asked = np.flatnonzero(by_bands)
        pairs = PairCounts(ends[0][asked], ends[1][asked], np.zeros(len(asked), np.int64))
        anchors = without(anchors_of(sets), course.furniture)
        levels = anchor_levels(sets.lengths)
        chance[asked] = are_ruled_out(pairs, anchors, anchors_under(anchors), levels)
    return chance


@in_sheaves
def _texts(ranks: Ranks, lanes: Ranks, articles: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the text of each rank for each of its lanes, once."""
    codes = np.unique(ranks * course.lanes + lanes)
    wanted: defaultdict[int, list[int]] = defaultdict(list)
    for rank, lane in zip(*(part.tolist() for part in np.divmod(codes, course.lanes)), strict=True):
        wanted[rank].append(lane)
    for row in articles:
        rank = int(course.starts[row.lane]) + row.number
        for lane in wanted.get(rank, ()):
            yield Row(lane, "text", b"", rank, row.data)
