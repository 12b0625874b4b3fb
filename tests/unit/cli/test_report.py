"""Reports of earlier runs, shown again."""

import io
import json
from pathlib import Path

import pytest

from kept import as_json
from reports import RICH

SCAN = as_json(RICH)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A report, and one of a later version."""
    monkeypatch.chdir(tmp_path)
    Path("s.json").write_text(SCAN, "utf-8")
    Path("later.json").write_text('{"schema": "dedupe-news/9"}', "utf-8")


def test_a_report_is_shown_in_another_form(run):
    """Without a look at the articles, which are not there any more."""
    code, out, err = run("report", "s.json")

    assert (code, err) == (0, "")
    assert "np-ferry.txt" in out


def test_a_report_is_shown_as_it_was(run):
    """The same form comes to the same bytes."""
    assert run("report", "s.json", "-f", "json") == (0, SCAN, "")


def test_standard_input_is_a_report_too(run, monkeypatch):
    """What a scan writes can be piped on."""
    monkeypatch.setattr("sys.stdin", io.StringIO(SCAN))

    assert run("report", "-", "-f", "json")[1] == SCAN


@pytest.mark.parametrize(
    ("words", "variants"),
    [
        ([], ["np-ferry-2.txt", "radiokust-ferry.txt", "news.jsonl#17", "radiokust-ferry.txt"]),
        (["--relation", "update,excerpt"], ["np-ferry-2.txt", "news.jsonl#17"]),
        (["--source", "Radio Kust"], ["radiokust-ferry.txt", "radiokust-ferry.txt"]),
        (["--min-added-words", "101"], []),
        (["--since", "2024-05-14T11"], ["radiokust-ferry.txt", "radiokust-ferry.txt"]),
        (["--since", "2025"], []),
        (["--limit", "1"], ["np-ferry-2.txt", "radiokust-ferry.txt", "news.jsonl#17"]),
    ],
)
def test_a_report_can_be_narrowed_down(run, words, variants):
    """To what somebody asks about."""
    code, out, _ = run("report", "s.json", "-f", "json", *words)
    clusters = json.loads(out)["clusters"]

    assert code == 0
    assert [one["id"] for cluster in clusters for one in cluster["variants"]] == variants


def test_a_source_that_the_report_has_not_is_told(run):
    """Nothing is shown of it, which may be a slip."""
    told = (
        "warning: no article in a cluster is from 'radio'\n    hint: did you mean 'Radio Kust'?\n"
    )

    assert run("report", "s.json", "--source", "radio")[2] == told
    assert run("report", "s.json", "--source", "radio", "-q")[2] == ""


def test_a_report_is_written_to_files_too(run):
    """Beside what is shown."""
    assert run("report", "s.json", "-o", "r.csv")[0] == 0
    assert "np-ferry-2.txt" in Path("r.csv").read_text("utf-8")


WRONG = [
    ([], "no report is named"),
    (["gone.json"], "gone.json cannot be read: No such file"),
    (["later.json"], "later.json has the form dedupe-news/9"),
    (["s.json", "-o", "s.json"], "s.json is read, and would be written over"),
    (["s.json", "--since", "yesterday"], "--since yesterday is no date"),
    (["s.json", "--since", "2024-13"], "--since 2024-13 is no date"),
    (["s.json", "--since", "2024-05-14Tnoon"], "--since 2024-05-14Tnoon is no date"),
    (["s.json", "--relation", "updat"], "did you mean update?"),
    (["byte.json"], "byte.json cannot be read: 'utf-8' codec"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_what_cannot_be_shown_is_an_error(run, words, said):
    """The error names the file or the option, and the hint the next step."""
    Path("byte.json").write_bytes(b"\xff")

    code, out, err = run("report", *words)

    assert (code, out) == (2, "")
    assert said in err
    assert "hint: " in err


def test_the_schema_is_printed(run):
    """So that scripts can hold reports against it."""
    code, out, _ = run("report", "--schema")

    assert code == 0
    assert json.loads(out)["$schema"].startswith("https://json-schema.org/")
