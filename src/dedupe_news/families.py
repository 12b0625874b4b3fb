"""From clusters of wordings to families of articles: numbers become texts again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dedupe_news.core.clusters import Clustering
from dedupe_news.core.verify import Comparisons
from dedupe_news.corpus import Corpus

if TYPE_CHECKING:
    from dedupe_news.core.describe import Family

__all__ = ["copies_alone", "families_of", "in_portions"]

_PORTION = 512  # articles that one task describes, unless one family has more

Links = tuple[tuple[int, int, float], ...]


def families_of(
    clustering: Clustering,
    pairs: Comparisons,
    corpus: Corpus,
    focus: Collection[str] | None = None,
) -> "Iterator[Family]":
    """Yield the articles of each cluster, large ones first: copies of a wording, and what matches.

    Args:
        clustering: Which wordings belong together.
        pairs: All compared pairs of wordings.
        corpus: Holds the articles.
        focus: Ids of articles; clusters without any of them are left out. None for all.
    """
    matches = pairs.take(pairs.matches)
    links = _links(clustering, matches, len(corpus.copies))
    outsiders = _outsiders(clustering, matches)
    groups = [*clustering.clusters, *copies_alone(clustering, corpus)]
    for number in np.argsort(-_sizes(groups, corpus), kind="stable").tolist():
        members = groups[number]
        if focus is None or _touches(members, focus, corpus):
            yield _family(members, links.get(number, ()), outsiders, corpus)


def in_portions(families: "Iterable[Family]") -> "Iterator[list[Family]]":
    """Yield families in lists of about as many articles."""
    portion: list[Family] = []
    size = 0
    for family in families:
        portion.append(family)
        size += len(family.articles)
        if size >= _PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


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
    links: defaultdict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for number, link in zip(home[inside.left].tolist(), inside.strengths(), strict=True):
        links[number].append(link)
    return {number: tuple(found) for number, found in links.items()}


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
) -> "Family":
    nearest: dict[int, int] = {}  # to each outsider, the member that it matches most strongly
    for rank in members:
        for outsider, strength in outside.get(rank, {}).items():
            best = nearest.setdefault(outsider, rank)
            if strength > outside[best][outsider]:
                nearest[outsider] = rank
    numbers = [(rank, number) for rank in members for number in corpus.copies[rank].tolist()]
    from dedupe_news.core.describe import Family  # noqa: PLC0415 - not where nothing is found

    return Family(
        tuple(corpus.article(number) for _, number in numbers),
        tuple(rank for rank, _ in numbers),
        links,
        tuple(
            (corpus.article(corpus.copies[outsider][0]), corpus.ids[corpus.copies[rank][0]])
            for outsider, rank in sorted(nearest.items())
        ),
    )
