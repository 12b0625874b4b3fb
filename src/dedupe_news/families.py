"""From clusters of wordings to families of articles: numbers become texts again.

Texts are read by whoever describes them. Until then families are flat arrays, in the order in
which they are described, of which each portion has a piece: what is made of them is made in the
process that needs it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, pairwise, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.clusters import Clustering
from dedupe_news.core.crowds import MANY, NO_LINKS, Links
from dedupe_news.core.facts import PairFacts, TextFacts, Told
from dedupe_news.core.insight import Insight
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.verify import Comparisons
from dedupe_news.corpus import Corpus, under_id
from dedupe_news.model import Article

if TYPE_CHECKING:
    from dedupe_news.core.describe import Family

__all__ = ["Portion", "copies_alone", "portions_of"]

_FEW = 8  # wordings of a family of which all may be known
_PORTION = 512  # articles that one task describes, unless one family has more

Rows = npt.NDArray[np.int64]


class _ByFamily(NamedTuple):
    """Columns of which each row belongs to a family, sorted by family.

    Attributes:
        homes: The number of the family of each row, shape (rows,), int64, ascending.
        columns: Any columns, each of shape (rows, ...).
    """

    homes: Rows
    columns: tuple[npt.NDArray[Any], ...]

    @classmethod
    def sorted(cls, homes: Rows, *columns: npt.NDArray[Any]) -> "_ByFamily":
        """Return the rows that belong to a family; those of one stay in their order.

        Args:
            homes: The family of each row, -1 for none.
            *columns: What there is of each row.
        """
        rows = np.flatnonzero(homes >= 0)
        rows = rows[np.argsort(homes[rows], kind="stable")]
        return cls(homes[rows], tuple(column[rows] for column in columns))

    def between(self, first: int, last: int) -> "_ByFamily":
        """Return the rows of families `first` to `last`, exclusive, which are counted from 0."""
        start, end = np.searchsorted(self.homes, (first, last)).tolist()
        columns = tuple(column[start:end] for column in self.columns)
        return _ByFamily(self.homes[start:end] - first, columns)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the family of each row and what there is of it, as Python has it."""
        columns = (column.tolist() for column in self.columns)
        return zip(self.homes.tolist(), *columns, strict=True)


class Portion(NamedTuple):
    """Families that one task describes, in whichever process.

    Attributes:
        members: Ranks of the wordings of each, one row of int64 each.
        copies: How many articles each of these wordings has, shape (wordings,), int64.
        links: Of families of more than two wordings, pairs that match and how strongly.
        doubts: Pairs that may match, and how strongly.
        outsiders: For families that articles match from outside, ids of the members that these
            match most strongly, one for each outsider.
        texts: What was found out about the texts of small families: rank, words, own words,
            shingles, digest.
        pairs: The same about pairs: both ranks, shared shingles, resemblance, both shares.
        read: Reads the members of all families, one after the other, and then all outsiders.
        ids: The ids of the same articles in this run.
    """

    members: Ragged
    copies: Rows
    links: _ByFamily
    doubts: _ByFamily
    outsiders: Mapping[int, Sequence[str]]
    texts: _ByFamily
    pairs: _ByFamily
    read: Callable[[], Sequence[Article]]
    ids: Sequence[str]

    def families(self) -> "list[Family]":
        """Return the families with their articles."""
        from dedupe_news.core.describe import Family  # noqa: PLC0415 - not where nothing is found

        articles = list(map(under_id, self.read(), self.ids))
        members = iter(articles)
        others = iter(articles[self.copies.sum() :])
        ranks, copies = self.members.values.tolist(), self.copies.tolist()
        links, doubts, told = self._linked(self.links), self._linked(self.doubts), self._told()
        families = []
        for number, (start, end) in enumerate(pairwise(self.members.offsets.tolist())):
            own = map(repeat, ranks[start:end], copies[start:end])
            wordings = tuple(chain.from_iterable(own))
            families.append(
                Family(
                    tuple(islice(members, len(wordings))),
                    wordings,
                    links[number],
                    tuple((next(others), member) for member in self.outsiders.get(number, ())),
                    told.get(number) if _can_be_told(end - start, len(wordings)) else None,
                    doubts[number],
                )
            )
        return families

    def _linked(self, pairs: _ByFamily) -> list[Links]:
        """Return the pairs of each family."""
        bounds = np.searchsorted(pairs.homes, np.arange(len(self.members) + 1)).tolist()
        left, right, strength = pairs.columns
        return [
            Links(left[some], right[some], strength[some]) if some.start < some.stop else NO_LINKS
            for some in map(slice, bounds, bounds[1:])
        ]

    def _told(self) -> Mapping[int, Told]:
        """Return what is known of the families of which all is known."""
        texts: defaultdict[int, dict[int, TextFacts]] = defaultdict(dict)
        for family, rank, words, own, shingles, (one, other) in self.texts.rows():
            texts[family][rank] = TextFacts(words, own, shingles, (one, other))
        pairs: defaultdict[int, dict[tuple[int, int], PairFacts]] = defaultdict(dict)
        for family, left, right, shared, resemblance, (one, other) in self.pairs.rows():
            pairs[family][left, right] = PairFacts(shared, resemblance, (one, other))
        return {
            family: Told(texts[family], known)
            for family, known in pairs.items()
            if all(ends in known for ends in combinations(self.members[family].tolist(), 2))
        }


