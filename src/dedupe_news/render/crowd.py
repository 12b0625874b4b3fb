"""A cluster of many variants: each change is told once, with all who have it."""

from collections.abc import Iterator, Sequence

from dedupe_news.model import Cluster
from dedupe_news.render.changes import reading_lines
from dedupe_news.render.head import letter_of, name_line, title_lines, via_note
from dedupe_news.render.phrases import siglum
from dedupe_news.render.prose import Line, wrap
from dedupe_news.render.readings import Group, groups
from dedupe_news.render.style import Style

__all__ = ["crowd_lines", "is_crowd", "who"]

_MOST = 5  # variants that are shown one by one, each beside the base
_FEW = 3  # who are named as those that do not have what all others have


def is_crowd(cluster: Cluster) -> bool:
    """Return whether a cluster has more variants than anybody reads one by one."""
    return len(cluster.variants) > _MOST


def crowd_lines(cluster: Cluster, style: Style) -> Iterator[Line]:
    """Yield what several variants have in common, then what each of them has alone.

    Args:
        cluster: Whose table of shapes has been shown.
        style: Width, colour and signs.
    """
    found = groups(cluster)
    shared = [group for group in found if len(group.witnesses) > 1]
    alone = {group.witnesses[0]: group for group in found if len(group.witnesses) == 1}
    yield from _shared_lines(cluster, shared, style)
    told = [
        place for place, variant in enumerate(cluster.variants, 1) if place in alone or variant.via
    ]
    yield from _title("What one has alone", told, style)
    for place in told:
        yield []
        yield from _own_lines(cluster, place, alone.get(place), style)
    yield from _last_lines(cluster, set(told), style)


def who(group: Group, variants: int) -> str:
    """Return who has something, in the fewest letters.

    Args:
        group: Those that have it.
        variants: How many there are in the cluster.
    """
    count, own = len(group.witnesses), set(group.witnesses)
    if count == variants:
        return f"All {variants:,}"
    others = [place for place in range(1, variants + 1) if place not in own]
    if len(others) <= min(_FEW, count - 1):
        return f"All {variants:,} but {_letters(others)}"
    return f"{count:,} of {variants:,}: {_letters(group.witnesses)}"


def _shared_lines(cluster: Cluster, shared: Sequence[Group], style: Style) -> Iterator[Line]:
    yield from _title("What several have in common", shared, style)
    for group in shared:
        yield []
        yield from wrap([(who(group, len(cluster.variants)), "plain")], style.width)
        yield from reading_lines(cluster, group.readings, "A", style)


def _title(text: str, below: Sequence[object], style: Style) -> Iterator[Line]:
    if below:
        yield []
        yield from wrap([(text, "strong")], style.width)


def _own_lines(cluster: Cluster, place: int, group: Group | None, style: Style) -> Iterator[Line]:
    member, variant = cluster.members[place], cluster.variants[place - 1]
    letter = siglum(place)
    yield name_line(place, member, style)
    if member.title != cluster.members[0].title:
        yield from title_lines(member, len(letter) + 2, style)
    if variant.via:
        note = via_note(letter, letter_of(cluster, variant.via))
        yield from wrap([(note, "plain")], style.width)
    yield from reading_lines(cluster, group.readings if group else (), "A", style)


def _last_lines(cluster: Cluster, told: set[int], style: Style) -> Iterator[Line]:
    """Yield who has nothing alone, and how to see more."""
    if not any(variant.alignment for variant in cluster.variants):
        return
    yield []
    others = [place for place in range(1, len(cluster.members)) if place not in told]
    if others:
        note = f"With nothing of their own: {_letters(others)}"
        yield from wrap([(note, "plain")], style.width)
    count = len(cluster.variants)
    yield from wrap([(f"--full shows each of the {count:,} beside A.", "dim")], style.width)


def _letters(places: Sequence[int]) -> str:
    return ", ".join(map(siglum, places))
