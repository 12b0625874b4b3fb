"""Measure how time and memory grow with the corpus.

    python bench/scale.py [--articles N...] [--jobs N] [--write]

A million articles are 3 GB on the disk and take ten minutes to invent, once. Scans are timed
beside the plain loop over the same file, as whole processes.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, nan
from pathlib import Path

from corpus import cached
from processes import Cost, ProcessError, in_turn, middle
from results import Cell, Table, as_text, write_results
from whole import plain_command, scan_command

__all__ = ["Step", "main", "scale_table", "step_of"]

_RESULTS = Path(__file__).parent / "results"
_SIZES = (10_000, 100_000, 1_000_000)
_MOST_GROWTH = 1.3  # of the time per article, from the last size but one to the last
_MOST_MEGABYTES = 6 * 1024
_ROUNDS = ((20_000, 5), (200_000, 3))  # up to so many articles, so many rounds; else one


@dataclass(frozen=True, slots=True)
class Step:
    """What one size of the corpus costs.

    Attributes:
        articles: How many there are.
        plain: The cost of the plain loop.
        scan: The cost of the scan.
    """

    articles: int
    plain: Cost
    scan: Cost

    @property
    def each(self) -> float:
        """Microseconds of the processor per article."""
        return 1e6 * self.scan.processor / self.articles


def main(arguments: list[str] | None = None) -> int:
    """Print the table of sizes, and return an exit code.

    Args:
        arguments: The command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, nargs="+", default=_SIZES, metavar="N")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"keep the table in {_RESULTS}")
    options = parser.parse_args(arguments)
    steps = []
    try:
        for count in sorted(options.articles):
            steps.append(step_of(count, options.jobs))
            said = f"{count:,} articles: {steps[-1].scan.seconds:.1f} s"
            print(said, file=sys.stderr, flush=True)
    except ProcessError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    table = scale_table(steps, options.jobs)
    print(as_text(table))
    if options.write:
        for path in write_results(_RESULTS, "scale", [table]):
            print(f"written: {path}", file=sys.stderr)
    return 0


def step_of(count: int, jobs: int) -> Step:
    """Return what a corpus of so many articles costs.

    Args:
        count: How many articles.
        jobs: How many processes scan.
    """
    path = cached(count)
    rounds = next((rounds for most, rounds in _ROUNDS if count <= most), 1)
    plain, scan = in_turn(rounds, [plain_command(path), scan_command(path, jobs)])
    return Step(count, middle(plain), middle(scan))


def scale_table(steps: Sequence[Step], jobs: int) -> Table:
    """Return one row for each size, with the slope from the size before.

    Args:
        steps: From the smallest size up.
        jobs: How many processes scanned.
    """
    slopes = [(nan, nan), *(_slopes(*two) for two in pairwise(steps))]
    return Table(
        title=f"Scale: whole scans of invented articles without alignment, {jobs} worker(s)",
        columns=(
            *("articles", "seconds", "of processors", "/ plain loop", "µs per article"),
            *("slope of time", "peak MB", "slope of memory"),
        ),
        rows=tuple(_row(step, *slope) for step, slope in zip(steps, slopes, strict=True)),
        notes=(
            "Ratios and slopes are of seconds of the processor: other work changes them little.",
            "Slope: the power of the size with which a figure grows; 1 is in proportion.",
            *_verdicts(steps),
        ),
    )


def _row(step: Step, time_slope: float, memory_slope: float) -> tuple[Cell, ...]:
    scan, ratio = step.scan, step.scan.processor / step.plain.processor
    return (
        *(step.articles, scan.seconds, scan.processor, ratio, round(step.each, 1)),
        *(time_slope, round(scan.megabytes), memory_slope),
    )


def _slopes(less: Step, more: Step) -> tuple[float, float]:
    size = log(more.articles / less.articles)
    time = log(more.scan.processor / less.scan.processor) / size
    return time, log(more.scan.megabytes / less.scan.megabytes) / size


def _verdicts(steps: Sequence[Step]) -> list[str]:
    """Return what the last step is worth beside the one before it and the targets."""
    last, peak = steps[-1], steps[-1].scan.megabytes
    limit = f"the limit for a million is {_MOST_MEGABYTES:,} MB, {_met(peak <= _MOST_MEGABYTES)}"
    said = [f"{last.articles:,} articles take {peak:,.0f} MB at the peak; {limit}."]
    if len(steps) > 1:
        growth = last.each / steps[-2].each
        limit = f"the limit is {_MOST_GROWTH}, {_met(growth <= _MOST_GROWTH)}"
        before = f"{steps[-2].articles:,} articles"
        said.append(f"Time per article is {growth:.2f} times that of {before}; {limit}.")
    return said


def _met(holds: bool) -> str:  # noqa: FBT001 - the name asks the question
    return "met" if holds else "missed"


if __name__ == "__main__":
    sys.exit(main())
