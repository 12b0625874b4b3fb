"""Boilerplate, learned in steps: which pairs tell one story, which keys are under suspicion.

Each step sees one lane. The rules are those of `core.boilerplate`; here stands only what must
come together for them.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

from dedupe_news.core.boilerplate import (
    MIN_STORIES,
    WITNESSES,
    Suspect,
    are_in_company,
    may_be_framed,
    passages_of,
    tell_one_story,
    witnesses_of,
)
from dedupe_news.core.columns import columns_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.text import words_of
from dedupe_news.engines.scratch import matched, unpacked
from dedupe_news.engines.spark.candidates import Stories
from dedupe_news.engines.spark.course import Course, Ranks
from dedupe_news.engines.spark.keys import JOINED
from dedupe_news.engines.spark.rows import Parts, Row, arrays_of, routed, row_of
from dedupe_news.pipeline import shown_passage

__all__ = ["bear_witness", "holdings_left_out", "look", "stand", "suspect", "tell"]


def tell(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the pairs that tell one story, and for each key what its first holder shares.

    Args:
        rows: Rows `pair` and `first` of the lanes of the greater rank.
        course: How the run goes.

    Yields:
        Rows `edge`, wherever: pairs. Rows `several`, for the lanes of keys: keys, and with how
        many holders here the first one shares several.
    """
    parts = Parts.of(rows)
    left, right, shared, fewer = parts.take("pair", *[np.int64] * 4)
    codes, places = np.unique(left * course.count + right, return_inverse=True)
    totals = np.bincount(places, shared, len(codes)).astype(np.int64)
    least = np.zeros(len(codes), np.int64)
    least[places] = fewer
    close = tell_one_story(totals, least, least)
    edges = np.divmod(codes[close], max(course.count, 1))
    narrow = [end.astype(course.rank_type) for end in edges]
    yield from routed("edge", np.zeros(len(narrow[0]), np.int64), *narrow)
    first, other, keys = parts.take("first", np.int64, np.int64, np.uint64)
    several = totals[np.searchsorted(codes, first * course.count + other)] > 1
    unique, counts = np.unique(keys[several], return_counts=True)
    yield from routed("several", course.of_keys(unique), unique, counts.astype(np.uint32))


