"""What several variants have in common: each change once, with all who have it.

Editors of old texts call what a copy has in place of the others a reading, and the copies that
have it its witnesses. Quotes, dashes, blanks and upper case make no other reading of one.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dedupe_news.model import Change, ChangeOp, Cluster, NumberChange, Variant

__all__ = ["QUIET", "Group", "Place", "Reading", "groups"]

Key = tuple[object, ...]
"""What two changes have in common that are one reading."""
Place = tuple[int, int]
"""A member, by its place in the cluster, and the number of one of its changes, from 0."""

QUIET: frozenset[ChangeOp] = frozenset({"same", "boilerplate"})
"""Changes that are none."""
_NO_WORD = re.compile("[^a-z0-9$%]+")
_PARTS = frozenset({"Mn", "Mc", "Me", "Sc"})  # marks on letters, and signs of money


@dataclass(frozen=True, slots=True)
class Reading:
    """A change, as the first variant has it.

    Attributes:
        change: What happened.
        places: Where it is found, first in that variant.
        numbers: Figures that changed in it.
    """

    change: Change
    places: tuple[Place, ...]
    numbers: tuple[NumberChange, ...]

    @property
    def witness(self) -> int:
        """Place of that variant among the members."""
        return self.places[0][0]


@dataclass(frozen=True, slots=True)
class Group:
    """All that the same variants have, and no other.

    Attributes:
        witnesses: Their places among the members of the cluster, ascending.
        readings: In the order in which the base is read.
    """

    witnesses: tuple[int, ...]
    readings: tuple[Reading, ...]


def groups(cluster: Cluster) -> list[Group]:
    """Return what happened in a cluster, from what most variants have to what one has alone."""
    found: dict[tuple[int, ...], list[tuple[Place, ...]]] = defaultdict(list)
    for places in _places(cluster).values():
        found[_members(places)].append(tuple(places))
    ranked = sorted(found, key=lambda witnesses: (-len(witnesses), witnesses))
    return [Group(each, tuple(_in_order(cluster, found[each]))) for each in ranked]


def _members(places: Sequence[Place]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(member for member, _ in places))


def _places(cluster: Cluster) -> dict[Key, list[Place]]:
    """Return where each reading occurs; by member, and then in the order of its changes."""
    found: dict[Key, list[Place]] = defaultdict(list)
    for member, variant in enumerate(cluster.variants, 1):
        for number, change in enumerate(_changes(variant)):
            if change.op not in QUIET:
                found[_key(change, variant)].append((member, number))
    return found


def _changes(variant: Variant) -> Sequence[Change]:
    return variant.alignment.changes if variant.alignment else ()


def _key(change: Change, variant: Variant) -> Key:
    if change.op == "added":
        return (change.op, _folded(change.text))
    if change.op == "split" and not change.words:  # where it was cut is all there is
        cut = [_folded(variant.texts[place]) for place in change.variant if variant.texts]
        return (change.op, change.base, *cut)
    words = ((mark, _folded(text)) for mark, text in change.words if mark != "=")
    return (change.op, change.base, *words)


def _folded(text: str) -> str:
    """Return the words of a text; the text itself if it has none."""
    if text.isascii():
        words = _NO_WORD.sub(" ", text.lower())
    else:
        plain = unicodedata.normalize("NFKC", text).casefold()
        words = "".join(sign if _counts(sign) else " " for sign in plain)
    return " ".join(words.split()) or text


def _counts(sign: str) -> bool:
    """Whether a sign tells one text from another: quotes, dashes and blanks do not."""
    return sign.isalnum() or sign == "%" or unicodedata.category(sign) in _PARTS


def _in_order(cluster: Cluster, found: Sequence[tuple[Place, ...]]) -> Iterator[Reading]:
    """Yield the readings as the first who has them stands beside the base."""
    anchors = {member: _anchors(cluster.variants[member - 1]) for (member, _), *_ in found}
    for places in sorted(found, key=lambda each: (anchors[each[0][0]][each[0][1]], each)):
        member, number = places[0]
        variant = cluster.variants[member - 1]
        change = _changes(variant)[number]
        yield Reading(change, places, tuple(_numbers(variant, change)))


def _anchors(variant: Variant) -> list[tuple[int, bool]]:
    """Return for each change where in the base it belongs: what was added, behind a paragraph."""
    before, anchors = -1, []
    for change in _changes(variant):
        if change.base and change.op != "moved":
            before = change.base[0]
        anchors.append((change.base[0] if change.base else before, not change.base))
    return anchors


def _numbers(variant: Variant, change: Change) -> Iterator[NumberChange]:
    changed = variant.alignment.numbers_changed if variant.alignment else ()
    yield from (number for number in changed if number.paragraph in change.variant)
