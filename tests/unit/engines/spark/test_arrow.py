"""What stands between steps and Spark's columns."""

import gc
import subprocess
import sys

import pytest

from dedupe_news.engines.spark.arrow import COLUMNS, batch_of, squeezed, stepped, unsqueezed
from dedupe_news.engines.spark.rows import Row


@pytest.mark.parametrize("size", [0, 1, 1 << 14, 1 << 20])
def test_what_was_squeezed_comes_out_as_it_was(size):
    """However long it is; little of it is left to Spark to pack."""
    data = bytes(range(251)) * (size // 251) + bytes(size % 251)

    assert unsqueezed(squeezed(data)) == data
    assert size < 1 << 14 or len(squeezed(data)) < size / 10


@pytest.fixture
def usual():
    """Return how often Python looks for cycles by itself, whatever other tests have set."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield gc.get_threshold()
    gc.set_threshold(*before)
    gc.unfreeze()


def test_cycles_are_looked_for_seldom_while_a_step_is_at_work(usual):
    """The process is Spark's, and has its own way again afterwards."""
    seen = []

    def step(rows):
        for row in rows:
            seen.append(gc.get_threshold())
            yield row

    batch = batch_of([Row(0, "id", b"", 1, b"")], [0])
    (found,) = stepped(step, [0], [batch])

    assert found.num_rows == 1
    assert seen[0] > usual
    assert gc.get_threshold() == usual


def test_rows_become_columns_and_rows_again():
    """Whatever they hold, and in the order in which they came."""
    rows = [Row(1, "tëxt", b"\0k", -1, b""), Row(0, "id", b"", 1 << 62, bytes(range(256)) * 99)]
    batch = batch_of(rows, [7, 5])
    batch.validate(full=True)
    (again,) = stepped(list, [7, 5], [batch])

    assert again.equals(batch)
    assert batch.to_pylist()[0] == dict(zip(COLUMNS, (5, "tëxt", b"\0k", -1, b""), strict=True))


def test_pandas_is_not_loaded_to_move_rows():
    """It takes a fifth of a second in each process, and nobody uses it."""
    code = (
        "import sys; from dedupe_news.engines.spark.arrow import batch_of, Row;"
        "batch_of([Row(0, 'id', b'', 1, b'')], [0]); print('pandas' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout

    assert said.split() == [b"False"]
