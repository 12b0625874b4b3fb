"""Apache Spark, for what outgrows one machine: the same functions, lane by lane.

    pieces | foreign → reading → keys → stories → candidates → verifying → describing → tables

Each of these is a handful of steps: pure functions from rows to rows, which call those of
`core`, `corpus` and `families` on one lane. `plan` has the order of the steps; `tasks` says
what a cluster must offer for it; `session` offers that with Spark, and is the only file that
imports it. The report is the one that the local engine makes, to the byte.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedupe_news.engines.spark.scanning import Scan, scan_frame

__all__ = ["Scan", "scan_frame"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a class or a function
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    from dedupe_news.engines.spark import scanning  # noqa: PLC0415 - a task needs no caller

    return getattr(scanning, name)
