"""A whole process is measured with its children, and nothing of its parent."""

import os
import sys

import pytest

import plain
import processes
from processes import Cost, ProcessError, in_turn, measure, middle

MEGABYTES = 80
HOLD = f"held = bytearray({MEGABYTES} << 20); import time; time.sleep(0.3)"


def test_memory_of_children_counts_together():
    """Two children that hold as much at the same time count twice."""
    start = f"subprocess.Popen([sys.executable, '-c', {HOLD!r}])"
    both = f"import subprocess, sys; [each.wait() for each in [{start}, {start}]]"

    alone = measure([sys.executable, "-c", HOLD])
    together = measure([sys.executable, "-c", both])

    assert MEGABYTES < alone.megabytes < 2 * MEGABYTES < together.megabytes


def test_memory_of_the_parent_does_not_count():
    """A child starts as a copy of its parent; the copy is not its own."""
    held = bytearray(200 << 20)

    assert measure([sys.executable, "-c", ""]).megabytes < 100 < len(held)


def test_sleep_takes_time_but_no_processor():
    """The two kinds of seconds are told apart."""
    cost = measure([sys.executable, "-c", "import time; time.sleep(0.3)"])

    assert cost.user <= cost.processor < 0.3 <= cost.seconds


def test_a_process_gets_its_variables_and_its_output_is_kept(tmp_path):
    """What is measured is what is read."""
    command = [sys.executable, "-c", "import os; print(os.environ['WHAT'])"]

    measure(command, {"WHAT": "news"}, tmp_path / "out")

    assert (tmp_path / "out").read_text() == "news\n"
    assert "WHAT" not in os.environ


def test_a_process_that_fails_is_an_error_with_its_last_words():
    """A crash is never a fast run."""
    with pytest.raises(ProcessError, match=r"ended with 1: no such thing"):
        measure([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_commands_run_in_turn(monkeypatch):
    """A slow moment hits all alike: each round runs all, and a command keeps its column."""
    order = []

    def note(command, _environment):
        order.append(command[0])
        return Cost(len(order), 0, 0, 0)

    monkeypatch.setattr(processes, "measure", note)
    columns = in_turn(2, [(["a"], {}), (["b"], {})])

    assert order == ["a", "b", "a", "b"]
    assert [[cost.seconds for cost in column] for column in columns] == [[1, 3], [2, 4]]


def test_the_middle_is_taken_figure_by_figure():
    """The run of median time need not be that of median memory."""
    costs = [Cost(1, 5, 2, 30), Cost(3, 1, 9, 10), Cost(2, 9, 1, 20)]

    assert middle(costs) == Cost(2, 5, 2, 20)


def test_the_plain_loop_reads_every_line(tmp_path):
    """A line that is no article would be noticed: the last one is read, too."""
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "Some words"}\n{"text": 3}\n')

    with pytest.raises(AttributeError, match="casefold"):
        plain.main(str(path))
