"""Pictures of tables, for the results that are kept."""

from collections.abc import Sequence
from pathlib import Path

from results import Table

__all__ = ["PlotError", "draw_thresholds"]

_LINES = ("precision", "recall", "F1")
_STYLES = ("-", "--", ":")  # told apart without colour


class PlotError(Exception):
    """No picture can be drawn; the text says what to do."""


def draw_thresholds(tables: Sequence[Table], path: Path) -> Path:
    """Draw precision, recall and F1 over the threshold, one panel for each table.

    The same tables give the same file, to the byte, with the same version of matplotlib.

    Args:
        tables: Tables of which every row is a threshold; at least one.
        path: Where to, as SVG.

    Raises:
        PlotError: If matplotlib is not installed.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 - only a kept result needs it
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as error:
        raise PlotError("no plot without matplotlib: pip install --group bench") from error
    mpl.rcParams["svg.hashsalt"] = "dedupe-news"
    figure = Figure(figsize=(5 * len(tables), 3.6), layout="constrained")
    for table, axes in zip(tables, figure.subplots(1, len(tables), squeeze=False)[0], strict=True):
        thresholds = _column(table, "min containment")
        for name, style in zip(_LINES, _STYLES, strict=True):
            axes.plot(thresholds, _column(table, name), style, color="black", label=name)
        axes.axvline(_default(table), color="0.6", linewidth=1)
        axes.set(title=table.title, xlabel="min containment (grey: default)", ylim=(None, 1.003))
        axes.legend()
    figure.savefig(path, metadata={"Date": None})
    return path


def _column(table: Table, name: str) -> list[float]:
    place = table.columns.index(name)
    return [float(row[place]) for row in table.rows]


def _default(table: Table) -> float:
    marks = [row[table.columns.index("default")] for row in table.rows]
    return _column(table, "min containment")[marks.index("yes")]