def _can_be_told(wordings: int, articles: int) -> bool:
    """Return whether a family is so small that all may be known of its texts."""
    return 1 < wordings <= _FEW and articles < MANY


def portions_of(
    clustering: Clustering,
    pairs: Comparisons,
    corpus: Corpus,
    focus: Collection[str] | None = None,
    insight: Insight | None = None,
    doubts: Comparisons | None = None,
) -> Iterator[Portion]:
    """Yield all families, copies of a wording and what matches, about as many articles at a time.

    Large families come first: they are described while the small ones are looked up.

    Args:
        clustering: Which wordings belong together.
        pairs: All compared pairs of wordings.
        corpus: Holds the articles.
        focus: Ids of articles; clusters without any of them are left out. None for all.
        insight: What was found out about pairs besides.
        doubts: Further pairs that may match.
    """
    groups: list[tuple[int, ...]] = [*clustering.clusters, *copies_alone(clustering, corpus)]
    if focus is not None:
        groups = [members for members in groups if _touches(members, focus, corpus)]
    if groups:
        members = Ragged.of_lists(groups)
        members = members.take(np.argsort(-_articles(members, corpus), kind="stable"))
        matches = pairs.take(pairs.matches)
        told, open_ = insight or Insight.concatenate([]), doubts or Comparisons.concatenate([])
        kindred = _Kindred(members, clustering, matches, corpus, told, open_)
        yield from kindred.portions()


def copies_alone(clustering: Clustering, corpus: Corpus) -> list[tuple[int]]:
    """Return the wordings that match no other, but that several articles have."""
    clustered = {rank for members in clustering.clusters for rank in members}
    several = np.flatnonzero(corpus.copies.lengths > 1).tolist()
    return [(rank,) for rank in several if rank not in clustered and corpus.has_copies(rank)]


def _touches(members: Sequence[int], focus: Collection[str], corpus: Corpus) -> bool:
    return any(corpus.ids[number] in focus for rank in members for number in corpus.copies[rank])


def _articles(members: Ragged, corpus: Corpus) -> Rows:
    """Return how many articles each family has, shape (families,), int64."""
    copies: Rows = corpus.copies.lengths[members.values]
    return np.add.reduceat(copies, members.starts)


