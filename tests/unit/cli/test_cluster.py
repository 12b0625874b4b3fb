"""`--engine spark`: what is refused before Spark is started."""

import sys

import pytest

from dedupe_news.__main__ import main
from dedupe_news.engines.spark import scanning


@pytest.fixture
def refused(capsys, tmp_path, monkeypatch):
    """Return a function that runs the program and returns what it says on refusal."""
    (tmp_path / "a.txt").write_text("some words of a text", "utf-8")
    monkeypatch.chdir(tmp_path)

    def _refused(*arguments):
        assert main(["scan", "a.txt", *arguments]) == 2
        return capsys.readouterr().err

    return _refused


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "parquet=out"), "only a cluster writes"),
        (("--spark-master", "local[2]"), "for another engine"),
        (("--spark-conf", "a=b"), "for another engine"),
        (("--engine", "spark", "--spark-conf", "a"), "has no '='"),
        (("--engine", "spork"), "did you mean spark?"),
        (("--engine", "spark", "-o", "parquet=a.txt"), "a.txt is there already"),
    ],
)
def test_a_wrong_call_is_refused_with_a_hint(refused, arguments, said):
    """At once."""
    told = refused(*arguments)

    assert said in told
    assert "hint: " in told


def test_a_folder_that_holds_something_is_not_written_over(refused, tmp_path):
    """An empty one may be used."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out/other").write_text("x", "utf-8")

    assert "out is there already" in refused("--engine", "spark", "-o", "jsonl=out")


@pytest.mark.parametrize("missing", ["pyspark", "pyarrow"])
def test_without_the_extra_there_is_one_line_to_type(refused, monkeypatch, missing):
    """And not a traceback."""
    for name in [name for name in sys.modules if name.split(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)

    assert "hint: pip install 'dedupe-news[spark]'" in refused("--engine", "spark")


def test_other_commands_write_no_folder(capsys, tmp_path, monkeypatch):
    """They are told which one does."""
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("some words of a text", "utf-8")

    assert main(["diff", "a.txt", "b.txt", "-o", "parquet=out"]) == 2
    assert "dedupe-news scan --engine spark writes it" in capsys.readouterr().err


def test_what_spark_says_when_it_gives_up_becomes_one_line(refused, monkeypatch):
    """Java says hundreds of lines; the one that names the cause is what helps."""
    said = "An error occurred while calling o9.\n: org.apache.spark.SparkException: lost\n\tat x"
    lost = type("Py4JJavaError", (Exception,), {"__module__": "py4j.protocol"})(said)
    monkeypatch.setattr(scanning, "scan_paths", fails(lost))

    told = refused("--engine", "spark")

    assert told.startswith("error: Spark could not do it: org.apache.spark.SparkException: lost\n")
    assert "-o jsonl=FOLDER" in told


def test_our_own_mistakes_are_not_blamed_on_spark(refused, monkeypatch):
    """They are to be reported."""
    monkeypatch.setattr(scanning, "scan_paths", fails(ValueError("five")))

    assert "error: internal: ValueError: five" in refused("--engine", "spark")


def fails(error):
    """Return a function that raises an error."""

    def _fails(*_arguments, **_options):
        raise error

    return _fails
