"""A cluster as the page shows it: its members, their maps, the tree, and each variant in rows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dedupe_news.model import ChangeOp, Cluster, Member, Overlap, Variant
from dedupe_news.render.findings import title_of
from dedupe_news.render.html.kindred import Common, Kindred, common, kin_of, shared_groups
from dedupe_news.render.html.rows import Row, aligned
from dedupe_news.render.html.stemma import MOST, Branch, Kin, branches, kinship
from dedupe_news.render.html.timeline import source_of
from dedupe_news.render.phrases import count_phrases, minute, percent, plural, siglum
from dedupe_news.render.safe import one_line, prose

__all__ = ["ClusterView", "Index", "MemberView", "Strip", "VariantView", "cluster_view", "index_of"]

Index = tuple[str, int, int, int, str, str, str]
"""What filter and order look at: id, members, words added, figures, date, relations, names."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_RIGHT_TO_LEFT = frozenset(
    [
        "ar",
        "arc",
        "ckb",
        "dv",
        "fa",
        "he",
        "iw",
        "ks",
        "ku",
        "nqo",
        "ps",
        "sd",
        "syr",
        "ug",
        "ur",
        "yi",
    ]
)
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_HEIGHTS: dict[ChangeOp, int] = {
    "same": 4,
    "edited": 9,
    "moved": 12,
    "merged": 7,
    "split": 7,
    "added": 16,
    "boilerplate": 2,
}
_FULL = 16  # height of a map
_SOURCES = 3  # that are named in the list
_OPENING = 90  # signs that stand for a headline where there is none


@dataclass(frozen=True, slots=True)
class Strip:
    """The bars of one kind in a map of paragraphs: what they mean, and their outline in SVG."""

    op: str
    path: str


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member in the table of witnesses; shares are empty for the base."""

    letter: str
    name: str
    title: str
    source: str
    date: str
    url: str
    lang: str
    dir: str
    paragraphs: int
    words: int
    relation: str
    kept: str
    new: str
    strips: tuple[Strip, ...]
    parent: str
    shared: int


@dataclass(frozen=True, slots=True)
class VariantView:
    """A variant beside the base, and who has all of its changes; no rows where none are known."""

    member: MemberView
    via: str
    summary: str
    twins: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ClusterView:
    """All that the page shows of a cluster.

    Attributes:
        id: For links to it.
        head: The headline of the base; without one its first words, else its name.
        relations: Each once.
        facts: What a reader asks first, in words, each for itself.
        figures: How many figures changed.
        members: The base first.
        tree: The same in the order of the tree, each below the one it is nearest to.
        compared: Whether their changes were compared for that.
        common: What several variants have in common.
        variants: The others, with their rows.
        base_texts: The base, paragraph by paragraph; empty where it was not kept.
        overlaps: Articles outside, in words.
        longest: Paragraphs of the longest member: the width of the maps.
    """

    id: str
    head: str
    relations: tuple[str, ...]
    facts: tuple[str, ...]
    figures: int
    members: tuple[MemberView, ...]
    tree: tuple[tuple[MemberView, Branch], ...]
    compared: bool
    common: tuple[Common, ...]
    variants: tuple[VariantView, ...]
    base_texts: tuple[str, ...]
    overlaps: tuple[str, ...]
    longest: int

    @property
    def base(self) -> MemberView:
        """What the others are read against."""
        return self.members[0]

    @property
    def dated(self) -> bool:
        """Whether any member has a date."""
        return any(member.date for member in self.members)


def cluster_view(cluster: Cluster) -> ClusterView:
    """Return what the page shows of a cluster."""
    kin = kinship(cluster)
    members = _members(cluster, kin)
    shared = shared_groups(cluster)
    parts = zip(cluster.variants, members[1:], kin_of(cluster, shared), strict=True)
    return ClusterView(
        cluster.id,
        _head(cluster),
        tuple(dict.fromkeys(variant.relation for variant in cluster.variants)),
        _facts(cluster),
        _figures(cluster),
        members,
        tuple((members[branch.place], branch) for branch in branches(kin)),
        len(cluster.variants) <= MOST,
        common(shared),
        tuple(_variant(*part, cluster) for part in parts),
        tuple(prose(text).strip() for text in cluster.base_texts),
        tuple(_overlap(overlap, cluster) for overlap in cluster.overlaps),
        max(member.paragraphs for member in cluster.members),
    )


def index_of(cluster: Cluster) -> Index:
    """Return what filter and order look at."""
    names = dict.fromkeys(
        name
        for member in cluster.members
        for name in (title_of(member), prose(member.source).strip(), one_line(member.id))
    )
    names[_head(cluster)] = None
    dates = sorted(filter(None, (one_line(member.date) for member in cluster.members)))
    relations = dict.fromkeys(variant.relation for variant in cluster.variants)
    return (
        cluster.id,
        len(cluster.members),
        _added_words(cluster),
        _figures(cluster),
        dates[0] if dates else "",
        " ".join(relations),
        " ".join(name.lower() for name in names if name),
    )


def _head(cluster: Cluster) -> str:
    base = cluster.members[0]
    first = prose(cluster.base_texts[0]).strip() if cluster.base_texts else ""
    opening = first if len(first) <= _OPENING else first[:_OPENING].rsplit(" ", 1)[0] + " …"
    return title_of(base) or opening or one_line(base.id)


def _facts(cluster: Cluster) -> tuple[str, ...]:
    sources = list(dict.fromkeys(source_of(member) for member in cluster.members))
    added = _added_words(cluster)
    facts = [
        plural(len(cluster.members), "article"),
        *sources[:_SOURCES],
        plural(len(sources) - _SOURCES, "more source") if sources[_SOURCES:] else "",
        minute(one_line(cluster.members[0].date)),
        f"+{plural(added, 'word')}" if added else "",
    ]
    return tuple(filter(None, facts))


def _added_words(cluster: Cluster) -> int:
    return sum(each.alignment.counts.added_words for each in cluster.variants if each.alignment)


def _figures(cluster: Cluster) -> int:
    return sum(len(each.alignment.numbers_changed) for each in cluster.variants if each.alignment)


def _members(cluster: Cluster, kinfolk: Sequence[Kin]) -> tuple[MemberView, ...]:
    base = _member(cluster.members[0], 0, f"base ({cluster.base_reason})", _survival(cluster))
    views = [base]
    for number, kin in enumerate(kinfolk, 1):
        variant = cluster.variants[number - 1]
        shares = (percent(variant.base_in_variant), percent(1 - variant.variant_in_base))
        views.append(
            _member(
                cluster.members[number],
                number,
                variant.relation,
                tuple(_strips(variant)),
                shares=shares,
                tree=(siglum(kin.parent), kin.shared),
            )
        )
    return tuple(views)


def _member(
    member: Member,
    number: int,
    relation: str,
    strips: tuple[Strip, ...],
    *,
    shares: tuple[str, str] = ("", ""),
    tree: tuple[str, int] = ("", 0),
) -> MemberView:
    lang = member.lang if _LANGUAGE.fullmatch(member.lang) else ""
    return MemberView(
        letter=siglum(number),
        name=one_line(member.id),
        title=title_of(member),
        source=prose(member.source).strip(),
        date=minute(one_line(member.date)),
        url=one_line(member.url) if _WEB.match(member.url) else "",
        lang=lang,
        dir="rtl" if lang.lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr" if lang else "auto",
        paragraphs=member.paragraphs,
        words=member.words,
        relation=relation,
        kept=shares[0],
        new=shares[1],
        strips=strips,
        parent=tree[0],
        shared=tree[1],
    )


def _strips(variant: Variant) -> Iterator[Strip]:
    """Yield the bars of a variant's map, by kind: each kind has a height of its own."""
    if variant.alignment is None:
        return
    places: dict[ChangeOp, list[int]] = {}
    for change in variant.alignment.changes:
        if change.variant:
            places.setdefault(change.op, []).extend(change.variant)
    for op, found in places.items():
        yield Strip(op, "".join(_bar(place, _HEIGHTS[op]) for place in sorted(found)))


