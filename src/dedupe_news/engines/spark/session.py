"""Apache Spark: the only file that imports it, and all that is known of it."""

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.tasks import JoinedStep, Step
from dedupe_news.errors import MissingExtraError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["SparkTasks", "require_spark", "session"]

_SCHEMA = "slot int, kind string, key binary, number long, data binary"
_COLUMNS = ("slot", "kind", "key", "number", "data")
_JOINED = "lkind string, lnumber long, ldata binary, rkind string, rnumber long, rdata binary"
_ROWS = 1000  # of one Arrow batch, at most
_BYTES = 1 << 23  # of one Arrow batch, about
_INDEX = (1 << 33) - 1  # the part of a generated id that counts the rows of a partition
_MASK = 0xFFFFFFFF


class SparkTasks:
    """A cluster that runs Spark."""

    def __init__(self, spark: "SparkSession", lanes: int, folder: str = "") -> None:
        """Use a session; what must be kept goes into a folder that all machines reach."""
        self._spark = spark
        self._lanes = lanes
        self._slots = _slots(lanes)
        self._folder = folder or _folder(spark)
        self._kept = 0
        self._shelved: list[DataFrame] = []

    @property
    def lanes(self) -> int:
        """Into how many shares the work is cut."""
        return self._lanes

    def work(self, pieces: Iterable[bytes], step: Step) -> "DataFrame":
        """Return what a step makes of pieces of work."""
        import pyarrow as pa  # noqa: PLC0415

        data = list(pieces)
        columns = {
            "slot": pa.array([self._slots[0]] * len(data), pa.int32()),
            "kind": pa.array(["piece"] * len(data), pa.string()),
            "key": pa.array([b""] * len(data), pa.binary()),
            "number": pa.array(range(len(data)), pa.int64()),
            "data": pa.array(data, pa.binary()),
        }
        frame = self._spark.createDataFrame(pa.table(columns))
        parts = max(min(len(data), self._spread), 1)
        return self.each(frame.repartition(parts), step)

    def each(self, frame: "DataFrame", step: Step) -> "DataFrame":
        """Return what a step makes of rows wherever they are."""
        return frame.mapInArrow(partial(_stepped, step, self._slots), _SCHEMA)

    def in_lanes(
        self, frames: Sequence["DataFrame"], step: Step, *, by_key: bool = False
    ) -> "DataFrame":
        """Return what a step makes of the rows of a lane, all of them in one task."""
        frame = reduce(lambda one, other: one.union(other), frames)
        frame = frame.repartition(self._lanes, "slot")
        return self.each(frame.sortWithinPartitions("key") if by_key else frame, step)

    def shelve(self, frame: "DataFrame") -> "DataFrame":
        """Return rows brought to their lanes, sorted by key and numbered in that order."""
        from pyspark import StorageLevel  # noqa: PLC0415
        from pyspark.sql import functions as sql  # noqa: PLC0415

        placed = frame.repartition(self._lanes, "slot").sortWithinPartitions("key")
        number = sql.monotonically_increasing_id().bitwiseAND(sql.lit(_INDEX))
        shelved = placed.withColumn("number", number).select(*_COLUMNS)
        shelved = shelved.persist(StorageLevel.DISK_ONLY)
        self._shelved.append(shelved)
        return shelved

    def beside(
        self, frames: Sequence["DataFrame"], shelved: "DataFrame", step: Step
    ) -> "DataFrame":
        """Return what a step makes of rows of a lane, followed by what was shelved of it.

        What was shelved is in its lane already. From version 4.1 on Spark sees that and leaves
        it there; before, all is moved and sorted once more.
        """
        from pyspark.sql import functions as sql  # noqa: PLC0415

        frame = reduce(lambda one, other: one.union(other), frames)
        frame = frame.repartition(self._lanes, "slot").union(shelved)
        if not self._leaves_lanes:
            behind = sql.col("kind").isin("article", "skipped", "left-out")
            frame = frame.repartition(self._lanes, "slot").sortWithinPartitions(behind, "key")
        return self.each(frame, step)

    def joined(self, left: "DataFrame", right: "DataFrame", step: JoinedStep) -> "DataFrame":
        """Return what a step makes of each two rows of equal number and family of kinds."""
        from pyspark.sql import functions as sql  # noqa: PLC0415

        one = left.select(*(sql.col(name).alias(f"l{name}") for name in ("kind", "number", "data")))
        two = right.select(
            *(sql.col(name).alias(f"r{name}") for name in ("kind", "number", "data"))
        )
        family = sql.substring("lkind", 1, 4) == sql.substring("rkind", 1, 4)
        pairs = one.join(two, (sql.col("lnumber") == sql.col("rnumber")) & family)
        return pairs.mapInArrow(partial(_stepped_pairs, step, self._slots), _SCHEMA)

    def pick(self, frame: "DataFrame", *kinds: str) -> "DataFrame":
        """Return the rows of some kinds."""
        from pyspark.sql import functions as sql  # noqa: PLC0415

        return frame.where(sql.col("kind").isin(*kinds))

    def keep(self, frame: "DataFrame") -> "DataFrame":
        """Return the same rows from Parquet files, one folder for each kind."""
        self._kept += 1
        path = f"{self._folder}/{self._kept:03}"
        frame.write.partitionBy("kind").parquet(path)
        return self._spark.read.schema(_SCHEMA).parquet(path).select(*_COLUMNS)

    def totals(self, frame: "DataFrame") -> dict[tuple[int, str], tuple[int, int]]:
        """Return for each lane and kind how many rows there are, and the sum of their numbers."""
        from pyspark.sql import functions as sql  # noqa: PLC0415

        lanes = {slot: lane for lane, slot in enumerate(self._slots)}
        counted = frame.groupBy("slot", "kind").agg(
            sql.count("*").alias("rows"), sql.sum("number").alias("numbers")
        )
        return {
            (lanes[row["slot"]], row["kind"]): (row["rows"], row["numbers"])
            for row in counted.collect()
        }

    def collect(self, frame: "DataFrame") -> list[Row]:
        """Return rows that are few."""
        lanes = {slot: lane for lane, slot in enumerate(self._slots)}
        return [
            Row(lanes[row["slot"]], row["kind"], bytes(row["key"]), row["number"], bytes(row["data"]))
            for row in frame.collect()
        ]

    def has_twins(self, shelved: "DataFrame", start: int, end: int) -> bool:
        """Return whether two rows are equal in a part of their keys."""
        from pyspark.sql import functions as sql  # noqa: PLC0415

        length = sql.length("key") - sql.lit(start + end)
        part = sql.substring(sql.col("key"), sql.lit(start + 1), length)
        hashed = shelved.select(sql.xxhash64(part).alias("part"))
        twins = hashed.groupBy("part").count().where("count > 1").limit(1)
        return bool(twins.collect())

    def close(self) -> None:
        """Give back what was kept."""
        for frame in self._shelved:
            frame.unpersist()
        _delete(self._spark, self._folder)

    @property
    def _spread(self) -> int:
        return 4 * self._lanes

    @property
    def _leaves_lanes(self) -> bool:
        return self._spark.conf.get("spark.sql.unionOutputPartitioning", "false") == "true"


