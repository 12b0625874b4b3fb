"""Measure what is found and what is said of it, on labelled sets.

python bench/accuracy.py --data DIR [--list-errors N] [--write]
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from known import error_table, paragraph_error_table, paragraph_table, threshold_table
from labelled import DataError, LabelledSet, find_sets
from results import Table, as_text, write_results

__all__ = ["main"]

_RESULTS = Path(__file__).parent / "results"


def main(arguments: list[str] | None = None) -> int:
    """Print the tables that were asked for, and return an exit code.

    Args:
        arguments: The command line; None takes the process's own.
    """
    options = _parser().parse_args(arguments)
    try:
        sets = find_sets(options.data)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    tables = []
    for table in _tables(sets, options):
        print(as_text(table), flush=True)
        tables.append(table)
    if options.write:
        for path in write_results(_RESULTS, "accuracy", tables):
            print(f"written: {path}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled sets")
    parser.add_argument("--list-errors", type=int, default=0, metavar="N")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {_RESULTS}")
    return parser


def _tables(sets: list[LabelledSet], options: argparse.Namespace) -> Iterator[Table]:
    for labelled in sets:
        if labelled.truth:
            yield threshold_table(labelled)
        if labelled.versions:
            yield paragraph_table(labelled)
        if options.list_errors:
            yield error_table(labelled, options.list_errors)
            yield paragraph_error_table(labelled, options.list_errors)


if __name__ == "__main__":
    sys.exit(main())
