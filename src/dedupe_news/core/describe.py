"""A cluster as a reader sees it: its base, and what each variant is to it.

What families have in words is computed for many of them at once; what is left for each is to
choose and to name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise, repeat
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dedupe_news.core.bases import choose_base
from dedupe_news.core.columns import Recipe, places_of
from dedupe_news.core.dates import moment_of
from dedupe_news.core.furniture import covered_by, furnished, mostly_covered
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged, distinct, occurrences, shared_values
from dedupe_news.core.relations import relation_of
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.sketches import digests_of
from dedupe_news.core.text import words_of
from dedupe_news.core.verify import Rule, compare, word_shares
from dedupe_news.model import Alignment, Article, Cluster, Member, Overlap, Variant

if TYPE_CHECKING:
    from dedupe_news.core.reading import Page

__all__ = ["Family", "Viewpoint", "describe"]

_AT_ONCE = 1024  # texts whose words, and pairs whose texts, are held in memory
_WITNESSES = 16  # members that "most contained" is judged by: keeps the work linear
_MANY = 2 * _WITNESSES  # members, from which on they are held against all of these at once

Rows = npt.NDArray[np.int64]
Links = Mapping[int, Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class Family:
    """The articles of a cluster before it is described.

    Attributes:
        articles: The members, in any order.
        wordings: A number for each member; copies of one wording have the same. Empty where
            nobody asks through whom a member belongs to the cluster.
        links: Pairs of wordings that match, and how strongly.
        outsiders: Articles that match a member without belonging to the cluster, each with
            the id of the member that it matches most strongly.
    """

    articles: tuple[Article, ...]
    wordings: tuple[int, ...] = ()
    links: tuple[tuple[int, int, float], ...] = ()
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
    album = _Album(families, view, in_order=bool(base))
    sittings = [album.sitting(number, base) for number in range(len(families))]
    left = [np.full(len(one.others), one.base, np.int64) for one in sittings]
    right = [np.array(one.others, np.int64) for one in sittings]
    shares = album.shares(np.concatenate([_NO_ROWS, *left]), np.concatenate([_NO_ROWS, *right]))
    return [_Portrait(album, one, view).cluster(shares, diff=diff) for one in sittings]


@dataclass(frozen=True, slots=True)
class _Wording:
    """Texts as words and shingles, one row for each.

    `own` and `shingles` leave out words that boilerplate covers, `sets` the shingles that
    are boilerplate; the latter is what matching has seen. `covered` tells of each word whether
    boilerplate covers it, and is None where it covers none.
    """

    words: Ragged
    covered: npt.NDArray[np.bool_] | None
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
            return cls(words, None, words, shingles, distinct_shingles(shingles))
        covered = covered_by(hits, shingles, words, size)
        own = words.drop(np.flatnonzero(covered))
        sets = distinct_shingles(shingles.drop(hits))
        return cls(words, covered, own, shingles_of(own, size), sets)


@dataclass(frozen=True, slots=True)
class _Sitting:
    """A family of an album with its base chosen and the others in order; by row."""

    family: Family
    rows: range
    base: int
    reason: str
    others: list[int]


_Shares = Iterator[tuple[bool, list[float], float]]
"""For one pair of base and variant after the other: whether they have the same words, the share
of the words of each in the other, and their resemblance."""


class _Album:
    """The members of some families, one row for each; copies of a wording share their text."""

    def __init__(self, families: Sequence[Family], view: Viewpoint, *, in_order: bool) -> None:
        self.families = families
        self.members: list[Article] = []
        self.numbers: list[int] = []
        self._starts = [0]
        for family in families:
            numbers = family.wordings or range(len(family.articles))
            both = list(zip(family.articles, numbers, strict=True))
            if not in_order:
                both.sort(key=lambda one: one[0].id)
            self.members.extend(article for article, _ in both)
            self.numbers.extend(number for _, number in both)
            self._starts.append(len(self.members))
        crowds = [one for one in pairwise(self._starts) if one[1] - one[0] >= _MANY]
        texts = _Texts(*self._told_apart(), crowds, view)
        self.texts = texts
        self._view = view
        self.words: list[int] = texts.words[texts.of_row].tolist()
        self.own: list[int] = texts.own[texts.of_row].tolist()
        self._digests = texts.digests[texts.of_row]

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

    def sitting(self, number: int, base: str) -> _Sitting:
        """Return a family with its base chosen, or with the given one."""
        rows = range(self._starts[number], self._starts[number + 1])
        members = self.members[rows.start : rows.stop]
        if base:
            place, reason = [member.id for member in members].index(base), "given"
        else:
            lengths = self.words[rows.start : rows.stop]
            keep = self._view.keep
            place, reason = choose_base(members, lengths, lambda: self._contained(rows), keep)
        others = [row for row in rows if row != rows[place]]
        if not base and len(others) > 1:
            others.sort(key=lambda row: _by_date(self.members[row]))
        return _Sitting(self.families[number], rows, rows[place], reason, others)

    def shares(self, left: Rows, right: Rows) -> _Shares:
        """Return what pairs of rows share."""
        same = (self._digests[left] == self._digests[right]).all(axis=1)
        differ = np.flatnonzero(~same)
        shares, resemblance = np.ones((len(left), 2)), np.ones(len(left))
        rule = self._view.rule
        for chosen, wording, lefts, rights in self.texts.pairs(left[differ], right[differ]):
            rows = differ[chosen]
            shares[rows] = word_shares(wording.own, wording.shingles, lefts, rights, rule)
            resemblance[rows] = compare(wording.sets, lefts, rights, rule).resemblance
        resemblance[same & (self.texts.sets[self.texts.of_row[left]] == 0)] = 0.0
        return zip(same.tolist(), shares.tolist(), resemblance.tolist(), strict=True)

    def are_same(self, one: int, other: int) -> bool:
        """Whether two rows have the same words."""
        return bool((self._digests[one] == self._digests[other]).all())

    def digest_of(self, rows: range) -> str:
        """Return the first eight hexadecimal digits of what depends on the texts of rows alone."""
        import hashlib  # noqa: PLC0415 - slow to load, and of no use where nothing repeats

        raw = self._raw_digests[16 * rows.start : 16 * rows.stop]
        digests = sorted(raw[place : place + 16] for place in range(0, len(raw), 16))
        return hashlib.sha256(b"".join(digests)).hexdigest()[:8]

    @cached_property
    def _raw_digests(self) -> bytes:
        return self._digests.astype("<u8").tobytes()

    def _contained(self, rows: range) -> list[float]:
        return self._all_contained[rows.start : rows.stop]

    @cached_property
    def _all_contained(self) -> list[float]:
        """Mean share of each member's shingles in the others of its family, or in some of many."""
        bounds = list(pairwise(self._starts))
        met = [_met(first, last) for first, last in bounds if last - first < _MANY]
        left = np.concatenate([_NO_ROWS, *(own for own, _ in met)])
        right = np.concatenate([_NO_ROWS, *(others for _, others in met)])
        shared = np.empty(len(left), np.int64)
        for chosen, wording, lefts, rights in self.texts.pairs(left, right):
            shared[chosen] = shared_values(wording.sets, lefts, rights)
        sums = np.bincount(left, shared, len(self.members))
        for first, last in bounds:
            if last - first >= _MANY:
                sums[first:last] = self.texts.shared_with_some[first]
        sizes = self.texts.sets[self.texts.of_row]
        mean: list[float] = (sums / np.maximum(sizes, 1)).tolist()
        return mean


