import io
from contextlib import redirect_stderr

import pytest

from dedupe_news.cli import progress as module
from dedupe_news.cli.progress import progress

STAGES = (("read", 1_000_000, None), ("read", 2_000_000, 4_000_000), ("compare", 5, 10))


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch):
    """Bars are shown at once, on a terminal that can show them."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(module, "_PATIENCE", 0)


def _seen(stderr, **wishes):
    with redirect_stderr(stderr), progress(**wishes) as advance:
        for stage in STAGES:
            advance(*stage)
    return stderr and stderr.getvalue()


def test_each_stage_is_named_with_what_is_done():
    """A person sees which of the stages runs, and how far it is."""
    seen = _seen(Terminal(), quiet=False)

    for text in ("Reading", "2.0 of 4.0 MB", "Comparing", "5 of 10"):
        assert text in seen


def test_a_quick_run_shows_no_bar(monkeypatch):
    """What is over in a moment needs no bar."""
    monkeypatch.setattr(module, "_PATIENCE", 60)

    assert _seen(Terminal(), quiet=False) == ""


def test_a_quiet_run_shows_no_bar():
    """Even on a terminal."""
    assert _seen(Terminal(), quiet=True) == ""


@pytest.mark.parametrize("stderr", [io.StringIO(), None])
def test_where_nobody_looks_nothing_is_written(stderr):
    """A log file gets no bars, and a closed stderr is no error."""
    assert not _seen(stderr, quiet=False)


@pytest.mark.parametrize(
    ("stage", "done", "total", "told"),
    [
        ("read", 1_500_000, None, "1.5 MB"),
        ("read", 0, 1_000_000_000, "0.0 of 1,000.0 MB"),
        ("align", 1234, None, "1,234"),
        ("align", 7, 1234, "7 of 1,234"),
    ],
)
def test_reading_is_told_in_megabytes_and_work_in_pieces(stage, done, total, told):
    """A total is told where it is known."""
    assert module._told(stage, done, total) == told


def test_what_there_is_to_read_is_told_where_it_can_be_known(tmp_path):
    """Files and folders have a size; what is hidden is not read, and a stream has no end."""
    folder = tmp_path / "corpus"
    (folder / "deeper").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("a.txt", "deeper/b.txt", ".hidden", ".git/c.txt"):
        (folder / name).write_text("x" * 1_500_000)
    (tmp_path / "more.jsonl").write_text("x" * 1_000_000)

    assert module._size([str(folder), str(tmp_path / "more.jsonl")]) == 4_000_000
    assert module._size([str(folder), "-"]) is None
    assert module._size([]) is None


def test_a_bar_without_a_total_takes_the_size_of_what_is_read(tmp_path):
    """Readers stream, and do not know how much is still to come."""
    path = tmp_path / "a.jsonl"
    path.write_text("x" * 3_000_000)
    stderr = Terminal()
    with redirect_stderr(stderr), progress(quiet=False, paths=[str(path)]) as advance:
        advance("read", 1_000_000, None)

    assert "1.0 of 3.0 MB" in stderr.getvalue()
