"""Bars of what tools take and find, as SVG that is the same to the byte for the same table."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from results import Cell, Table

__all__ = ["bar_picture"]

_PANELS = (
    ("/ plain loop", "processor time, in plain loops", "{:.1f}"),
    ("peak MB", "peak memory, MB", "{:,.0f}"),
    ("recall", "pairs found", "{:.1%}"),
)
_NAMES, _WIDTH, _LENGTH = 220, 190, 130  # of the names, of a panel, of its longest bar
_TOP, _STEP, _THICK = 60, 24, 15


def bar_picture(table: Table) -> str:
    """Return the time, the memory and the recall of each tool, one bar each.

    Args:
        table: One row for each tool, its name first, with the columns that are drawn.

    Returns:
        An SVG document.
    """
    width, height = _NAMES + len(_PANELS) * _WIDTH, _TOP + _STEP * len(table.rows) + 10
    box, fonts = f'viewBox="0 0 {width} {height}"', 'font-family="sans-serif" font-size="12"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} {fonts}>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        _text(width / 2, 20, table.title, "middle"),
        *(_text(_NAMES - 8, _line(row), str(cells[0]), "end") for row, cells in _rows(table)),
        *(line for place, panel in enumerate(_PANELS) for line in _panel(table, place, panel)),
        "</svg>\n",
    ]
    return "\n".join(lines)


def _panel(table: Table, place: int, panel: tuple[str, str, str]) -> Iterator[str]:
    column, title, form = panel
    left, where = _NAMES + place * _WIDTH, table.columns.index(column)
    known = [cells[where] for cells in table.rows if _is_figure(cells[where])]
    most = max(map(float, known), default=0.0) or 1.0
    yield _text(left, _TOP - 12, title, "start")
    for row, cells in _rows(table):
        value = cells[where]
        if not _is_figure(value):
            continue  # the plain loop finds no pairs
        length, top = _LENGTH * float(value) / most, _line(row) - _THICK + 3
        shade = "#1f6feb" if str(cells[0]).startswith("dedupe-news") else "#9a9a9a"
        yield f'<rect x="{left}" y="{top}" width="{length:.1f}" height="{_THICK}" fill="{shade}"/>'
        yield _text(left + length + 4, _line(row), form.format(value), "start")


def _is_figure(cell: Cell | None) -> bool:
    """Return whether there is a number: nan is none, and is kept as null."""
    return isinstance(cell, int | float) and cell == cell  # noqa: PLR0124 - only nan differs


def _rows(table: Table) -> Sequence[tuple[int, tuple[Cell, ...]]]:
    return list(enumerate(table.rows))


def _line(row: int) -> int:
    return _TOP + row * _STEP + 12


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
