"""A variant beside its base, as rows of two columns in which paragraphs stand across."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dedupe_news.model import Change, ChangeOp, NumberChange, Variant
from dedupe_news.render.changes import MARKS
from dedupe_news.render.phrases import places
from dedupe_news.render.safe import prose

__all__ = ["NOBODY", "PHRASES", "Paragraph", "Places", "Row", "Shared", "aligned", "inline"]

_SEAM = " ¶ "
_LEFT = frozenset("=-")
_RIGHT = frozenset("=+")
PHRASES: dict[ChangeOp, str] = {
    "same": "unchanged",
    "edited": "edited",
    "moved": "moved here",
    "merged": "merged",
    "split": "split",
    "added": "added",
    "removed": "removed",
    "boilerplate": "boilerplate",
}
"""The word for what happened."""

Places = tuple[tuple[int, ...], tuple[int, ...]]
"""Positions in base and variant: no two changes of a variant have the same."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Who else has a change.

    Attributes:
        letters: Of these, where they are few.
        count: How many they are.
        group: Number of the group that tells of all, from 1.
    """

    letters: tuple[str, ...] = ()
    count: int = 0
    group: int = 0


NOBODY = Shared()
"""Who else has what a variant has alone."""
_NONE: Mapping[Places, Shared] = {}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as it is shown.

    Attributes:
        runs: Stretches of text, each with its mark: `=` kept, `-` taken out, `+` put in.
        refs: Places in the base whose text stands here, where it is not written a second time.
    """

    runs: tuple[tuple[str, str], ...] = ()
    refs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What stands across on one level.

    Attributes:
        op: What happened; `gone` is the place from which a paragraph was moved.
        mark: The sign of it.
        phrase: The word for it.
        base: Places in the base, as a reader counts them.
        variant: Places in the variant.
        left: Paragraphs of the base.
        right: Paragraphs of the variant.
        first_base: Place of the first paragraph of the base, from 0; -1 if there is none.
        first_variant: The same for the variant.
        count: How many changes this row stands for.
        numbers: Figures that changed.
        also: Which other variants have the same.
    """

    op: str
    mark: str
    phrase: str
    base: str
    variant: str
    left: tuple[Paragraph, ...] = ()
    right: tuple[Paragraph, ...] = ()
    first_base: int = -1
    first_variant: int = -1
    count: int = 1
    numbers: tuple[tuple[str, str], ...] = ()
    also: Shared = NOBODY


def aligned(variant: Variant, shared: Mapping[Places, Shared] = _NONE) -> Iterator[Row]:
    """Yield the rows of a variant, in its order; unchanged neighbours are one row.

    A paragraph that was moved is shown where it went, and leaves a row where it was.

    Args:
        variant: Its changes must be known.
        shared: Who has the same, for changes by their places in base and variant.
    """
    if variant.alignment is None:
        return
    numbers: dict[int, list[NumberChange]] = defaultdict(list)
    for number in variant.alignment.numbers_changed:
        numbers[number.paragraph].append(number)
    gone = _departures(variant.alignment.changes)
    yield from gone.pop(-1, ())
    for group in _groups(variant.alignment.changes, gone):
        own = (group[0].base, group[0].variant)
        yield replace(_row(group, variant.texts, numbers), also=shared.get(own, NOBODY))
        for place in group[-1].base:
            yield from gone.pop(place, ())


def inline(change: Change) -> Paragraph:
    """Return a change as one paragraph, with what went and what came behind each other.

    Where paragraphs were joined or cut, a sign stands between them. What was only moved, joined
    or cut has no text here.
    """
    if not change.words:
        return _plain(change.text) if change.text else Paragraph()
    runs: list[tuple[str, str]] = []
    for mark, text in change.words:
        found = _runs(mark, text.replace("\n", _SEAM))
        touches = found and runs and "=" not in (runs[-1][0], found[0][0])
        runs += [*[("=", " ")] * bool(touches), *found]  # not `atin` where `at` became `in`
    return Paragraph(tuple(runs))


def _groups(
    changes: Iterable[Change], gone: dict[int, tuple[Row, ...]]
) -> Iterator[tuple[Change, ...]]:
    """Yield changes one by one, but unchanged neighbours together."""
    group: list[Change] = []
    for change in changes:
        if group and not _continues(group[-1], change, gone):
            yield tuple(group)
            group = []
        group.append(change)
    if group:
        yield tuple(group)


def _continues(before: Change, after: Change, gone: dict[int, tuple[Row, ...]]) -> bool:
    return (
        before.op == after.op == "same"
        and after.base[0] == before.base[-1] + 1
        and after.variant[0] == before.variant[-1] + 1
        and before.base[-1] not in gone
    )


def _departures(changes: Sequence[Change]) -> dict[int, tuple[Row, ...]]:
    """Return the rows that moved paragraphs leave, by the place in the base they stand behind."""
    moved = {place: change for change in changes if change.op == "moved" for place in change.base}
    rows: dict[int, list[Row]] = defaultdict(list)
    for place, change in sorted(moved.items()):
        if place != change.base[0]:
            continue
        before = place - 1
        while before in moved:
            before -= 1
        rows[before].append(_gone(change))
    return {before: tuple(found) for before, found in rows.items()}


def _gone(change: Change) -> Row:
    return Row(
        "gone",
        MARKS["moved"],
        f"moved to {places(change.variant)}",
        places(change.base),
        "",
        first_base=change.base[0],
        first_variant=change.variant[0],
    )


def _row(
    group: tuple[Change, ...], texts: Sequence[str], numbers: dict[int, list[NumberChange]]
) -> Row:
    change = group[0]
    base = tuple(place for each in group for place in each.base)
    variant = tuple(place for each in group for place in each.variant)
    joined = change.op != "same"
    changed = [number for place in variant for number in numbers.get(place, ())]
    return Row(
        change.op,
        MARKS[change.op],
        PHRASES[change.op],
        places(base, joined=joined),
        places(variant, joined=joined),
        _left(change),
        _right(change, texts),
        base[0] if base else -1,
        variant[0] if variant else -1,
        len(group),
        tuple((prose(number.base), prose(number.variant)) for number in changed),
    )


def _left(change: Change) -> tuple[Paragraph, ...]:
    if change.op == "same" or not change.base:
        return ()
    if change.text:
        return (_plain(change.text),)
    if not change.words:
        return tuple(Paragraph(refs=(place,)) for place in change.base)
    return _side(change, _LEFT, parted=len(change.base) > 1)


def _right(change: Change, texts: Sequence[str]) -> tuple[Paragraph, ...]:
    if change.op == "same" or not change.variant:
        return ()
    if change.text:
        return (_plain(change.text),)
    if change.words:
        return _side(change, _RIGHT, parted=len(change.variant) > 1)
    if change.op == "split":
        return tuple(_plain(texts[place]) for place in change.variant if place < len(texts))
    return (Paragraph(refs=change.base),)


def _plain(text: str) -> Paragraph:
    return Paragraph((("=", prose(text).strip()),))


def _side(change: Change, marks: frozenset[str], *, parted: bool) -> tuple[Paragraph, ...]:
    """Return one side of a word diff, cut into paragraphs where that side has several."""
    paragraphs: list[list[tuple[str, str]]] = [[]]
    for mark, text in change.words:
        if mark not in marks:
            continue
        first, *others = text.split("\n") if parted else [text]
        paragraphs[-1] += _runs(mark, first)
        paragraphs += [_runs(mark, other) for other in others]
    return tuple(Paragraph(tuple(runs)) for runs in paragraphs)


def _runs(mark: str, text: str) -> list[tuple[str, str]]:
    """Return a stretch of text, with the blanks at its ends outside of the mark."""
    shown = prose(text)
    inner = shown.strip()
    if mark == "=" or not inner:
        return [("=", shown)] if shown else []
    before, after = shown[:1].isspace(), shown[-1:].isspace()
    return [*[("=", " ")] * before, (mark, inner), *[("=", " ")] * after]
