"""Measure a scan on Spark beside the local engine, on the same articles in the same run.

    python bench/spark.py [--articles N...] [--skew N] [--data FOLDER] [--write]

Both run as whole processes on two cores. Processor time is summed over all processes of a run,
Java among them; shuffled bytes and stages are from Spark's own event log. The local engine writes
JSON Lines, Spark a folder of them, which must be equal to the byte, or the script fails.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus import cached
from processes import INSTALLED
from results import Cell, Table, as_text, write_results
from skew import CASES, case_file, ordinary_twin

__all__ = ["Measured", "logged", "main", "measured", "skew_table", "table_of"]

_RESULTS = Path(__file__).parent / "results"
_SIZES = (100_000, 1_000_000)
_MOST_TIME = 3.0  # times the local engine with two workers, start-up left out
_MOST_BYTES = 4096  # shuffled, of an article
_MOST_SKEW = 2.0  # times the ordinary twin
_POLL = 0.1  # seconds between two looks at the processes
_HEAP = "1g"
_HZ = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run took.

    Attributes:
        seconds: From start to end.
        processor: Seconds of all processors, of all processes.
        megabytes: Peak of the memory of all processes together.
        start: Seconds until Spark was ready for the first job; 0 without Spark.
        shuffled: Bytes written for other tasks.
        stages: Seconds by stage, as `--stats` has them.
    """

    seconds: float
    processor: float
    megabytes: float
    start: float = 0.0
    shuffled: int = 0
    stages: Mapping[str, float] = field(default_factory=dict)


def main(arguments: list[str] | None = None) -> int:
    """Print the tables, and return 1 if two reports differ.

    Args:
        arguments: The command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, nargs="*", default=list(_SIZES), metavar="N")
    parser.add_argument("--skew", type=int, default=20_000, metavar="N", help="articles of a case")
    parser.add_argument("--case", nargs="*", choices=CASES, default=list(CASES))
    parser.add_argument("--data", type=Path, help="labelled sets, compared to the byte")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {_RESULTS}")
    options = parser.parse_args(arguments)
    inputs = [(f"{count:,} invented", cached(count), count) for count in options.articles]
    inputs += (
        [(path.name, path, 0) for path in sorted(options.data.iterdir()) if path.is_dir()]
        if options.data
        else []
    )
    rows = [_compared(*each) for each in inputs]
    tables = [table_of(rows)] if rows else []
    if options.case:
        tables.append(skew_table(options.case, options.skew))
    for table in tables:
        print(as_text(table))
    if options.write:
        for path in write_results(_RESULTS, "spark", tables):
            print(f"written: {path}", file=sys.stderr)
    return int(any(not row.equal for row in rows))


@dataclass(frozen=True, slots=True)
class Compared:
    """Both engines on the same articles."""

    name: str
    articles: int
    local: Measured
    spark: Measured
    equal: bool


def _compared(name: str, path: Path, articles: int) -> Compared:
    with TemporaryDirectory() as folder:
        report, place = Path(folder) / "local.jsonl", Path(folder) / "found"
        local = measured([*_scan(path), "--jobs", "2", "-f", "jsonl"], report)
        written = [*_scan(path), *_on_spark(Path(folder)), "-o", f"jsonl={place}"]
        spark = measured(written, Path(folder) / "out", Path(folder))
        equal = _lines(report) == _lines(*sorted(place.glob("part-*")))
    print(
        f"{name}: {local.seconds:.0f} s, on Spark {spark.seconds:.0f} s",
        file=sys.stderr,
        flush=True,
    )
    return Compared(name, articles, local, spark, equal)


def _lines(*files: Path) -> str:
    """Return a digest of what some files hold together."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while data := stream.read(1 << 20):
                digest.update(data)
    return digest.hexdigest()


def table_of(rows: Sequence[Compared]) -> Table:
    """Return one row for each input, with what was wanted of it in the notes."""
    return Table(
        title="Spark in local[2] beside the local engine with two workers, whole scans",
        columns=(
            *("articles", "local s", "Spark s", "start s", "ratio without start"),
            *("local processor s", "Spark processor s", "local MB", "Spark MB"),
            *("shuffled bytes / article", "reading s", "comparing s", "aligning s", "same bytes"),
        ),
        rows=tuple(_row(row) for row in rows),
        notes=(
            f"Wanted: a ratio up to {_MOST_TIME}, {_MOST_BYTES:,} bytes shuffled, the same report.",
            "Ratios are of seconds within one run; the machine had other work at times.",
        ),
    )


