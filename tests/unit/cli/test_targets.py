"""`-o FORMAT=PATH`: which form a file gets, and which files are refused."""

import os

import pytest
from click.testing import CliRunner

from dedupe_news.cli.app import app
from dedupe_news.cli.talk import HintedError
from dedupe_news.cli.targets import Target, _is_own, reserve, targets
from dedupe_news.errors import PathError, UsageError

OPTION = next(option for option in app.commands["scan"].params if option.name == "targets")


def parsed(*values):
    """Return the targets that some values of the option come to."""
    return targets(None, OPTION, values)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("a.html", "html"),
        ("a.HTM", "html"),
        ("a.json", "json"),
        ("a.ndjson", "jsonl"),
        ("a.csv", "csv"),
        ("a.md", "markdown"),
        ("a.sarif", "sarif"),
        ("out.d/a.xml", "junit"),
        ("a.txt", "text"),
    ],
)
def test_the_suffix_tells_the_form(value, form):
    """Upper case is no other suffix."""
    assert parsed(value) == (Target(form, value),)


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("github=notes.log", ("github", "notes.log")),
        ("json=a=b.md", ("json", "a=b.md")),
        ("./a=b.md", ("markdown", "./a=b.md")),
    ],
)
def test_a_form_before_the_path_wins(value, target):
    """Only the first sign parts them, and a path may have one too."""
    assert parsed(value) == (target,)


@pytest.mark.parametrize(
    ("values", "message", "hint"),
    [
        (["report"], "cannot tell the form of report", "write FORMAT=report"),
        (["a.json.gz"], "cannot tell the form", "FORMAT=a.json.gz"),
        (["jsn=a"], "knows no form 'jsn'", "did you mean json?"),
        (["json="], "has no path", "write json=PATH"),
        (["json=-"], "- is standard output", "--format sets its form"),
        (["a.html", "csv=./a.html"], "names one file twice", "a file of its own"),
    ],
)
def test_what_cannot_be_meant_is_refused(values, message, hint):
    """The error names the value, and the hint what to write instead."""
    with pytest.raises(HintedError, match=message) as caught:
        parsed(*values)

    assert hint in caught.value.hint


def test_links_to_one_file_are_one_target(tmp_path):
    """Two reports would write over each other under any name."""
    (tmp_path / "link.html").symlink_to(tmp_path / "a.html")

    with pytest.raises(HintedError, match="names one file twice"):
        parsed(str(tmp_path / "a.html"), str(tmp_path / "link.html"))


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """A folder with an article, in which the test stands."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "article.md").write_text("A text.", "utf-8")
    return tmp_path


def reserved(value, *inputs, **typed):
    """Return what is left out of reading for the sake of a target."""
    return reserve({"targets": parsed(value), **typed}, inputs)["exclude"]


@pytest.mark.parametrize(
    ("value", "inputs"),
    [
        ("in/article.md", ["in"]),
        ("in/article.md", ["."]),
        ("in/article.md", ["in/article.md"]),
        ("in/../in/article.md", ["other", "./in/article.md"]),
    ],
)
def test_an_article_is_never_written_over(corpus, value, inputs):
    """However it is spelt."""
    with pytest.raises(UsageError, match="is read, and would be written over"):
        reserved(value, *inputs)


def test_a_hard_link_to_an_input_is_that_input(corpus):
    """Another name does not make another file."""
    os.link("in/article.md", "other.md")

    with pytest.raises(UsageError, match="would be written over"):
        reserved("other.md", "in/article.md")


@pytest.mark.parametrize("value", ["in/new.json", "in/a b[1].csv"])
def test_a_new_report_in_the_corpus_is_left_out_of_it(corpus, value):
    """It could be read as an article before it is whole, or the next time."""
    [pattern] = reserved(value, "in")

    assert pattern.replace("\\", "") == value.removeprefix("in")


@pytest.mark.parametrize(
    ("value", "inputs"), [("new.json", ["in"]), ("in/report.xml", ["in"]), ("in/r.json", ["-"])]
)
def test_what_is_not_read_needs_no_leaving_out(corpus, value, inputs):
    """Outside of the corpus, or of a form that no article has."""
    assert reserved(value, *inputs) == ()


def test_what_the_user_left_out_may_be_written(corpus):
    """The hint of the error can be followed."""
    assert reserved("in/article.md", "in", exclude=("*.md",)) == ("*.md",)


@pytest.mark.parametrize(
    ("value", "hint"), [("none/a.json", "mkdir -p none"), ("json=in", "in/report")]
)
def test_a_place_where_no_file_can_be_is_told_before_anything_is_read(corpus, value, hint):
    """A long run must not end in vain."""
    with pytest.raises(PathError) as caught:
        reserved(value, ".")

    assert hint in caught.value.hint


def test_permission_is_asked_for_before_anything_is_read(corpus, monkeypatch):
    """The same for a folder that belongs to someone else."""
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(PathError, match="permission is denied"):
        reserved("a.json", "in")


def test_what_cannot_be_looked_at_is_not_ours(corpus):
    """A link that leads to itself holds no report of an earlier run."""
    (corpus / "in" / "odd.md").symlink_to("odd.md")

    assert _is_own("in/odd.md") is False


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "markdown"])
def test_a_report_of_the_last_run_may_be_written_again(corpus, form):
    """The same command works twice, and never reads its own report."""
    target = "in/report.json" if form == "json" else f"in/{form}.json"
    words = ["scan", "in", "--allow-empty", "-o", f"{form}={target}"]

    first, second = (CliRunner().invoke(app, words, obj=_Session()) for _ in range(2))

    assert (first.exception, second.exception) == (None, None)
    assert second.stdout == first.stdout


class _Session:
    verbose = False
