import io
import json
import sys
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

from dedupe_news.__main__ import main
from dedupe_news.cli.completion import COMPLETE
from dedupe_news.sources import FORMATS

STORY = (
    "The harbour of Oster will stay open all winter, the council decided on Monday night.\n\n"
    "Two icebreakers were bought from a yard that had given up waiting for their owner."
)


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    """A folder with a report and its reprint, in which the program runs."""
    (tmp_path / "agency.txt").write_text(STORY, "utf-8")
    (tmp_path / "radio.txt").write_text(f"{STORY}\n\nThe mayor pays for the paint.", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def run(capsys):
    """A function that runs the program and returns its code, stdout and stderr."""

    def run(*words):
        code = main(words)
        return code, *capsys.readouterr()

    return run


def test_scan_reads_the_current_folder(run):
    """Without a path, the folder one stands in is meant."""
    code, out, err = run("scan", "--jobs", "1")

    assert (code, err) == (0, "")
    assert out.startswith("Cluster ")
    assert out.endswith("1 cluster · 2 of 2 articles in it · 1 paragraph added\n")


def test_diff_shows_articles_whether_they_match_or_not(run):
    """The first is the base."""
    code, out, _ = run("diff", "radio.txt", "agency.txt", "-f", "json")
    document = json.loads(out)

    assert code == 0
    assert document["clusters"][0]["base"] == "radio.txt"


@pytest.mark.parametrize("options", [[], ["--no-diff"], ["--limit", "0"]])
def test_what_is_found_is_written_as_the_schema_promises(run, tmp_path, options):
    """With real clusters, skips and files left out."""
    (tmp_path / "blank.txt").write_text("", "utf-8")
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    schema = json.loads((resources.files("dedupe_news") / "report.schema.json").read_text("utf-8"))
    _, out, _ = run("scan", "--jobs", "1", "-f", "json", *options)

    Draft202012Validator(schema).validate(json.loads(out))


@pytest.mark.parametrize(
    ("text", "code"),
    [(STORY, 0), (STORY.replace(" ", "  "), 0), (STORY.replace("Two", "Ten"), 1)],
)
def test_diff_may_tell_by_its_code_whether_articles_differ(run, tmp_path, text, code):
    """What a reader would not call a difference is none."""
    (tmp_path / "other.txt").write_text(text, "utf-8")

    assert run("diff", "agency.txt", "other.txt", "--exit-code")[0] == code
    assert run("diff", "agency.txt", "other.txt")[0] == 0


def test_explain_answers_in_sentences(run):
    """A person who is no programmer can read them."""
    code, out, _ = run("explain", "agency.txt", "radio.txt")

    assert code == 0
    assert "A and B match." in out


def test_formats_lists_every_format(run):
    """From the table that the readers are found by."""
    code, out, _ = run("formats")

    assert code == 0
    for form in FORMATS.values():
        assert f"{form.name} " in out
        assert " ".join(form.suffixes) in out


def test_completion_prints_a_script(run):
    """For the shell that is named."""
    code, out, _ = run("completion", "zsh")

    assert code == 0
    assert out.startswith("#compdef dedupe-news")


def test_a_shell_gets_its_completions(run, monkeypatch):
    """The script asks by environment variables."""
    for name, value in {
        COMPLETE: "bash_complete",
        "COMP_WORDS": "dedupe-news dif",
        "COMP_CWORD": "1",
    }.items():
        monkeypatch.setenv(name, value)

    assert run() == (0, "plain,diff\n", "")


def test_a_word_that_is_missing_is_told_with_those_there_are(run):
    """On the line of the error."""
    told = "error: missing argument 'SHELL'. It is one of bash, zsh, fish, powershell"

    assert run("completion")[2].splitlines()[0] == told


def test_without_a_command_the_help_is_shown(run):
    """On stderr, for nothing ran."""
    code, out, err = run()

    assert (code, out) == (2, "")
    assert err.startswith("Usage: dedupe-news")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["diff"], "hint: write dedupe-news diff [OPTIONS] A B [C]..."),
        (["scan", "--jobs", "x"], "hint: dedupe-news scan --help lists what there is"),
        (["scna"], "hint: did you mean scan?"),
        (["agency.txt"], "hint: did you mean dedupe-news scan agency.txt?"),
        (["help"], "hint: did you mean dedupe-news --help?"),
        (["scan", "--json"], "hint: did you mean --format json?"),
        (["scan", "--threshold", "1"], "hint: did you mean --min-containment?"),
        (["scan", "--ful"], "hint: did you mean --full?"),
        (["completion"], "hint: write dedupe-news completion [OPTIONS] SHELL"),
        (["formats", "--json"], "hint: dedupe-news formats --help lists what there is"),
    ],
)
def test_a_wrong_call_is_not_run(run, words, hint):
    """And the hint is one that can be typed."""
    code, _, err = run(*words)

    assert (code, err.splitlines()[1]) == (2, hint)


def test_a_wrong_value_in_the_environment_says_where_it_stands(run, monkeypatch):
    """Nobody looks there first."""
    monkeypatch.setenv("DEDUPE_NEWS_SCAN_FORMAT", "jsn")

    assert "error: --format knows no 'jsn', set in the environment\n" in run("scan")[2]


def test_no_article_is_an_error_that_says_what_was_seen(run, tmp_path):
    """Empty articles and files of other formats are counted."""
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "blank.txt").write_text("", "utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8")
    code, out, err = run("scan", "media", "--jobs", "1")

    assert (code, out) == (2, "")
    assert "error: no article was found in media (seen: 1 of another format, 1 skipped)" in err
    assert "or name files of plain text one by one" in err


def test_an_empty_folder_is_no_clean_one(run, tmp_path):
    """Nothing was seen, so nothing is told of it."""
    (tmp_path / "new").mkdir()

    assert "error: no article was found in new\n" in run("scan", "new", "--jobs", "1")[2]


def test_standard_input_of_another_format_is_told_what_it_is_read_as(run, monkeypatch):
    """Tables are piped too."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"id,text\n1,One.\n")))

    assert "hint: it is read as JSON Lines; give other formats as files" in run("scan", "-")[2]


@pytest.mark.parametrize("words", [["scan"], ["keep", ".", "-o", "../kept"]])
def test_a_rule_that_names_no_source_of_an_article_is_told(run, words):
    """The base was chosen by the next one."""
    told = "warning: no article in a cluster is from 'Nobody'\n"

    assert told in run(*words, "--keep", "source:Nobody")[2]


def test_waiting_for_a_person_is_said(run, monkeypatch):
    """Who typed `-` at a terminal would else wait for the program, and it for them."""
    keyboard = io.TextIOWrapper(io.BytesIO(json.dumps({"text": STORY}).encode()))
    keyboard.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", keyboard)

    assert "end with Ctrl-D" in run("scan", "-", "--jobs", "1")[2]
