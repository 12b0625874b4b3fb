"""Keeping one article of each cluster, from the command line."""

import json
from pathlib import Path

import pytest

from dedupe_news.__main__ import main
from dedupe_news.keeping import MANIFEST
from kept import put, story


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A report and a reprint."""
    monkeypatch.chdir(tmp_path)
    put("in/a.txt", story(1, 2, 3))
    put("in/b.txt", story(1, 2, 3, 4))


def test_one_is_kept_and_the_count_is_told(capsys):
    """By the rule that was given."""
    assert main(["keep", "in", "-o", "out", "--keep", "longest"]) == 0

    assert {path.name for path in Path("out").rglob("*.*") if path.is_file()} == {"b.txt", MANIFEST}
    assert "1 of 2 articles kept in out" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["in"],
        ["-", "-o", "out"],
        ["in", "-o", "in/out"],
        ["nowhere", "-o", "out"],
        ["in", "-o", "in"],
    ],
)
def test_what_cannot_be_kept_is_an_error(words, capsys):
    """Before anything is written."""
    assert main(["keep", *words]) == 2
    assert not Path("out").exists()


def test_what_could_not_be_read_shows_in_the_code(capsys):
    """It is not in the new folder either."""
    put("in/bad.jsonl", "{")

    assert main(["keep", "in", "-o", "out"]) == 3
    assert main(["keep", "in", "-o", "out2", "--skip-unreadable", "-q"]) == 0


def test_what_could_not_be_read_is_in_the_manifest(run):
    """So that nothing is lost silently, also when nothing is said."""
    put("in/bad.jsonl", "{")

    assert run("keep", "in", "-o", "out", "-q", "--skip-unreadable")[:2] == (0, "")
    manifest = json.loads(Path("out", MANIFEST).read_text("utf-8"))
    assert [skip["id"] for skip in manifest["skipped"]] == ["in/bad.jsonl#line 1"]


def test_a_quiet_run_says_nothing(run):
    """For scripts."""
    assert run("keep", "in", "-o", "out", "-q") == (0, "", "")
