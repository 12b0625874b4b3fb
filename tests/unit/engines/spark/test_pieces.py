"""Files cut into pieces: the same items as the local readers give, wherever the cuts fall."""

import gzip
import json
import pickle

import pytest

from dedupe_news.engines.spark import pieces
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.rows import Row
from dedupe_news.errors import PathError
from dedupe_news.settings import Settings
from dedupe_news.sources import ReadOptions, batches

OPTIONS = ReadOptions()
LINES = [
    *(json.dumps({"id": f"n{n}", "text": f"word {n} " * (n % 7 + 1)}) for n in range(40)),
    "{broken",
    "",
    *(json.dumps({"text": f"no id {n}"}) for n in range(20)),
    "[1]",
]


@pytest.fixture
def small(monkeypatch):
    """Cut files of a few bytes as if they were large."""
    monkeypatch.setattr(pieces, "_LARGE", 1)
    monkeypatch.setattr(pieces, "BLOCK", 64)


def local(path):
    """Return what the local readers give."""
    return [item for batch in batches([str(path)], OPTIONS) for item in batch.load()]


def cut(path, paths=None):
    """Return what the pieces give, those that are ranges numbered."""
    found = [*pieces.pieces_of(paths or [str(path)], OPTIONS)]
    ranges = [Row(0, "piece", b"", 0, data) for data in found if pieces.is_range(data)]
    numbered = [*pieces.numbered(found, pieces.count_lines(ranges))]
    return numbered, [item for data in numbered for part in _parts(data) for item in part]


def _parts(data):
    piece = pickle.loads(data)
    return piece.parts() if hasattr(piece, "parts") else [piece.load()]


@pytest.mark.parametrize("size", [1, 7, 50, 333, 10_000])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_ranges_of_bytes_give_every_line_once(small, monkeypatch, tmp_path, size, end, mark):
    """With the numbers that the lines have in the file."""
    monkeypatch.setattr(pieces, "_RANGE", size)
    path = tmp_path / "news.jsonl"
    path.write_text(mark + "\n".join(LINES) + end, "utf-8", newline="")

    found, items = cut(path)

    assert items == local(path)
    sizes = [pieces.size_of(data) for data in found]
    assert sum(sizes) == path.stat().st_size
    assert max(sizes) <= size
    assert len(set(sizes[:-1])) <= 1  # no task has more to do than another


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("list.jsonl", json.dumps([{"text": "a b c"}, {"text": "d e f"}]).encode()),
        ("wide.jsonl", '{"text": "a b c"}\n'.encode("utf-16")),
        ("packed.jsonl.gz", gzip.compress(b'{"text": "a b c"}\n')),
        ("torn.jsonl.gz", gzip.compress(b'{"text": "a b c"}\n' * 99)[:-9]),
        ("binary.jsonl", bytes(range(32)) * 9),
        ("table.csv", b"id,text\n1,a b c\n"),
        ("plain.txt", b"a b c"),
    ],
)
def test_other_files_are_read_whole(small, tmp_path, name, data):
    """As the local readers read them."""
    (tmp_path / name).write_bytes(data * 3 if name == "plain.txt" else data)

    found, items = cut(tmp_path)

    assert items == local(tmp_path)
    assert not any(map(pieces.is_range, found))
    assert sum(map(pieces.size_of, found)) >= len(data)


def test_small_files_come_many_at_a_time(tmp_path):
    """And what was passed over is told."""
    for n in range(5):
        (tmp_path / f"{n}.txt").write_text(f"text {n}", "utf-8")
    (tmp_path / ".hidden.txt").write_text("hidden", "utf-8")

    found, items = cut(tmp_path)

    assert items == local(tmp_path)
    assert len(found) == 2


def test_a_file_that_goes_away_is_told(small, tmp_path):
    """Counted as nothing, and named when it is read."""
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(LINES), "utf-8")
    found = [*pieces.pieces_of([str(path)], OPTIONS)]
    path.unlink()

    assert [row.number for row in pieces.count_lines([Row(0, "piece", b"", 0, found[0])])] == [0]
    rows = pieces.read_pieces([Row(0, "piece", b"", 0, found[0])], Course(Settings(), 1))
    assert [pickle.loads(row.data).code for row in rows] == ["unreadable"]


def test_a_file_that_cannot_be_looked_into_is_read_whole(small, tmp_path, monkeypatch):
    """The task that reads it says what is wrong."""
    path = tmp_path / "news.jsonl"
    path.write_text("\n".join(LINES), "utf-8")

    def refuse(_file):
        raise PermissionError("no")

    monkeypatch.setattr(pieces, "opened", refuse)
    (data,) = pieces.pieces_of([str(path)], OPTIONS)

    assert not pieces.is_range(data)


def test_standard_input_is_read_here(monkeypatch):
    """No other process has it."""
    made = [object()]
    monkeypatch.setattr(pieces, "batches", lambda paths, options: made)
    monkeypatch.setattr(pieces.pickle, "dumps", lambda piece: piece)

    assert [*pieces.pieces_of(["-"], OPTIONS)] == made


def test_a_path_that_is_not_there_is_refused_at_once():
    """Before Spark is started."""
    with pytest.raises(PathError, match="no such"):
        pieces.pieces_of(["/nowhere/at/all"], OPTIONS)
