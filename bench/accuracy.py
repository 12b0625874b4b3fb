"""Measure what is found and what is said of it, on labelled sets.

python bench/accuracy.py --data DIR [--list-errors N] [--write]
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from known import error_table, paragraph_error_table, paragraph_table, threshold_table
from labelled import DataError, LabelledSet, find_sets
from planted import (
    character_table,
    kind_table,
    label_error_table,
    pair_error_table,
    plant_all,
    set_table,
)
from results import Table, as_text, write_results
from variants import Group

__all__ = ["main"]

_RESULTS = Path(__file__).parent / "results"


def main(arguments: list[str] | None = None) -> int:
    """Print the tables that were asked for, and return an exit code.

    Args:
        arguments: The command line; None takes the process's own.
    """
    options = _parser().parse_args(arguments)
    tables = []
    try:
        for table in _tables(find_sets(options.data), options):
            print(as_text(table), flush=True)
            tables.append(table)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.write:
        for path in write_results(_RESULTS, "accuracy", tables):
            print(f"written: {path}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled sets")
    parser.add_argument("--only", choices=("labelled", "planted"), help="measure one part")
    parser.add_argument("--groups", type=int, default=1530, help="of planted variants")
    parser.add_argument("--seed", type=int, default=1, help="of the planted variants")
    parser.add_argument("--list-errors", type=int, default=0, metavar="N")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {_RESULTS}")
    return parser


def _tables(sets: list[LabelledSet], options: argparse.Namespace) -> Iterator[Table]:
    if options.only in (None, "labelled"):
        for labelled in sets:
            yield from _labelled_tables(labelled, options.list_errors)
    if options.only in (None, "planted"):
        yield from _planted_tables(plant_all(sets, options.groups, options.seed), options)


def _labelled_tables(labelled: LabelledSet, errors: int) -> Iterator[Table]:
    if labelled.truth:
        yield threshold_table(labelled)
    if labelled.versions:
        yield paragraph_table(labelled)
    if errors:
        yield error_table(labelled, errors)
        yield paragraph_error_table(labelled, errors)


def _planted_tables(groups: list[Group], options: argparse.Namespace) -> Iterator[Table]:
    yield kind_table(groups)
    yield set_table(groups)
    yield character_table(groups)
    if options.list_errors:
        yield pair_error_table(groups, options.list_errors)
        yield label_error_table(groups, options.list_errors)


if __name__ == "__main__":
    sys.exit(main())
