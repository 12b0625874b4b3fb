"""From clusters of wordings to families of articles: numbers become texts again.

Texts are read by whoever describes them: until then a family is the numbers of its articles.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, islice, pairwise, repeat
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.clusters import Clustering
from dedupe_news.core.facts import MANY, Insight, PairFacts, TextFacts, Told
from dedupe_news.core.verify import Comparisons
from dedupe_news.corpus import Corpus, under_id
from dedupe_news.model import Article

if TYPE_CHECKING:
    from dedupe_news.core.describe import Family

__all__ = ["Kin", "Portion", "copies_alone", "families_of", "in_portions"]

_FEW = 8  # wordings of a family of which all may be known
_PORTION = 512  # articles that one task describes, unless one family has more

Links = tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class Kin:
    """A family before its articles are read.

    Attributes:
        numbers: The members, by their numbers in the corpus.
        wordings: The rank of the wording of each.
        links: Pairs of wordings that match, and how strongly.
        outsiders: Numbers of articles that match a member without belonging to the cluster,
            each with the id of the member that it matches most strongly.
        told: What is known of the texts already.
    """

    numbers: tuple[int, ...]
    wordings: tuple[int, ...]
    links: Links
    outsiders: tuple[tuple[int, str], ...]
    told: Told | None = None


class Portion(NamedTuple):
    """Families that one task describes, in whichever process.

    Attributes:
        kin: The families.
        read: Reads the members of the first, its outsiders, the members of the second, ….
        ids: The ids of the same articles in this run.
    """

    kin: Sequence[Kin]
    read: Callable[[], Sequence[Article]]
    ids: Sequence[str]

    def families(self) -> "list[Family]":
        """Return the families with their articles."""
        from dedupe_news.core.describe import Family  # noqa: PLC0415 - not where nothing is found

        articles = map(under_id, self.read(), self.ids)
        return [
            Family(
                tuple(islice(articles, len(one.numbers))),
                one.wordings,
                one.links,
                tuple((next(articles), member) for _, member in one.outsiders),
                one.told,
            )
            for one in self.kin
        ]


def families_of(
    clustering: Clustering,
    pairs: Comparisons,
    corpus: Corpus,
    focus: Collection[str] | None = None,
    insight: Insight | None = None,
) -> Iterator[Kin]:
    """Yield the articles of each cluster, large ones first: copies of a wording, and what matches.

    Args:
        clustering: Which wordings belong together.
        pairs: All compared pairs of wordings.
        corpus: Holds the articles.
        focus: Ids of articles; clusters without any of them are left out. None for all.
        insight: What was found out about pairs besides.
    """
    teller = _Teller(insight or Insight.concatenate([]), corpus)
    numbers = corpus.copies.values.tolist()
    copies = [numbers[start:end] for start, end in pairwise(corpus.copies.offsets.tolist())]
    matches = pairs.take(pairs.matches)
    links = _links(clustering, matches, len(corpus.copies))
    outsiders = _outsiders(clustering, matches)
    groups = [*clustering.clusters, *copies_alone(clustering, corpus)]
    for number in np.argsort(-_sizes(groups, corpus), kind="stable").tolist():
        members = groups[number]
        if focus is None or _touches(members, focus, corpus):
            yield _family(members, links.get(number, ()), outsiders, corpus, copies, teller)


def in_portions(families: Iterable[Kin], corpus: Corpus) -> Iterator[Portion]:
    """Yield families in lists of about as many articles."""
    kin: list[Kin] = []
    size = 0
    for family in families:
        kin.append(family)
        size += len(family.numbers)
        if size >= _PORTION:
            yield _portion(kin, corpus)
            kin, size = [], 0
    if kin:
        yield _portion(kin, corpus)


def _portion(kin: Sequence[Kin], corpus: Corpus) -> Portion:
    numbers: list[int] = []
    for one in kin:
        numbers.extend(one.numbers)
        numbers.extend(number for number, _ in one.outsiders)
    return Portion(kin, corpus.shelf.later(numbers), [corpus.ids[number] for number in numbers])


def copies_alone(clustering: Clustering, corpus: Corpus) -> list[tuple[int]]:
    """Return the wordings that match no other, but that several articles have."""
    clustered = {rank for members in clustering.clusters for rank in members}
    several = np.flatnonzero(corpus.copies.lengths > 1).tolist()
    return [(rank,) for rank in several if rank not in clustered and corpus.has_copies(rank)]


def _sizes(groups: Sequence[Sequence[int]], corpus: Corpus) -> npt.NDArray[np.int64]:
    """Return how many articles each group of wordings has."""
    copies = corpus.copies.lengths
    ranks = np.fromiter(chain.from_iterable(groups), np.int64)
    owners = np.repeat(np.arange(len(groups)), [len(members) for members in groups])
    return np.bincount(owners, copies[ranks], len(groups)).astype(np.int64)


def _touches(members: Sequence[int], focus: Collection[str], corpus: Corpus) -> bool:
    return any(corpus.ids[number] in focus for rank in members for number in corpus.copies[rank])


def _links(clustering: Clustering, matches: Comparisons, count: int) -> Mapping[int, Links]:
    """Return the matches inside each cluster of more than two, by the cluster's number."""
    home = np.full(count, -1, np.int64)
    for number, members in enumerate(clustering.clusters):
        if len(members) > 2:  # noqa: PLR2004 - of two, one is the base, and the other matches it
            home[list(members)] = number
    homes = home[matches.left]
    inside = matches.take((homes >= 0) & (homes == home[matches.right]))
    inside = inside.take(np.argsort(home[inside.left], kind="stable"))
    numbers, links = home[inside.left], tuple(inside.strengths())
    bounds = [*np.flatnonzero(np.diff(numbers, prepend=-1)).tolist(), len(links)]
    return {int(numbers[start]): links[start:end] for start, end in pairwise(bounds)}


