"""What the bench makes of a run: its log, its stages, its table."""

import json
import sys

import pytest

import spark
from results import as_text


@pytest.fixture
def log(tmp_path):
    """An event log in which the first job began at second 100, and 300 bytes were shuffled."""
    task = {"Event": "SparkListenerTaskEnd", "Task Metrics": {"Shuffle Write Metrics": {}}}
    tasks = [
        {**task, "Task Metrics": {"Shuffle Write Metrics": {"Shuffle Bytes Written": size}}}
        for size in (100, 200)
    ]
    events = [
        {"Event": "SparkListenerJobStart", "Submission Time": 100_000},
        {"Event": "SparkListenerJobStart", "Submission Time": 200_000},
        {"Event": "SparkListenerTaskEnd"},
        *tasks,
    ]
    (tmp_path / "local-1").write_text("".join(json.dumps(event) + "\n" for event in events))
    return tmp_path


def test_the_log_tells_when_work_began_and_what_was_shuffled(log):
    """Failed tasks have no figures, and do not count."""
    assert spark.logged(log) == (100.0, 300)


def test_a_run_is_measured_with_all_below_it(tmp_path):
    """Its stages are those that it tells."""
    code = "import sys; sys.stderr.write('time: 3.00 s in all, reading 1.50 s, aligning 0.25 s\\n')"
    work = "x = bytearray(50_000_000); sum(range(10**7))"
    command = [sys.executable, "-c", f"{code}; {work}"]
    found = spark.measured(command, tmp_path / "out")

    assert found.stages == {"reading": 1.5, "aligning": 0.25}
    assert found.processor > 0
    assert found.megabytes > 0
    assert found.start == 0


def test_what_python_compiles_is_kept_for_all_that_is_measured(tmp_path, monkeypatch):
    """As where programs are installed, whatever the caller has set."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    code = "import sys; print(sys.dont_write_bytecode)"
    spark.measured([sys.executable, "-c", code], tmp_path / "out")

    assert (tmp_path / "out").read_text() == "False\n"


def test_a_run_that_fails_is_told_with_its_last_words(tmp_path):
    """Figures of a failure would be worth nothing."""
    with pytest.raises(RuntimeError, match="the reason"):
        spark.measured([sys.executable, "-c", "raise SystemExit('the reason')"], tmp_path / "out")


def test_the_table_leaves_the_start_out_of_the_ratio():
    """It is the same for any number of articles."""
    local = spark.Measured(10.0, 18.0, 300.0)
    ours = spark.Measured(35.0, 60.0, 2000.0, 10.0, 3_000_000, {"reading": 9.0})
    table = spark.table_of([spark.Compared("1,000 invented", 1000, local, ours, equal=True)])

    assert table.rows[0][4] == 2.5
    assert table.rows[0][9] == 3000
    assert "yes" in as_text(table)
