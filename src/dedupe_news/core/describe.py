"""A cluster as a reader sees it: its base, and what each variant is to it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dedupe_news.core.alignment import align
from dedupe_news.core.bases import choose_base, instant
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.sketches import digests_of
from dedupe_news.core.text import Unit, words_of
from dedupe_news.core.verify import Rule, compare, second_look, word_shares
from dedupe_news.model import Article, Cluster, Member, Overlap, Relation, Variant

__all__ = ["Family", "describe", "joined", "relation_of"]

_WITNESSES = 16  # members that "most contained" is judged by: keeps the work linear
_WHOLE = 0.5  # a share of the words from which the base may be said to be in the variant
_EXCERPT = 0.75  # share of the base's length up to which a variant may be an excerpt of it


@dataclass(frozen=True, slots=True)
class Family:
    """The articles of a cluster before it is described.

    Attributes:
        articles: The members, in any order.
        links: For the id of a member, those it matches and how strongly.
        outsiders: Articles that match a member without belonging to the cluster.
    """

    articles: tuple[Article, ...]
    links: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    outsiders: tuple[Article, ...] = ()


def joined(article: Article) -> str:
    """Return the text that is matched: the paragraphs, cut by line feeds."""
    return "\n".join(article.paragraphs)


def describe(
    family: Family,
    rule: Rule,
    unit: Unit,
    keep: Sequence[str],
    *,
    diff: bool,
    base: str = "",
) -> Cluster:
    """Return the cluster of a family: base, relations, shares and changes.

    Args:
        family: Its articles and the matches between them.
        rule: When two articles match.
        unit: What a word is, as for `words_of`.
        keep: Rules that choose the base.
        diff: Whether the variants are aligned with the base.
        base: Id of the member that the caller wants as the base; empty to choose one.
    """
    view = _View(family, rule, unit)
    if base:
        place, reason = view.ids.index(base), "given"
    else:
        place, reason = choose_base(view.articles, view.lengths, view.contained, keep)
    others = [other for other in range(len(view.articles)) if other != place]
    others.sort(key=lambda other: _by_date(view.articles[other]))
    return Cluster(
        id=_cluster_id(view.words),
        base=view.ids[place],
        base_reason=reason,
        members=tuple(view.member(member) for member in (place, *others)),
        variants=tuple(view.variant(place, other, diff=diff) for other in others),
        overlaps=tuple(view.overlap(place, outsider) for outsider in _sorted(family.outsiders)),
        base_texts=view.articles[place].paragraphs if diff else (),
    )


def relation_of(
    base: Article, variant: Article, shares: tuple[float, float], lengths: tuple[int, int]
) -> Relation:
    """Return what a variant is to its base, for two that are not identical.

    Args:
        base: The base.
        variant: The variant.
        shares: Share of the base's words in the variant, and of the variant's in the base.
        lengths: Number of words of the base and of the variant.
    """
    base_in_variant, variant_in_base = shares
    shortened = lengths[1] <= _EXCERPT * lengths[0]
    if variant_in_base >= _WHOLE and (shortened or base_in_variant < _WHOLE):
        return "excerpt"
    if base_in_variant < _WHOLE:
        return "overlap"
    same_source = bool(base.source) and base.source.casefold() == variant.source.casefold()
    later = bool(instant(base.date)) and instant(base.date) < instant(variant.date)
    return "update" if same_source and later else "reprint"


class _View:
    """The members of a family as words and as shingle sets."""

    def __init__(self, family: Family, rule: Rule, unit: Unit) -> None:
        self.articles = _sorted(family.articles)
        self.ids = [article.id for article in self.articles]
        self.words = words_of([joined(article) for article in self.articles], unit)
        self.lengths = self.words.lengths.tolist()
        self._links = family.links
        self._rule = rule
        self._unit = unit
        self._sets = distinct_shingles(shingles_of(self.words, rule.shingle_words))

    def contained(self, place: int) -> float:
        """Mean share of a member's shingles in the others, or in some of many."""
        step = max(1, len(self.articles) // _WITNESSES)
        own = self._sets[place]
        shares = [
            float(np.isin(own, self._sets[other], assume_unique=True).mean())
            for other in range(0, len(self.articles), step)
            if other != place
        ]
        return sum(shares) / max(len(shares), 1)

    def member(self, place: int) -> Member:
        article = self.articles[place]
        return Member(
            id=article.id,
            path=article.path,
            title=article.title,
            source=article.source,
            date=article.date,
            paragraphs=len(article.paragraphs),
            words=self.lengths[place],
            url=article.url,
            lang=article.lang,
        )

    def variant(self, base: int, other: int, *, diff: bool) -> Variant:
        pair = np.array([base], np.int64), np.array([other], np.int64)
        seen = compare(self._sets, *pair, self._rule)
        one, two = self.articles[base], self.articles[other]
        if np.array_equal(self.words[base], self.words[other]):
            shares, relation, matches = (1.0, 1.0), "identical", True
        else:
            shares = word_shares(self.words[base], self.words[other], self._rule)
            lengths = self.lengths[base], self.lengths[other]
            relation = relation_of(one, two, shares, lengths)
            looked = second_look(seen, lambda ranks: self.words.take(np.array(ranks)), self._rule)
            matches = bool(looked.matches[0])
        return Variant(
            id=two.id,
            relation=relation,
            base_in_variant=shares[0],
            variant_in_base=shares[1],
            resemblance=float(seen.resemblance[0]),
            via="" if matches else self._via(base, other),
            alignment=align(one.paragraphs, two.paragraphs) if diff else None,
            texts=two.paragraphs if diff else (),
        )

    def overlap(self, base: int, outsider: Article) -> Overlap:
        (words,) = words_of([joined(outsider)], self._unit)
        shares = word_shares(self.words[base], words, self._rule)
        return Overlap(outsider.id, *shares)

    def _via(self, base: int, other: int) -> str:
        """Id of the member that links another to the cluster; empty when it matches none."""
        links = self._links.get(self.ids[other], {})
        near = {id_: strength for id_, strength in links.items() if id_ != self.ids[base]}
        return min(near, key=lambda id_: (-near[id_], id_), default="")


def _sorted(articles: Sequence[Article]) -> list[Article]:
    return sorted(articles, key=lambda article: article.id)


def _by_date(article: Article) -> tuple[bool, str, str]:
    date = instant(article.date)
    return (not date, date, article.id)


def _cluster_id(words: Ragged) -> str:
    digests: UInt64s = digests_of(words)
    rows = sorted(digest.astype("<u8").tobytes() for digest in digests)
    return hashlib.sha256(b"".join(rows)).hexdigest()[:8]
