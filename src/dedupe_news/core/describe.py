"""A cluster as a reader sees it: its base, and what each variant is to it.

What families have in words is computed for many of them at once; what is left for each is to
choose and to name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise, repeat
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dedupe_news.core.bases import choose_base
from dedupe_news.core.columns import Recipe
from dedupe_news.core.crowds import NO_LINKS, Contained, Links, likely_base
from dedupe_news.core.dates import moment_of
from dedupe_news.core.facts import Known, Read, Shares, Told
from dedupe_news.core.furniture import furnished, mostly_covered
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.relations import Relations
from dedupe_news.core.shared_words import word_shares
from dedupe_news.core.text import words_of
from dedupe_news.core.verify import Rule
from dedupe_news.core.vias import vias_of
from dedupe_news.core.wording import Wordings
from dedupe_news.model import Alignment, Article, Cluster, Member, Overlap, Variant

if TYPE_CHECKING:
    from dedupe_news.core.reading import Page

__all__ = ["Family", "Viewpoint", "describe"]

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Family:
    """The articles of a cluster before it is described.

    Attributes:
        articles: The members, in any order.
        wordings: A number for each member; copies of one wording have the same. Empty where
            nobody asks through whom a member belongs to the cluster.
        links: Pairs of wordings that match.
        outsiders: Articles that match a member without belonging to the cluster, each with
            the id of the member that it matches most strongly.
        told: What is known of the texts, so that they need not be read; None if something is
            not known.
        doubts: Further pairs of wordings that may match; each of both has a stronger match.
    """

    articles: tuple[Article, ...]
    wordings: tuple[int, ...] = ()
    links: Links = NO_LINKS
    outsiders: tuple[tuple[Article, str], ...] = ()
    told: Told | None = None
    doubts: Links = NO_LINKS


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
    told = [not diff and not base and family.told is not None for family in families]
    clusters = {
        kind: iter(_described(some, view, told=kind, diff=diff, base=base))
        for kind in (True, False)
        if (some := [family for family, one in zip(families, told, strict=True) if one == kind])
    }
    return [next(clusters[kind]) for kind in told]


def _described(
    families: Sequence[Family], view: Viewpoint, *, told: bool, diff: bool, base: str
) -> list[Cluster]:
    """Return the clusters of families of which all was told, or whose texts are read."""
    album = _Album(families, view, told=told, base=base)
    sittings = [album.sitting(number) for number in range(len(families))]
    left = [np.full(len(one.others), one.base, np.int64) for one in sittings]
    right = [np.array(one.others, np.int64) for one in sittings]
    shares = album.facts.shares(
        np.concatenate([_NO_ROWS, *left]), np.concatenate([_NO_ROWS, *right])
    )
    vias = album.vias(sittings)
    return [_Portrait(album, one, view).cluster(shares, vias, diff=diff) for one in sittings]


_NO_ROWS = np.empty(0, np.int64)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Sitting:
    """A family of an album with its base chosen and the others in order; by row."""

    family: Family
    rows: range
    base: int
    reason: str
    others: list[int]


class _Album:
    """The members of some families, one row for each; copies of a wording share their text."""

    def __init__(
        self, families: Sequence[Family], view: Viewpoint, *, told: bool, base: str
    ) -> None:
        self.families = families
        self._base = base
        self.members: list[Article] = []
        self.numbers: list[int] = []
        self._starts = [0]
        for family in families:
            numbers = family.wordings or range(len(family.articles))
            both = list(zip(family.articles, numbers, strict=True))
            if not base:
                both.sort(key=lambda one: one[0].id)
            self.members.extend(article for article, _ in both)
            self.numbers.extend(number for _, number in both)
            self._starts.append(len(self.members))
        self._view = view
        self.facts: Known | Read
        if told:
            known = [family.told for family in families if family.told is not None]
            self.facts = Known(known, self.numbers, self._starts)
        else:
            texts, of_row = self._told_apart()
            recipe, rule, furniture = view.recipe, view.rule, view.furniture
            self.facts = Read(texts, of_row, self._starts, recipe, rule, furniture, self._guess)

    def _told_apart(self) -> tuple[list[Article], Rows]:
        """Return one article for each wording of each family, and which of them each row has."""
        firsts: list[Article] = []
        of_row: list[int] = []
        for start, end in pairwise(self._starts):
            places: dict[int, int] = {}
            for row in range(start, end):
                place = places.setdefault(self.numbers[row], len(firsts))
                if place == len(firsts):
                    firsts.append(self.members[row])
                of_row.append(place)
        return firsts, np.array(of_row, np.int64)

    def _guess(self, number: int, contained: Contained) -> int | None:
        """Return which member of a family is likely to be its base, before its texts are read."""
        here = slice(self._starts[number], self._starts[number + 1])
        members, family = self.members[here], self.families[number]
        if self._base:
            return self._given(members)
        if not len(family.links.left):
            return None
        links = Links.joined([family.links, family.doubts])
        return likely_base(members, self.numbers[here], links, contained, self._view.keep)

    def _given(self, members: Sequence[Article]) -> int:
        return [member.id for member in members].index(self._base)

    def sitting(self, number: int) -> _Sitting:
        """Return a family with its base chosen, or with the given one."""
        rows = range(self._starts[number], self._starts[number + 1])
        members = self.members[rows.start : rows.stop]
        if self._base:
            place, reason = self._given(members), "given"
        else:
            place, reason = choose_base(
                members,
                lambda: self.facts.words[rows.start : rows.stop],
                lambda: self.facts.contained[rows.start : rows.stop],
                self._view.keep,
            )
        others = [row for row in rows if row != rows[place]]
        if not self._base and len(others) > 1:
            others.sort(key=lambda row: _by_date(self.members[row]))
        return _Sitting(self.families[number], rows, rows[place], reason, others)

    def vias(self, sittings: Sequence[_Sitting]) -> Mapping[int, str]:
        """Return for rows that do not match their base the id of the member that links them.

        Args:
            sittings: Of all families, in their order.
        """
        linked = [(place, one) for place, one in enumerate(sittings) if _is_linked(one.family)]
        if not linked:
            return {}
        apart = max(self.numbers) + 1  # two families may count their wordings alike
        links = Links.joined([one.family.links.counted_from(apart * at) for at, one in linked])
        doubts = Links.joined([one.family.doubts.counted_from(apart * at) for at, one in linked])
        homes = np.repeat(np.arange(len(sittings)), np.diff(self._starts))
        numbers = np.array(self.numbers, np.int64) + apart * homes
        bases = np.array([one.base for one in sittings])[homes]
        is_base = (self.facts.digests == self.facts.digests[bases]).all(axis=1)
        if len(doubts.left):
            links = Links.joined([links, self._matching(doubts, numbers, is_base)])
        return vias_of(links, numbers, [member.id for member in self.members], is_base)

    def _matching(self, doubts: Links, numbers: Rows, is_base: npt.NDArray[np.bool_]) -> Links:
        """Return those doubts about a base that turn out to be matches.

        All others are beside the point: who does not match the base is linked by the strongest of
        its matches, which is none of these.

        Args:
            doubts: Pairs of wordings that may match.
            numbers: The number of the wording of each row, shape (rows,).
            is_base: Whether each row is a base, or has the same words, shape (rows,).
        """
        bases = numbers[is_base]
        asked = doubts.take(np.isin(doubts.left, bases) | np.isin(doubts.right, bases))
        order = np.argsort(numbers, kind="stable")
        left, right = (
            order[np.searchsorted(numbers, side, sorter=order)]
            for side in (asked.left, asked.right)
        )
        return asked.take(self.facts.match(left, right))

    def are_same(self, one: int, other: int) -> bool:
        """Whether two rows have the same words."""
        return bool((self.facts.digests[one] == self.facts.digests[other]).all())

    def digest_of(self, rows: range) -> str:
        """Return the first eight hexadecimal digits of what depends on the texts of rows alone."""
        import hashlib  # noqa: PLC0415 - slow to load, and of no use where nothing repeats

        raw = self._raw_digests[16 * rows.start : 16 * rows.stop]
        digests = sorted(raw[place : place + 16] for place in range(0, len(raw), 16))
        return hashlib.sha256(b"".join(digests)).hexdigest()[:8]

    @cached_property
    def _raw_digests(self) -> bytes:
        return self.facts.digests.astype("<u8").tobytes()


class _Portrait:
    """One family of an album, as the report shows it."""

    def __init__(self, album: _Album, sitting: _Sitting, view: Viewpoint) -> None:
        self._album = album
        self._sitting = sitting
        self._view = view

    def cluster(self, shares: Shares, vias: Mapping[int, str], *, diff: bool) -> Cluster:
        base, members = self._sitting.base, self._album.members
        return Cluster(
            id=self._album.digest_of(self._sitting.rows),
            base=members[base].id,
            base_reason=self._sitting.reason,
            members=tuple(self._member(row) for row in (base, *self._sitting.others)),
            variants=self._variants(shares, vias, diff=diff),
            overlaps=self._overlaps(),
            base_texts=members[base].paragraphs if diff else (),
        )

    def _member(self, row: int) -> Member:
        article = self._album.members[row]
        return Member(
            id=article.id,
            path=article.path,
            title=article.title,
            source=article.source,
            date=article.date,
            paragraphs=len(article.paragraphs),
            words=self._album.facts.words[row],
            url=article.url,
            lang=article.lang,
        )

    def _variants(
        self, shares: Shares, vias: Mapping[int, str], *, diff: bool
    ) -> tuple[Variant, ...]:
        alignments: Iterator[Alignment | None] = self._alignments() if diff else repeat(None)
        found = zip(self._sitting.others, shares, strict=False)
        members, own = self._album.members, self._album.facts.own
        relations, size = Relations(members[self._sitting.base]), own[self._sitting.base]
        variants = []
        for alignment, (row, (same, (first, second), resemblance)) in zip(
            alignments, found, strict=False
        ):
            one, sizes = members[row], (size, own[row])
            variants.append(
                Variant(
                    id=one.id,
                    relation=("identical" if same else relations.to(one, (first, second), sizes)),
                    base_in_variant=first,
                    variant_in_base=second,
                    resemblance=resemblance,
                    via=vias.get(row, ""),
                    alignment=alignment,
                    texts=one.paragraphs if diff else (),
                )
            )
        return tuple(variants)

    def _alignments(self) -> Iterator[Alignment]:
        """Yield what each variant changed, in their order; the base is read once for all."""
        from dedupe_news.core.alignment import align  # noqa: PLC0415 - not without a diff

        base, furniture = self._read(self._sitting.base)
        alike: Alignment | None = None
        for row in self._sitting.others:
            if self._album.members[row].paragraphs == base.paragraphs:
                alike = alike or align(base, base, furniture=(furniture, furniture))
                yield alike
            else:
                page, own = self._read(row)
                yield align(base, page, furniture=(furniture, own))

    def _read(self, row: int) -> tuple["Page", frozenset[int]]:
        """Return a member as a page, and the positions of its site furniture."""
        from dedupe_news.core.reading import Page  # noqa: PLC0415 - not without a diff

        article, recipe = self._album.members[row], self._view.recipe
        page = Page(article.paragraphs)
        if not recipe.ignored and recipe.unit == "word":  # a page has the words that were matched
            covered = self._album.facts.covered(row)
            return page, mostly_covered(covered, page.offsets)
        words = words_of(article.paragraphs, recipe.unit)
        known = furnished(words, self._view.furniture, recipe.shingle_words)
        return page, known | recipe.ignored_paragraphs(article)

    def _overlaps(self) -> tuple[Overlap, ...]:
        if not self._sitting.family.outsiders:
            return ()
        pairs = [
            (self._or_base(member), outsider)
            for outsider, member in sorted(
                self._sitting.family.outsiders, key=lambda pair: pair[0].id
            )
        ]
        texts = [self._view.recipe.matched(article) for pair in pairs for article in pair]
        recipe, furniture = self._view.recipe, self._view.furniture
        wording = Wordings(texts, recipe.unit, recipe.shingle_words, furniture)
        left = np.arange(0, len(texts), 2)
        shares = word_shares(wording.own, wording.shingles, left, left + 1, self._view.rule)
        return tuple(
            Overlap(outsider.id, member.id, *share)
            for (member, outsider), share in zip(pairs, shares.tolist(), strict=True)
        )

    def _or_base(self, member: str) -> Article:
        """Return a member, or the base where that has the same words."""
        members, base = self._album.members, self._sitting.base
        row = next(row for row in self._sitting.rows if members[row].id == member)
        return members[base if self._album.are_same(base, row) else row]


def _is_linked(family: Family) -> bool:
    """Whether somebody may belong to it through another: of two wordings, one is the base."""
    return len(family.links.left) > 1


def _by_date(article: Article) -> tuple[bool, datetime, str]:
    moment = moment_of(article.date)
    return (True, _NEVER, article.id) if moment is None else (False, moment.start, article.id)
