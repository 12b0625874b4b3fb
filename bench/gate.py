"""Measure the gate on invented articles: an index, and checks of a few changed files.

    python bench/gate.py [--articles N] [--per-file N] [--rounds N] [--folder DIR] [--write]

The corpus is a git repository, as an archive is: each article a file of its own, or many in a
file of JSON Lines and the latest in files of their own. Two of the five articles that change are
reprints of published ones with a paragraph of their own, so there is something to be found.

Whole processes are measured, from start to end; the median of several is shown, in seconds of
the clock and of the processor (the latter includes what git works, and is what other work on the
machine changes least). What Python compiles is kept, as it is where the program is installed.
Before a cold check the pages of the index are dropped from the memory of the system.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain
from pathlib import Path

from corpus import Invented, line_of
from processes import Cost, ProcessError, measure, middle
from results import Table, as_text, write_results

__all__ = ["Corpus", "gate_tables", "main"]

_RESULTS = Path(__file__).parent / "results"
_PROGRAM = (sys.executable, "-m", "dedupe_news")
_SOURCE = Path(__file__).parents[1] / "src"
_FOLDER_SIZE = 1000  # files
_LATEST = 1000  # articles in files of their own, where the others are many in a file
_CHANGED = 5
_REPRINTS = 2  # of those
_EDITED = 0.03  # of the words of a reprint
_INDEX = ".dedupe-news/index.sqlite"
_MARK = ".git/bench-gate.json"
_GIT = ("git", "-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0")
_LONG = 200_000  # articles, from which on a scan and an index are measured once
_TABLES = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 6"


class Corpus:
    """Invented articles in a git repository.

    Args:
        folder: An empty folder, or one that holds such a corpus already.
        count: How many articles.
        per_file: How many are in a file; the latest are in files of their own.
        seed: Of the corpus.
    """

    def __init__(self, folder: Path, count: int, per_file: int = 1, seed: int = 1) -> None:
        self._folder = folder
        self._count = count
        self._first = 0 if per_file == 1 else max(0, count - _LATEST)
        self._invented = Invented(seed)
        made = {"articles": count, "per file": per_file, "seed": seed}
        mark = folder / _MARK
        if not mark.exists():
            size = self._make(per_file)
            mark.write_text(json.dumps({**made, "bytes": size}), "utf-8")
        found = json.loads(mark.read_text("utf-8"))
        self.bytes = found.pop("bytes")
        if found != made:
            msg = f"{folder} holds another corpus: {found}"
            raise ProcessError(msg)

    def change(self, round_: int) -> list[str]:
        """Let some files change, stage them, and return their names.

        Each gets an article that no other file has, under the lines of some publisher; the
        last of them are reprints.
        """
        chance = random.Random(round_)
        numbers = chance.sample(range(self._first, self._count), _CHANGED)
        for place, number in enumerate(numbers):
            new = self._count * 10 + round_ * _CHANGED + place
            paragraphs = self._invented.item(new).paragraphs
            if place >= _CHANGED - _REPRINTS:
                story = self._invented.story(chance.randrange(self._count))
                reprint = self._invented.reworded(story, new, _EDITED)
                paragraphs = (*reprint, *self._invented.story(new, 40))
            self._write(self._name(number), paragraphs)
        names = [self._name(number) for number in numbers]
        self._git("add", *names)
        return names

    def some(self) -> list[str]:
        """Return the names of a few files that have not changed."""
        return [self._name(number) for number in range(self._first, self._first + _CHANGED)]

    def restore(self, names: list[str]) -> None:
        """Put files back as they were."""
        for name in names:
            self._put(int(Path(name).stem))
        self._git("add", *names)

    def run(self, *words: str) -> Cost:
        """Return what a run of the program in the repository costs."""
        return self.measure(*_PROGRAM, *words)

    def measure(self, *command: str) -> Cost:
        """Return what a command in the repository costs."""
        before = Path.cwd()
        os.chdir(self._folder)
        try:
            return measure(command, {"PYTHONPATH": str(_SOURCE)})
        finally:
            os.chdir(before)

    def sizes(self) -> list[tuple[str, int]]:
        """Return how many bytes the largest tables of the index have, and the whole."""
        import sqlite3  # noqa: PLC0415

        database = sqlite3.connect(self._folder / _INDEX)
        try:
            rows = database.execute(_TABLES).fetchall()
        except sqlite3.Error:
            rows = []  # this SQLite cannot tell
        finally:
            database.close()
        return [*rows, ("index", (self._folder / _INDEX).stat().st_size)]

    def forget(self) -> None:
        """Drop the pages of the index from the memory of the system."""
        with (self._folder / _INDEX).open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def _make(self, per_file: int) -> int:
        size = sum(map(self._put, range(self._first, self._count)))
        for start in range(0, self._first, per_file):
            size += self._put_many(range(start, min(start + per_file, self._first)))
        self._git("init", "--quiet")
        self._git("add", ".")
        self._git("commit", "--quiet", "--message", "all")
        return size

    def _name(self, number: int) -> str:
        return f"{number // _FOLDER_SIZE:04}/{number:09}.txt"

    def _put(self, number: int) -> int:
        return self._write(self._name(number), self._invented.item(number).paragraphs)

    def _put_many(self, numbers: range) -> int:
        path = self._folder / f"archive/{numbers.start:09}.jsonl"
        path.parent.mkdir(exist_ok=True)
        items = map(self._invented.item, numbers)
        return path.write_text(
            "".join(line_of(item.id, item.paragraphs, item.source) for item in items), "utf-8"
        )

    def _write(self, name: str, paragraphs: Sequence[str]) -> int:
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        return path.write_text("\n\n".join(paragraphs), "utf-8")

    def _git(self, *words: str) -> None:
        subprocess.run([*_GIT, *words], cwd=self._folder, check=True)


def main(arguments: list[str] | None = None) -> int:
    """Print what the gate takes, and return an exit code.

    Args:
        arguments: The command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--per-file", type=int, default=1, help="articles in a file of the archive")
    parser.add_argument("--rounds", type=int, default=7, help="checks of each kind")
    parser.add_argument("--folder", type=Path, help="where the corpus is, or is to stay")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {_RESULTS}")
    options = parser.parse_args(arguments)
    try:
        with ExitStack() as stack:
            folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            folder.mkdir(parents=True, exist_ok=True)
            corpus = Corpus(folder, options.articles, options.per_file)
            tables = gate_tables(corpus, options.rounds, _builds(options.articles))
    except ProcessError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join(map(as_text, tables)))
    if options.write:
        name = _result_name(options.articles, options.per_file)
        for path in write_results(_RESULTS, name, tables):
            print(f"written: {path}", file=sys.stderr)
    return 0