def suspect(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the holders of keys that may belong to a passage.

    Args:
        rows: Rows `asked` and `several` of the lanes of keys.
        course: How the run goes.

    Yields:
        Rows `holding`, for the lanes of ranks: ranks, keys, and how many hold each key. Rows
        `suspected`, one for each key of which holders were left out.
    """
    parts = Parts.of(rows)
    keys, ranks, totals = parts.take("asked", np.uint64, np.int64, np.int64)
    counted, several = parts.take("several", np.uint64, np.int64)
    unique, places, here = np.unique(keys, return_inverse=True, return_counts=True)
    sums = np.zeros(len(unique), np.int64)
    np.add.at(sums, np.searchsorted(unique, counted), several)
    holders = np.zeros(len(unique), np.int64)
    holders[places] = totals
    chosen = are_in_company(sums, holders)
    kept = chosen[places]
    yield from _holdings(ranks[kept], keys[kept], totals[kept], course)
    for index in np.flatnonzero(chosen & (here < holders)).tolist():
        key = unique[index : index + 1]
        yield _suspected(key, holders[index : index + 1])


def holdings_left_out(rows: Iterable[tuple[Row, Row]], course: Course) -> Iterator[Row]:
    """Yield the same for holders that were left out of crowds.

    Args:
        rows: A row of holders left out, and a row `suspected`, joined by some bits of the key.
        course: How the run goes.
    """
    for left, crowd in rows:
        full, ranks, _ = arrays_of(left.data)
        key, holders = arrays_of(crowd.data)
        if full[0] & course.mask == key[0]:
            keys, totals = np.repeat(key, len(ranks)), np.repeat(holders, len(ranks))
            yield from _holdings(ranks.astype(np.int64), keys, totals, course)


def stand(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield for each suspect key those holders that can become witnesses, with their stories.

    Args:
        rows: Rows `holding` and `label` of the lanes of ranks.
        course: How the run goes.

    Yields:
        Rows `standing`, for the lanes of keys: keys, ranks, stories, and how many hold the key.
    """
    parts = Parts.of(rows)
    ranks, keys, totals = parts.take("holding", np.int64, np.uint64, np.int64)
    told = Stories.taken(parts).of(ranks)
    kept = _foremost(keys, ranks, told)
    arrays = keys[kept], ranks[kept], told[kept], totals[kept]
    yield from routed("standing", course.of_keys(keys[kept]), *arrays)


def bear_witness(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the suspect keys with their witnesses, and whose texts are wanted for that.

    Args:
        rows: Rows `standing` of the lanes of keys.
        course: How the run goes.

    Yields:
        Rows `suspect`, for the lanes of groups; rows `wanted`, for the lanes of ranks: ranks,
        and the lane where the text is wanted.
    """
    keys, ranks, stories, totals = Parts.of(rows).take(
        "standing", np.uint64, np.int64, np.int64, np.int64
    )
    order = np.lexsort((ranks, keys))
    keys, ranks, stories, totals = (array[order] for array in (keys, ranks, stories, totals))
    starts = np.flatnonzero(np.concatenate((keys[:1] == keys[:1], keys[1:] != keys[:-1])))
    suspects: defaultdict[int, list[Suspect]] = defaultdict(list)
    for start, end in pairwise([*starts.tolist(), len(keys)]):
        told = stories[start:end].tolist()
        found = witnesses_of(ranks[start:end], told)
        many = len(set(told)) >= MIN_STORIES
        lane = int(course.of_labels(found[:1])[0])
        suspects[lane].append(Suspect(int(keys[start]), found, int(totals[start]), many))
    for lane, group in suspects.items():
        yield Row(lane, "suspect", b"", len(group), pickle.dumps(group))
        wanted = np.unique(np.concatenate([each.witnesses for each in group]))
        lanes = np.full(len(wanted), lane, np.int64)
        yield from routed("wanted", course.of_ranks(wanted), wanted, lanes)


def look(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the passages that suspect keys lead to.

    Args:
        rows: Rows `suspect` and `text` of the lanes of groups.
        course: How the run goes.

    Yields:
        Rows `found`: a passage with its shingles, and how it is shown.
    """
    suspects: list[Suspect] = []
    texts: dict[int, bytes] = {}
    for row in rows:
        if row.kind == "suspect":
            suspects += pickle.loads(row.data)  # noqa: S301 - written by a task of this run
        else:
            texts[row.number] = row.data
    recipe = course.recipe

    def read(ranks: Iterable[int]) -> list[str]:
        return [matched(texts[rank], recipe) for rank in ranks]

    framed: dict[bytes, bool] = {}

    def is_framed(witnesses: Ranks) -> bool:
        name = witnesses.tobytes()
        if name not in framed:
            framed[name] = may_be_framed(list(columns_of(read(witnesses.tolist()), recipe).anchors))
        return framed[name]

    suspects.sort(key=lambda each: each.key)
    suspects = [each for each in suspects if each.many_stories or is_framed(each.witnesses)]
    found = passages_of(
        suspects,
        lambda ranks: lambda: words_of(read(ranks), recipe.unit),
        course.mask,
        recipe.shingle_words,
    )
    for each in found:
        article = unpacked(texts[each.passage.rank])
        shown = shown_passage(each.passage, article, recipe)
        yield Row(0, "found", b"", 1, pickle.dumps((each, shown)))


def _holdings(ranks: Ranks, keys: UInt64s, totals: Ranks, course: Course) -> Iterator[Row]:
    narrow = ranks.astype(course.rank_type)
    yield from routed("holding", course.of_ranks(ranks), narrow, keys, totals)


def _foremost(keys: UInt64s, ranks: Ranks, stories: Ranks) -> Ranks:
    """Return which holders may become witnesses: the first of all, and the first of stories.

    Of the first stories in a lane, the first in all lanes are some, and so it is with holders:
    what is chosen of the chosen is what would be chosen of all.
    """
    first = _first(np.lexsort((ranks, keys)), keys)
    order = np.lexsort((ranks, stories, keys))
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = (np.diff(stories[order]) != 0) | (keys[order][1:] != keys[order][:-1])
    leading = order[fresh]
    leading = leading[np.lexsort((ranks[leading], keys[leading]))]
    return np.union1d(first, _first(leading, keys))


def _first(order: Ranks, keys: UInt64s) -> Ranks:
    """Return of places, those of a key side by side, the first few of each key."""
    ordered = keys[order]
    fresh = np.ones(len(order), np.bool_)
    fresh[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(fresh)
    place = np.arange(len(order)) - np.repeat(starts, np.diff([*starts, len(order)]))
    return order[place < WITNESSES]


def _suspected(key: UInt64s, holders: Ranks) -> Row:
    return row_of(0, "suspected", key, holders, number=int(key[0] & JOINED))
