"""Fail when a scan has become slower, in units of the plain loop, than the committed figure.

    python bench/check.py [--write]

The unit makes the figure the same, to about a tenth, on machines of different speed. It is made
of the least user time of several runs in turn, which other work on the machine hardly changes.
Counted instructions would be steadier still, but `valgrind --tool=callgrind` takes half a minute
for 500 articles and runs other loops of numpy than the processor does, since it knows fewer
instructions; and the counters that `perf stat` reads are closed in most containers.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus import cached
from processes import Cost, ProcessError, in_turn
from results import conditions
from whole import plain_command, scan_command

__all__ = ["ARTICLES", "WORSE", "main", "measured_ratio"]

ARTICLES = 3_000
WORSE = 1.25
"""How many times the committed ratio is too much."""

_COMMITTED = Path(__file__).parent / "results" / "check.json"
_ROUNDS = 5


def main(arguments: list[str] | None = None) -> int:
    """Compare with the committed figure; return 1 if it is worse, 2 if there is nothing to compare.

    Args:
        arguments: The command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help=f"keep the figure in {_COMMITTED}")
    options = parser.parse_args(arguments)
    if not options.write and not _COMMITTED.is_file():
        print(f"error: no figure at {_COMMITTED}\nhint:  make one with --write", file=sys.stderr)
        return 2
    try:
        ratio = measured_ratio(ARTICLES)
    except ProcessError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.write:
        figure = {"scan_to_plain_loop": round(ratio, 3), "articles": ARTICLES, **conditions()}
        _COMMITTED.write_text(json.dumps(figure, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(f"{ratio:.2f} plain loops, written: {_COMMITTED}")
        return 0
    return _verdict(ratio, json.loads(_COMMITTED.read_text("utf-8")))


def measured_ratio(articles: int) -> float:
    """Return the processor time of a scan over that of the plain loop, the least of each.

    Args:
        articles: How many invented articles to scan.
    """
    path = cached(articles)
    plain, scan = in_turn(_ROUNDS, [plain_command(path), scan_command(path)])
    return _least(scan) / _least(plain)


def _least(costs: Sequence[Cost]) -> float:
    return min(cost.user for cost in costs)


def _verdict(ratio: float, committed: dict[str, float]) -> int:
    before = committed["scan_to_plain_loop"]
    change = (
        f"{ratio:.2f} plain loops, {ratio / before - 1:+.0%} against the committed {before:.2f}"
    )
    if ratio > WORSE * before:
        print(f"error: a scan is slower: {change}", file=sys.stderr)
        print("hint:  make bench shows in which part; --write keeps a new figure", file=sys.stderr)
        return 1
    print(change)
    return 0


if __name__ == "__main__":
    sys.exit(main())