def gate_tables(corpus: Corpus, rounds: int, builds: int = 1) -> list[Table]:
    """Return what a scan, an index and checks cost, and what the index consists of.

    Args:
        corpus: The articles.
        rounds: How many checks of each kind are run.
        builds: How many times a scan and an index are measured, in turn.
    """
    whole, scans, made = [], [], []
    command = ("scan", ".", "--format", "brief", "--jobs", "1")
    for _ in range(builds):
        whole.append(corpus.run(*command))
        scans.append(corpus.run(*command, "--no-diff"))
        made.append(corpus.run("index", "rebuild", "--jobs", "1", "--quiet"))
    scan, build, sizes = middle(scans), middle(made), corpus.sizes()
    costs = {
        "scan": middle(whole),
        "scan that aligns nothing": scan,
        "index build": build,
        **_check_costs(corpus, rounds),
    }
    corpus.change(9 * rounds)
    costs["index update after 5 changed files"] = corpus.run("index", "update", "--quiet")
    rows = [
        (name, cost.seconds, cost.processor, int(cost.megabytes)) for name, cost in costs.items()
    ]
    share = sizes[-1][1] / corpus.bytes
    ratios = (build.processor / costs[name].processor for name in list(costs)[:2])
    notes = (
        f"Text: {corpus.bytes / 1e6:,.0f} MB; the index has {share:.2f} of that.",
        "Building took {:.2f} of the processor time of a scan, {:.2f} of one that aligns"
        " nothing.".format(*ratios),
        "Two of the five changed articles are reprints, which are found and compared.",
    )
    shares = [(name, size / 1e6, size / corpus.bytes) for name, size in sizes]
    return [
        Table("The gate", ("what", "seconds", "processor", "MB"), tuple(rows), notes),
        Table("What the index consists of", ("table", "MB", "of the text"), tuple(shares)),
    ]


def _check_costs(corpus: Corpus, rounds: int) -> dict[str, Cost]:
    corpus.run("check", "--exit-zero", *corpus.some())  # compiles what is compiled once
    kinds: list[tuple[str, tuple[str, ...], Callable[[], None]]] = [
        ("check of 5 changed files, warm", (), lambda: None),
        ("check of 5 changed files, cold", (), corpus.forget),
        ("check --staged of 5 changed files, warm", ("--staged",), lambda: None),
        ("check --staged of 5 changed files, cold", ("--staged",), corpus.forget),
    ]
    costs = {}
    for number, (name, options, before) in enumerate(kinds):
        range_ = range(number * rounds, (number + 1) * rounds)
        costs[name] = middle(list(_checks(corpus, range_, options, before)))
    some = corpus.some()
    alone = (
        ("check of 5 unchanged files", (*_PROGRAM, "check", "--exit-zero", *some)),
        ("git alone: what is not as committed", ("git", "diff", "--raw", "HEAD")),
        ("git alone: what is staged", ("git", "diff", "--cached", "--raw", "HEAD")),
        ("Python alone, with numpy", (sys.executable, "-c", "import numpy")),
    )
    for name, command in alone:
        costs[name] = middle([corpus.measure(*command) for _ in range(rounds)])
    return costs


def _checks(
    corpus: Corpus, rounds: Iterable[int], options: Sequence[str], before: Callable[[], None]
) -> Iterator[Cost]:
    """Yield what each of some checks costs; each has files of its own that changed."""
    for round_ in rounds:
        names = corpus.change(round_)
        before()
        yield corpus.run("check", "--exit-zero", *options, *names)
        corpus.restore(names)


def _builds(articles: int) -> int:
    return 1 if articles > _LONG else 3


def _result_name(articles: int, per_file: int) -> str:
    return "-".join(chain(["gate", str(articles)], [f"{per_file}-a-file"] * (per_file > 1)))


if __name__ == "__main__":
    sys.exit(main())