def _stepped(
    step: Step, slots: Sequence[int], batches: Iterable["pa.RecordBatch"]
) -> Iterator["pa.RecordBatch"]:
    """Run a step on Arrow batches."""
    lanes = {slot: lane for lane, slot in enumerate(slots)}
    yield from _batched(step(_rows(batches, lanes)), slots)


def _stepped_pairs(
    step: JoinedStep, slots: Sequence[int], batches: Iterable["pa.RecordBatch"]
) -> Iterator["pa.RecordBatch"]:
    pairs = (
        (Row(0, lkind, b"", lnumber, ldata), Row(0, rkind, b"", rnumber, rdata))
        for batch in batches
        for lkind, lnumber, ldata, rkind, rnumber, rdata in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        )
    )
    yield from _batched(step(pairs), slots)


def _rows(batches: Iterable["pa.RecordBatch"], lanes: Mapping[int, int]) -> Iterator[Row]:
    for batch in batches:
        slots, *columns = (column.to_pylist() for column in batch.columns)
        for slot, kind, key, number, data in zip(slots, *columns, strict=True):
            yield Row(lanes[slot], kind, key, number, data)


def _batched(rows: Iterable[Row], slots: Sequence[int]) -> Iterator["pa.RecordBatch"]:
    waiting: list[Row] = []
    size = 0
    for row in rows:
        waiting.append(row)
        size += len(row.data)
        if size >= _BYTES or len(waiting) >= _ROWS:
            yield _batch(waiting, slots)
            waiting, size = [], 0
    if waiting:
        yield _batch(waiting, slots)


