"""The top of a cluster: which articles are in it, and what each is to the base."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.cells import cell_len

from dedupe_news.model import Cluster, Member, Variant
from dedupe_news.render.phrases import minute, percent, plural, relates, siglum
from dedupe_news.render.prose import Line, flow, sides, toned, wrap
from dedupe_news.render.safe import one_line, prose
from dedupe_news.render.style import Style

__all__ = ["head_lines", "name_line", "relation_sentence", "title_lines"]

_PAIR = 2


def head_lines(cluster: Cluster, place: str, style: Style) -> Iterator[Line]:
    """Yield the heading of a cluster, its rule, and its members.

    Args:
        cluster: What to show.
        place: Such as `1 of 4`.
        style: How it is to look.
    """
    dot = f" {style.signs.dot} "
    pair = len(cluster.members) == _PAIR
    relation = [cluster.variants[0].relation] if pair else []
    title = [f"Cluster {cluster.id}", *relation, plural(len(cluster.members), "article")]
    yield from sides([(dot.join(title), "strong")], [(place, "dim")], style.width)
    yield [(style.signs.rule * style.width, "dim")]
    if pair:
        yield from _pair_lines(cluster, style)
    else:
        yield from _table_lines(cluster, style)


def name_line(index: int, member: Member, style: Style) -> Line:
    """Return the letter and the name of a member, as a link where the style has links."""
    return [(f"{siglum(index)}  ", "strong"), (_linked(member, style), "plain")]


def title_lines(member: Member, indent: int, style: Style) -> Iterator[Line]:
    """Yield the headline, where there is one."""
    if member.title:
        title = prose(member.title, only_ascii=style.ascii).strip()
        for line in wrap([(title, "plain")], style.width - indent):
            yield [(" " * indent, "plain"), *line]


def relation_sentence(variant: Variant, letter: str) -> str:
    """Return what the variant is to the base, which is always A, as `C updates A: …`."""
    sentence = f"{letter} {relates(variant.relation, 'A')}"
    if not variant.base_in_variant:
        return f"{letter} has no wording in common with A."
    if variant.alignment is None:
        return f"{sentence}."
    counts = variant.alignment.counts
    added = f"adds {plural(counts.added, 'paragraph')}" if counts.added else ""
    removed = f"drops {plural(counts.removed, 'paragraph')}" if counts.removed else ""
    news = ", ".join(part for part in (added, removed) if part)
    return f"{sentence}: {news}." if news else f"{sentence}."


def _pair_lines(cluster: Cluster, style: Style) -> Iterator[Line]:
    """Yield two members with everything that is known of them."""
    facts = [_facts(cluster, index, style) for index in range(_PAIR)]
    rows = _side_by_side(cluster, _aligned(facts, "<<>><"), style)
    for index, member in enumerate(cluster.members):
        yield from [rows[index]] if rows else _stacked(cluster, index, style)
        yield from title_lines(member, 3, style)


def _table_lines(cluster: Cluster, style: Style) -> Iterator[Line]:
    """Yield one row for each member, with a head; shapes only where they all fit."""
    cells = [_cells(cluster, index, style) for index in range(len(cluster.members))]
    head = ["source", "date", style.signs.paragraphs, "words", "of A", "new", "shape"]
    for columns in (len(head), len(head) - 1):
        head_row, *facts = _aligned([row[:columns] for row in (head, *cells)], "<<>>>><"[:columns])
        rows = _side_by_side(cluster, facts, style)
        if rows:
            names = 3 + _name_width(cluster, style) + 2
            yield [(" " * names + "  ".join(head_row).rstrip(), "dim")]
            yield from rows
            break
    else:
        for index in range(len(cluster.members)):
            yield from _stacked(cluster, index, style)
    yield []
    sentences = [
        relation_sentence(variant, siglum(index))
        for index, variant in enumerate(cluster.variants, 1)
    ]
    for line in flow(sentences, style.width, gap=" " * 4):
        yield from wrap([(line, "plain")], style.width)


def _side_by_side(cluster: Cluster, facts: Sequence[Sequence[str]], style: Style) -> list[Line]:
    """Return names and facts in one line for each member, or nothing where one is too long."""
    names = _name_width(cluster, style)
    if 3 + names + 2 + max(map(_width, facts)) > style.width:
        return []
    pads = [names - cell_len(_name(member, style)) + 2 for member in cluster.members]
    return [
        [*name_line(index, member, style), (" " * pad + "  ".join(row).rstrip(), "plain")]
        for index, (member, pad, row) in enumerate(zip(cluster.members, pads, facts, strict=True))
    ]


def _stacked(cluster: Cluster, index: int, style: Style) -> Iterator[Line]:
    """Yield the name of a member, and below it the facts: a path is never cut."""
    yield name_line(index, cluster.members[index], style)
    facts = flow(filter(None, _facts(cluster, index, style)), style.width - 3)
    yield from toned(("   " + fact for fact in facts), "plain")


def _facts(cluster: Cluster, index: int, style: Style) -> list[str]:
    """Return what is known of a member, each fact with its unit."""
    member = cluster.members[index]
    return [
        *_origin(member, style),
        f"{member.paragraphs} {style.signs.paragraphs}",
        plural(member.words, "word"),
        _base_mark(cluster) if index == 0 else "",
    ]


def _cells(cluster: Cluster, index: int, style: Style) -> list[str]:
    """Return what is known of a member, under the heads of a table."""
    member = cluster.members[index]
    start = [*_origin(member, style), str(member.paragraphs), f"{member.words:,}"]
    if index == 0:
        return [*start, "base", "", ""]
    variant = cluster.variants[index - 1]
    shape = variant.alignment.shape if variant.alignment else ""
    return [*start, percent(variant.base_in_variant), percent(1 - variant.variant_in_base), shape]


def _origin(member: Member, style: Style) -> tuple[str, str]:
    source = prose(member.source, only_ascii=style.ascii).strip()
    return source, minute(one_line(member.date, only_ascii=style.ascii))


def _aligned(rows: Sequence[Sequence[str]], sides_of_columns: str) -> list[list[str]]:
    """Return the cells padded to the width of their columns; empty columns are left out."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    kept = [
        [_padded(cell, width, side) for cell in column]
        for column, width, side in zip(columns, widths, sides_of_columns, strict=True)
        if width
    ]
    return [list(row) for row in zip(*kept, strict=True)]


def _padded(cell: str, width: int, side: str) -> str:
    blanks = " " * (width - cell_len(cell))
    return cell + blanks if side == "<" else blanks + cell


def _width(facts: Sequence[str]) -> int:
    return cell_len("  ".join(facts).rstrip())


def _name(member: Member, style: Style) -> str:
    return one_line(member.id, only_ascii=style.ascii)


def _name_width(cluster: Cluster, style: Style) -> int:
    return max(cell_len(_name(member, style)) for member in cluster.members)


def _base_mark(cluster: Cluster) -> str:
    """Return the word for the base, with the rule that chose it where dates do not show it."""
    return "base" if cluster.base_reason in {"", "earliest"} else f"base ({cluster.base_reason})"


def _linked(member: Member, style: Style) -> str:
    name = _name(member, style)
    if not style.links or not member.path:
        return name
    target = Path(os.path.abspath(member.path)).as_uri()  # noqa: PTH100 - links are kept as named
    return f"\x1b]8;;{target}\x1b\\{name}\x1b]8;;\x1b\\"
