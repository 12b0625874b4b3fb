"""Measure how long it takes to read a variant against its base, in units of a plain word diff.

    python bench/alignment.py [--data DIR] [--articles N] [--rounds N] [--write]

The pairs are those that a report shows: the base and the variants of each cluster of a scan, with
the site furniture that was known. The unit finds the words of both articles with a regular
expression and compares them as two lists: the least that any word diff in Python does. Each pair
is aligned as `diff` does it, both articles read for this, and as a scan does it for all variants
of a base but the first: the base has been read. All are timed in turn, in processor time. Of
several rounds the least counts for each pair, since other work on the machine only ever adds.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from corpus import Invented
from dedupe_news import Article, Report, Settings, scan
from dedupe_news.core.alignment import align
from dedupe_news.core.reading import Page
from dedupe_news.model import Change
from labelled import DataError, find_sets
from results import Cell, Table, as_text, write_results

__all__ = ["LIMIT", "Reading", "alignment_table", "main", "readings_of"]

LIMIT = 1000
"""Microseconds that the median pair of each set may take."""

_RESULTS = Path(__file__).parent / "results"
_WORD = re.compile(r"\w+")
_SEED = 1


class Reading(NamedTuple):
    """A variant and the base that it is read against.

    Attributes:
        base: The paragraphs of the base.
        variant: Those of the variant.
        furniture: Positions of site furniture, in the base and in the variant.
        changed: Whether anything but site furniture was changed, added or dropped.
    """

    base: tuple[str, ...]
    variant: tuple[str, ...]
    furniture: tuple[frozenset[int], frozenset[int]]
    changed: bool


class _Cost(NamedTuple):
    """What one pair takes, in microseconds of processor time."""

    plain: float
    aligned: float
    again: float


def main(arguments: list[str] | None = None) -> int:
    """Print what an alignment takes, and return 1 if it takes more than the limit.

    Args:
        arguments: The command line; None takes the process's own.
    """
    options = _parser().parse_args(arguments)
    try:
        sets = dict(_sets(options.data, options.articles))
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    table = alignment_table(sets, options.rounds)
    print(as_text(table))
    if options.write:
        for path in write_results(_RESULTS, "alignment", [table]):
            print(f"written: {path}", file=sys.stderr)
    return int(any(row[-1] == "no" for row in table.rows))


def readings_of(report: Report) -> list[Reading]:
    """Return all pairs of a report that was made with texts and alignments."""
    return [
        Reading(cluster.base_texts, variant.texts, *_known(variant.alignment.changes))
        for cluster in report.clusters
        for variant in cluster.variants
        if variant.alignment is not None
    ]


def alignment_table(sets: dict[str, list[Reading]], rounds: int) -> Table:
    """Return the cost of the median pair of each set, and of those that differ.

    Args:
        sets: The pairs of each set, by its name.
        rounds: How often each pair is aligned.
    """
    rows = []
    for name, readings in sets.items():
        costs = _costs(readings, rounds)
        rows.append(_row(name, readings, costs))
        changed = [place for place, reading in enumerate(readings) if reading.changed]
        some = [readings[place] for place in changed], [costs[place] for place in changed]
        rows.append(_row(f"{name}, changed", *some))
    return Table(
        title="Alignment: microseconds of a processor per pair",
        columns=(
            *("set", "pairs", "words", "paragraphs", "plain, µs", "align, µs", "base read, µs"),
            *("nine in ten below", "mean", "align / plain", "within limit"),
        ),
        rows=tuple(rows),
        notes=(
            "Medians over the pairs, but where a column says otherwise.",
            "Changed: pairs in which a reader sees a change.",
            "Base read: what a variant takes whose base has been read beside another.",
            f"The least of {rounds} rounds for each pair; the limit is {LIMIT:,} µs.",
        ),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="folder of labelled sets")
    parser.add_argument("--articles", type=int, default=5_000, help="invented; 0 for none")
    parser.add_argument("--rounds", type=int, default=5, help="the least of so many counts")
    parser.add_argument("--write", action="store_true", help=f"keep the table in {_RESULTS}")
    return parser


def _sets(data: Path | None, count: int) -> Iterator[tuple[str, list[Reading]]]:
    for one in find_sets(data) if data else ():
        yield one.name, _readings(one.articles)
    if count:
        items = Invented(_SEED).items(count)
        yield "invented", _readings(Article(item.id, item.paragraphs) for item in items)


def _readings(articles: Iterable[Article]) -> list[Reading]:
    return readings_of(scan(articles, Settings()))


def _known(changes: Sequence[Change]) -> tuple[tuple[frozenset[int], frozenset[int]], bool]:
    """Return the site furniture on both sides, and whether there is any change beside it."""
    fixed = [change for change in changes if change.op == "boilerplate"]
    left = frozenset(place for change in fixed for place in change.base)
    right = frozenset(place for change in fixed for place in change.variant)
    return (left, right), any(change.op not in ("same", "boilerplate") for change in changes)


def _costs(readings: Sequence[Reading], rounds: int) -> list[_Cost]:
    costs = [_Cost(*[float("inf")] * 3)] * len(readings)
    for _ in range(rounds):
        for place, (reading, before) in enumerate(zip(readings, costs, strict=True)):
            costs[place] = _Cost(*map(min, before, _cost(reading)))
    return costs


def _cost(reading: Reading) -> _Cost:
    base, variant, furniture, _ = reading
    page = Page(base)
    align(page, variant, furniture=furniture)
    return _Cost(
        _taken(lambda: _plain(base, variant)),
        _taken(lambda: align(base, variant, furniture=furniture)),
        _taken(lambda: align(page, variant, furniture=furniture)),
    )


def _taken(work: Callable[[], object]) -> float:
    start = time.process_time_ns()
    work()
    return (time.process_time_ns() - start) / 1000


def _plain(base: Sequence[str], variant: Sequence[str]) -> object:
    left, right = (_WORD.findall("\n".join(texts).casefold()) for texts in (base, variant))
    return LCSseq.opcodes(left, right)


def _row(name: str, readings: Sequence[Reading], costs: Sequence[_Cost]) -> tuple[Cell, ...]:
    if not readings:
        return (name, 0, *(float("nan"),) * 8, "yes")
    aligned = sorted(cost.aligned for cost in costs)
    plain, middle = median(cost.plain for cost in costs), median(aligned)
    return (
        name,
        len(readings),
        int(median(_words(reading) for reading in readings)),
        int(median((len(reading.base) + len(reading.variant)) / 2 for reading in readings)),
        round(plain),
        round(middle),
        round(median(cost.again for cost in costs)),
        round(aligned[len(aligned) * 9 // 10]),
        round(mean(aligned)),
        middle / plain,
        "yes" if middle <= LIMIT else "no",
    )


def _words(reading: Reading) -> float:
    """Return how many words the two have in the middle."""
    return len(_WORD.findall("\n".join((*reading.base, *reading.variant)))) / 2


if __name__ == "__main__":
    sys.exit(main())