_Some = tuple[slice, _Wording, Rows, Rows]
"""Some of many pairs: which, and their texts with the rows of both sides among these."""


class _Texts:
    """Texts as words: all at once while they are few, and a number of them at a time otherwise."""

    def __init__(
        self,
        articles: Sequence[Article],
        of_row: Rows,
        crowds: Sequence[tuple[int, int]],
        view: Viewpoint,
    ) -> None:
        """Read all texts once.

        Args:
            articles: Whose texts these are.
            of_row: Which of the articles each row of the album has, shape (rows,).
            crowds: The first row of each family of many, and that behind its last.
            view: How they are read.
        """
        self.of_row = of_row
        self._articles = articles
        self._view = view
        count = len(articles)
        self.words, self.own, self.sets = (np.zeros(count, np.int64) for _ in range(3))
        self.digests = np.zeros((count, 2), np.uint64)
        self._all: _Wording | None = None
        self._covered: list[tuple[npt.NDArray[np.bool_] | None, Rows]] = []
        meetings = [_Meeting(of_row[first:last], self._sets) for first, last in crowds]
        for first in range(0, count, _AT_ONCE):
            rows = slice(first, min(first + _AT_ONCE, count))
            wording = self._wording(range(rows.start, rows.stop))
            self.words[rows] = wording.words.lengths
            self.own[rows] = wording.own.lengths
            self.sets[rows] = wording.sets.lengths
            self.digests[rows] = digests_of(wording.words)
            self._covered.append((wording.covered, wording.words.offsets))
            for meeting in meetings:
                meeting.take(rows.start, wording.sets)
            self._all = wording if count <= _AT_ONCE else None
        self.shared_with_some: dict[int, Rows] = {
            first: meeting.sums() for (first, _), meeting in zip(crowds, meetings, strict=True)
        }
        """For the first row of each family of many: how many shingles each of its rows shares with
        some of them, those added up."""

    def covered(self, row: int) -> bytes:
        """Return for each word of a row of the album whether boilerplate covers it.

        A byte for each word, 0 or 1; nothing if it covers no word of the text.
        """
        text = int(self.of_row[row])
        covered, offsets = self._covered[text // _AT_ONCE]
        start, end = offsets[text % _AT_ONCE : text % _AT_ONCE + 2]
        return b"" if covered is None else covered[start:end].tobytes()

    def pairs(self, left: Rows, right: Rows) -> Iterator[_Some]:
        """Yield pairs of rows of the album, not so many at once that their texts have no room."""
        lefts, rights = self.of_row[left], self.of_row[right]
        if self._all is not None:
            yield slice(0, len(left)), self._all, lefts, rights
            return
        for first in range(0, len(left), _AT_ONCE):
            chosen = slice(first, first + _AT_ONCE)
            needed = distinct(np.concatenate((lefts[chosen], rights[chosen])))
            wording = self._wording(needed.tolist())
            one, other = (np.searchsorted(needed, side[chosen]) for side in (lefts, rights))
            yield chosen, wording, one, other

    def _sets(self, texts: Rows) -> Ragged:
        """Return the shingles of some texts without boilerplate, ascending."""
        return self._wording(texts.tolist()).sets

    def _wording(self, texts: Sequence[int]) -> _Wording:
        matched = self._view.recipe.matched
        return _Wording.of([matched(self._articles[text]) for text in texts], self._view)


class _Meeting:
    """A family of many, of whom each meets some: how much they have in common is added up."""

    def __init__(self, texts: Rows, sets: Callable[[Rows], Ragged]) -> None:
        """Choose whom all meet.

        Args:
            texts: Which text each row of the family has; none that another family has.
            sets: Returns the shingles of some texts, ascending.
        """
        self._texts = texts
        self._witnesses = np.arange(0, len(texts), len(texts) // _WITNESSES)
        self._some = sets(texts[self._witnesses])
        self._first, self._last = int(texts.min()), int(texts.max()) + 1
        self._shared = np.zeros(self._last - self._first, np.int64)

    def take(self, start: int, sets: Ragged) -> None:
        """Take note of texts from a number on, as far as they are of the family."""
        first, last = max(self._first, start), min(self._last, start + len(sets))
        if first < last:
            chosen = sets.between(first - start, last - start)
            self._shared[first - self._first : last - self._first] = occurrences(chosen, self._some)

    def sums(self) -> Rows:
        """Return how many shingles each row shares with those whom all meet, added up."""
        sums: Rows = self._shared[self._texts - self._first]
        sums[self._witnesses] -= self._some.lengths  # whoever is one of them is no other to itself
        return sums


class _Portrait:
    """One family of an album, as the report shows it."""

    def __init__(self, album: _Album, sitting: _Sitting, view: Viewpoint) -> None:
        self._album = album
        self._sitting = sitting
        self._view = view

    def cluster(self, shares: _Shares, *, diff: bool) -> Cluster:
        base, members = self._sitting.base, self._album.members
        return Cluster(
            id=self._album.digest_of(self._sitting.rows),
            base=members[base].id,
            base_reason=self._sitting.reason,
            members=tuple(self._member(row) for row in (base, *self._sitting.others)),
            variants=self._variants(shares, diff=diff),
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
            words=self._album.words[row],
            url=article.url,
            lang=article.lang,
        )

    def _variants(self, shares: _Shares, *, diff: bool) -> tuple[Variant, ...]:
        base = self._album.members[self._sitting.base]
        alignments: Iterator[Alignment | None] = self._alignments() if diff else repeat(None)
        found = list(zip(self._sitting.others, shares, strict=False))
        vias = self._vias({row for row, (same, _, _) in found if same})
        variants = []
        for alignment, (row, (same, (base_share, own_share), resemblance)) in zip(
            alignments, found, strict=False
        ):
            one = self._album.members[row]
            sizes = self._album.own[self._sitting.base], self._album.own[row]
            relation = (
                "identical" if same else relation_of(base, one, (base_share, own_share), sizes)
            )
            variants.append(
                Variant(
                    id=one.id,
                    relation=relation,
                    base_in_variant=base_share,
                    variant_in_base=own_share,
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
            covered = self._album.texts.covered(row)
            return page, mostly_covered(covered, page.offsets)
        words = words_of(article.paragraphs, recipe.unit)
        known = furnished(words, self._view.furniture, recipe.shingle_words)
        return page, known | recipe.ignored_paragraphs(article)

    def _vias(self, copies: set[int]) -> dict[int, str]:
        """Return for rows that do not match the base the id of the member that links them.

        Links name wordings; the base is meant by any of its copies.
        """
        numbers, sitting = self._album.numbers, self._sitting
        links = _both_ways(sitting.family.links)
        if len(links) < 3:  # noqa: PLR2004 - of two, one is the base
            return {}
        bases = {numbers[row] for row in (sitting.base, *copies)}
        first: dict[int, str] = {}
        for row in sitting.rows:
            first.setdefault(numbers[row], self._album.members[row].id)
        vias: dict[int, str] = {}
        for row in sitting.others:
            near = links.get(numbers[row], {})
            if row not in copies and near and bases.isdisjoint(near):
                vias[row] = min((-strength, first[other]) for other, strength in near.items())[1]
        return vias

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
        wording = _Wording.of(texts, self._view)
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


_NO_ROWS = np.empty(0, np.int64)


def _met(first: int, last: int) -> tuple[Rows, Rows]:
    """Return the pairs of rows in which each meets the others."""
    own, others = _met_of(last - first)
    return first + own, first + others


@lru_cache(maxsize=64)
def _met_of(count: int) -> tuple[Rows, Rows]:
    own, others = np.repeat(np.arange(count), count), np.tile(np.arange(count), count)
    apart = own != others
    return own[apart], others[apart]


def _both_ways(links: Sequence[tuple[int, int, float]]) -> Links:
    found: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for one, other, strength in links:
        found[one][other] = found[other][one] = strength
    return found


def _by_date(article: Article) -> tuple[bool, str, str]:
    moment = moment_of(article.date)
    return (moment is None, moment.start.isoformat() if moment else "", article.id)
