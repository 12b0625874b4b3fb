"""Several reports as one, as far as that can be said without the articles."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce

from dedupe_news.model import Boilerplate, Cluster, Report, Skipped, Summary

__all__ = ["merge"]


def merge(reports: Sequence[Report]) -> Report:
    """Return one report with the clusters of all.

    Clusters of the same texts and the same base are one, with the members of both. Others stay
    apart even if they share members: whether these would match, only a scan of all articles
    together can tell. Counts are added up. A member of a cluster that two runs have found counts
    once; an article that stands alone in both counts twice, for reports do not name it.

    Args:
        reports: At least one; one alone is returned as it is.
    """
    return reduce(_pair, reports)


def _pair(left: Report, right: Report) -> Report:
    clusters = _clusters(left.clusters, right.clusters)
    skipped = _skipped((*left.skipped, *right.skipped))
    return Report(
        _settings(left, right),
        _summary(left, right, clusters, skipped),
        tuple(sorted(clusters, key=lambda cluster: (-len(cluster.members), cluster.base))),
        tuple(sorted(skipped, key=lambda skip: skip.id)),
        tuple(_boilerplate((*left.boilerplate, *right.boilerplate))),
    )


def _settings(left: Report, right: Report) -> dict[str, str | int | float | bool]:
    """Return the settings; where two runs differ, both values."""
    merged = dict(left.settings)
    for name, value in right.settings.items():
        own = merged.get(name, value)
        merged[name] = value if own == value else f"{own} | {value}"
    return merged


def _summary(
    left: Report, right: Report, clusters: Sequence[Cluster], skipped: Sequence[Skipped]
) -> Summary:
    """Return the counts added up, without what is known to be there twice."""
    own, other = left.summary, right.summary
    both = (*left.clusters, *right.clusters)
    twice = _members(both) - _members(clusters)
    reasons = sorted({*own.left_out, *other.left_out})
    return Summary(
        own.articles + other.articles - twice,
        own.clusters + other.clusters - (len(both) - len(clusters)),
        own.clustered + other.clustered - twice,
        own.unique + other.unique,
        own.skipped + other.skipped - (len(left.skipped) + len(right.skipped) - len(skipped)),
        {name: own.left_out.get(name, 0) + other.left_out.get(name, 0) for name in reasons},
    )


def _members(clusters: Iterable[Cluster]) -> int:
    return sum(len(cluster.members) for cluster in clusters)


def _clusters(left: Iterable[Cluster], right: Iterable[Cluster]) -> list[Cluster]:
    merged = {(cluster.id, cluster.base): cluster for cluster in left}
    ids = {cluster.id for cluster in merged.values()}
    for cluster in right:
        key = (cluster.id, cluster.base)
        if key in merged:
            merged[key] = _united(merged[key], cluster)
        else:
            own = replace(cluster, id=_free(cluster.id, ids))
            ids.add(own.id)
            merged[key] = own
    return list(merged.values())


def _united(left: Cluster, right: Cluster) -> Cluster:
    known = {member.id for member in left.members}
    new = [number for number, each in enumerate(right.variants) if each.id not in known]
    outside = {overlap.id: overlap for overlap in (*left.overlaps, *right.overlaps)}
    return replace(
        left,
        members=(*left.members, *(right.members[number + 1] for number in new)),
        variants=(*left.variants, *(right.variants[number] for number in new)),
        overlaps=tuple(outside[name] for name in sorted(outside)),
        base_texts=left.base_texts or right.base_texts,
    )


def _free(name: str, taken: set[str]) -> str:
    """Return an id that no other cluster has: links must lead to one place."""
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}.{number}"
    return free


def _skipped(skips: Iterable[Skipped]) -> list[Skipped]:
    return list(dict.fromkeys(skips))


def _boilerplate(passages: Iterable[Boilerplate]) -> list[Boilerplate]:
    merged: dict[str, Boilerplate] = {}
    for passage in passages:
        own = merged.get(passage.text)
        articles = passage.articles + (own.articles if own else 0)
        merged[passage.text] = replace(passage, articles=articles)
    return sorted(merged.values(), key=lambda passage: (-passage.articles, passage.text))
