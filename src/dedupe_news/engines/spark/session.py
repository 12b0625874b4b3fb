"""Apache Spark: the only file that imports it, and all that is known of it."""

import os
import sys
import tempfile
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial, reduce
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from dedupe_news.engines.spark import daemon
from dedupe_news.engines.spark.arrow import (
    COLUMNS,
    stepped,
    stepped_pairs,
    stepped_records,
    table_of,
    tabled,
)
from dedupe_news.engines.spark.java import java_version
from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.slots import slots_of
from dedupe_news.engines.spark.tasks import JoinedStep, RecordStep, Step, TableStep, Totals
from dedupe_news.errors import MissingExtraError

__all__ = ["Frame", "Session", "SparkTasks", "require_spark", "session"]

Frame = Any
"""A `pyspark.sql.DataFrame`; Spark is imported where it is used, and tells no types before."""

Session = Any
"""A `pyspark.sql.SparkSession`."""

_TYPES = ("integer", "string", "binary", "long", "binary")  # of the columns
_JOINED = "lkind string, lnumber long, ldata binary, rkind string, rnumber long, rdata binary"
_IN_PLAN = 1 << 24  # bytes of rows that are surely in a plan, whose tasks each take some of them
_JAVA = 17
_PACKAGE = "openjdk-17-jre-headless"


