"""Rows as the Arrow batches in which a task gets them and gives them on.

The only file that imports pyarrow.
"""

import gc
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import accumulate, islice
from typing import Any

import numpy as np
import numpy.typing as npt

from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.tasks import JoinedStep, RecordStep, Step, TableStep
from dedupe_news.garbage import SELDOM

__all__ = [
    "COLUMNS",
    "batch_of",
    "squeezed",
    "stepped",
    "stepped_pairs",
    "stepped_records",
    "table_of",
    "tabled",
    "unsqueezed",
]

RecordBatch = Any
"""A `pyarrow.RecordBatch`; what is loaded late tells no types before."""

COLUMNS = ("slot", "kind", "key", "number", "data")
"""Names of the columns; a slot stands for a lane."""

_ROWS = 1000  # of one batch, at most
_BYTES = 1 << 23  # of one batch, about
_LEVEL = 2  # of Zstandard: no other packs as much in as little time
_LENGTH = 8  # bytes that say how long something was before it was squeezed
_SMALL = 1 << 14  # bytes that are left to Spark, which packs many of them together


def table_of(rows: Sequence[Row], slots: Sequence[int]) -> Any:  # noqa: ANN401 - a `pyarrow.Table`
    """Return rows as a table."""
    import pyarrow as pa  # noqa: PLC0415

    return pa.Table.from_batches([batch_of(rows, slots)])


def stepped(
    step: Step, slots: Sequence[int], batches: Iterable[RecordBatch]
) -> Iterator[RecordBatch]:
    """Run a step on Arrow batches."""
    lanes = {slot: lane for lane, slot in enumerate(slots)}
    with _few_collections():
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
    with _few_collections():
        yield from _batched(step(pairs), slots)


def stepped_records(
    step: RecordStep, slots: Sequence[int], batches: Iterable[RecordBatch]
) -> Iterator[RecordBatch]:
    """Run a step on batches of somebody else's columns."""
    records = (record for batch in batches for record in batch.to_pylist())
    with _few_collections():
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


@contextmanager
def _few_collections() -> Iterator[None]:
    """Have Python look for cycles seldom for a while; the process is Spark's, and goes on."""
    _leave_alone(len(sys.modules))
    before = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@cache
def _leave_alone(modules: int) -> None:
    """Have nobody look for cycles in what so many modules brought with them.

    Spark has Python go through all that there is after every task, which takes longer than most
    tasks of ours do.
    """
    del modules
    gc.freeze()


def squeezed(data: bytes) -> bytes:
    """Return bytes packed as small as is worth the time; few of them as they are."""
    if len(data) < _SMALL:
        return bytes(_LENGTH) + data
    packed: bytes = _codec().compress(data, asbytes=True)
    return len(data).to_bytes(_LENGTH, "little") + packed


def unsqueezed(data: bytes) -> bytes:
    """Return bytes as they were before."""
    size = int.from_bytes(data[:_LENGTH], "little")
    if not size:
        return data[_LENGTH:]
    unpacked: bytes = _codec().decompress(memoryview(data)[_LENGTH:], size, asbytes=True)
    return unpacked


@cache
def _codec() -> Any:  # noqa: ANN401 - a `pyarrow.Codec`
    import pyarrow as pa  # noqa: PLC0415

    return pa.Codec("zstd", compression_level=_LEVEL)


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
    """Return rows as one batch, lanes as their slots.

    It is made of bytes as they lie in memory: to be told what is in a list, pyarrow loads pandas
    in each process.
    """
    import pyarrow as pa  # noqa: PLC0415

    lanes, kinds, keys, numbers, data = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays(
        [
            _fixed(pa.int32(), np.array([slots[lane] for lane in lanes], np.int32)),
            _joined(pa.string(), [kind.encode() for kind in kinds]),
            _joined(pa.binary(), keys),
            _fixed(pa.int64(), np.array(numbers, np.int64)),
            _joined(pa.binary(), data),
        ],
        names=list(COLUMNS),
    )


def _fixed(kind: Any, values: npt.NDArray[Any]) -> Any:  # noqa: ANN401 - of pyarrow
    import pyarrow as pa  # noqa: PLC0415

    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


def _joined(kind: Any, values: Sequence[bytes]) -> Any:  # noqa: ANN401 - of pyarrow
    """Return an array of bytes; `OverflowError` where they are more than one can hold."""
    import pyarrow as pa  # noqa: PLC0415

    ends = np.fromiter(accumulate(map(len, values), initial=0), np.int32, len(values) + 1)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(values))]
    return pa.Array.from_buffers(kind, len(values), buffers)
