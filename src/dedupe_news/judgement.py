"""What of the findings is new: which of them nobody has accepted."""

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from dedupe_news.baseline import Accepted, Baseline
from dedupe_news.core.components import component_labels
from dedupe_news.gate import Examined
from dedupe_news.model import Cluster, Member, Report, Variant

__all__ = ["Finding", "Judgement", "judge"]


class Finding(NamedTuple):
    """An article that nearly repeats another, which nobody has accepted.

    Attributes:
        cluster: The cluster that holds both.
        base: The article that is repeated.
        variant: The one that repeats it.
        pair: What to put into the baseline to accept it.
        changed: Whether it was accepted once, and one of the two was edited since.
    """

    cluster: Cluster
    base: Member
    variant: Variant
    pair: Accepted
    changed: bool


class Judgement(NamedTuple):
    """What of an examination is new.

    Attributes:
        report: Its clusters hold what nobody has accepted, and their bases.
        findings: The same, one for each pair.
        accepted: How many pairs were accepted earlier.
    """

    report: Report
    findings: tuple[Finding, ...]
    accepted: int


def judge(examined: Examined, baseline: Baseline) -> Judgement:
    """Return what of an examination nobody has accepted.

    A variant is accepted when accepted pairs lead from it to its base, and there are no more
    articles of its wording than were accepted.

    Args:
        examined: What was found.
        baseline: What was accepted.
    """
    clusters: list[Cluster] = []
    findings: list[Finding] = []
    accepted = 0
    judging = _Judging(examined, baseline)
    for cluster in examined.report.clusters:
        new, old = judging.parted(cluster)
        accepted += len(old)
        if new:
            clusters.append(_only(cluster, {finding.variant.id for finding in new}))
            findings += new
    report = examined.report
    members = sum(len(cluster.members) for cluster in clusters)
    total = report.summary.articles
    summary = replace(
        report.summary, clusters=len(clusters), clustered=members, unique=total - members
    )
    new_report = replace(report, clusters=tuple(clusters), summary=summary)
    return Judgement(new_report, tuple(findings), accepted)


class _Judging:
    """Holds a cluster against the baseline."""

    def __init__(self, examined: Examined, baseline: Baseline) -> None:
        self._digests = examined.digests
        self._focus = examined.focus
        self._named = {id_ for pair in baseline.pairs for id_ in pair.ids}
        self._partners = baseline.partners()
        self._capacities = baseline.capacities()
        self._by_ids = baseline.of_ids()

    def parted(self, cluster: Cluster) -> tuple[list[Finding], list[Variant]]:
        """Return the new findings of a cluster, and the variants that were accepted."""
        base = cluster.members[0]
        kept = self._kept(cluster)
        stories = self._stories(cluster)
        new, old = [], []
        for variant in cluster.variants:
            if self._focus is not None and not self._focus & {base.id, variant.id}:
                continue
            same = stories[self._digests[variant.id]] == stories[self._digests[base.id]]
            if same and variant.id in kept and self._base_is_kept(base, variant, kept):
                old.append(variant)
            else:
                new.append(self._finding(cluster, base, variant))
        return new, old

    def _base_is_kept(self, base: Member, variant: Variant, kept: Collection[str]) -> bool:
        """Whether the base is no further copy that this variant has to answer for."""
        return base.id in kept or self._digests[variant.id] != self._digests[base.id]

    def _kept(self, cluster: Cluster) -> set[str]:
        """Return the members that are no further copies of what was accepted."""
        kept: set[str] = set()
        left = dict(self._capacities)
        ids = [member.id for member in cluster.members]
        for id_ in sorted(ids, key=lambda id_: (id_ not in self._named, id_ != cluster.base, id_)):
            digest = self._digests[id_]
            if left.get(digest, 0) > 0:
                left[digest] -= 1
                kept.add(id_)
        return kept

    def _stories(self, cluster: Cluster) -> dict[str, int]:
        """Return a label for each digest of a cluster; accepted pairs lead to equal ones."""
        digests = sorted({self._digests[member.id] for member in cluster.members})
        place = {digest: number for number, digest in enumerate(digests)}
        pairs = [
            (place[one], place[other])
            for one in digests
            for other in self._partners.get(one, ())
            if other in place
        ]
        ends = np.array(pairs, np.int64).reshape(-1, 2)
        labels = component_labels(ends[:, 0], ends[:, 1], len(digests))
        return dict(zip(digests, labels.tolist(), strict=True))

    def _finding(self, cluster: Cluster, base: Member, variant: Variant) -> Finding:
        one, other = (base.id, variant.id)
        pair = Accepted.of((self._digests[one], one), (self._digests[other], other), "")
        earlier = self._by_ids.get(pair.ids)
        changed = earlier is not None and earlier.digests != pair.digests
        return Finding(cluster, base, variant, pair, changed)


def _only(cluster: Cluster, ids: Collection[str]) -> Cluster:
    """Return a cluster with its base and the variants of these ids alone."""
    return replace(
        cluster,
        members=tuple(one for one in cluster.members if one.id in ids or one.id == cluster.base),
        variants=tuple(variant for variant in cluster.variants if variant.id in ids),
    )
