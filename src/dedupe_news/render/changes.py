"""What happened to each paragraph, in two columns of places, a mark, and the words."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dedupe_news.model import Alignment, Change, ChangeOp, Cluster, NumberChange, Variant
from dedupe_news.render.phrases import places, plural
from dedupe_news.render.prose import Line, Span, Tone, wrap
from dedupe_news.render.readings import Reading
from dedupe_news.render.safe import one_line, prose
from dedupe_news.render.style import Style
from dedupe_news.render.words import opening_words, seam_spans, word_spans

__all__ = ["MARKS", "change_lines", "reading_lines"]

MARKS: dict[ChangeOp, str] = {
    "same": "=",
    "edited": "~",
    "moved": ">",
    "merged": "&",
    "split": "/",
    "added": "+",
    "removed": "-",
    "boilerplate": "%",
}
_TONES: dict[ChangeOp, Tone] = {"added": "new", "removed": "dim", "moved": "moved"}
_FOLDED: frozenset[ChangeOp] = frozenset({"same", "boilerplate"})
_BASE_COLUMNS = 5
_VARIANT_COLUMNS = 3
_LEAST_TEXT = 8


@dataclass(frozen=True, slots=True)
class _Row:
    """One or several changes of a kind that are shown as one; places count from 0."""

    op: ChangeOp
    base: tuple[int, ...]
    variant: tuple[int, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Texts:
    """The paragraphs of both sides, where the report kept them, and the style to show them."""

    base: Sequence[str]
    variant: Sequence[str]
    style: Style


def change_lines(
    cluster: Cluster, variant: Variant, alignment: Alignment, letters: tuple[str, str], style: Style
) -> Iterator[Line]:
    """Yield the lines of the paragraph view of one variant.

    Args:
        cluster: Where the base's paragraphs are, if they were kept.
        variant: Where the variant's are.
        alignment: Its changes.
        letters: What base and variant are called on screen.
        style: Width, colour, and how much is shown.
    """
    texts = _Texts(cluster.base_texts, variant.texts, style)
    rows = list(_rows(alignment.changes, unfolded=style.full and bool(variant.texts)))
    numbers: dict[int, list[NumberChange]] = defaultdict(list)
    for number in alignment.numbers_changed:
        numbers[number.paragraph].append(number)
    joints = [_places(row) for row in rows]
    left = max([_BASE_COLUMNS, *(len(base) for base, _ in joints)])
    right = max([_VARIANT_COLUMNS, *(len(place) for _, place in joints)])
    yield [(f"{letters[0]:>{left}} {letters[1]:>{right}}", "dim")]
    for row, (base, place) in zip(rows, joints, strict=True):
        changed = [number for position in row.variant for number in numbers.get(position, ())]
        yield from _row_lines(row, f"{base:>{left}} {place:>{right}} ", changed, texts)


def reading_lines(
    cluster: Cluster, readings: Sequence[Reading], letter: str, style: Style
) -> Iterator[Line]:
    """Yield the lines of changes that are told apart from the variants that have them.

    Args:
        cluster: Where the paragraphs are, if they were kept.
        readings: The changes.
        letter: What the base is called on screen; it stands before each place in it.
        style: Width, colour, and how much is shown.
    """
    rows = [(each, _row([each.change])) for each in readings]
    joints = [f"{letter}{place}" if place else "" for place in (_places(row)[0] for _, row in rows)]
    left = max([_BASE_COLUMNS, *map(len, joints)])
    for (each, row), joint in zip(rows, joints, strict=True):
        texts = _Texts(cluster.base_texts, cluster.variants[each.witness - 1].texts, style)
        yield from _row_lines(row, f"{joint:>{left}} ", each.numbers, texts)


def _row_lines(
    row: _Row, gutter: str, numbers: Sequence[NumberChange], texts: _Texts
) -> Iterator[Line]:
    """Yield a row: the places, the mark, the words, and below them the figures that changed."""
    head: Line = [(gutter, "plain"), (f"{MARKS[row.op]} ", _TONES.get(row.op, "plain"))]
    bodies = [_BODIES[row.op](row, texts), *_numbers(numbers, texts.style)]
    yield from _hung(head, len(gutter) + 2, bodies, texts.style)


def _rows(changes: Sequence[Change], *, unfolded: bool) -> Iterator[_Row]:
    """Yield the changes, with neighbours that need no words of their own made one."""
    group: list[Change] = []
    for change in changes:
        if group and (unfolded or not _continues(group[-1], change)):
            yield _row(group)
            group = []
        group.append(change)
    if group:
        yield _row(group)


def _row(group: Sequence[Change]) -> _Row:
    return _Row(
        group[0].op,
        tuple(position for change in group for position in change.base),
        tuple(position for change in group for position in change.variant),
        tuple(group),
    )


def _places(row: _Row) -> tuple[str, str]:
    joined = row.op not in _FOLDED
    return places(row.base, joined=joined), places(row.variant, joined=joined)


def _continues(before: Change, after: Change) -> bool:
    return (
        before.op == after.op
        and after.op in _FOLDED
        and _follows(before.base, after.base)
        and _follows(before.variant, after.variant)
    )


def _follows(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    if not before or not after:
        return before == after
    return after[0] == before[-1] + 1


def _hung(
    head: Line, indent: int, bodies: Sequence[Sequence[Span]], style: Style
) -> Iterator[Line]:
    """Yield the bodies, wrapped, one under the other in the column behind the head."""
    blank: Line = [(" " * indent, "plain")]
    for body in bodies:
        for line in wrap(body, max(style.width - indent, _LEAST_TEXT)):
            yield [*head, *line]
            head = blank


def _numbers(changed: Sequence[NumberChange], style: Style) -> Iterator[list[Span]]:
    for number in changed:
        base, variant = one_line(number.base), one_line(number.variant)
        yield [(f"! number changed: {base} {style.signs.arrow} {variant}", "number")]


def _same(row: _Row, texts: _Texts) -> list[Span]:
    if len(row.changes) > 1:
        return [(f"{len(row.changes)} unchanged", "dim")]
    shown = _at(texts.variant, row.variant)
    if texts.style.full and shown:
        return [(prose(shown[0], only_ascii=texts.style.ascii).strip(), "plain")]
    return [("unchanged", "dim")]


def _edited(row: _Row, texts: _Texts) -> list[Span]:
    return word_spans(row.changes[0].words, texts.style) or [("edited", "plain")]


def _quoted(row: _Row, texts: _Texts) -> list[Span]:
    text = prose(row.changes[0].text, only_ascii=texts.style.ascii).strip()
    return [(text, _TONES[row.op])]


def _boilerplate(row: _Row, texts: _Texts) -> list[Span]:
    style = texts.style
    if len(row.changes) > 1 and not style.full:
        return [(f"{plural(len(row.changes), 'paragraph')} of boilerplate", "dim")]
    shown = f" {style.signs.seam} ".join(opening_words(each.text, style) for each in row.changes)
    return [(f"boilerplate: {shown}", "dim")]


def _moved(row: _Row, texts: _Texts) -> list[Span]:
    start = f"moved from {places(row.base)}"
    words = row.changes[0].words
    if words:
        return [(f"{start}: ", "moved"), *word_spans(words, texts.style)]
    shown = " ".join(_at(texts.variant, row.variant))
    if not shown:
        return [(f"{start}, wording unchanged", "moved")]
    opening = opening_words(shown, texts.style)
    return [(f"{start}, wording unchanged: ", "moved"), (opening, "plain")]


def _merged(row: _Row, texts: _Texts) -> list[Span]:
    return _recut("merged", row.changes[0], _at(texts.base, row.base), texts.style)


def _split(row: _Row, texts: _Texts) -> list[Span]:
    return _recut("split", row.changes[0], _at(texts.variant, row.variant), texts.style)


def _recut(verb: str, change: Change, parts: Sequence[str], style: Style) -> list[Span]:
    """Return the body of a merge or a split; `parts` are the paragraphs of its many side."""
    if change.words:
        return [(f"{verb}: ", "plain"), *word_spans(change.words, style)]
    if not parts:
        return [(f"{verb}, wording unchanged", "plain")]
    return [(f"{verb}, wording unchanged: ", "plain"), *seam_spans(parts, style)]


def _at(texts: Sequence[str], positions: tuple[int, ...]) -> list[str]:
    """Return the paragraphs at the given places, or none where the report kept no texts."""
    return [texts[position] for position in positions if position < len(texts)]


_BODIES: dict[ChangeOp, Callable[[_Row, _Texts], list[Span]]] = {
    "same": _same,
    "edited": _edited,
    "moved": _moved,
    "merged": _merged,
    "split": _split,
    "added": _quoted,
    "removed": _quoted,
    "boilerplate": _boilerplate,
}