def _survival(cluster: Cluster) -> tuple[Strip, ...]:
    """Return the map of the base: the more variants keep a paragraph, the higher its bar."""
    known = [variant.alignment for variant in cluster.variants if variant.alignment]
    if not known:
        return ()
    kept = [0] * cluster.members[0].paragraphs
    for alignment in known:
        for change in alignment.changes:
            for place in change.base if change.variant else ():
                kept[place] += 1
    heights = (max(1, round(_FULL * count / len(known))) for count in kept)
    return (Strip("kept", "".join(_bar(place, height) for place, height in enumerate(heights))),)


def _bar(place: int, height: int) -> str:
    return f"M{place * 6} {_FULL - height}h5v{height}h-5z"


def _variant(
    variant: Variant, member: MemberView, kindred: Kindred, cluster: Cluster
) -> VariantView:
    letters = {each.id: siglum(number) for number, each in enumerate(cluster.members)}
    counts = variant.alignment.counts if variant.alignment else None
    return VariantView(
        member,
        letters.get(variant.via, one_line(variant.via)),
        " · ".join(count_phrases(counts)) if counts else "",
        kindred.twins,
        tuple(aligned(variant, kindred.also)),
    )


def _overlap(overlap: Overlap, cluster: Cluster) -> str:
    letters = {each.id: siglum(number) for number, each in enumerate(cluster.members)}
    letter = letters.get(overlap.member, one_line(overlap.member))
    shares = f"{percent(overlap.member_in_article)} of {letter}"
    return f"{one_line(overlap.id)} ({shares}, {percent(overlap.article_in_member)} of itself)"