def skew_table(names: Sequence[str], count: int) -> Table:
    """Return one row for each corpus that is all alike somewhere, beside its ordinary twin.

    Args:
        names: Of the cases.
        count: How many articles each has.
    """
    rows = []
    for name in names:
        with TemporaryDirectory() as folder:
            place = Path(folder)
            case, twin = (
                measured(
                    [*_scan(case_file(each, count)), "--no-diff", "-f", "jsonl", *_on_spark(place)],
                    place / "out",
                    place,
                )
                for each in (CASES[name], ordinary_twin(CASES[name]))
            )
        ratio = case.processor / twin.processor
        verdict = "yes" if ratio <= _MOST_SKEW else "no"
        rows.append((name, case.processor, twin.processor, ratio, case.megabytes, verdict))
        print(f"{name}: {ratio:.2f}", file=sys.stderr, flush=True)
    return Table(
        title=f"Skew on Spark: {count:,} articles a case, {_HEAP} of heap, without alignment",
        columns=("case", "processor s", "twin processor s", "ratio", "MB", f"<= {_MOST_SKEW}"),
        rows=tuple(rows),
        notes=("An ordinary twin has texts of the same numbers of words; every fifth is a copy.",),
    )


def measured(command: Sequence[str], output: Path, log: Path | None = None) -> Measured:
    """Return what a command takes, with all processes below it.

    Args:
        command: The program and its arguments.
        output: Where its standard output goes.
        log: The folder of Spark's event log; None without Spark.
    """
    start = time.time()
    peak, used = 0.0, dict[int, float]()
    with output.open("wb") as out, output.with_suffix(".err").open("wb+") as err:
        environment = {**os.environ, **INSTALLED}
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment)
        while process.poll() is None:
            memory = 0
            for pid, seconds, pages in _tree(process.pid):
                used[pid] = seconds
                memory += pages
            peak = max(peak, memory * _PAGE / 1e6)
            time.sleep(_POLL)
        seconds = time.time() - start
        err.seek(0)
        said = err.read().decode(errors="replace")
    if process.returncode:
        msg = f"{' '.join(command)} ended with {process.returncode}: {said[-2000:]}"
        raise RuntimeError(msg)
    ready, shuffled = logged(log) if log else (start, 0)
    processor = sum(used.values())
    return Measured(seconds, processor, peak, ready - start, shuffled, _stages(said))


def logged(folder: Path) -> tuple[float, int]:
    """Return when the first job of the newest event log began, and how much was shuffled."""
    path = max(
        (path for path in folder.rglob("*") if path.name.startswith(("local-", "app-", "events_"))),
        key=lambda path: path.stat().st_mtime,
    )
    first, shuffled = 0.0, 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["Event"] == "SparkListenerJobStart" and not first:
                first = event["Submission Time"] / 1000
            metrics = event.get("Task Metrics")
            if event["Event"] == "SparkListenerTaskEnd" and metrics:
                shuffled += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
    return first, shuffled


def _scan(path: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "dedupe_news",
        "scan",
        str(path),
        "--stats",
        "--isolated",
        "--skip-unreadable",
    ]


def _on_spark(log: Path) -> list[str]:
    settings = {
        "spark.driver.memory": _HEAP,
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": log.as_uri(),
        "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false",
    }
    options = [word for pair in settings.items() for word in ("--spark-conf", "=".join(pair))]
    return ["--engine", "spark", "--spark-master", "local[2]", *options]


def _stages(said: str) -> dict[str, float]:
    """Return the seconds by stage that `--stats` told."""
    told = next((line for line in said.splitlines() if line.startswith("time: ")), "")
    parts = [part.split() for part in told.removeprefix("time: ").split(", ")[1:]]
    return {words[0]: float(words[1]) for words in parts}


def _tree(pid: int) -> Iterator[tuple[int, float, int]]:
    """Yield processes with the seconds they have used and their pages in memory."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        yield pid, (int(fields[11]) + int(fields[12])) / _HZ, int(fields[21])
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text("ascii").split():
                yield from _tree(int(child))
    except OSError:
        return  # it ended between two looks


def _row(row: Compared) -> tuple[Cell, ...]:
    local, spark = row.local, row.spark
    ratio = (spark.seconds - spark.start) / local.seconds
    each = round(spark.shuffled / row.articles) if row.articles else float("nan")
    stages = [spark.stages.get(name, 0.0) for name in ("reading", "comparing", "aligning")]
    return (
        *(row.name, local.seconds, spark.seconds, spark.start, ratio),
        *(local.processor, spark.processor, round(local.megabytes), round(spark.megabytes)),
        *(each, *stages, "yes" if row.equal else "no"),
    )


if __name__ == "__main__":
    sys.exit(main())
