"""Figures as a reader wants them in a sentence."""

import math

from dedupe_news.model import Counts, Relation

__all__ = ["count_phrases", "minute", "percent", "places", "plural", "relates", "siglum"]

_VERBS: dict[Relation, str] = {
    "identical": "repeats {base} word for word",
    "reprint": "reprints {base}",
    "update": "updates {base}",
    "excerpt": "is an excerpt of {base}",
    "overlap": "overlaps with {base}",
    "recurring": "recurs in the form of {base}",
}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WHOLE = 100
_TIME_MARK = 10  # where the T of an ISO 8601 date stands
_MINUTE_END = 16


def plural(count: int, noun: str, many: str = "") -> str:
    """Return `1 article`, `2 articles`; `many` is for plurals that take more than an s."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def relates(relation: Relation, base: str) -> str:
    """Return what a variant is to its base, as the end of a sentence: `updates A`.

    Args:
        relation: What it is.
        base: What the base is called.
    """
    return _VERBS[relation].format(base=base)


def percent(share: float) -> str:
    """Return a share as a percentage that says 0 and 100 only when it is meant.

    Args:
        share: In [0, 1].
    """
    figure = round(share * _WHOLE)
    if figure == _WHOLE and share < 1:
        figure = math.floor(share * _WHOLE)
    return "<1%" if figure == 0 and share > 0 else f"{figure}%"


def siglum(index: int) -> str:
    """Return the letter of a member: A for the base, then B and on to Z, then AA, AB."""
    letters = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, len(_LETTERS))
        letters = _LETTERS[letter] + letters
    return letters


def places(positions: tuple[int, ...], *, joined: bool = True) -> str:
    """Return positions as a reader counts them: `3`, `3+4`, `3-6`, or nothing.

    Args:
        positions: From 0, ascending.
        joined: Whether two neighbours are one thing, `3+4`, or a range of things, `3-4`.
    """
    last = len(positions) - 1
    neighbours = last > 0 and positions[last] - positions[0] == last
    if neighbours and (last > 1 or not joined):
        return f"{positions[0] + 1}-{positions[last] + 1}"
    return "+".join(str(position + 1) for position in positions)


def minute(date: str) -> str:
    """Return an ISO 8601 date to the minute, its offset kept; any other text as it is."""
    if len(date) <= _TIME_MARK or date[_TIME_MARK] != "T":
        return date
    clock = date[_TIME_MARK + 1 : _MINUTE_END]
    seconds_and_offset = date[_MINUTE_END:]
    starts = [at for at in map(seconds_and_offset.find, "+-Z") if at >= 0]
    offset = seconds_and_offset[min(starts) :] if starts else ""
    return f"{date[:_TIME_MARK]} {clock}{offset}"


def count_phrases(counts: Counts) -> list[str]:
    """Return what happened to the paragraphs, in words; what came and went is always said."""
    merged = f"{counts.merged_from} merged into {counts.merged}" if counts.merged_from else ""
    split = f"{counts.split} split into {counts.split_into}" if counts.split_into else ""
    added = f" ({plural(counts.added_words, 'word')})" if counts.added else ""
    removed = f" ({plural(counts.removed_words, 'word')})" if counts.removed else ""
    phrases = [
        f"{counts.same} unchanged",
        f"{counts.edited} edited" if counts.edited else "",
        merged or (f"{counts.merged} merged" if counts.merged else ""),
        split or (f"{counts.split} split" if counts.split else ""),
        f"{counts.moved} moved" if counts.moved else "",
        f"{counts.boilerplate} boilerplate" if counts.boilerplate else "",
        f"{counts.added} added{added}",
        f"{counts.removed} removed{removed}",
    ]
    return [phrase for phrase in phrases if phrase]
