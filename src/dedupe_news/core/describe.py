"""A cluster as a reader sees it: its base, and what each variant is to it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dedupe_news.core.alignment import align
from dedupe_news.core.bases import choose_base
from dedupe_news.core.columns import Recipe, places_of, without
from dedupe_news.core.dates import moment_of
from dedupe_news.core.furniture import covered_by, furnished
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.relations import relation_of
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.sketches import digests_of
from dedupe_news.core.text import words_of
from dedupe_news.core.verify import Rule, compare, shared_shingles, word_shares
from dedupe_news.model import Alignment, Article, Cluster, Member, Overlap, Relation, Variant

__all__ = ["Family", "Viewpoint", "describe"]

_WITNESSES = 16  # members that "most contained" is judged by: keeps the work linear


@dataclass(frozen=True, slots=True)
class Family:
    """The articles of a cluster before it is described.

    Attributes:
        articles: The members, in any order.
        links: For the id of a member, those it matches and how strongly.
        outsiders: Articles that match a member without belonging to the cluster, each with
            the id of the member that it matches most strongly.
    """

    articles: tuple[Article, ...]
    links: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    outsiders: tuple[tuple[Article, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """How families are looked at.

    Attributes:
        rule: When two articles match.
        recipe: How texts become words and shingles.
        keep: Rules that choose the base, see `choose_base`.
        furniture: Shingle hashes of boilerplate, shape (n,), uint64, ascending; they count
            neither as shared nor as different.
    """

    rule: Rule
    recipe: Recipe
    keep: tuple[str, ...] = ()
    furniture: UInt64s = field(default_factory=lambda: np.empty(0, np.uint64))


def describe(
    families: Sequence[Family], view: Viewpoint, *, diff: bool, base: str = ""
) -> list[Cluster]:
    """Return the clusters of some families, in their order: base, relations, changes.

    Args:
        families: Some families; what they have in words is computed for all at once.
        view: What counts as shared, and as the base.
        diff: Whether the variants are aligned with the base.
        base: Id of the member of each that the caller wants as the base, while the others
            keep their order; empty to choose one, and to order them by date.
    """
    articles = [
        list(family.articles) if base else sorted(family.articles, key=_by_id)
        for family in families
    ]
    words = _Wording.of(
        [view.recipe.matched(member) for members in articles for member in members], view
    )
    clusters: list[Cluster] = []
    first = 0
    for family, members in zip(families, articles, strict=True):
        portrait = _Portrait(family, members, first, words, view)
        clusters.append(portrait.cluster(base, diff=diff))
        first += len(members)
    return clusters


@dataclass(frozen=True, slots=True)
class _Wording:
    """Texts as words and shingles, one row for each.

    `own` and `shingles` leave out words that boilerplate covers, `sets` the shingles that
    are boilerplate; the latter is what matching has seen.
    """

    words: Ragged
    own: Ragged
    shingles: Ragged
    sets: Ragged

    @classmethod
    def of(cls, texts: Sequence[str], view: Viewpoint) -> "_Wording":
        size = view.recipe.shingle_words
        words = words_of(texts, view.recipe.unit)
        shingles = shingles_of(words, size)
        hits = places_of(view.furniture, shingles.values)
        if not len(hits):
            return cls(words, words, shingles, distinct_shingles(shingles))
        own = words.keep(~covered_by(hits, shingles, words, size))
        sets = distinct_shingles(without(shingles, view.furniture))
        return cls(words, own, shingles_of(own, size), sets)


class _Portrait:
    """One family, whose members are the rows of a wording from `first` on."""

    def __init__(
        self,
        family: Family,
        members: Sequence[Article],
        first: int,
        wording: _Wording,
        view: Viewpoint,
    ) -> None:
        self._family = family
        self._members = members
        self._first = first
        self._wording = wording
        self._view = view
        self._lengths = wording.words.lengths[first : first + len(members)].tolist()

    def cluster(self, base: str, *, diff: bool) -> Cluster:
        ids = [member.id for member in self._members]
        if base:
            place, reason = ids.index(base), "given"
        else:
            keep = self._view.keep
            place, reason = choose_base(self._members, self._lengths, self._contained, keep)
        others = [other for other in range(len(ids)) if other != place]
        if not base:
            others.sort(key=lambda other: _by_date(self._members[other]))
        last = self._first + len(ids)
        return Cluster(
            id=_cluster_id(self._wording.words.between(self._first, last)),
            base=ids[place],
            base_reason=reason,
            members=tuple(self._member(member) for member in (place, *others)),
            variants=self._variants(place, others, diff=diff),
            overlaps=self._overlaps(place),
            base_texts=self._members[place].paragraphs if diff else (),
        )

    def _contained(self) -> list[float]:
        """Mean share of each member's shingles in the others, or in some of many."""
        count = len(self._members)
        step = max(1, count // _WITNESSES)
        own = np.repeat(np.arange(count), len(range(0, count, step)))
        others = np.tile(np.arange(0, count, step), count)
        sets = self._wording.sets
        shared = shared_shingles(sets, self._first + own, self._first + others)
        sums = np.bincount(own, shared * (own != others), count)
        sizes = sets.lengths[self._first : self._first + count]
        mean: list[float] = (sums / np.maximum(sizes, 1)).tolist()
        return mean

    def _member(self, place: int) -> Member:
        article = self._members[place]
        return Member(
            id=article.id,
            path=article.path,
            title=article.title,
            source=article.source,
            date=article.date,
            paragraphs=len(article.paragraphs),
            words=self._lengths[place],
            url=article.url,
            lang=article.lang,
        )

    def _variants(self, base: int, others: list[int], *, diff: bool) -> tuple[Variant, ...]:
        left = np.full(len(others), self._first + base)
        right = self._first + np.array(others, np.int64)
        seen = compare(self._wording.sets, left, right, self._view.rule)
        resemblances = seen.resemblance.tolist()
        copies = {self._members[place].id for place in (base, *others) if self._same(base, place)}
        return tuple(
            self._variant(base, other, resemblance, self._via(other, copies), diff=diff)
            for other, resemblance in zip(others, resemblances, strict=True)
        )

    def _variant(
        self, base: int, other: int, resemblance: float, via: str, *, diff: bool
    ) -> Variant:
        one, two = self._members[base], self._members[other]
        shares, relation = self._relation(base, other)
        return Variant(
            id=two.id,
            relation=relation,
            base_in_variant=shares[0],
            variant_in_base=shares[1],
            resemblance=resemblance,
            via="" if relation == "identical" else via,
            alignment=self._aligned(one, two) if diff else None,
            texts=two.paragraphs if diff else (),
        )

    def _relation(self, base: int, other: int) -> tuple[tuple[float, float], Relation]:
        if self._same(base, other):
            return (1.0, 1.0), "identical"
        rows = self._first + base, self._first + other
        own = self._wording.own
        shares = word_shares(own, self._wording.shingles, rows, self._view.rule)
        lengths = len(own[rows[0]]), len(own[rows[1]])
        return shares, relation_of(self._members[base], self._members[other], shares, lengths)

    def _overlaps(self, base: int) -> tuple[Overlap, ...]:
        if not self._family.outsiders:
            return ()
        pairs = [
            (self._members[self._or_base(member, base)], outsider)
            for outsider, member in sorted(self._family.outsiders, key=lambda pair: pair[0].id)
        ]
        texts = [self._view.recipe.matched(article) for pair in pairs for article in pair]
        wording = _Wording.of(texts, self._view)
        return tuple(
            Overlap(
                outsider.id,
                member.id,
                *word_shares(
                    wording.own, wording.shingles, (2 * row, 2 * row + 1), self._view.rule
                ),
            )
            for row, (member, outsider) in enumerate(pairs)
        )

    def _or_base(self, member: str, base: int) -> int:
        """Place of a member, or of the base where that has the same words."""
        place = next(row for row, one in enumerate(self._members) if one.id == member)
        return base if self._same(base, place) else place

    def _aligned(self, base: Article, variant: Article) -> Alignment:
        furniture = self._furnished(base), self._furnished(variant)
        return align(base.paragraphs, variant.paragraphs, furniture=furniture)

    def _furnished(self, article: Article) -> frozenset[int]:
        recipe, furniture = self._view.recipe, self._view.furniture
        ignored = recipe.ignored_paragraphs(article)
        return ignored | furnished(article.paragraphs, furniture, recipe.shingle_words, recipe.unit)

    def _same(self, base: int, other: int) -> bool:
        words = self._wording.words
        return np.array_equal(words[self._first + base], words[self._first + other])

    def _via(self, other: int, copies: set[str]) -> str:
        """Id of the member that links another to the cluster; empty when the base does.

        Links name one copy of each wording, so the base is meant by any of its copies.
        """
        links = self._family.links.get(self._members[other].id, {})
        if not links or not copies.isdisjoint(links):
            return ""
        return min(links, key=lambda id_: (-links[id_], id_))


def _by_id(article: Article) -> str:
    return article.id


def _by_date(article: Article) -> tuple[bool, str, str]:
    moment = moment_of(article.date)
    return (moment is None, moment.start.isoformat() if moment else "", article.id)


def _cluster_id(words: Ragged) -> str:
    digests: UInt64s = digests_of(words)
    rows = sorted(digest.astype("<u8").tobytes() for digest in digests)
    return hashlib.sha256(b"".join(rows)).hexdigest()[:8]
