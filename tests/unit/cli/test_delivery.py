"""Files that are there whole, or as they were before."""

import errno
import os
import stat
from pathlib import Path

import pytest

from dedupe_news.cli.delivery import replacing, unwritten


def test_a_file_is_there_once_all_is_written(tmp_path):
    """A reader who looks too early finds what was there before."""
    path = tmp_path / "report"
    path.write_text("old", "utf-8")

    with replacing(str(path)) as out:
        out.write("new")
        out.flush()
        assert path.read_text("utf-8") == "old"

    assert path.read_text("utf-8") == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
def test_a_failure_leaves_nothing_behind(tmp_path, error):
    """Neither half a report nor a temporary file."""
    with pytest.raises(type(error)):
        _write_half(tmp_path / "report", error)

    assert not list(tmp_path.iterdir())


def _write_half(path, error):
    with replacing(str(path)) as out:
        out.write("half")
        raise error


def test_permissions_stay(tmp_path):
    """What was private stays private."""
    path = tmp_path / "report"
    path.touch(0o600)

    with replacing(str(path)) as out:
        out.write("x")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path):
    """Not the narrow ones of a temporary file."""
    (tmp_path / "any").touch()

    with replacing(str(tmp_path / "report")) as out:
        out.write("x")

    assert (tmp_path / "report").stat().st_mode == (tmp_path / "any").stat().st_mode


def test_a_link_keeps_leading_where_it_led(tmp_path):
    """The file behind it is replaced."""
    (tmp_path / "link").symlink_to(tmp_path / "report")

    with replacing(str(tmp_path / "link")) as out:
        out.write("x")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "report").read_text("utf-8") == "x"


def test_a_device_is_written_to(tmp_path):
    """Nothing can be moved onto it."""
    with replacing(os.devnull) as out:
        out.write("x")

    assert not stat.S_ISREG(Path(os.devnull).stat().st_mode)


def test_the_reason_is_told(capsys):
    """And that something is missing."""
    assert unwritten("a.json", OSError(errno.ENOSPC, "No space left on device")) is False
    assert "error: a.json cannot be written: No space left" in capsys.readouterr().err
