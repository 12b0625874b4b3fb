"""Reports in files: each is there whole, or as it was before."""

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from dedupe_news.cli.talk import say

__all__ = ["replacing", "unwritten"]

_ALL = 0o666


@contextlib.contextmanager
def replacing(path: str) -> Iterator[TextIO]:
    """Open a file under a temporary name beside it, and move it there once all is written.

    What is no regular file, such as a pipe or `/dev/stderr`, is written to directly. A link
    keeps leading where it led.

    Args:
        path: Where the file is to be; its folder exists.

    Raises:
        OSError: If it cannot be written. Then what was there is untouched.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        with target.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
            yield out
        return
    mode = _mode(target)
    number, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    try:
        with open(number, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:  # noqa: PTH123 - a number
            yield out
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def unwritten(path: str, error: OSError) -> bool:
    """Say why a file could not be written, and return False: something is missing."""
    say(f"error: {path} cannot be written: {error.strerror or error}")
    say("hint: see whether the disk is full and whether you may write there")
    return False


def _mode(target: Path) -> int:
    """Return the permissions of the file as it is, or those that a new file gets."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return _ALL & ~mask
