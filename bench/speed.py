"""Measure how long a scan takes, in units of reading the words, beside other tools.

    python bench/speed.py [--data DIR] [--articles N] [--rounds N] [--write]

The unit is one pass over the same texts with case folding and a regular expression for words:
the least that any tool in Python does. On the labelled sets of DIR both are timed in turn, in
one process, from texts in memory. On invented articles whole processes are timed, from the
file to clusters: the loop, a scan with one worker, without the kernel, with all workers, as many
scans at once, which tell what the machine has for them, and the peers, which are installed when
they are first needed.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from bars import bar_picture
from corpus import cached
from dedupe_news import Article, Settings, scan
from dedupe_news.engines.local import available_cores
from labelled import DataError, LabelledSet, find_sets
from processes import ProcessError, measure
from results import Cell, Table, as_text, write_results
from whole import RIVALS, runs_on, target_table, whole_table

__all__ = ["LIMIT", "main", "profile_table", "speed_table", "stage_table"]

LIMIT = 3.0
"""Units that a scan without alignment may take."""

_HERE = Path(__file__).parent
_RESULTS = _HERE / "results"
_PICTURE = _HERE.parent / "docs" / "img" / "speed.svg"
_WORD = re.compile(r"\w+")


def main(arguments: list[str] | None = None) -> int:
    """Print what a scan takes, and return 1 if it takes more than the limit.

    Args:
        arguments: The command line; None takes the process's own.
    """
    options = _parser().parse_args(arguments)
    tables = []
    try:
        for table in _tables(options):
            print(as_text(table), flush=True)
            tables.append(table)
    except (DataError, ProcessError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.write:
        _keep(tables)
    return int(any("within limit" in one.columns and _exceeded(one) for one in tables))


def _tables(options: argparse.Namespace) -> Iterator[Table]:
    if options.data is None:
        print("no --data: only invented articles are measured", file=sys.stderr)
    else:
        sets = find_sets(options.data)
        yield speed_table(sets, options.rounds)
        yield stage_table(sets)
    if options.articles:
        count = options.articles
        yield profile_table(count)
        peers = [] if options.no_peers else RIVALS
        runs = runs_on(count, options.rounds, options.jobs, peers)
        yield whole_table(runs, count, options.rounds)
        yield target_table(runs, count)


def _exceeded(table: Table) -> bool:
    return any(row[-1] == "no" for row in table.rows)


def _keep(tables: list[Table]) -> None:
    paths = write_results(_RESULTS, "speed", tables)
    drawn = next((table for table in tables if "/ plain loop" in table.columns), None)
    if drawn is not None:
        _PICTURE.write_text(bar_picture(drawn), encoding="utf-8")
        paths.append(_PICTURE)
    for path in paths:
        print(f"written: {path}", file=sys.stderr)


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


def profile_table(count: int) -> Table:
    """Return where the time of one scan of invented articles goes, with the kernel and without."""
    path = cached(count)
    runs = [_profile(path, "on"), _profile(path, "off"), _profile(path, "on", "--diff")]
    parts = dict.fromkeys(part for run in runs for part in run)
    each = 1e6 / count
    rows: list[tuple[Cell, ...]] = [
        (part, *(round(run.get(part, 0.0) * each, 1) for run in runs)) for part in parts
    ]
    rows.append(("all", *(round(sum(run.values()) * each, 1) for run in runs)))
    return Table(
        title=f"Where the time goes: µs of one processor per article, {count:,} articles",
        columns=("part", "scan", "without the kernel", "with alignment"),
        rows=tuple(rows),
        notes=("One run each, looked at while it runs; the parts are modules of the package.",),
    )


def _profile(path: Path, kernel: str, *options: str) -> Mapping[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "parts.json"
        command = [sys.executable, str(_HERE / "stages.py"), str(path), *options]
        measure(command, {"DEDUPE_NEWS_KERNEL": kernel}, output)
        found: Mapping[str, float] = json.loads(output.read_text("utf-8"))
        return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="folder of labelled sets")
    parser.add_argument("--articles", type=int, default=10_000, help="invented; 0 for none")
    parser.add_argument("--rounds", type=int, default=5, help="the median of so many counts")
    parser.add_argument("--jobs", type=int, default=available_cores(), help="all workers")
    parser.add_argument("--no-peers", action="store_true", help="measure no other tool")
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
