"""Whole reports as text: one file for each case, read in review like any other text.

A case is a sentence, a command, the articles that the command finds in its folder, and the
report it must print:

    # What the case shows, as a sentence.
    $ dedupe-news scan .
    === article name.txt
    Title: …

    First paragraph.
    === report
    Cluster …

`python tests/golden/test_golden.py` writes the reports anew; the difference is then read.
"""

import contextlib
import io
import os
import re
import shlex
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self
from unittest.mock import patch

import pytest

from dedupe_news.__main__ import main

CASES = sorted(Path(__file__).with_name("cases").glob("*.txt"))
ARTICLE, REPORT = "=== article ", "=== report"


@dataclass(frozen=True)
class Case:
    """One file of cases/; `articles` are pairs of file name and content, in their order."""

    sentence: str
    command: str
    articles: tuple[tuple[str, str], ...]
    report: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the case that a file holds."""
        inputs, _, report = text.partition(f"{REPORT}\n")
        head, *parts = inputs.split(ARTICLE)
        sentence, command, _ = head.split("\n", 2)
        articles = [part.partition("\n") for part in parts]
        return cls(sentence, command, tuple((name, body) for name, _, body in articles), report)

    def print(self) -> str:
        """Return the file that holds this case: the inverse of `parse`."""
        articles = "".join(f"{ARTICLE}{name}\n{body}" for name, body in self.articles)
        return f"{self.sentence}\n{self.command}\n{articles}{REPORT}\n{self.report}"

    def run(self, folder: Path) -> str:
        """Return what the command prints when it runs in a folder with the articles."""
        for name, body in self.articles:
            (folder / name).write_text(body, "utf-8")
        _, program, *arguments = shlex.split(self.command)
        assert program == "dedupe-news"
        stdout = io.TextIOWrapper(io.BytesIO(), "utf-8")
        plain = patch.dict(os.environ, {"COLUMNS": "80", "NO_COLOR": "1"})
        with contextlib.chdir(folder), contextlib.redirect_stdout(stdout), plain:
            assert main(arguments) == 0
        return stdout.buffer.getvalue().decode("utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_report_is_the_one_on_file(path, tmp_path):
    """A report changes only together with the file that shows it."""
    case = Case.parse(path.read_text("utf-8"))

    assert case.run(tmp_path) == case.report


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_says_what_it_shows(path):
    """The first line is a sentence, and the file reads back as it was written."""
    text = path.read_text("utf-8")
    case = Case.parse(text)

    assert case.sentence.startswith("# ")
    assert case.sentence.endswith(".")
    assert case.print() == text


def test_the_page_of_tricky_cases_lists_every_case():
    """And no case that is gone; each once."""
    page = (Path(__file__).parents[2] / "docs" / "tricky-cases.md").read_text("utf-8")
    listed = re.findall(r"`([a-z-]+\.txt)` \|$", page, flags=re.MULTILINE)

    assert sorted(listed) == [path.name for path in CASES]


def rewrite() -> None:
    """Write the report of every case anew, from what the command prints now."""
    for path in CASES:
        case = Case.parse(path.read_text("utf-8"))
        with tempfile.TemporaryDirectory() as folder:
            report = case.run(Path(folder))
        path.write_text(replace(case, report=report).print(), "utf-8")


if __name__ == "__main__":
    rewrite()
