"""The table of a crowd: a row for each member, with its shape, in as many columns as fit."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from dedupe_news.model import Cluster, Member
from dedupe_news.render.head import linked
from dedupe_news.render.phrases import minute, percent, siglum
from dedupe_news.render.prose import Line, flow, wrap
from dedupe_news.render.safe import one_line, prose
from dedupe_news.render.style import Style
from dedupe_news.render.tables import aligned, row_width

__all__ = ["shape_table"]

_GAP = 2
_LEAST_TEXT = 8
_RIGHT = frozenset({"paragraphs", "words", "of A", "new"})
_CHOICES = (
    ("source", "date", "paragraphs", "words", "relation", "of A", "new", "shape"),
    ("source", "date", "relation", "of A", "new", "shape"),
    ("source", "date", "of A", "new", "shape"),
    ("date", "of A", "new", "shape"),
    ("of A", "new", "shape"),
)
"""Columns of the table, from all to those that it is nothing without."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A member: its letter, padded; its name, of which a beginning may be cut; what is known."""

    member: Member
    letter: str
    name: str
    cells: Mapping[str, str]


def shape_table(cluster: Cluster, style: Style) -> Iterator[Line]:
    """Yield a row for each member; where no table fits, its name and facts one below the other.

    Names that begin alike are cut where they differ if that makes room for a column, and it is
    said what was cut. Neither a whole path nor a shape is.

    Args:
        cluster: With at least one variant.
        style: Width and signs.
    """
    start = _common_start([member.id for member in cluster.members])
    for columns in _CHOICES:
        for cut in dict.fromkeys(("", start)):
            rows = _rows(cluster, len(cut), style)
            table = _table(rows, columns, style)
            if table:
                yield from _notes(cluster, cut, columns, style)
                yield from table
                return
    yield from _notes(cluster, "", (), style)
    for row in _rows(cluster, 0, style):
        yield from _stacked(row, style)


def _rows(cluster: Cluster, cut: int, style: Style) -> list[_Row]:
    letters = len(siglum(len(cluster.members) - 1))
    return [
        _Row(
            member,
            f"{siglum(place):<{letters + _GAP}}",
            one_line(member.id[cut:], only_ascii=style.ascii),
            _known(cluster, place, style),
        )
        for place, member in enumerate(cluster.members)
    ]


def _table(rows: Sequence[_Row], columns: Sequence[str], style: Style) -> list[Line]:
    """Return the rows below a head, or nothing where that is too wide."""
    columns = [name for name in columns if any(row.cells[name] for row in rows)]
    known = [[row.cells[name] for name in columns] for row in rows]
    if "relation" not in columns:
        known[0][columns.index("of A")] = "base"
    heads = [style.signs.paragraphs if name == "paragraphs" else name for name in columns]
    head, *cells = aligned([heads, *known], "".join("<>"[name in _RIGHT] for name in columns))
    names = max(cell_len(row.name) for row in rows) + _GAP
    indent = len(rows[0].letter) + names
    if indent + max(map(row_width, (head, *cells))) > style.width:
        return []
    body = [_line(row, names, "  ".join(own), style) for row, own in zip(rows, cells, strict=True)]
    return [[(" " * indent + "  ".join(head).rstrip(), "dim")], *body]


def _line(row: _Row, names: int, facts: str, style: Style) -> Line:
    gap = " " * (names - cell_len(row.name))
    return [*_name(row, style), (f"{gap}{facts}".rstrip(), "plain")]


def _stacked(row: _Row, style: Style) -> Iterator[Line]:
    """Yield a member, and below it what is known of it."""
    cells, indent = row.cells, len(row.letter)
    yield _name(row, style)
    shares = f"{cells['of A']} of A, {cells['new']} new" if cells["new"] else "base"
    room = max(style.width - indent, _LEAST_TEXT)
    for texts in ((cells["source"], cells["date"]), (cells["shape"], shares)):
        for text in flow(filter(None, texts), room):
            for line in wrap([(text, "plain")], room):
                yield [(" " * indent, "plain"), *line]


def _name(row: _Row, style: Style) -> Line:
    return [(row.letter, "strong"), (linked(row.member, row.name, style), "plain")]


def _notes(cluster: Cluster, cut: str, columns: Sequence[str], style: Style) -> Iterator[Line]:
    """Yield what a table leaves out, and what it holds for all rows alike."""
    if "relation" not in columns:
        counts = Counter(variant.relation for variant in cluster.variants)
        told = ", ".join(f"{count:,} {relation}" for relation, count in counts.most_common())
        yield from wrap([(told, "dim")], style.width)
    if cut:
        yield [(f"names begin with {one_line(cut, only_ascii=style.ascii)}", "dim")]


def _known(cluster: Cluster, place: int, style: Style) -> dict[str, str]:
    """Return what the table says of a member, by the names of the columns."""
    member = cluster.members[place]
    variant = cluster.variants[place - 1] if place else None
    alignment = variant.alignment if variant else None
    return {
        "source": prose(member.source, only_ascii=style.ascii).strip(),
        "date": minute(one_line(member.date, only_ascii=style.ascii)),
        "paragraphs": str(member.paragraphs),
        "words": f"{member.words:,}",
        "relation": variant.relation if variant else "base",
        "of A": percent(variant.base_in_variant) if variant else "",
        "new": percent(1 - variant.variant_in_base) if variant else "",
        "shape": alignment.shape if alignment else "",
    }


def _common_start(names: Sequence[str]) -> str:
    """Return what all names begin with, up to the end of a folder or of a file's name."""
    first, last = min(names), max(names)
    pairs = enumerate(zip(first, last, strict=False))
    end = next((place for place, (one, other) in pairs if one != other), len(first))
    return first[: max(first.rfind("/", 0, end), first.rfind("#", 0, end)) + 1]
