"""The top of a cluster: which articles are in it, and what each is to the base."""

import os
from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from dedupe_news.model import Cluster, Member, Variant
from dedupe_news.render.phrases import minute, percent, plural, relates, siglum
from dedupe_news.render.prose import Line, flow, sides, toned, wrap
from dedupe_news.render.safe import one_line, prose
from dedupe_news.render.style import Style
from dedupe_news.render.tables import aligned, row_width

__all__ = [
    "heading",
    "letter_of",
    "linked",
    "member_lines",
    "name_line",
    "relation_sentence",
    "title_lines",
    "via_note",
]

_PAIR = 2


def heading(cluster: Cluster, place: str, style: Style) -> Iterator[Line]:
    """Yield the heading of a cluster, and a rule below it.

    Args:
        cluster: What to show.
        place: Such as `1 of 4`.
        style: How it is to look.
    """
    dot = f" {style.signs.dot} "
    relation = [cluster.variants[0].relation] if _is_pair(cluster) else []
    title = [f"Cluster {cluster.id}", *relation, plural(len(cluster.members), "article")]
    yield from sides([(dot.join(title), "strong")], [(place, "dim")], style.width)
    yield [(style.signs.rule * style.width, "dim")]


def member_lines(cluster: Cluster, style: Style) -> Iterator[Line]:
    """Yield the members, and what each of them is to the base."""
    lines = _pair_lines if _is_pair(cluster) else _table_lines
    yield from lines(cluster, style)


def name_line(index: int, member: Member, style: Style) -> Line:
    """Return the letter and the name of a member, as a link where the style has links."""
    return [
        (f"{siglum(index)}  ", "strong"),
        (linked(member, _name(member, style), style), "plain"),
    ]


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
    rows = _side_by_side(cluster, aligned(facts, "<<>><"), style)
    for index, member in enumerate(cluster.members):
        yield from [rows[index]] if rows else _stacked(cluster, index, style)
        yield from title_lines(member, 3, style)


def _table_lines(cluster: Cluster, style: Style) -> Iterator[Line]:
    """Yield one row for each member, with a head; shapes only where they all fit."""
    cells = [_cells(cluster, index, style) for index in range(len(cluster.members))]
    head = ["source", "date", style.signs.paragraphs, "words", "of A", "new", "shape"]
    for columns in (len(head), len(head) - 1):
        head_row, *facts = aligned([row[:columns] for row in (head, *cells)], "<<>>>><"[:columns])
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
    if 3 + names + 2 + max(map(row_width, facts)) > style.width:
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


def _name(member: Member, style: Style) -> str:
    return one_line(member.id, only_ascii=style.ascii)


def _name_width(cluster: Cluster, style: Style) -> int:
    return max(cell_len(_name(member, style)) for member in cluster.members)


def _base_mark(cluster: Cluster) -> str:
    """Return the word for the base, with the rule that chose it where dates do not show it."""
    return "base" if cluster.base_reason in {"", "earliest"} else f"base ({cluster.base_reason})"


def linked(member: Member, name: str, style: Style) -> str:
    """Return a name as a link to the member's file, where the style has links."""
    if not style.links or not member.path:
        return name
    from pathlib import Path  # noqa: PLC0415 - slow to load, and for links alone

    target = Path(os.path.abspath(member.path)).as_uri()  # noqa: PTH100 - links are kept as named
    return f"\x1b]8;;{target}\x1b\\{name}\x1b]8;;\x1b\\"


def letter_of(cluster: Cluster, member_id: str) -> str:
    """Return the letter of a member, or its id where it is none."""
    ids = [member.id for member in cluster.members]
    return siglum(ids.index(member_id)) if member_id in ids else one_line(member_id)


def via_note(letter: str, through: str) -> str:
    """Return that a member does not match the base, in words."""
    return f"{letter} is here through {through}; it does not match A itself."


def _is_pair(cluster: Cluster) -> bool:
    return len(cluster.members) == _PAIR
