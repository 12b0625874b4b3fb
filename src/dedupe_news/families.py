"""From clusters of wordings to families of articles: numbers become texts again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from dedupe_news.core.clusters import Clustering
from dedupe_news.core.describe import Family
from dedupe_news.core.verify import Comparisons
from dedupe_news.corpus import Corpus

__all__ = ["copies_alone", "families_of", "in_portions"]

_PORTION = 64  # articles that one task describes, unless one family has more

Links = Mapping[int, Mapping[int, float]]


def families_of(
    clustering: Clustering,
    pairs: Comparisons,
    corpus: Corpus,
    focus: Collection[str] | None = None,
) -> Iterator[Family]:
    """Yield the articles of each cluster: copies of a wording, and wordings that match.

    Args:
        clustering: Which wordings belong together.
        pairs: All compared pairs of wordings.
        corpus: Holds the articles.
        focus: Ids of articles; clusters without any of them are left out. None for all.
    """
    links: defaultdict[int, dict[int, float]] = defaultdict(dict)
    for left, right, strength in pairs.take(pairs.matches).strengths():
        links[left][right] = links[right][left] = strength
    outside: defaultdict[int, list[int]] = defaultdict(list)
    for member, outsider in clustering.overlaps:
        outside[member].append(outsider)
    for members in (*clustering.clusters, *copies_alone(clustering, corpus)):
        if focus is None or _touches(members, focus, corpus):
            yield _family(members, links, outside, corpus)


def in_portions(families: Iterable[Family]) -> Iterator[list[Family]]:
    """Yield families in lists of about as many articles."""
    portion: list[Family] = []
    for family in families:
        portion.append(family)
        if sum(len(member.articles) for member in portion) >= _PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def copies_alone(clustering: Clustering, corpus: Corpus) -> list[tuple[int]]:
    """Return the wordings that match no other, but that several articles have."""
    clustered = {rank for members in clustering.clusters for rank in members}
    return [
        (rank,)
        for rank in range(len(corpus.copies))
        if rank not in clustered and corpus.has_copies(rank)
    ]


def _touches(members: Sequence[int], focus: Collection[str], corpus: Corpus) -> bool:
    return any(corpus.ids[number] in focus for rank in members for number in corpus.copies[rank])


def _family(
    members: Sequence[int], links: Links, outside: Mapping[int, Sequence[int]], corpus: Corpus
) -> Family:
    first = {rank: corpus.ids[corpus.copies[rank][0]] for rank in members}
    nearest: dict[int, int] = {}  # to each outsider, the member that it matches most strongly
    for rank in members:
        for outsider in outside.get(rank, ()):
            best = nearest.setdefault(outsider, rank)
            if links[rank][outsider] > links[best][outsider]:
                nearest[outsider] = rank
    return Family(
        tuple(corpus.article(number) for rank in members for number in corpus.copies[rank]),
        {
            corpus.ids[number]: {
                first[other]: strength
                for other, strength in links.get(rank, {}).items()
                if other in first
            }
            for rank in members
            for number in corpus.copies[rank]
        },
        tuple(
            (corpus.article(corpus.copies[outsider][0]), first[rank])
            for outsider, rank in sorted(nearest.items())
        ),
    )
