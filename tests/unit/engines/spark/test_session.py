"""What is known of Spark without starting it: its hash, its Java, its absence."""

import subprocess
import sys
import tempfile
import tomllib
import types
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from dedupe_news.engines.spark import arrow, session
from dedupe_news.engines.spark.java import java_version
from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.slots import hash_of, slots_of
from dedupe_news.errors import MissingExtraError

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 933211791), (1, -559580957), (42, 29417773)],
)
def test_partitions_are_chosen_by_sparks_own_hash(value, expected):
    """As `SELECT hash(value)` gives it for an int."""
    assert hash_of(value) == expected


@pytest.mark.parametrize("lanes", [1, 2, 7, 200])
def test_each_lane_has_a_number_that_leads_to_its_partition(lanes):
    """One each, none left out."""
    assert [hash_of(slot) % lanes for slot in slots_of(lanes)] == [*range(lanes)]


def java(tmp_path, told, code=0):
    """Return a home of a Java that says this of itself."""
    program = tmp_path / "bin/java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{told}' >&2\nexit {code}\n", "utf-8")
    program.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(
    ("told", "code", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 0, 17),
        ('java version "1.8.0_412"', 0, 8),
        ('openjdk version "25" 2025-09-16', 0, 25),
        ("no version here", 0, 0),
        ('openjdk version "17"', 1, 0),
    ],
)
def test_the_version_of_java_is_read(tmp_path, monkeypatch, told, code, version):
    """Whoever made it, and however it counts."""
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path, told, code)))

    assert java_version() == version


def without_session(monkeypatch):
    """Make believe that no Spark is running."""
    monkeypatch.setattr(SparkSession, "getActiveSession", lambda: None)
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)


def test_an_old_java_is_refused_with_the_line_to_type(tmp_path, monkeypatch):
    """Before Spark fails at length."""
    without_session(monkeypatch)
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path, 'java version "11.0.2"')))

    with pytest.raises(MissingExtraError, match="Java 11 is too old") as raised:
        session.require_spark()
    assert "openjdk-17-jre-headless" in raised.value.hint


def test_no_java_at_all_is_said_so(monkeypatch):
    """With the same line."""
    without_session(monkeypatch)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(MissingExtraError, match="no Java was found"):
        session.require_spark()


@pytest.mark.parametrize("missing", ["pyspark", "pyarrow", "pandas"])
def test_a_missing_package_is_named(monkeypatch, missing):
    """With the line that installs all of them."""
    for name in [*sys.modules]:
        if name.split(".")[0] == missing:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)

    with pytest.raises(MissingExtraError, match=missing) as raised:
        session.require_spark()
    assert raised.value.hint == "pip install 'dedupe-news[spark]'"


def test_under_spark_submit_java_is_there(monkeypatch):
    """It is what started us."""
    without_session(monkeypatch)
    monkeypatch.setenv("PYSPARK_GATEWAY_PORT", "1")
    monkeypatch.setenv("JAVA_HOME", "/nowhere")

    session.require_spark()


