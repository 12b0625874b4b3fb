"""Boilerplate, learned in steps: which pairs tell one story, which keys are under suspicion.

Each step sees one lane. The rules are those of `core.boilerplate`; here stands only what must
come together for them.
"""

import pickle
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from operator import attrgetter

import numpy as np

from dedupe_news.core.boilerplate import passages_of
from dedupe_news.core.columns import columns_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.suspects import (
    AnchorsOf,
    Suspect,
    are_in_company,
    is_divided,
    may_be_framed,
    reconciled,
    tell_one_story,
    testimony_of,
)
from dedupe_news.core.text import words_of
from dedupe_news.engines.scratch import matched, unpacked
from dedupe_news.engines.spark.candidates import Stories
from dedupe_news.engines.spark.components import forest
from dedupe_news.engines.spark.course import Course, Ranks
from dedupe_news.engines.spark.rows import Parts, Row, routed, row_of
from dedupe_news.engines.spark.sheaves import loose
from dedupe_news.reporting import shown_passage

__all__ = ["bear_witness", "look", "stand", "suspect", "tell"]


_Case = tuple[Suspect, list[int] | None]
"""An anchor with its witnesses; where its jury is divided, with all of it and what each tells."""


def tell(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the pairs that tell one story, and for each key what its first holder shares.

    Args:
        rows: Rows `pair` and `first` of the lanes of the greater rank.
        course: How the run goes.

    Yields:
        A row `edge`: edges that join what these pairs join. Rows `several`, for the lanes of
        keys: keys, and with how many holders here the first one shares several.
    """
    parts = Parts.of(rows)
    left, right, shared, fewer = parts.take("pair", *[np.int64] * 4)
    codes, places = np.unique(left * course.count + right, return_inverse=True)
    totals = np.bincount(places, shared, len(codes)).astype(np.int64)
    least = np.zeros(len(codes), np.int64)
    least[places] = fewer
    close = tell_one_story(totals, least, least)
    edges = forest(*np.divmod(codes[close], max(course.count, 1)))
    yield row_of(0, "edge", *(ends.astype(course.rank_type) for ends in edges))
    first, other, keys = parts.take("first", np.int64, np.int64, np.uint64)
    several = totals[np.searchsorted(codes, first * course.count + other)] > 1
    unique, counts = np.unique(keys[several], return_counts=True)
    yield from routed("several", course.of_keys(unique), unique, counts.astype(np.uint32))


def suspect(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield those who judge keys that may belong to a passage.

    Args:
        rows: Rows `asked` and `several` of the lanes of keys.
        course: How the run goes.

    Yields:
        Rows `holding`, for the lanes of ranks: ranks, keys, and how many hold each key.
    """
    parts = Parts.of(rows)
    keys, ranks, totals = parts.take("asked", np.uint64, np.int64, np.int64)
    counted, several = parts.take("several", np.uint64, np.int64)
    unique, places = np.unique(keys, return_inverse=True)
    sums = np.zeros(len(unique), np.int64)
    np.add.at(sums, np.searchsorted(unique, counted), several)
    holders = np.zeros(len(unique), np.int64)
    holders[places] = totals
    kept = are_in_company(sums, holders)[places]
    narrow, held = (array[kept].astype(course.rank_type) for array in (ranks, totals))
    yield from routed("holding", course.of_ranks(ranks[kept]), narrow, keys[kept], held)


def stand(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield those who judge suspect keys with their stories.

    Args:
        rows: Rows `holding` and `label` of the lanes of ranks.
        course: How the run goes.

    Yields:
        Rows `standing`, for the lanes of keys: keys, ranks, stories, and how many hold the key.
    """
    parts = Parts.of(rows)
    ranks, keys, totals = parts.take("holding", np.int64, np.uint64, np.int64)
    told = Stories.taken(parts).of(ranks)
    narrow = (array.astype(course.rank_type) for array in (ranks, told, totals))
    yield from routed("standing", course.of_keys(keys), keys, *narrow)


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
    cases: defaultdict[int, list[_Case]] = defaultdict(list)
    for start, end in pairwise([*starts.tolist(), len(keys)]):
        jury, told = ranks[start:end], stories[start:end].tolist()
        divided = is_divided(told)
        heard, many = (jury, False) if divided else testimony_of(jury, told)
        suspect = Suspect(int(keys[start]), heard, int(totals[start]), many)
        lane = int(course.of_labels(jury[:1])[0])
        cases[lane].append((suspect, told if divided else None))
    for lane, group in cases.items():
        yield Row(lane, "suspect", b"", len(group), pickle.dumps(group))
        wanted = np.unique(np.concatenate([suspect.witnesses for suspect, _ in group]))
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
    cases: list[_Case] = []
    texts: dict[int, bytes] = {}
    for row in loose(rows):
        if row.kind == "suspect":
            cases += pickle.loads(row.data)  # noqa: S301 - written by a task of this run
        else:
            texts[row.number] = row.data
    recipe = course.recipe

    def read(ranks: Iterable[int]) -> list[str]:
        return [matched(texts[rank], recipe) for rank in ranks]

    def anchors_of(ranks: Iterable[int]) -> list[UInt64s]:
        return list(columns_of(read(ranks), recipe).anchors)

    framed: dict[bytes, bool] = {}

    def is_framed(witnesses: Ranks) -> bool:
        name = witnesses.tobytes()
        if name not in framed:
            framed[name] = may_be_framed(anchors_of(witnesses.tolist()))
        return framed[name]

    suspects = [
        suspect
        for suspect in sorted(
            (_settled(*case, anchors_of) for case in cases), key=attrgetter("key")
        )
        if suspect.many_stories or is_framed(suspect.witnesses)
    ]
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


def _settled(suspect: Suspect, told: list[int] | None, anchors_of: AnchorsOf) -> Suspect:
    """Return an anchor with its witnesses, if its jury was divided till now."""
    if told is None:
        return suspect
    jury = suspect.witnesses
    witnesses, many = testimony_of(jury, reconciled(jury, told, anchors_of))
    return suspect._replace(witnesses=witnesses, many_stories=many)
