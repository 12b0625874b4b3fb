"""Reports as a shell meets them: several in one run, and from an earlier one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
STORY = (
    "The harbour of Oster will stay open all winter, the council decided on Monday night.\n\n"
    "Two icebreakers were bought from a yard that had given up waiting for their owner.\n\n"
    "Fishermen had asked for them since the long frost of nine years ago."
)
FILES = {
    "in/agency.txt": STORY,
    "in/radio.txt": f"{STORY}\n\nThe mayor will pay for the paint himself, he told this newspaper.",
}


@pytest.fixture
def folder(tmp_path):
    """A folder with a report and its reprint, and one for what is written."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def run(folder):
    """Return a function that runs the program in the folder."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME"} or name.startswith("COVERAGE")
    }

    def call(*words, stdin=""):
        return subprocess.run(
            [sys.executable, "-m", "dedupe_news", *words],
            cwd=folder,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            env=kept | {"PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"},
            timeout=60,
            check=False,
        )

    return call


ALL = ["r.html", "r.json", "r.jsonl", "r.csv", "r.md", "r.sarif", "r.xml", "github=r", "gitlab=r2"]


def test_all_forms_are_written_in_one_run(run, folder):
    """Beside the text on standard output, and as if each had been asked for alone."""
    targets = [each.replace("r", "out/r", 1) if "=" not in each else each for each in ALL]
    words = [word for target in targets for word in ("-o", target.replace("=r", "=out/r"))]
    done = run("scan", "in", *words)

    assert done.returncode == 0, done.stderr
    assert done.stdout == run("scan", "in").stdout
    assert len(list((folder / "out").iterdir())) == len(ALL)
    assert (folder / "out/r.json").read_text("utf-8") == run("scan", "in", "-f", "json").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "out/r.html", "-o", "html=out/../out/r.html"], "names one file twice"),
        (["-o", "in/radio.txt"], "would be written over"),
        (["-o", "nowhere/r.html"], "there is no folder nowhere"),
        (["-o", "out/r.htlm"], "cannot tell the form"),
    ],
)
def test_a_target_that_cannot_be_meant_ends_the_run_before_it_reads(run, folder, words, said):
    """Exit code 2, and all files are as they were."""
    done = run("scan", "in", *words)

    assert done.returncode == 2
    assert said in done.stderr
    assert "hint: " in done.stderr
    assert {name: (folder / name).read_text("utf-8") for name in FILES} == FILES
    assert list((folder / "out").iterdir()) == []


def test_a_target_that_cannot_be_written_is_told_and_the_rest_is_there(run):
    """Exit code 3: something is missing."""
    done = run("scan", "in", "-o", "json=/dev/full")

    assert done.returncode == 3
    assert "error: /dev/full cannot be written" in done.stderr
    assert "agency.txt" in done.stdout


def test_diff_writes_targets_too(run, folder):
    """And keeps its hands off its inputs."""
    pair = ("diff", "in/agency.txt", "in/radio.txt")

    assert run(*pair, "-o", "out/r.html").returncode == 0
    assert (folder / "out/r.html").read_text("utf-8").startswith("<!doctype html>")
    assert run(*pair, "-o", "in/agency.txt").returncode == 2


@pytest.mark.parametrize("form", ["text", "html", "csv", "markdown", "sarif", "junit", "gitlab"])
def test_a_report_shown_again_is_the_report(run, form):
    """With all texts, nothing is lost between the run and a later one."""
    stored = run("scan", "in", "-f", "json", "--full").stdout

    shown = run("report", "-", "-f", form, stdin=stored)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == run("scan", "in", "-f", form).stdout


def test_a_report_can_be_narrowed_down_and_merged(run, folder):
    """What is hidden is counted."""
    (folder / "s.json").write_text(run("scan", "in", "-f", "json").stdout, "utf-8")
    (folder / "s.jsonl").write_text(run("scan", "in", "-f", "jsonl").stdout, "utf-8")

    both = json.loads(run("report", "s.json", "s.jsonl", "-f", "json").stdout)
    none = json.loads(run("report", "s.json", "--relation", "update", "-f", "json").stdout)

    assert (both["summary"]["articles"], len(both["clusters"])) == (2, 1)
    assert (none["clusters"], none["summary"]["clusters_not_shown"]) == ([], 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report"], "no report is named"),
        (["report", "gone.json"], "gone.json cannot be read: No such file"),
        (["report", "in/agency.txt"], "in/agency.txt is no JSON"),
        (["report", "new.json"], "new.json has the form dedupe-news/9"),
        (["report", "new.json", "-o", "new.json"], "new.json is read, and would be written over"),
        (["report", "new.json", "--since", "yesterday"], "--since yesterday is no date"),
    ],
)
def test_what_cannot_be_shown_ends_with_2(run, folder, words, said):
    """The error names the file, and the hint the next step."""
    (folder / "new.json").write_text('{"schema": "dedupe-news/9"}', "utf-8")
    done = run(*words)

    assert done.returncode == 2
    assert said in done.stderr
    assert "hint: " in done.stderr


def test_the_schema_can_be_printed(run):
    """It is the file that the package ships."""
    schema = (SOURCE / "dedupe_news" / "report.schema.json").read_text("utf-8")

    assert run("report", "--schema").stdout == schema
