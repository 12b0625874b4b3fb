"""What Spark starts on this machine to have Python's share of the work done: its own daemon.

Spark puts pyspark in front of every path as an archive, which has to be compiled anew by each
process. Where it is installed besides, as with pip, it has been compiled already.
"""

import runpy
import sys
from importlib.util import find_spec

__all__ = ["MODULE", "main", "without_archive"]

MODULE = __name__
"""What Spark is told to start."""

_ARCHIVE = "pyspark.zip"


def without_archive(path: list[str]) -> list[str]:
    """Return where Python looks for modules, without Spark's archive."""
    return [entry for entry in path if not entry.endswith(_ARCHIVE)]


def main() -> None:
    """Start Spark's daemon."""
    before = sys.path[:]
    sys.path[:] = without_archive(before)
    if find_spec("pyspark") is None:
        sys.path[:] = before
    runpy.run_module("pyspark.daemon", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
