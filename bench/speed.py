"""Measure how long it takes from texts in memory to clusters, in units of reading the words.

    python bench/speed.py --data DIR [--rounds N] [--write]

The unit is one pass over the same texts with case folding and a regular expression for words:
the least that any tool in Python does. Both are timed in turn, in one process, on one worker.
"""

import argparse
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from dedupe_news import Article, Settings, scan
from labelled import DataError, LabelledSet, find_sets
from results import Cell, Table, as_text, write_results

__all__ = ["LIMIT", "main", "speed_table", "stage_table"]

LIMIT = 3.0
"""Units that a scan without alignment may take."""

_RESULTS = Path(__file__).parent / "results"
_WORD = re.compile(r"\w+")


def main(arguments: list[str] | None = None) -> int:
    """Print what a scan takes, and return 1 if it takes more than the limit.

    Args:
        arguments: The command line; None takes the process's own.
    """
    options = _parser().parse_args(arguments)
    try:
        sets = find_sets(options.data)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    tables = [speed_table(sets, options.rounds), stage_table(sets)]
    for table in tables:
        print(as_text(table))
    if options.write:
        for path in write_results(_RESULTS, "speed", tables):
            print(f"written: {path}", file=sys.stderr)
    return int(any(row[-1] == "no" for row in tables[0].rows))


def speed_table(sets: Sequence[LabelledSet], rounds: int) -> Table:
    """Return, for each set, the time of a scan over the time of reading its words.

    Args:
        sets: Whose articles to scan.
        rounds: How often to time both; the median counts.
    """
    return Table(
        title="Speed: from texts in memory to clusters, one worker",
        columns=("set", "articles", "words, s", "scan, s", "scan / words", "within limit"),
        rows=tuple(_speed_row(one, rounds) for one in sets),
        notes=(f"Median of {rounds} rounds in turn; the limit is {LIMIT} times the words.",),
    )


def stage_table(sets: Sequence[LabelledSet]) -> Table:
    """Return, for each set, how long each stage of one scan takes, with alignment and without."""
    stages = {
        (one.name, diff): _stages(one.articles, Settings(diff=diff))
        for one in sets
        for diff in (False, True)
    }
    names = tuple(dict.fromkeys(name for found in stages.values() for name in found))
    return Table(
        title="Speed: seconds per stage of one scan",
        columns=("set", "alignment", *names),
        rows=tuple(
            (name, "yes" if diff else "no", *(found.get(stage, 0.0) for stage in names))
            for (name, diff), found in stages.items()
        ),
        notes=("Each stage from the end of the one before; report is what comes after the last.",),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled sets")
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many counts")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {_RESULTS}")
    return parser


def _speed_row(labelled: LabelledSet, rounds: int) -> tuple[Cell, ...]:
    texts = list(labelled.texts.values())
    settings = Settings(diff=False)
    words, scans = _in_turn(
        rounds, lambda: _read_words(texts), lambda: scan(labelled.articles, settings)
    )
    ratio = scans / words
    within = "yes" if ratio <= LIMIT else "no"
    return (labelled.name, len(texts), words, scans, ratio, within)


def _in_turn(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Return the median seconds of each work; in turn, so that a slow moment hits all alike."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append(time.perf_counter() - start)
    return [median(taken) for taken in times]


def _read_words(texts: Sequence[str]) -> None:
    for text in texts:
        _WORD.findall(text.casefold())


def _stages(articles: Sequence[Article], settings: Settings) -> Mapping[str, float]:
    """Return the seconds of each stage, by its name."""
    taken: dict[str, float] = defaultdict(float)
    last = time.perf_counter()

    def note(stage: str, _done: int, _total: int | None) -> None:
        nonlocal last
        now = time.perf_counter()
        taken[stage] += now - last
        last = now

    scan(articles, settings, progress=note)
    note("report", 1, 1)
    return taken


if __name__ == "__main__":
    sys.exit(main())
