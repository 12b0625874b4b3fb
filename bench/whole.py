"""Whole processes on one file of articles: the plain loop, a scan in several ways, and peers.

The figures that count are ratios of processes that ran in turn in one run on one machine; seconds
are shown beside, and mean nothing elsewhere.
"""

import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent / "peers"))

from install import PEERS, Peer, install

from corpus import Invented, cached
from metrics import PairScore, clustered_pairs, score_pairs
from processes import Command, Cost, ProcessError, in_turn, measure, middle
from results import Cell, Table

__all__ = [
    "RIVALS",
    "Run",
    "plain_command",
    "runs_on",
    "scan_command",
    "side_by_side",
    "target_table",
    "whole_table",
]

RIVALS = ("rensa", "text-dedup", "datasketch", "gaoya")
"""Peers that take a corpus of this size, in the order of the targets."""

PLAIN = "plain loop"
_OURS = "dedupe-news, 1 worker"
_BARE = "dedupe-news, 1 worker, no kernel"
_AT_ONCE = "scans at once"
_FULL_SIZE = 70_000
_ONE_THREAD = {"RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # rensa and gaoya would take all


@dataclass(frozen=True, slots=True)
class Run:
    """What one tool took and found.

    Attributes:
        name: The tool, and how it was run.
        cost: The median of its rounds.
        ratio: Its seconds of the processor over those of the plain loop; median of the rounds.
        score: Pairs of articles in one cluster, right and wrong; None for a tool that seeks none.
    """

    name: str
    cost: Cost
    ratio: float
    score: PairScore | None = field(default=None)


def plain_command(path: Path) -> Command:
    """Return the command that only reads the words of a file."""
    return [sys.executable, str(Path(__file__).with_name("plain.py")), str(path)], {}


def scan_command(path: Path, jobs: int = 1, *, kernel: bool = True) -> Command:
    """Return the command that scans a file without alignment, into JSON.

    Args:
        path: A file of articles.
        jobs: How many processes work.
        kernel: Whether the compiled loops are used.
    """
    options = ["--no-diff", "--format", "json", "--quiet", "--jobs", str(jobs)]
    command = [sys.executable, "-m", "dedupe_news", "scan", str(path), *options]
    return command, {"DEDUPE_NEWS_KERNEL": "on" if kernel else "off"}


def side_by_side(command: Command, times: int) -> Command:
    """Return the command that runs another so many times at once, and fails if one of them does."""
    words, environment = command
    script = (
        'n=$1 pids=""; shift; while [ $n -gt 0 ]; do "$@" & pids="$pids $!"; n=$((n - 1)); done; '
        "code=0; for pid in $pids; do wait $pid || code=1; done; exit $code"
    )
    return ["sh", "-c", script, "sh", str(times), *words], environment


def runs_on(count: int, rounds: int, jobs: int, peers: Collection[str] = RIVALS) -> list[Run]:
    """Return what every tool takes and finds on so many invented articles, the plain loop first.

    Args:
        count: How many articles.
        rounds: How often the loop and the scans run; peers run once.
        jobs: How many processes work in the scan that uses several.
        peers: Names of the peers to run.
    """
    path, truth = cached(count), _truth(count)
    commands = {
        PLAIN: plain_command(path),
        _OURS: scan_command(path),
        _BARE: scan_command(path, kernel=False),
    }
    if jobs > 1:
        commands[_several(jobs)] = scan_command(path, jobs)
        commands[f"{jobs} {_AT_ONCE}"] = side_by_side(scan_command(path), jobs)
    columns = in_turn(rounds, list(commands.values()))
    plain = columns[0]
    score = score_pairs(_found_by_scan(path), truth)
    own = [
        Run(name, middle(costs), _ratio(costs, plain), None if name == PLAIN else score)
        for name, costs in zip(commands, columns, strict=True)
    ]
    unit = own[0].cost.processor
    return [*own, *(run for name in peers for run in _peer_run(_peer(name), path, truth, unit))]


def whole_table(runs: Sequence[Run], count: int, rounds: int) -> Table:
    """Return what each tool took, in seconds and in plain loops, and what it found."""
    return Table(
        title=f"Whole processes on {count:,} invented articles, from the file to clusters",
        columns=(
            *("tool", "seconds", "of processors", "/ plain loop", "µs per article", "peak MB"),
            *("recall", "wrong pairs"),
        ),
        rows=tuple(_whole_row(run, count) for run in runs if not run.name.endswith(_AT_ONCE)),
        notes=(
            f"Median of {rounds} rounds in turn, ratios by round; peers once, with one thread.",
            "Ratios are of seconds of the processor, which other work hardly changes.",
            "Peers at the threshold of their examples; all but text-dedup verify candidates.",
            "Recall: of the pairs that were made from one story.",
        ),
    )


def target_table(runs: Sequence[Run], count: int) -> Table:
    """Return every ratio beside its target, and say where it is missed."""
    rows = tuple(_targets({run.name: run for run in runs}, [run.name for run in runs]))
    short = [str(row[0]) for row in rows if row[-1] == "no"]
    notes = [f"Short of the target: {'; '.join(short) or 'nowhere'}."]
    if any(run.name.endswith(_AT_ONCE) for run in runs):
        notes.append(
            "What processes gain: as many scans with one worker each, at once, against one alone;"
            " they share caches, memory and, on rented machines, cores."
        )
    if count < _FULL_SIZE:
        notes.append(
            f"The targets are for {_FULL_SIZE:,} articles; with {count:,}, the start of the"
            " process weighs more."
        )
    return Table(
        title=f"Targets, on {count:,} articles",
        columns=("figure", "value", "target", "met"),
        rows=rows,
        notes=tuple(notes),
    )


def _targets(runs: Mapping[str, Run], names: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    ours, bare = runs[_OURS], runs[_BARE]
    yield _at_most("scan / plain loop", ours.ratio, 1.0)
    yield _at_most("scan without the kernel / plain loop", bare.ratio, 2.2)
    yield _at_most("peak MB of the scan", ours.cost.megabytes, 700.0)
    for run in runs.values():
        if run.name.endswith("workers"):
            gain = ours.cost.seconds / run.cost.seconds
            yield _at_least(f"1 worker / {run.name.split(', ')[1]}, by the clock", gain, 1.7)
        if run.name.endswith(_AT_ONCE):
            times = int(run.name.split()[0])
            most = times * ours.cost.seconds / run.cost.seconds
            yield (f"the most that {times} processes gain on this machine", most, "-", "-")
    for name in RIVALS:
        if name in names:
            rival = runs[name]
            gain = rival.ratio / ours.ratio
            yield _at_least(f"{name} / scan", gain, 5.0 if name == "rensa" else 8.0)
            yield _at_least(
                f"{name}: recall of the scan less its own", _recall_gain(ours, rival), 0.0
            )
    if "rensa" in names:
        memory = runs["rensa"].cost.megabytes / ours.cost.megabytes
        yield _at_least("rensa / scan, peak memory", memory, 10.0)


def _at_most(figure: str, value: float, limit: float) -> tuple[Cell, ...]:
    return (figure, value, f"<= {limit:g}", "yes" if value <= limit else "no")


def _at_least(figure: str, value: float, limit: float) -> tuple[Cell, ...]:
    return (figure, value, f">= {limit:g}", "yes" if value >= limit else "no")


def _recall_gain(ours: Run, rival: Run) -> float:
    return _recall(ours) - _recall(rival)


def _recall(run: Run) -> float:
    return run.score.recall if run.score else math.nan


def _whole_row(run: Run, count: int) -> tuple[Cell, ...]:
    cost = run.cost
    each = 1e6 * cost.processor / count
    wrong = run.score.wrong if run.score else math.nan
    return (
        *(run.name, cost.seconds, cost.processor, run.ratio, round(each, 1)),
        *(round(cost.megabytes), _recall(run), wrong),
    )


def _ratio(costs: Iterable[Cost], units: Iterable[Cost]) -> float:
    return median(cost.processor / unit.processor for cost, unit in zip(costs, units, strict=True))


def _several(jobs: int) -> str:
    return f"dedupe-news, {jobs} workers"


def _truth(count: int) -> set[tuple[str, str]]:
    families = Invented(1).families(count)
    return clustered_pairs([f"{number:09}" for number in family] for family in families)


def _found_by_scan(path: Path) -> set[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report.json"
        command, environment = scan_command(path)
        measure(command, environment, output)
        clusters = json.loads(output.read_text("utf-8"))["clusters"]
    ids = ([member["id"].rpartition("#")[2] for member in one["members"]] for one in clusters)
    return clustered_pairs(ids)


def _peer(name: str) -> Peer:
    return next(peer for peer in PEERS if peer.name == name)


def _peer_run(
    peer: Peer, path: Path, truth: Collection[tuple[str, str]], unit: float
) -> Iterator[Run]:
    """Yield the run of a peer; if there is none, why goes to stderr."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.jsonl"
        command = [str(peer.python), str(peer.driver), str(path), str(found), str(peer.usual)]
        try:
            install(peer)
            cost = measure(command, _ONE_THREAD)
        except (ProcessError, subprocess.CalledProcessError) as error:
            print(f"{peer.name}: no figures, {error}", file=sys.stderr)
            return
        clusters = json.loads(found.read_text("utf-8"))["clusters"]
    score = score_pairs(clustered_pairs(clusters), truth)
    yield Run(peer.name, cost, cost.processor / unit, score)
