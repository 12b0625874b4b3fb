"""Pictures of tables, as SVG that is the same to the byte for the same table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor
from xml.sax.saxutils import escape

from results import Table

__all__ = ["threshold_picture"]

_LINES = {"precision": "", "recall": "6 3", "F1": "2 3"}  # dashes: told apart without colour
_WIDTH, _HEIGHT = 420, 300  # of a panel
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 15, 50, 45  # margins in a panel
_TICKS = 5


@dataclass(frozen=True, slots=True)
class _Scale:
    """How values become places: `low` and `high` are drawn at `start` and `end`."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> str:
        share = (value - self.low) / (self.high - self.low)
        return f"{self.start + share * (self.end - self.start):.1f}"

    def ticks(self) -> list[float]:
        steps = range(_TICKS + 1)
        return [self.low + (self.high - self.low) * step / _TICKS for step in steps]


def threshold_picture(tables: Sequence[Table]) -> str:
    """Return precision, recall and F1 over the threshold, one panel for each table.

    Args:
        tables: Tables of which every row is a threshold, from the least up, and one of them
            is marked as the default.

    Returns:
        An SVG document.
    """
    width = _WIDTH * len(tables)
    box, fonts = f'viewBox="0 0 {width} {_HEIGHT}"', 'font-family="sans-serif" font-size="11"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} {fonts}>',
        f'<rect width="{width}" height="{_HEIGHT}" fill="white"/>',
        *(line for place, table in enumerate(tables) for line in _panel(table, place)),
        "</svg>\n",
    ]
    return "\n".join(lines)


def _panel(table: Table, place: int) -> Iterator[str]:
    thresholds = _column(table, "min containment")
    figures = {name: _column(table, name) for name in _LINES}
    across = _Scale(thresholds[0], thresholds[-1], _LEFT, _WIDTH - _RIGHT)
    least = floor(min(map(min, figures.values())) * 50 - 1e-9) / 50  # a gap to 1 in any case
    up = _Scale(least, 1.0, _HEIGHT - _BOTTOM, _TOP)
    yield f'<g transform="translate({place * _WIDTH} 0)">'
    yield _text(_WIDTH / 2, 18, table.title, "middle")
    yield from _axes(thresholds, across, up)
    default = across.place(thresholds[_default_row(table)])
    yield f'<path d="M{default} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="silver" stroke-width="2"/>'
    for number, (name, values) in enumerate(figures.items()):
        points = zip(map(across.place, thresholds), map(up.place, values), strict=True)
        yield _line(" ".join(f"{x},{y}" for x, y in points), name)
        legend = _LEFT + number * 120
        yield _line(f"{legend},34 {legend + 35},34", name)
        yield _text(legend + 42, 38, name, "start")
    yield _text(_WIDTH / 2, _HEIGHT - 10, "min containment (grey: the default)", "middle")
    yield "</g>"


def _axes(thresholds: Sequence[float], across: _Scale, up: _Scale) -> Iterator[str]:
    bottom = _HEIGHT - _BOTTOM
    yield f'<path d="M{_LEFT} {_TOP}V{bottom}H{_WIDTH - _RIGHT}" fill="none" stroke="black"/>'
    for value in thresholds:
        yield _text(float(across.place(value)), bottom + 15, f"{value:.2f}", "middle")
    for value in up.ticks():
        yield _text(_LEFT - 6, float(up.place(value)) + 4, f"{value:.3f}", "end")


def _line(points: str, name: str) -> str:
    dashes = f' stroke-dasharray="{_LINES[name]}"' if _LINES[name] else ""
    return f'<polyline points="{points}" fill="none" stroke="black"{dashes}/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _column(table: Table, name: str) -> list[float]:
    place = table.columns.index(name)
    return [float(row[place]) for row in table.rows]


def _default_row(table: Table) -> int:
    place = table.columns.index("default")
    return [row[place] for row in table.rows].index("yes")
