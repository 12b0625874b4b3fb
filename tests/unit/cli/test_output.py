import errno
import io
import sys
from contextlib import redirect_stdout
from dataclasses import replace

import pytest

from dedupe_news.cli.output import ReaderLeftError, Stream, style, write_report, written
from dedupe_news.render import Style, renderer
from reports import FERRY

TYPED = {"form": "text", "width": None, "color": "auto", "ascii": False, "full": False}


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def _failing(error):
    def write(_out):
        raise error

    return write


@pytest.fixture
def stdout(tmp_path):
    """A file that is to stand in for stdout."""
    with (tmp_path / "out").open("w", encoding="utf-8") as stream:
        yield stream


def test_what_was_written_is_flushed(stdout, tmp_path):
    """The answer is about what arrived, not about what is still in a buffer."""
    with redirect_stdout(stdout):
        assert written(lambda out: print("x", file=out)) is True
    assert (tmp_path / "out").read_text("utf-8") == "x\n"


def test_a_reader_who_leaves_is_no_error(stdout, capsys):
    """`head` has what it wanted."""
    with redirect_stdout(stdout):
        assert written(_failing(BrokenPipeError())) is True
    assert capsys.readouterr().err == ""


def test_a_full_disk_is_told(stdout, capsys):
    """The reason stands in the error."""
    with redirect_stdout(stdout):
        assert written(_failing(OSError(errno.ENOSPC, "No space left on device"))) is False
    assert "error: stdout cannot be written: No space left on device" in capsys.readouterr().err


def test_after_a_failure_stdout_leads_nowhere(stdout, tmp_path):
    """What is still in a buffer must not fail once more when the process ends."""
    with redirect_stdout(stdout):
        written(_failing(BrokenPipeError()))
        stdout.write("late")
        stdout.flush()
    assert (tmp_path / "out").read_text("utf-8") == ""


def test_output_that_is_kept_in_memory_may_fail_too():
    """It has no file that could be led elsewhere."""
    with redirect_stdout(io.StringIO()):
        assert written(_failing(BrokenPipeError())) is True


def test_a_closed_stdout_is_told(monkeypatch, capsys):
    """Python has no stdout at all then."""
    monkeypatch.setattr(sys, "stdout", None)

    assert written(lambda _out: None) is False
    assert "stdout is closed" in capsys.readouterr().err


