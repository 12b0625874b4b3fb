"""What several variants have in common, as the page shows it: once, with all who have it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dedupe_news.model import Cluster, Variant
from dedupe_news.render.changes import MARKS
from dedupe_news.render.html.rows import PHRASES, Paragraph, Places, Shared, inline
from dedupe_news.render.phrases import places, siglum
from dedupe_news.render.readings import QUIET, Group, Place, Reading, groups
from dedupe_news.render.safe import prose

__all__ = ["Common", "Kindred", "Said", "common", "kin_of", "shared_groups"]

Having = Mapping[Place, tuple[Group, int]]
"""For each change that several have, who these are, and the number of their group."""

_FEW = 4  # others that are named in the row of a change; more are told in their group


@dataclass(frozen=True, slots=True)
class Said:
    """A change that several have.

    Attributes:
        op: What happened.
        mark: The sign of it.
        phrase: The word for it.
        base: Places in the base, as a reader counts them.
        text: What was written, with what went and what came behind each other.
        numbers: Figures that changed.
    """

    op: str
    mark: str
    phrase: str
    base: str
    text: Paragraph
    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Common:
    """Who has something in common, by letters, and what."""

    letters: tuple[str, ...]
    changes: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Kindred:
    """Who has what a variant has.

    Attributes:
        twins: Letters of those who have all of it.
        also: Who else has a change, by its places in base and variant.
    """

    twins: tuple[str, ...]
    also: Mapping[Places, Shared]


def shared_groups(cluster: Cluster) -> list[Group]:
    """Return what at least two variants have in common, what most of them have first."""
    if len(cluster.variants) < 2:  # noqa: PLR2004 - one has nothing in common with nobody
        return []
    return [group for group in groups(cluster) if len(group.witnesses) > 1]


def common(shared: Sequence[Group]) -> tuple[Common, ...]:
    """Return the same as the page shows it."""
    return tuple(
        Common(tuple(map(siglum, group.witnesses)), tuple(map(_said, group.readings)))
        for group in shared
    )


def kin_of(cluster: Cluster, shared: Sequence[Group]) -> list[Kindred]:
    """Return for each variant who else has what it has.

    Args:
        cluster: Its variants.
        shared: Its shared groups.
    """
    having = {
        place: (group, number)
        for number, group in enumerate(shared, 1)
        for each in group.readings
        for place in each.places
    }
    return [_kindred(member, each, having) for member, each in enumerate(cluster.variants, 1)]


def _kindred(member: int, variant: Variant, having: Having) -> Kindred:
    changes = variant.alignment.changes if variant.alignment else ()
    told = [(place, each) for place, each in enumerate(changes) if each.op not in QUIET]
    own = {
        (each.base, each.variant): having[member, place]
        for place, each in told
        if (member, place) in having
    }
    sets = [frozenset(group.witnesses) for group, _ in own.values()]
    all_shared = bool(sets) and len(sets) == len(told)
    twins = frozenset.intersection(*sets) - {member} if all_shared else frozenset[int]()
    also = {
        places: _others(frozenset(group.witnesses) - twins - {member}, number)
        for places, (group, number) in own.items()
    }
    return Kindred(tuple(map(siglum, sorted(twins))), also)


def _others(others: frozenset[int], number: int) -> Shared:
    letters = tuple(map(siglum, sorted(others))) if len(others) <= _FEW else ()
    return Shared(letters, len(others), number)


def _said(reading: Reading) -> Said:
    change = reading.change
    return Said(
        change.op,
        MARKS[change.op],
        PHRASES[change.op],
        places(change.base),
        inline(change),
        tuple((prose(number.base), prose(number.variant)) for number in reading.numbers),
    )
