"""Tables of figures: on the screen, and kept with the machine and the day they were made on."""

import importlib.metadata
import json
import math
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["Cell", "Table", "as_text", "conditions", "write_results"]

Cell = str | int | float

_VERSIONS = ("dedupe-news", "numpy", "datasketch", "rapidfuzz")


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        title: What it shows, as a line.
        columns: Names of the columns.
        rows: One cell for each column; floats are shares or times and are shown with three
            decimals, nan as a dash.
        notes: How to read it.
        quotes: Whether it holds words of the articles: such a table is shown, never kept.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    quotes: bool = False


def as_text(table: Table) -> str:
    """Return the table in Markdown, with columns of equal width so that it reads as text."""
    cells = [table.columns, *(tuple(_shown(cell) for cell in row) for row in table.rows)]
    widths = [max(3, *(len(row[column]) for row in cells)) for column in range(len(cells[0]))]
    numeric = [_is_numeric(table, column) for column in range(len(widths))]
    rule = [
        "-" * (width - 1) + ":" if number else "-" * width
        for width, number in zip(widths, numeric, strict=True)
    ]
    lines = [_line(row, widths, numeric) for row in cells]
    lines.insert(1, _line(rule, widths, numeric))
    notes = [*(f"\n{note}" for note in table.notes)]
    return "\n".join([f"### {table.title}", "", *lines, *notes, ""])


def conditions() -> dict[str, str]:
    """Return what a figure depends on: the day, the machine, the code and the versions."""
    versions = {name: _version(name) for name in _VERSIONS}
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{_processor()}, {os.cpu_count()} processors, {platform.system()}",
        "code": _commit(),
        "python": platform.python_version(),
        **versions,
    }


def write_results(folder: Path, name: str, tables: Sequence[Table]) -> list[Path]:
    """Write the tables as `DATE-name.md` and `.json`, and return both paths.

    Tables that quote articles are left out: those who may read the articles may not be those
    who may read the results.

    Args:
        folder: Where to; made if it is not there.
        name: What the run was about, such as `accuracy`.
        tables: What it found.
    """
    about = conditions()
    tables = [table for table in tables if not table.quotes]
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{about['date']}-{name}"
    page, data = stem.with_suffix(".md"), stem.with_suffix(".json")
    page.write_text(_page(name, about, tables), encoding="utf-8")
    content = {"conditions": about, "tables": [asdict(table) for table in tables]}
    data.write_text(json.dumps(_plain(content), indent=1, ensure_ascii=False) + "\n", "utf-8")
    return [page, data]


def _page(name: str, about: Mapping[str, str], tables: Sequence[Table]) -> str:
    facts = "\n".join(f"- {key}: {value}" for key, value in about.items())
    return "\n".join([f"# {name.capitalize()}", "", facts, "", *(map(as_text, tables))])


def _plain(value: object) -> object:
    """Return the value with nan as None: JSON knows no nan."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and math.isnan(value) else value


def _shown(cell: Cell) -> str:
    if isinstance(cell, float):
        return "-" if math.isnan(cell) else f"{cell:.3f}"
    return f"{cell:,}" if isinstance(cell, int) else cell.replace("|", "\\|")


def _is_numeric(table: Table, column: int) -> bool:
    return all(not isinstance(row[column], str) for row in table.rows)


def _line(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    cells = [
        cell.rjust(width) if number else cell.ljust(width)
        for cell, width, number in zip(row, widths, numeric, strict=True)
    ]
    return f"| {' | '.join(cells)} |"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "from the source tree"


def _commit() -> str:
    """Return the commit that the figures were made with, and whether files differed from it."""
    command = ["git", "describe", "--always", "--dirty"]
    here = Path(__file__).parent
    ended = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    return ended.stdout.strip() or "unknown"


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.is_file():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
