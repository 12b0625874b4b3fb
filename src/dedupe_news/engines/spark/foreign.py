"""Input that Spark finds and opens itself: addresses, patterns, and Parquet."""

import os
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.reading import item_rows
from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.session import Frame, Session, SparkTasks
from dedupe_news.engines.spark.sheaves import in_sheaves
from dedupe_news.engines.spark.tables import article_rows, shown_address
from dedupe_news.model import LeftOut
from dedupe_news.sources import ReadOptions
from dedupe_news.sources.files import File
from dedupe_news.sources.formats import format_of
from dedupe_news.sources.json_lines import Lines
from dedupe_news.sources.reading import cut_file

__all__ = ["Foreign", "is_foreign", "line_rows", "whole_rows"]

_LINES = 512  # that are parsed together
_PATTERN = "*?[{"

Record = Mapping[str, Any]


def is_foreign(path: str) -> bool:
    """Return whether a path is for Spark to read: an address, a pattern, or Parquet."""
    if "://" in path or path.endswith(".parquet"):
        return True
    if os.path.lexists(path):
        return any(Path(path).glob("*.parquet"))  # nothing, if it is a file
    return any(sign in path for sign in _PATTERN)


class Foreign:
    """What Spark finds at some addresses; looked at when made, read later."""

    def __init__(self, spark: Session, paths: Sequence[str], options: ReadOptions) -> None:
        """Look what there is."""
        self._spark = spark
        self._options = options
        self._parquet = [path for path in paths if _is_parquet(path)]
        others = [path for path in paths if path not in self._parquet]
        self._files = self._listed(others) if others else []

    @property
    def size(self) -> int:
        """How many bytes there are, as far as that is known."""
        return sum(length for _, length in self._files)

    def articles(self, tasks: SparkTasks, course: Course) -> list[Frame]:
        """Return frames of articles, and of what was skipped and left out."""
        forms = {path: format_of(path) for path, _ in self._files}
        lines = [path for path, form in forms.items() if form == "jsonl"]
        whole = [path for path, form in forms.items() if form not in ("", "jsonl")]
        unknown = len(forms) - len(lines) - len(whole)
        frames = []
        if self._parquet:
            frames.append(self._records(tasks, course))
        if lines:
            frames.append(self._lines(lines, tasks, course))
        if whole:
            frames.append(self._whole(whole, tasks, course))
        if unknown:
            left = pickle.dumps(LeftOut("other-format", unknown))
            frames.append(tasks.given([Row(0, "left-out", b"", 1, left)]))
        return frames

    def _listed(self, paths: Sequence[str]) -> list[tuple[str, int]]:
        reader = self._spark.read.format("binaryFile").option("recursiveFileLookup", "true")
        found = reader.load(list(paths)).select("path", "length").collect()
        return sorted((row["path"], row["length"]) for row in found)

    def _records(self, tasks: SparkTasks, course: Course) -> Frame:
        frame = self._spark.read.parquet(*self._parquet).selectExpr(
            "*", "_metadata.file_path AS _file", "_metadata.row_index AS _line"
        )
        step = partial(article_rows, course=course, fields=dict(self._options.fields))
        return tasks.records(frame, step)

    def _lines(self, paths: Sequence[str], tasks: SparkTasks, course: Course) -> Frame:
        text = (
            self._spark.read.option("lineSep", "\n")
            .text(list(paths))
            .selectExpr(
                "CAST(value AS BINARY) AS line",
                "_metadata.file_path AS _file",
                "_metadata.file_block_start AS _start",
            )
        )
        counts = text.groupBy("_file", "_start").count().collect()
        breaks: dict[tuple[str, int], int] = {}
        for _, blocks in groupby(sorted(counts), key=lambda row: row["_file"]):
            before = 0
            for row in blocks:
                breaks[row["_file"], row["_start"]] = before
                before += row["count"]
        step = partial(line_rows, course=course, options=self._options, breaks=breaks)
        return tasks.records(text, step)

    def _whole(self, paths: Sequence[str], tasks: SparkTasks, course: Course) -> Frame:
        frame = self._spark.read.format("binaryFile").load(list(paths)).select("path", "content")
        return tasks.records(frame, partial(whole_rows, course=course, options=self._options))


@in_sheaves
def line_rows(
    records: Iterable[Record],
    course: Course,
    options: ReadOptions,
    breaks: Mapping[tuple[str, int], int],
) -> Iterator[Row]:
    """Yield the articles in lines of files.

    Args:
        records: Lines with their file and the start of their block, block by block in order.
        course: How the run goes.
        options: How to read them.
        breaks: How many lines each file has before each block.
    """
    for (path, start), block in groupby(records, key=lambda each: (each["_file"], each["_start"])):
        number = breaks[path, start] + 1
        while lines := [record["line"] for record in islice(block, _LINES)]:
            data = b"\n".join(lines)
            yield from item_rows(
                Lines(shown_address(path), data, number, options, len(data)).load(), course
            )
            number += len(lines)


@in_sheaves
def whole_rows(records: Iterable[Record], course: Course, options: ReadOptions) -> Iterator[Row]:
    """Yield the articles in files, given by what they hold.

    Args:
        records: Files with their path and their content.
        course: How the run goes.
        options: How to read them.
    """
    for record in records:
        path, content = record["path"], record["content"]
        with tempfile.NamedTemporaryFile(suffix=".gz" * path.endswith(".gz")) as copy:
            copy.write(content)
            copy.flush()
            file = File(copy.name, shown_address(path), format_of(path), len(content))
            for batch in cut_file(file, options):
                yield from item_rows(batch.load(), course)


def _is_parquet(path: str) -> bool:
    if path.endswith(".parquet"):
        return True
    return "://" not in path and not any(sign in path for sign in _PATTERN)