class SparkTasks:
    """A cluster that runs Spark."""

    def __init__(self, spark: Session, lanes: int | None = None, folder: str = "") -> None:
        """Use a session.

        Args:
            spark: Where the work is done; some of its settings are others until `close`.
            lanes: Into how many shares the work is cut; Spark's shuffle partitions if None.
            folder: Where is kept what must outlive the loss of a machine.
        """
        self._spark = spark
        self._lanes = lanes or int(spark.conf.get("spark.sql.shuffle.partitions"))
        self._slots = slots_of(self._lanes)
        self._folder = folder or _folder(spark)
        self._saved = 0
        self._persisted: list[Frame] = []
        ours = {
            **_TUNING,
            "spark.sql.shuffle.partitions": str(self._lanes),
            "spark.sql.leafNodeDefaultParallelism": str(self._spread),
        }
        self._before = {name: spark.conf.get(name, None) for name in ours}
        _configure(spark, ours)

    @property
    def lanes(self) -> int:
        """Into how many shares the work is cut."""
        return self._lanes

    def work(self, pieces: Iterable[bytes], step: Step) -> Frame:
        """Return what a step makes of pieces of work."""
        rows = [Row(0, "piece", b"", number, data) for number, data in enumerate(pieces)]
        if not rows:
            return self.each(self._spark.createDataFrame([], _schema()), step)
        frame = self.given(rows)
        if sum(len(row.data) for row in rows) > _IN_PLAN:
            frame = frame.repartition(max(min(len(rows), self._spread), 1))
        return self.each(frame, step)

    def each(self, frame: Frame, step: Step) -> Frame:
        """Return what a step makes of rows wherever they are."""
        return frame.mapInArrow(partial(stepped, step, self._slots), _schema())

    def in_lanes(self, frames: Sequence[Frame], step: Step) -> Frame:
        """Return what a step makes of the rows of a lane, all of them in one task."""
        return self.each(self.together(frames).repartition(self._lanes, "slot"), step)

    def shelve(self, frame: Frame) -> Frame:
        """Return rows brought to their lanes and put aside there, sorted by key."""
        placed = frame.repartition(self._lanes, "slot").sortWithinPartitions("key")
        return self.keep(placed)

    def beside(self, frames: Sequence[Frame], shelved: Frame, step: Step) -> Frame:
        """Return what a step makes of rows of a lane, followed by what was shelved of it.

        What was shelved is in its lane already. From version 4.1 on Spark sees that and leaves
        it there; before, all is moved and sorted once more.
        """
        from pyspark.sql import functions as sql  # noqa: PLC0415

        if not frames:
            return self.each(shelved, step)
        frame = reduce(lambda one, other: one.union(other), frames)
        frame = frame.repartition(self._lanes, "slot").union(shelved)
        if not self._leaves_lanes:
            behind = sql.col("kind") == "article"
            frame = frame.repartition(self._lanes, "slot").sortWithinPartitions(behind, "key")
        return self.each(frame, step)

    def joined(self, left: Frame, right: Frame, step: JoinedStep) -> Frame:
        """Return what a step makes of each two rows of equal number and family of kinds."""
        from pyspark.sql import functions as sql  # noqa: PLC0415

        one = left.select(*(sql.col(name).alias(f"l{name}") for name in ("kind", "number", "data")))
        two = right.select(
            *(sql.col(name).alias(f"r{name}") for name in ("kind", "number", "data"))
        )
        family = sql.substring("lkind", 1, 4) == sql.substring("rkind", 1, 4)
        pairs = one.join(two, (sql.col("lnumber") == sql.col("rnumber")) & family)
        return pairs.mapInArrow(partial(stepped_pairs, step, self._slots), _schema())

    def pick(self, frame: Frame, *kinds: str) -> Frame:
        """Return the rows of some kinds."""
        from pyspark.sql import functions as sql  # noqa: PLC0415

        return frame.where(sql.col("kind").isin(*kinds))

    def keep(self, frame: Frame) -> Frame:
        """Return the same rows, on the disks of those who made them.

        Who is lost takes some with him; Spark makes these again from what they were made of.
        """
        from pyspark import StorageLevel  # noqa: PLC0415

        kept = frame.persist(StorageLevel.DISK_ONLY)
        self._persisted.append(kept)
        return kept

    def save(self, frame: Frame) -> Frame:
        """Return the same rows from Parquet files, which nobody has to make again."""
        self._saved += 1
        path = f"{self._folder}/{self._saved:03}"
        frame.write.parquet(path)
        return self._spark.read.schema(_schema()).parquet(path).select(*COLUMNS)

    def totals(self, frame: Frame) -> Totals:
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

    def collect(self, frame: Frame) -> list[Row]:
        """Return rows that are few."""
        return list(self._here(frame.collect()))

    def stream(self, frame: Frame) -> Iterator[Row]:
        """Yield rows that may be many, partition by partition."""
        yield from self._here(frame.toLocalIterator(prefetchPartitions=True))

    def _here(self, rows: Iterable[Any]) -> Iterator[Row]:
        lanes = {slot: lane for lane, slot in enumerate(self._slots)}
        for slot, kind, key, number, data in rows:
            yield Row(lanes[slot], kind, bytes(key), number, bytes(data))

    def given(self, rows: Iterable[Row]) -> Frame:
        """Return a frame of rows that are here."""
        return self._spark.createDataFrame(table_of(list(rows), self._slots))

    def together(self, frames: Sequence[Frame]) -> Frame:
        """Return the rows of several frames."""
        return reduce(lambda one, other: one.union(other), frames)

    def records(self, frame: Frame, step: RecordStep) -> Frame:
        """Return what a step makes of the rows of any frame, given as values by column."""
        return _plain(frame).mapInArrow(partial(stepped_records, step, self._slots), _schema())

    def table(self, frame: Frame, step: TableStep, schema: str) -> Frame:
        """Return a frame of named columns that a step makes of rows."""
        from pyspark.sql.pandas.types import to_arrow_schema  # noqa: PLC0415
        from pyspark.sql.types import StructType  # noqa: PLC0415

        arrow = to_arrow_schema(cast("StructType", StructType.fromDDL(schema)))
        return frame.mapInArrow(partial(tabled, step, self._slots, arrow), schema)

    def write_sorted(self, frames: Sequence[Frame], folder: str) -> None:
        """Write the data of rows as lines of text, sorted by key from file to file."""
        from pyspark.sql import functions as sql  # noqa: PLC0415

        ordered = self.together(frames).orderBy("key")
        lines = ordered.select(sql.col("data").cast("string").alias("value"))
        lines.write.mode("overwrite").text(folder)

    def close(self) -> None:
        """Give back what was kept, and the settings as they were."""
        for frame in self._persisted:
            frame.unpersist()
        _delete(self._spark, self._folder)
        _configure(self._spark, self._before)

    @property
    def _spread(self) -> int:
        return 4 * self._lanes

    @property
    def _leaves_lanes(self) -> bool:
        return bool(self._spark.conf.get("spark.sql.unionOutputPartitioning", "false") == "true")


@cache
def _schema() -> Any:  # noqa: ANN401 - a `pyspark.sql.types.StructType`
    """Return the schema of rows, as Python has it: Spark's own parser is slow to start."""
    from pyspark.sql.types import StructType  # noqa: PLC0415

    schema = StructType()
    for name, kind in zip(COLUMNS, _TYPES, strict=True):
        schema.add(name, kind)
    return schema


def _folder(spark: Session) -> str:
    """Return a new folder for what is kept, on the file system that all machines share."""
    given = spark.conf.get("spark.dedupeNews.folder", "")
    system = _hadoop(spark).get("fs.defaultFS", "file:///").rstrip("/")
    usual = tempfile.gettempdir() if system.startswith("file:") else f"{system}/tmp"  # noqa: S108 - of a cluster
    return f"{(given or usual).rstrip('/')}/dedupe-news-{uuid.uuid4().hex}"