def _outsiders(clustering: Clustering, matches: Comparisons) -> Mapping[int, Mapping[int, float]]:
    """Return for members who matches them from outside of the cluster, and how strongly."""
    if not clustering.overlaps:
        return {}
    strengths = {(left, right): strength for left, right, strength in matches.strengths()}
    outside: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for member, outsider in clustering.overlaps:
        pair = min(member, outsider), max(member, outsider)
        outside[member][outsider] = strengths[pair]
    return outside


def _family(
    members: Sequence[int],
    links: Links,
    outside: Mapping[int, Mapping[int, float]],
    corpus: Corpus,
    copies: Sequence[Sequence[int]],
    teller: "_Teller",
) -> Kin:
    nearest: dict[int, int] = {}  # to each outsider, the member that it matches most strongly
    for rank in members:
        for outsider, strength in outside.get(rank, {}).items():
            best = nearest.setdefault(outsider, rank)
            if strength > outside[best][outsider]:
                nearest[outsider] = rank
    held = [copies[rank] for rank in members]
    numbers = tuple(chain.from_iterable(held))
    return Kin(
        numbers,
        tuple(chain.from_iterable(map(repeat, members, map(len, held)))),
        links,
        tuple(
            (copies[outsider][0], corpus.ids[copies[rank][0]])
            for outsider, rank in sorted(nearest.items())
        ),
        teller.told(members) if len(numbers) < MANY else None,
    )


class _Teller:
    """Tells of families of few wordings what was found out about every two of these."""

    def __init__(self, insight: Insight, corpus: Corpus) -> None:
        columns = corpus.columns
        self._texts = {
            rank: TextFacts(words, own, shingles, (one, other))
            for rank, words, own, shingles, (one, other) in zip(
                insight.texts.tolist(),
                columns.words[insight.texts].tolist(),
                insight.own.tolist(),
                insight.shingles.tolist(),
                columns.digests[insight.texts].tolist(),
                strict=True,
            )
        }
        ends = zip(insight.left.tolist(), insight.right.tolist(), strict=True)
        found = insight.shared.tolist(), insight.resemblance.tolist(), insight.shares.tolist()
        self._pairs = dict(zip(ends, map(PairFacts, *found), strict=True))

    def told(self, members: Sequence[int]) -> Told | None:
        """Return what is known of some wordings, if that is all."""
        if not 1 < len(members) <= _FEW:
            return None
        ends = list(combinations(members, 2))
        if not all(map(self._pairs.__contains__, ends)):
            return None
        pairs = {pair: self._pairs[pair] for pair in ends}
        return Told({rank: self._texts[rank] for rank in members}, pairs)
