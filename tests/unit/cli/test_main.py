import io
from contextlib import redirect_stdout

import click
import pytest

from dedupe_news import __main__ as program
from dedupe_news.__main__ import main
from dedupe_news.cli import options
from dedupe_news.cli.app import app
from dedupe_news.errors import PathError
from dedupe_news.version import VERSION


class Full(io.StringIO):
    """An output that takes nothing."""

    def flush(self):
        raise OSError(28, "No space left on device")


@pytest.fixture
def raising(monkeypatch):
    """A function after which every run raises the given error."""

    def prepare(error):
        def fail(_words, session):
            session.verbose = "-v" in _words
            raise error

        monkeypatch.setattr(program, "_run", fail)

    return prepare


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (PathError("no a", hint="try b"), 2, "error: no a\nhint: try b"),
        (click.UsageError("Odd."), 2, "error: odd\nhint: dedupe-news --help lists what there is"),
        (BrokenPipeError(), 0, ""),
        (OSError(28, "No space"), 3, "error: stdout cannot be written: No space\nhint: see"),
        (ZeroDivisionError("x"), 2, "error: internal: ZeroDivisionError: x\nhint: please"),
    ],
)
def test_each_kind_of_failure_has_its_code_and_words(raising, capsys, error, code, said):
    """The boundary is the one place where errors end."""
    raising(error)

    assert main([]) == code
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize("error", [PathError("no a"), ZeroDivisionError("x")])
def test_where_an_error_arose_is_shown_on_demand_only(raising, capsys, error):
    """A traceback helps only those who asked for it."""
    raising(error)
    main([])
    assert "Traceback" not in capsys.readouterr().err
    main(["-v"])
    assert "Traceback" in capsys.readouterr().err


def test_output_that_fails_at_the_end_makes_the_run_incomplete(monkeypatch, capsys):
    """What is in a buffer when a command ends is not yet delivered."""
    monkeypatch.setattr(program, "_run", lambda _words, _session: 0)
    with redirect_stdout(Full()):
        assert main([]) == 3
    assert "No space left" in capsys.readouterr().err


def test_a_disk_that_is_full_during_the_work_is_no_failure_of_stdout(monkeypatch, capsys):
    """The run did not take place: its temporary files had no room."""

    def fill(_typed):
        raise OSError(28, "No space left on device", "/tmp/shelf")

    monkeypatch.setattr(options, "settings", fill)

    assert main(["scan", "."]) == 2
    assert "error: [Errno 28] No space left on device: '/tmp/shelf'" in capsys.readouterr().err


def test_the_version_is_that_of_the_package(capsys):
    """Which is written down once."""
    assert (main(["--version"]), capsys.readouterr().out) == (0, f"dedupe-news {VERSION}\n")


@pytest.mark.parametrize("command", [app, *app.commands.values()], ids=lambda one: one.name)
def test_help_is_asked_for_in_two_ways_whatever_the_context(command):
    """The pages made from the program must not depend on who asked first."""
    assert command.get_help_option_names(click.Context(command)) == ["-h", "--help"]
