"""What a caller asks of the engine: a scan of paths, or of a frame."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from typing import Self

from dedupe_news.engines.spark import pieces, tables
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.foreign import Foreign, is_foreign
from dedupe_news.engines.spark.plan import Run
from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.session import Frame, SparkTasks, require_spark, session
from dedupe_news.finding import Progress, silent
from dedupe_news.model import Boilerplate, Report, Summary
from dedupe_news.settings import Settings
from dedupe_news.sources import ReadOptions

__all__ = ["Scan", "lanes_for", "scan_frame", "scan_paths"]

_LANE = 1 << 27  # bytes of input that make a lane
_SMALL = 1 << 22  # bytes of input that are not worth a lane of their own
_COUNTED_HERE = 1 << 30  # bytes of which the lines are counted in half a second
_EACH = 2  # lanes for each core, so that none waits long for the last; each costs tasks


class Scan:
    """What a scan finds, as frames that are worked out when they are first asked for.

    Nothing is brought to the driver but what is small by its nature, such as counts and the
    shingles of boilerplate; only `report` gathers all that was found. What is kept in between
    is given back by `close`, or at the end of a `with` block.
    """

    def __init__(self, tasks: SparkTasks, loaded: Frame, course: Course) -> None:
        """Make a scan of articles that need not have been loaded yet."""
        self._tasks = tasks
        self._run = Run(tasks, loaded, course)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def matches(self) -> Frame:
        """Pairs of wordings that match, by the id of the first copy of each."""
        return self._tasks.table(self._run.named_matches, tables.matches, tables.MATCHES)

    @cached_property
    def clusters(self) -> Frame:
        """One row for each member of a cluster."""
        return self._tasks.table(self._run.clusters, tables.clusters, tables.CLUSTERS)

    @cached_property
    def changes(self) -> Frame:
        """One row for each change from a base to a variant."""
        return self._tasks.table(self._run.clusters, tables.changes, tables.CHANGES)

    @cached_property
    def skipped(self) -> Frame:
        """What could not take part."""
        return self._tasks.table(self._run.skips, tables.skipped, tables.SKIPPED)

    @property
    def summary(self) -> Summary:
        """The counts."""
        return self._run.summary()

    @property
    def boilerplate(self) -> tuple[Boilerplate, ...]:
        """What recurs in articles that share nothing else."""
        return self._run.learned.shown

    def report(self, progress: Progress = silent) -> Report:
        """Return all that was found, if it is small enough to be held by the driver.

        Args:
            progress: Called after each stage.
        """
        self.work(progress)
        return self._run.report()

    def write_parquet(self, folder: str, progress: Progress = silent) -> None:
        """Write what was found as folders of Parquet files: clusters, changes, matches, skipped.

        Args:
            folder: On any file system that Spark knows; what it holds is replaced.
            progress: Called after each stage.
        """
        self.work(progress)
        for name in ("clusters", "changes", "matches", "skipped"):
            getattr(self, name).write.mode("overwrite").parquet(f"{folder}/{name}")

    def write_json_lines(self, folder: str, progress: Progress = silent) -> None:
        """Write what was found as a folder of JSON Lines, which make a `jsonl` report in order.

        Args:
            folder: On any file system that Spark knows; what it holds is replaced.
            progress: Called after each stage.
        """
        self.work(progress, in_lines=True)
        run, tasks = self._run, self._tasks
        tasks.write_sorted([*run.lines, tasks.given(run.frame_lines()).coalesce(1)], folder)

    def close(self) -> None:
        """Give back what was kept; frames that were not written are of no use any more."""
        self._tasks.close()

    @property
    def unread(self) -> bool:
        """Whether some input could not be read."""
        run = self._run
        if run.skipped_late or not run.summary().skipped:
            return bool(run.skipped_late)
        early = self._tasks.table(run.skipped_early, tables.skipped, tables.SKIPPED)
        return bool(early.where("code <> 'empty'").limit(1).collect())

    def work(self, progress: Progress = silent, *, in_lines: bool = False) -> None:
        """Find what there is to be found; it stays where it is.

        Args:
            progress: Called after each stage.
            in_lines: Whether clusters are wanted as lines of JSON, and as nothing else.
        """
        articles = self._run.count
        progress("read", articles, articles)
        _ = self._run.matches
        progress("compare", articles, articles)
        if in_lines:
            _ = self._run.lines
        clusters = self._run.summary().clusters
        progress("align", clusters, clusters)


def scan_frame(
    frame: Frame,
    settings: Settings | None = None,
    *,
    fields: Mapping[str, str] | None = None,
    lanes: int | None = None,
    folder: str = "",
) -> Scan:
    """Return the scan of a frame of articles, of which nothing has been worked out yet.

    Args:
        frame: Has a column for the id and one for the text, and any of title, source, date,
            author, url and lang, by these or by their usual names.
        settings: What to look for; the defaults suit news.
        fields: For a field of an article, the column that holds it, where that is not usual.
        lanes: Into how many shares the work is cut; as many as Spark's shuffle partitions when
            not given.
        folder: Where is kept what must outlive the loss of a machine; a new folder under the
            default file system when not given.
    """
    tasks = SparkTasks(frame.sparkSession, lanes, folder)
    course = Course(settings or Settings(), tasks.lanes)
    step = partial(tables.article_rows, course=course, fields=dict(fields or {}))
    return Scan(tasks, tasks.records(frame, step), course)


@contextmanager
def scan_paths(
    paths: Sequence[str],
    settings: Settings,
    options: ReadOptions,
    *,
    master: str = "",
    conf: Mapping[str, str] | None = None,
    lanes: int | None = None,
) -> Iterator[Scan]:
    """Yield the scan of paths, in a session of its own unless there is one.

    Args:
        paths: Files and folders of this machine, which the others reach by the same names; or
            addresses and patterns that Spark knows, such as `s3a://bucket/news/*.jsonl`.
        settings: What to look for.
        options: How to read.
        master: Where the work is done; as Spark is configured when empty.
        conf: Settings of Spark.
        lanes: Into how many shares the work is cut; by the size of the input when not given.

    Raises:
        MissingExtraError: If Spark or its Java is missing.
        PathError: If a path does not exist.
    """
    require_spark()
    ours = [path for path in paths if not is_foreign(path)]
    cut = list(pieces.pieces_of(ours, options)) if ours else []
    with session(master, conf) as spark:
        foreign = Foreign(spark, [path for path in paths if is_foreign(path)], options)
        size = sum(map(pieces.size_of, cut)) + foreign.size
        given = lanes or int(spark.conf.get("spark.dedupeNews.lanes", "0"))
        tasks = SparkTasks(spark, given or lanes_for(size, spark.sparkContext.defaultParallelism))
        course = Course(settings, tasks.lanes)
        frames = foreign.articles(tasks, course)
        if cut or not frames:
            frames.append(_loaded(tasks, cut, course))
        with Scan(tasks, tasks.together(frames), course) as scan:
            yield scan


def lanes_for(size: int, cores: int) -> int:
    """Return into how many shares the work on so many bytes is cut."""
    return max(1, -(-size // _LANE), min(_EACH * cores, -(-size // _SMALL)))


def _loaded(tasks: SparkTasks, cut: list[bytes], course: Course) -> Frame:
    ranges = [piece for piece in cut if pieces.is_range(piece)]
    if len(ranges) > 1:
        cut = list(pieces.numbered(cut, _counted(tasks, ranges)))
    return tasks.work(cut, partial(pieces.read_pieces, course=course))


def _counted(tasks: SparkTasks, ranges: list[bytes]) -> Iterable[Row]:
    """Return how many lines end in each range; who is as quickly done as asked for counts here."""
    if sum(map(pieces.size_of, ranges)) <= _COUNTED_HERE:
        return pieces.count_lines(Row(0, "piece", b"", 0, data) for data in ranges)
    return tasks.collect(tasks.work(ranges, pieces.count_lines))