def test_a_plain_install_brings_nothing_of_it():
    """The extra names what it needs; the program itself needs none of that."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = ("pyspark", "pyarrow", "pandas", "py4j")

    assert not [want for want in project["dependencies"] if want.startswith(names)]
    assert {want.split(">")[0] for want in project["optional-dependencies"]["spark"]} == {
        *("pyspark", "pyarrow", "pandas")
    }


def test_a_scan_on_this_machine_imports_nothing_of_it():
    """Not even where it is installed."""
    code = (
        "import sys; from dedupe_news.__main__ import main;"
        "main(['scan', 'samples', '--format', 'brief']);"
        "print([name for name in sys.modules if name.split('.')[0] in"
        " {'pyspark', 'pyarrow', 'pandas', 'py4j'} or 'engines.spark' in name])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)

    assert run.stdout.decode().splitlines()[-1] == "[]"


SLOTS = slots_of(3)


def batches(*rows):
    """Return rows as the Arrow batches in which Spark hands them to a task."""
    return [arrow.batch_of(rows[:2], SLOTS), arrow.batch_of(rows[2:], SLOTS)]


ROWS = [Row(lane, f"kind {lane}", b"\0key", 1 << 40, bytes([lane] * 9)) for lane in (0, 2, 1, 2)]


def test_a_step_sees_rows_and_makes_rows():
    """In lanes that it knows by their numbers."""
    seen = []
    made = arrow.stepped(lambda rows: seen.extend(rows) or seen[:1], SLOTS, batches(*ROWS))

    (batch,) = made
    assert seen == ROWS
    assert batch.to_pylist() == arrow.batch_of(ROWS[:1], SLOTS).to_pylist()


def test_rows_go_in_batches_of_some_size(monkeypatch):
    """By their number, and by their bytes."""
    monkeypatch.setattr(arrow, "_ROWS", 3)
    assert [batch.num_rows for batch in arrow._batched(iter(ROWS), SLOTS)] == [3, 1]

    monkeypatch.setattr(arrow, "_BYTES", 18)
    assert [batch.num_rows for batch in arrow._batched(iter(ROWS), SLOTS)] == [2, 2]


def test_joined_rows_come_two_by_two():
    """With their kinds, numbers and data."""
    batch = pa.RecordBatch.from_pydict(
        {
            "lkind": ["a"],
            "lnumber": [1],
            "ldata": [b"x"],
            "rkind": ["b"],
            "rnumber": [1],
            "rdata": [b"y"],
        }
    )
    seen = []
    list(arrow.stepped_pairs(lambda pairs: seen.extend(pairs) or ROWS, SLOTS, [batch]))

    assert seen == [(Row(0, "a", b"", 1, b"x"), Row(0, "b", b"", 1, b"y"))]


def test_records_come_as_values_by_column():
    """Whatever the frame is made of."""
    batch = pa.RecordBatch.from_pydict({"id": [1, 2], "text": ["a", None]})
    seen = []
    list(arrow.stepped_records(lambda records: seen.extend(records) or [], SLOTS, [batch]))

    assert seen == [{"id": 1, "text": "a"}, {"id": 2, "text": None}]


def test_tables_have_named_columns():
    """Of the types that are asked for, also where there is nothing."""
    schema = pa.schema([("id", pa.string()), ("count", pa.int32())])
    rows = batches(*ROWS)
    made = arrow.tabled(lambda rows: ((row.kind, row.lane) for row in rows), SLOTS, schema, rows)

    (batch,) = made
    assert batch.schema == schema
    assert batch.column("count").to_pylist() == [row.lane for row in ROWS]
    assert list(arrow.tabled(lambda _rows: [], SLOTS, schema, rows)) == []


@pytest.mark.parametrize(
    ("given", "system", "starts"),
    [
        ("/shared", "hdfs://host", "/shared/dedupe-news-"),
        ("", "hdfs://host/", "hdfs://host/tmp/dedupe-news-"),
        ("", "file:///", str(Path(tempfile.gettempdir()) / "dedupe-news-")),
    ],
)
def test_what_is_kept_goes_where_all_machines_find_it(monkeypatch, given, system, starts):
    """A folder that was named, else the file system of the cluster, else this machine's."""
    conf = types.SimpleNamespace(get=lambda _name, _default: given)
    monkeypatch.setattr(session, "_hadoop", lambda _spark: {"fs.defaultFS": system})

    assert session._folder(types.SimpleNamespace(conf=conf)).startswith(starts)


@pytest.mark.parametrize(
    ("master", "near", "here"),
    [
        ("local[4]", True, True),
        ("spark://127.0.0.1:7077", True, False),
        ("", True, False),
        ("spark://host:7077", False, False),
    ],
)
def test_some_settings_are_for_this_machine_only(master, near, here):
    """A cluster elsewhere is not told how to reach it, nor what it starts."""
    settings = session._settings(master, {})

    assert ("spark.driver.host" in settings) == near
    assert ("spark.python.daemon.module" in settings) == here
    assert settings.get("spark.master", "") == master


def test_what_the_user_sets_wins():
    """Over everything that is set here."""
    given = dict.fromkeys(session._settings("local", {}), "theirs")

    assert session._settings("local", given) == given
