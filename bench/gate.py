"""Measure the gate on invented articles: an index, and checks of a few changed files.

    python bench/gate.py [--articles N] [--rounds N] [--write]

Each article is a file in a git repository, as in an archive. Whole processes are measured, from
start to end; the median of several is shown, in seconds of the clock and of the processor (the
latter includes what git works, and is what other work on the machine changes least). Before a
cold check the pages of the index are dropped from the memory of the system.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from corpus import Invented
from processes import Cost, ProcessError, measure, middle
from results import Table, as_text, write_results

__all__ = ["Corpus", "gate_table", "main"]

_RESULTS = Path(__file__).parent / "results"
_PROGRAM = (sys.executable, "-m", "dedupe_news")
_SOURCE = Path(__file__).parents[1] / "src"
_FOLDER_SIZE = 1000  # files
_CHANGED = 5
_INDEX = ".dedupe-news/index.sqlite"


class Corpus:
    """Invented articles as files in a git repository.

    Args:
        folder: An empty folder.
        count: How many articles.
        seed: Of the corpus.
    """

    def __init__(self, folder: Path, count: int, seed: int = 1) -> None:
        self._folder = folder
        self._count = count
        self._invented = Invented(seed)
        self.bytes = sum(self._put(number) for number in range(count))
        self._git("init", "--quiet")
        self._git("add", ".")

    def change(self, round_: int) -> list[str]:
        """Let some files change, stage them, and return their names.

        Each gets an article that no other file has, under the lines of some publisher.
        """
        chance = random.Random(round_)
        numbers = chance.sample(range(self._count), _CHANGED)
        for place, number in enumerate(numbers):
            story = self._count * 10 + round_ * _CHANGED + place
            self._write(self._name(number), self._invented.item(story).paragraphs)
        names = [self._name(number) for number in numbers]
        self._git("add", *names)
        return names

    def restore(self, names: list[str]) -> None:
        """Put files back as they were."""
        for name in names:
            self._put(int(Path(name).stem))
        self._git("add", *names)

    def run(self, *words: str) -> Cost:
        """Return what a run of the program in the repository costs."""
        before = Path.cwd()
        os.chdir(self._folder)
        try:
            return measure([*_PROGRAM, *words], {"PYTHONPATH": str(_SOURCE)})
        finally:
            os.chdir(before)

    def index_size(self) -> int:
        """Return how many bytes the index has."""
        return (self._folder / _INDEX).stat().st_size

    def forget(self) -> None:
        """Drop the pages of the index from the memory of the system."""
        with (self._folder / _INDEX).open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    def _name(self, number: int) -> str:
        return f"{number // _FOLDER_SIZE:04}/{number:09}.txt"

    def _put(self, number: int) -> int:
        return self._write(self._name(number), self._invented.item(number).paragraphs)

    def _write(self, name: str, paragraphs: tuple[str, ...]) -> int:
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        return path.write_text("\n\n".join(paragraphs), "utf-8")

    def _git(self, *words: str) -> None:
        subprocess.run(["git", *words], cwd=self._folder, check=True)


def main(arguments: list[str] | None = None) -> int:
    """Print what the gate takes, and return an exit code.

    Args:
        arguments: The command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7, help="checks of each kind")
    parser.add_argument("--write", action="store_true", help=f"keep the table in {_RESULTS}")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            table = gate_table(Corpus(Path(folder), options.articles), options.rounds)
    except ProcessError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(as_text(table))
    if options.write:
        for path in write_results(_RESULTS, "gate", [table]):
            print(f"written: {path}", file=sys.stderr)
    return 0


def gate_table(corpus: Corpus, rounds: int) -> Table:
    """Return what a scan, an index and checks cost.

    Args:
        corpus: The articles.
        rounds: How many checks of each kind are run.
    """
    scan = corpus.run("scan", ".", "--format", "brief", "--no-diff", "--jobs", "1")
    build = corpus.run("index", "build", "--jobs", "1", "--quiet")
    size = corpus.index_size() / corpus.bytes
    costs = {
        "scan": scan,
        "index build": build,
        "check of 5 changed files, warm": _checks(corpus, range(rounds)),
        "check of 5 changed files, cold": _checks(
            corpus, range(rounds, 2 * rounds), before=corpus.forget
        ),
        "check of 5 unchanged files": _median(
            corpus.run("check", "--exit-zero", *(f"0000/{number:09}.txt" for number in range(5)))
            for _ in range(rounds)
        ),
    }
    corpus.change(2 * rounds)
    costs["index update after 5 changed files"] = corpus.run("index", "update", "--quiet")
    rows = [
        (name, cost.seconds, cost.processor, int(cost.megabytes)) for name, cost in costs.items()
    ]
    notes = (
        f"Text: {corpus.bytes / 1e6:,.0f} MB; the index has {size:.2f} of that.",
        f"Building took {build.user / scan.user:.2f} of the scan's user time.",
    )
    return Table("The gate", ("what", "seconds", "processor", "MB"), tuple(rows), notes)


def _checks(corpus: Corpus, rounds: range, before: Callable[[], None] = lambda: None) -> Cost:
    """Return what a check costs in the middle; each has files of its own that changed."""

    def costs() -> Iterator[Cost]:
        for round_ in rounds:
            names = corpus.change(round_)
            before()
            yield corpus.run("check", "--exit-zero", *names)
            corpus.restore(names)

    return _median(costs())


def _median(costs: Iterator[Cost]) -> Cost:
    return middle(list(costs))


if __name__ == "__main__":
    sys.exit(main())