def _delete(spark: Session, folder: str) -> None:
    path = spark.sparkContext._jvm.org.apache.hadoop.fs.Path(folder)  # noqa: SLF001 - Spark's own door
    recursively = True
    path.getFileSystem(_hadoop(spark)).delete(path, recursively)


def _hadoop(spark: Session) -> Any:  # noqa: ANN401 - an object of the Java side
    return spark.sparkContext._jsc.hadoopConfiguration()  # noqa: SLF001 - there is no other way


def _plain(frame: Frame) -> Frame:
    """Return a frame whose dates are texts, as records have them."""
    from pyspark.sql import functions as sql  # noqa: PLC0415

    forms = {"timestamp": "yyyy-MM-dd'T'HH:mm:ssXXX", "timestamp_ntz": "yyyy-MM-dd'T'HH:mm:ss"}
    columns = [
        sql.date_format(sql.col(f"`{name}`"), forms[kind]).alias(name)
        if kind in forms
        else sql.col(f"`{name}`").cast("string").alias(name)
        if kind == "date"
        else sql.col(f"`{name}`")
        for name, kind in frame.dtypes
    ]
    return frame.select(*columns)


def _configure(spark: Session, settings: Mapping[str, str | None]) -> None:
    for name, value in settings.items():
        if value is None:
            spark.conf.unset(name)
        else:
            spark.conf.set(name, value)


_TUNING = {
    "spark.sql.adaptive.enabled": "false",  # lanes are as large as they are meant to be
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",  # compiling takes longer than our few rows
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "1000",
    "spark.sql.execution.arrow.maxBytesPerBatch": str(1 << 22),  # Java grows a batch by copying it
    "spark.sql.parquet.compression.codec": "zstd",
}
_QUIET = {
    "spark.app.name": "dedupe-news",
    "spark.io.compression.codec": "zstd",
    "spark.io.compression.zstd.level": "2",
    "spark.rdd.compress": "false",  # texts are packed already, keys cannot be
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_QUICK = (  # most work is not Java's: to compile it well takes longer, and so do short pauses
    "-XX:TieredStopAtLevel=1 -XX:+UseParallelGC"
)
_HERE = {
    "spark.python.daemon.module": daemon.MODULE,
    "spark.python.unix.domain.socket.enabled": "true",  # TCP waits before it answers
}
_LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


@contextmanager
def session(master: str = "", conf: Mapping[str, str] | None = None) -> Iterator[Session]:
    """Yield the session that is running, or one of our own that ends afterwards.

    Args:
        master: Where the work is done; as Spark is configured when empty.
        conf: Settings of Spark, which win over ours.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415

    if running := SparkSession.getActiveSession():
        yield running
        return
    if _is_near(master):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder
    for name, value in _settings(master, conf or {}).items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def _settings(master: str, conf: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a session of our own, over which those of the user win."""
    settings = {**_QUIET, **_logging()}
    if _is_near(master):
        settings |= _LOOPBACK
    if master.startswith("local") and os.name == "posix":
        settings |= _HERE
    if master:
        settings["spark.master"] = master
    return {**settings, **conf}


def _is_near(master: str) -> bool:
    """Return whether a cluster is on this machine, as far as can be told."""
    return not master or master.startswith("local") or "127.0.0.1" in master


def _logging() -> dict[str, str]:
    """Return the settings by which Spark says only what went wrong."""
    path = Path(__file__).with_name("log4j2.properties")
    logging = f"-Dlog4j2.configurationFile=file:{path}"
    return {"spark.driver.extraJavaOptions": f"{logging} {_QUICK}"}


def require_spark() -> None:
    """Check that Spark can be used, unless it is running already.

    Raises:
        MissingExtraError: If the extra or a Java is missing, with the line to type.
    """
    try:
        for name in ("pandas", "pyarrow"):  # Spark tells late, and less well, what is missing
            import_module(name)
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as error:
        msg = f"--engine spark needs packages that are not installed: {error}"
        raise MissingExtraError(msg, hint="pip install 'dedupe-news[spark]'") from error
    if SparkSession.getActiveSession() or "PYSPARK_GATEWAY_PORT" in os.environ:
        return
    version = java_version()
    if version < _JAVA:
        found = f"Java {version} is too old for it" if version else "no Java was found"
        msg = f"--engine spark needs Java {_JAVA} or later: {found}"
        raise MissingExtraError(msg, hint=f"apt-get install {_PACKAGE}, or set JAVA_HOME")
