"""`--engine spark`: the options of a cluster, and a scan that runs on one."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from dedupe_news.cli import options
from dedupe_news.cli.parameters import Choice, spelling
from dedupe_news.cli.talk import HintedError
from dedupe_news.cli.targets import Target
from dedupe_news.errors import EngineError, PathError, UsageError
from dedupe_news.render.safe import one_line

if TYPE_CHECKING:
    from dedupe_news.engines.spark.scanning import Scan

__all__ = ["SPARK", "engine", "folders_of", "on_spark", "write_folders"]

SPARK = "spark"


def _conf(_context: click.Context, param: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in values:
        name, sign, setting = value.partition("=")
        if not sign or not name:
            msg = f"{spelling(param)} {value} has no '='"
            raise HintedError(msg, hint="write KEY=VALUE, such as spark.driver.memory=4g")
        found[name.strip()] = setting.strip()
    return found


_OF_SPARK = ("pyspark", "py4j")
_LONGEST = 300  # characters of what Spark says
_GIVEN_UP = (
    "-v shows all of it; --spark-conf spark.driver.memory=4g gives a large report room,"
    " -o jsonl=FOLDER and -o parquet=FOLDER need none"
)

_ENGINE = options.option(
    "--engine",
    type=Choice(["local", SPARK]),
    default="local",
    show_default=True,
    help="Where the work is done: on this machine, or on Apache Spark.",
)
_MASTER = options.option(
    "--spark-master",
    default="",
    metavar="URL",
    show_default="as Spark is configured",
    help="The cluster, such as spark://host:7077 or local[4].",
)
_CONF = options.option(
    "--spark-conf",
    multiple=True,
    callback=_conf,
    metavar="KEY=VALUE",
    help="A setting of Spark. Repeatable.",
)


def engine(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where the work is done."""
    for decorate in (_CONF, _MASTER, _ENGINE):
        command = decorate(command)
    return command


def folders_of(typed: options.Typed) -> tuple[list[Target], list[Target]]:
    """Return the targets that are folders, written by the cluster, and the others.

    Raises:
        UsageError: If a folder is wanted of an engine that writes none, or Spark is to be
            set up for another engine.
    """
    targets = list(typed["targets"])
    on_spark = typed["engine"] == SPARK
    folders = [target for target in targets if _is_folder(target, on_spark=on_spark)]
    if not on_spark:
        if folders:
            msg = f"{folders[0].form}={folders[0].path} is a folder, which only a cluster writes"
            raise UsageError(msg, hint="add --engine spark, or name another form")
        if typed["spark_master"] or typed["spark_conf"]:
            msg = "--spark-master and --spark-conf are for another engine"
            raise UsageError(msg, hint="add --engine spark")
    for folder in folders:
        _require_free(folder.path)
    return folders, [target for target in targets if target not in folders]


@contextmanager
def on_spark(paths: Sequence[str], typed: options.Typed) -> Iterator["Scan"]:
    """Yield the scan of paths on the cluster that was named.

    Raises:
        EngineError: If Spark could not do the work, with the line that says why.
    """
    settings = options.settings(typed)
    reading = options.read_options(typed)
    from dedupe_news.engines.spark.scanning import scan_paths  # noqa: PLC0415 - only when asked for

    master, conf = typed["spark_master"], typed["spark_conf"]
    try:
        with scan_paths(paths, settings, reading, master=master, conf=conf) as scan:
            yield scan
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _OF_SPARK:
            raise
        msg = f"Spark could not do it: {_reason(error)}"
        raise EngineError(msg, hint=_GIVEN_UP) from error


def write_folders(scan: "Scan", folders: Sequence[Target]) -> None:
    """Write what was found as folders, lines last: whoever has described clusters can say them."""
    for form, path in sorted(folders, key=lambda each: each.form == "jsonl"):
        write = scan.write_parquet if form == "parquet" else scan.write_json_lines
        write(path.rstrip("/"))


def _reason(error: Exception) -> str:
    """Return the line that names what went wrong, of the many that Java says."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    named = (line for line in lines if "Exception" in line or "Error" in line)
    said = next(named, lines[0] if lines else type(error).__name__)
    return one_line(said.removeprefix(": "))[:_LONGEST]


def _is_folder(target: Target, *, on_spark: bool) -> bool:
    if target.form == "parquet":
        return True
    suffix = os.path.splitext(target.path.lower())[1]  # noqa: PTH122 - an address is no path
    return on_spark and target.form == "jsonl" and suffix not in {".jsonl", ".ndjson"}


def _require_free(path: str) -> None:
    """Check that a folder of this machine is not there, or is empty.

    Raises:
        PathError: If it holds anything: nothing is written over that was not made by us.
    """
    if "://" in path or not os.path.lexists(path):
        return
    if not os.path.isdir(path) or os.listdir(path):  # noqa: PTH112, PTH208 - as typed
        msg = f"{path} is there already"
        raise PathError(msg, hint="name a new folder, or an empty one")