def _batch(rows: Sequence[Row], slots: Sequence[int]) -> "pa.RecordBatch":
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
        names=list(_COLUMNS),
    )


def _slots(lanes: int) -> tuple[int, ...]:
    """Return for each lane a number that Spark's hash sends to the partition of that lane."""
    found: dict[int, int] = {}
    value = 0
    while len(found) < lanes:
        found.setdefault(_hash(value) % lanes, value)
        value += 1
    return tuple(found[lane] for lane in range(lanes))


def _hash(value: int) -> int:
    """Return the hash by which Spark chooses a partition for an integer.

    Source: Austin Appleby, MurmurHash3, 32-bit variant (public domain), with Spark's seed.
    """
    mixed = _rotated(value * 0xCC9E2D51 & _MASK, 15) * 0x1B873593 & _MASK
    hashed = (_rotated(42 ^ mixed, 13) * 5 + 0xE6546B64) & _MASK
    hashed ^= 4
    hashed = (hashed ^ hashed >> 16) * 0x85EBCA6B & _MASK
    hashed = (hashed ^ hashed >> 13) * 0xC2B2AE35 & _MASK
    hashed ^= hashed >> 16
    return hashed - (1 << 32) if hashed >> 31 else hashed


def _rotated(value: int, bits: int) -> int:
    return (value << bits | value >> (32 - bits)) & _MASK


def _folder(spark: "SparkSession") -> str:
    """Return a new folder for what is kept, on the file system that all machines share."""
    given = spark.conf.get("spark.dedupeNews.folder", "")
    base = given or spark.sparkContext._jsc.hadoopConfiguration().get("fs.defaultFS", "file:///")
    if not given:
        base = f"{tempfile.gettempdir()}" if base.startswith("file:") else f"{base}/tmp"
    return f"{base.rstrip('/')}/dedupe-news-{uuid.uuid4().hex}"


def _delete(spark: "SparkSession", folder: str) -> None:
    jvm = spark.sparkContext._jvm
    path = jvm.org.apache.hadoop.fs.Path(folder)
    path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()).delete(path, True)


_OURS = {
    "spark.app.name": "dedupe-news",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.io.compression.codec": "zstd",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.maxConcurrentOutputFileWriters": "16",
    "spark.sql.session.timeZone": "UTC",
}


@contextmanager
def session(master: str = "", conf: Mapping[str, str] | None = None) -> Iterator["SparkSession"]:
    """Yield a session with the master and the settings given; stopped afterwards."""
    require_spark()
    from pyspark.sql import SparkSession  # noqa: PLC0415

    builder = SparkSession.builder
    settings = {**_OURS, **(conf or {})}
    if master:
        settings["spark.master"] = master
    if _is_here(master):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        settings = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", **settings}
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def _is_here(master: str) -> bool:
    return master.startswith("local") or "127.0.0.1" in master


def require_spark() -> None:
    """Check that Spark can be used.

    Raises:
        MissingExtraError: If the extra or a Java is missing, with the line to type.
    """