@pytest.mark.parametrize(("form", "encoding"), [("json", "utf-8"), ("text", "ascii")])
def test_data_is_utf_8_whatever_the_locale(monkeypatch, form, encoding):
    """A script must not get another encoding because of the locale; a terminal must."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "ascii"))

    assert write_report(FERRY, TYPED | {"form": form})
    assert sys.stdout.encoding == encoding
    assert raw.getvalue().decode(encoding)


@pytest.mark.parametrize(
    ("typed", "environ", "width"),
    [
        ({"width": 50}, {"COLUMNS": "90"}, 50),
        ({}, {"COLUMNS": "90"}, 90),
        ({}, {"COLUMNS": "3"}, 24),
        ({}, {}, 80),
    ],
)
def test_the_width_is_the_wish_then_the_terminals_then_80(monkeypatch, typed, environ, width):
    """And never so small that nothing fits."""
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(sys, "__stdout__", io.StringIO())
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert style(TYPED | typed, io.StringIO()).width == width


@pytest.mark.parametrize(
    ("out", "term", "color", "links"),
    [
        (Terminal(), "xterm", "auto", True),
        (io.StringIO(), "xterm", "always", False),
        (Terminal(), "dumb", "auto", False),
        (Terminal(), "linux", "auto", False),
        (Terminal(), "xterm", "never", False),
    ],
)
def test_only_a_terminal_that_knows_links_gets_them(monkeypatch, out, term, color, links):
    """Everything else gets the bare path, and so does who wants no colour at all."""
    monkeypatch.setenv("TERM", term)

    assert style(TYPED | {"color": color}, out).links is links


@pytest.mark.parametrize(
    ("encoding", "typed", "plain"),
    [("utf-8", False, False), ("latin-1", False, True), ("utf-8", True, True)],
)
def test_plain_signs_are_used_where_others_cannot_be_written(encoding, typed, plain):
    """Or where they are asked for."""
    out = io.TextIOWrapper(io.BytesIO(), encoding)

    assert style(TYPED | {"ascii": typed}, out).ascii is plain


def test_a_target_that_fails_does_not_keep_the_rest_from_being_written(tmp_path, capsys):
    """What arrived has arrived, and what is missing is told."""
    whole = tmp_path / "whole.json"
    targets = (("json", "/dev/full"), ("json", str(whole)))

    assert write_report(FERRY, {**TYPED, "form": "json", "targets": targets}) is False
    assert whole.read_text("utf-8") == capsys.readouterr().out


class Broken(io.StringIO):
    """A stream that takes a number of writes and then fails."""

    def __init__(self, error, after=0):
        super().__init__()
        self._error = error
        self._left = after

    def write(self, text):
        self._left -= 1
        if self._left < 0:
            raise self._error
        return super().write(text)

    def fileno(self):
        raise io.UnsupportedOperation


WANTED = {**TYPED, "form": "jsonl", "targets": (), "fail_on": ()}


class TestStream:
    def streamed(self, out, **typed):
        """Stream the ferry's report; return whether all was written."""
        with redirect_stdout(out):
            stream = Stream({**WANTED, **typed})
            stream.begin(replace(FERRY, clusters=()))
            for cluster in FERRY.clusters:
                text = stream.form(cluster) if stream.form else ""
                stream.add(cluster if stream.keeps else None, text)
            return stream.end(FERRY)

    @pytest.mark.parametrize("form", ["json", "jsonl"])
    @pytest.mark.parametrize("limit", [None, 0, 1, 99])
    def test_what_is_streamed_is_the_report_that_is_there_at_last(self, form, limit):
        """Nobody sees from the result when it was written."""
        out, whole = io.StringIO(), io.StringIO()
        renderer(form)(FERRY, whole, Style(limit=limit))

        assert self.streamed(out, form=form, limit=limit)
        assert out.getvalue() == whole.getvalue()

    def test_where_not_all_are_shown_no_text_is_made_in_vain(self):
        """The stream makes those few itself."""
        assert Stream({**WANTED, "limit": 1}).form is None
        assert Stream(WANTED).form is not None

    @pytest.mark.parametrize("form", ["json", "jsonl"])
    def test_nothing_is_written_before_there_is_something_to_show(self, form):
        """A run may still end with an error: that no article was found."""
        out = io.StringIO()
        with redirect_stdout(out):
            Stream({**WANTED, "form": form}).begin(replace(FERRY, clusters=()))

        assert out.getvalue() == ""

    def test_each_cluster_is_written_as_it_comes(self):
        """A reader need not wait for the last one."""
        out = io.StringIO()
        with redirect_stdout(out):
            stream = Stream(WANTED)
            stream.begin(replace(FERRY, clusters=()))
            stream.add(FERRY.clusters[0], "")

        assert [line.partition(",")[0] for line in out.getvalue().splitlines()] == [
            '{"type": "settings"',
            '{"type": "cluster"',
        ]

    def test_work_ends_when_the_reader_has_left(self):
        """`head` has what it wanted."""
        with pytest.raises(ReaderLeftError):
            self.streamed(Broken(BrokenPipeError(), after=1))

    @pytest.mark.parametrize("typed", [{"fail_on": ("any",)}, {"targets": "file"}])
    def test_work_goes_on_for_whoever_waits_for_it(self, tmp_path, typed):
        """An exit code, or a report in a file."""
        path = tmp_path / "report.jsonl"
        if typed.get("targets"):
            typed = {"targets": (("jsonl", str(path)),)}

        assert self.streamed(Broken(BrokenPipeError()), **typed)
        assert path.exists() == ("targets" in typed)

    def test_a_full_disk_is_told_once(self, capsys):
        """And the run is incomplete."""
        assert not self.streamed(Broken(OSError(errno.ENOSPC, "No space left on device")))
        assert capsys.readouterr().err.count("No space left on device") == 1

    @pytest.mark.parametrize(
        ("form", "out", "streams"),
        [
            ("jsonl", io.StringIO(), True),
            ("jsonl", Terminal(), False),
            ("json", io.StringIO(), True),
            ("text", io.StringIO(), False),
            ("jsonl", None, False),
        ],
    )
    def test_only_data_for_a_program_is_streamed(self, monkeypatch, form, out, streams):
        """On a terminal they would meet the progress."""
        monkeypatch.setattr(sys, "stdout", out)

        assert Stream.wanted({"form": form}) == streams
