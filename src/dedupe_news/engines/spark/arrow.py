"""Rows as the Arrow batches in which a task gets them and gives them on.

The only file that imports pyarrow.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.tasks import JoinedStep, RecordStep, Step, TableStep

__all__ = [
    "COLUMNS",
    "batch_of",
    "stepped",
    "stepped_pairs",
    "stepped_records",
    "table_of",
    "tabled",
]

RecordBatch = Any
"""A `pyarrow.RecordBatch`; what is loaded late tells no types before."""

COLUMNS = ("slot", "kind", "key", "number", "data")
"""Names of the columns; a slot stands for a lane."""

_ROWS = 1000  # of one batch, at most
_BYTES = 1 << 23  # of one batch, about


def table_of(rows: Sequence[Row], slots: Sequence[int]) -> Any:  # noqa: ANN401 - a `pyarrow.Table`
    """Return rows as a table."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.Table.from_batches([batch_of(rows, slots)])


def stepped(
    step: Step, slots: Sequence[int], batches: Iterable[RecordBatch]
) -> Iterator[RecordBatch]:
    """Run a step on Arrow batches."""
    lanes = {slot: lane for lane, slot in enumerate(slots)}
    yield from _batched(step(_rows(batches, lanes)), slots)


def stepped_pairs(
    step: JoinedStep, slots: Sequence[int], batches: Iterable[RecordBatch]
) -> Iterator[RecordBatch]:
    """Run a step on batches of joined rows."""
    pairs = (
        (Row(0, lkind, b"", lnumber, ldata), Row(0, rkind, b"", rnumber, rdata))
        for batch in batches
        for lkind, lnumber, ldata, rkind, rnumber, rdata in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        )
    )
    yield from _batched(step(pairs), slots)


def stepped_records(
    step: RecordStep, slots: Sequence[int], batches: Iterable[RecordBatch]
) -> Iterator[RecordBatch]:
    """Run a step on batches of somebody else's columns."""
    records = (record for batch in batches for record in batch.to_pylist())
    yield from _batched(step(records), slots)


def tabled(
    step: TableStep,
    slots: Sequence[int],
    schema: Any,  # noqa: ANN401 - of pyarrow
    batches: Iterable[RecordBatch],
) -> Iterator[RecordBatch]:
    """Run a step that makes columns of its own."""
    import pyarrow as pa  # noqa: PLC0415

    lanes = {slot: lane for lane, slot in enumerate(slots)}
    found = iter(step(_rows(batches, lanes)))
    while some := list(islice(found, _ROWS)):
        columns = zip(*some, strict=True)
        arrays = [
            pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _rows(batches: Iterable[RecordBatch], lanes: Mapping[int, int]) -> Iterator[Row]:
    for batch in batches:
        slots, *columns = (column.to_pylist() for column in batch.columns)
        for slot, kind, key, number, data in zip(slots, *columns, strict=True):
            yield Row(lanes[slot], kind, key, number, data)


def _batched(rows: Iterable[Row], slots: Sequence[int]) -> Iterator[RecordBatch]:
    waiting: list[Row] = []
    size = 0
    for row in rows:
        waiting.append(row)
        size += len(row.data)
        if size >= _BYTES or len(waiting) >= _ROWS:
            yield batch_of(waiting, slots)
            waiting, size = [], 0
    if waiting:
        yield batch_of(waiting, slots)


def batch_of(rows: Sequence[Row], slots: Sequence[int]) -> RecordBatch:
    """Return rows as one batch, lanes as their slots."""
    import pyarrow as pa  # noqa: PLC0415

    lanes, kinds, keys, numbers, data = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays(
        [
            pa.array([slots[lane] for lane in lanes], pa.int32()),
            pa.array(kinds, pa.string()),
            pa.array(keys, pa.binary()),
            pa.array(numbers, pa.int64()),
            pa.array(data, pa.binary()),
        ],
        names=list(COLUMNS),
    )