class _Kindred:
    """All families in their order, as numbers."""

    def __init__(
        self,
        members: Ragged,
        clustering: Clustering,
        matches: Comparisons,
        corpus: Corpus,
        insight: Insight,
        doubts: Comparisons,
    ) -> None:
        self._members = members
        self._corpus = corpus
        self._numbers = corpus.copies.take(members.values)
        self._home = np.full(len(corpus.copies), -1, np.int64)
        self._home[members.values] = members.rows
        self._links, self._doubts = self._sorted_links(matches), self._sorted_links(doubts)
        self._texts = self._sorted_texts(insight)
        shared = insight.shared, insight.resemblance, insight.shares
        self._pairs = self._sorted_pairs(insight.left, insight.right, *shared)
        self._outsiders = self._nearest(clustering, matches)

    def portions(self) -> Iterator[Portion]:
        """Yield families in lists of about as many articles."""
        ends = np.cumsum(_articles(self._members, self._corpus))
        first = 0
        while first < len(ends):
            before = int(ends[first - 1]) if first else 0
            last = min(int(np.searchsorted(ends, before + _PORTION)) + 1, len(ends))
            yield self._portion(first, last)
            first = last

    def _portion(self, first: int, last: int) -> Portion:
        corpus = self._corpus
        start, end = self._members.offsets[first], self._members.offsets[last]
        held = self._numbers.between(int(start), int(end))
        outsiders = [
            (family - first, self._outsiders[family])
            for family in range(first, last)
            if family in self._outsiders
        ]
        numbers: list[int] = held.values.tolist()
        numbers.extend(number for _, some in outsiders for number, _ in some)
        return Portion(
            self._members.between(first, last),
            held.lengths,
            self._links.between(first, last),
            self._doubts.between(first, last),
            {family: [member for _, member in some] for family, some in outsiders},
            self._texts.between(first, last),
            self._pairs.between(first, last),
            corpus.shelf.later(numbers),
            [corpus.ids[number] for number in numbers],
        )

    def _sorted_links(self, pairs: Comparisons) -> _ByFamily:
        # of two, one is the base, and the other matches it
        crowded = self._members.lengths[self._home[pairs.left]] > 2  # noqa: PLR2004
        inside = pairs.take(crowded)
        return self._sorted_pairs(inside.left, inside.right, inside.strength)

    def _sorted_pairs(self, left: Rows, right: Rows, *columns: npt.NDArray[Any]) -> _ByFamily:
        homes = self._home[left]
        homes = np.where(homes == self._home[right], homes, -1)
        return _ByFamily.sorted(homes, left, right, *columns)

    def _sorted_texts(self, insight: Insight) -> _ByFamily:
        columns, texts = self._corpus.columns, insight.texts
        known = columns.words[texts], insight.own, insight.shingles, columns.digests[texts]
        return _ByFamily.sorted(self._home[texts], texts, *known)

    def _nearest(
        self, clustering: Clustering, matches: Comparisons
    ) -> Mapping[int, Sequence[tuple[int, str]]]:
        """Return the articles that match families from outside.

        Each by its number, with the id of the member that it matches most strongly, the first if
        there are several.
        """
        if not clustering.overlaps:
            return {}
        strengths = {(left, right): strength for left, right, strength in matches.strengths()}
        nearest: defaultdict[int, dict[int, tuple[float, int]]] = defaultdict(dict)
        for member, outsider in clustering.overlaps:
            family = int(self._home[member])  # -1 where it is out of focus, and nobody asks
            strength = strengths[min(member, outsider), max(member, outsider)]
            if strength > nearest[family].get(outsider, (-1.0, 0))[0]:
                nearest[family][outsider] = strength, member
        return {
            family: [
                (self._first(rank), self._name(best)) for rank, (_, best) in sorted(found.items())
            ]
            for family, found in nearest.items()
        }

    def _first(self, rank: int) -> int:
        return int(self._corpus.copies[rank][0])

    def _name(self, rank: int) -> str:
        return self._corpus.ids[self._first(rank)]
