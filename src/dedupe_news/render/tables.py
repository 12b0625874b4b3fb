"""Cells in columns, by the width that a terminal gives each sign."""

from collections.abc import Sequence

from rich.cells import cell_len

__all__ = ["aligned", "row_width"]

_GAP = "  "


def aligned(rows: Sequence[Sequence[str]], sides: str) -> list[list[str]]:
    """Return the cells padded to the width of their columns; empty columns are left out.

    Args:
        rows: Each with the same number of cells, at least one.
        sides: For each column, `<` if its texts begin at its left, `>` if they end at its right.
    """
    columns = list(zip(*rows, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    kept = [
        [_padded(cell, width, side) for cell in column]
        for column, width, side in zip(columns, widths, sides, strict=True)
        if width
    ]
    return [list(row) for row in zip(*kept, strict=True)]


def row_width(cells: Sequence[str]) -> int:
    """Return how many columns of a terminal a row takes, without blanks at its end."""
    return cell_len(_GAP.join(cells).rstrip())


def _padded(cell: str, width: int, side: str) -> str:
    blanks = " " * (width - cell_len(cell))
    return cell + blanks if side == "<" else blanks + cell
