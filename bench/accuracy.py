"""Measure what is found and what is said of it, on labelled sets and on planted variants.

python bench/accuracy.py --data DIR [--only PART] [--list-errors N] [--write]

Without `--only` the two parts that need no other tool are measured; `--only peers` installs
other tools when they are first needed, and runs them on the same articles.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from known import error_table, paragraph_error_table, paragraph_table, threshold_table
from labelled import DataError, LabelledSet, find_sets
from planted import (
    USUAL_GROUPS,
    character_table,
    kind_table,
    label_error_table,
    pair_error_table,
    plant_all,
    set_table,
)
from plots import threshold_picture
from results import Table, as_text, write_results
from rivals import rival_tables
from variants import Group

__all__ = ["main"]

_PARTS = ("labelled", "planted", "peers")
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
        _keep(tables, f"accuracy-{options.only}" if options.only else "accuracy")
    return 0


def _keep(tables: list[Table], name: str) -> None:
    paths = write_results(_RESULTS, name, tables)
    curves = [table for table in tables if "min containment" in table.columns]
    if curves:
        paths.append(paths[0].with_suffix(".svg"))
        paths[-1].write_text(threshold_picture(curves), encoding="utf-8")
    for path in paths:
        print(f"written: {path}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled sets")
    parser.add_argument("--only", choices=_PARTS, help="measure one part; peers only so")
    parser.add_argument("--peer", action="append", default=[], help="of the peers, only this")
    parser.add_argument("--peer-articles", type=int, default=1500, help="of each set; 0 is all")
    parser.add_argument("--groups", type=int, help=f"of variants; else up to {USUAL_GROUPS}")
    parser.add_argument("--seed", type=int, default=1, help="of the planted variants")
    parser.add_argument("--list-errors", type=int, default=0, metavar="N")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {_RESULTS}")
    return parser


def _tables(sets: list[LabelledSet], options: argparse.Namespace) -> Iterator[Table]:
    if options.only in (None, "labelled"):
        for labelled in sets:
            yield from _labelled_tables(labelled, options.list_errors)
    if options.only == "labelled":
        return
    groups = plant_all(sets, options.groups, options.seed)
    if options.only == "peers":
        yield from rival_tables(sets, groups, options.peer, options.peer_articles)
    else:
        yield from _planted_tables(groups, options)


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
