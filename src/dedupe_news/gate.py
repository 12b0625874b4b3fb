"""The gate: which articles nearly repeat others, and which of these nobody has accepted.

Some articles are in focus, and the whole corpus is the other side. So a check that is cut
into several calls may tell a finding twice, but never loses one.
"""

import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from dedupe_news.baseline import Accepted, Baseline
from dedupe_news.core.columns import columns_of
from dedupe_news.core.components import component_labels
from dedupe_news.core.hashing import UInt64s
from dedupe_news.corpus import Corpus, gather, load_batch
from dedupe_news.engines.scratch import Shelf
from dedupe_news.errors import IndexLockedError, IndexUnusableError
from dedupe_news.index.listing import Listing, changed_since
from dedupe_news.model import Article, Cluster, Member, Report, Variant
from dedupe_news.pipeline import Findings, find, recipe_of, report_on, scope_of
from dedupe_news.quick import quick_look
from dedupe_news.recall import digest_bytes
from dedupe_news.sources.reading import batch_files, batches
from dedupe_news.upkeep import Upkeep, changes_of, opened, upkept

__all__ = ["Examined", "Finding", "Focus", "Judgement", "examine", "focus_since", "judge"]


@dataclass(frozen=True, slots=True)
class Focus:
    """Which articles a check is about.

    Attributes:
        files: Paths of the files that hold them, as shown; None for all of the corpus.
        known: Digests of articles that are no news, in hexadecimal digits.
    """

    files: frozenset[str] | None = None
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found about the articles in focus.

    Attributes:
        report: Its clusters are those that touch the focus.
        digests: Digest of each member of these clusters, by id.
        focus: Ids of the articles in focus; None for all of the corpus.
        present: Digests of all articles of the corpus.
        notice: What the user should know of how it was found; mostly empty.
    """

    report: Report
    digests: Mapping[str, str]
    focus: frozenset[str] | None
    present: frozenset[str]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
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


@dataclass(frozen=True, slots=True)
class Judgement:
    """What of an examination is new.

    Attributes:
        report: Its clusters hold what nobody has accepted, and their bases.
        findings: The same, one for each pair.
        accepted: How many pairs were accepted earlier.
    """

    report: Report
    findings: tuple[Finding, ...]
    accepted: int


def examine(listing: Listing, focus: Focus, keeping: Upkeep, index: Path | None = None) -> Examined:
    """Return the clusters that articles in focus form with the whole corpus.

    With an index that is there, it is brought up to date and used; the result is the same.

    Args:
        listing: The corpus.
        focus: Which articles it is about.
        keeping: How to read and compare.
        index: Where the index is, if there may be one.

    Raises:
        IndexUnusableError: If the index was made with other settings.
    """
    notice = ""
    if index is not None and index.exists():
        try:
            return _glanced(listing, focus, keeping, index) or _kept(listing, focus, keeping, index)
        except (IndexLockedError, PermissionError) as error:
            notice = f"the index is not used: {error}"
    recipe, scope = recipe_of(keeping.settings), scope_of(keeping.settings)
    files = (listed.file() for listed in listing.files.values())
    pieces = batch_files([*files, *listing.notes], keeping.reading)
    with Shelf() as shelf:
        load = partial(load_batch, recipe=recipe, scope=scope)
        corpus = gather(keeping.engine.map(load, pieces), shelf, recipe, scope)
        found = find(corpus, keeping.settings, keeping.progress)
        return replace(_reported(corpus, found, focus, keeping), notice=notice)


def focus_since(ref: str, paths: Collection[str], keeping: Upkeep) -> Focus:
    """Return what is new since a commit: changed files, without the articles that were there.

    Args:
        ref: Any name of a commit of git.
        paths: The corpus.
        keeping: How to read.

    Raises:
        PathError: If there is no such commit.
    """
    changed = changed_since(ref, list(paths))
    recipe = recipe_of(keeping.settings)
    texts = [recipe.matched(article) for article in _held(changed, keeping)]
    digests = columns_of(texts, recipe).digests
    return Focus(frozenset(changed), frozenset(map(_hexadecimal, digests)))


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


def _glanced(listing: Listing, focus: Focus, keeping: Upkeep, index: Path) -> Examined | None:
    """Return what the index says without being brought up to date, if that is sure."""
    if focus.files is None:
        return None
    try:
        with opened(index, keeping) as store, store.reading():
            changes = changes_of(store, listing)
            part = quick_look(store, changes, listing, focus.files, keeping)
            if part is None:
                return None
            examined = _reported(part.corpus, part.found, focus, keeping)
    except IndexUnusableError:
        return None  # who brings it up to date mends it, or says why not
    summary = examined.report.summary
    unique = part.articles - summary.clustered
    summary = replace(summary, articles=part.articles, unique=unique)
    return replace(examined, report=replace(examined.report, summary=summary))


def _kept(listing: Listing, focus: Focus, keeping: Upkeep, index: Path) -> Examined:
    """Return what the index says after it was brought up to date."""
    with upkept(index, listing, keeping) as (_, state):
        return _reported(*state(), focus, keeping)


def _only(cluster: Cluster, ids: Collection[str]) -> Cluster:
    """Return a cluster with its base and the variants of these ids alone."""
    return replace(
        cluster,
        members=tuple(one for one in cluster.members if one.id in ids or one.id == cluster.base),
        variants=tuple(variant for variant in cluster.variants if variant.id in ids),
    )


def _reported(corpus: Corpus, found: Findings, focus: Focus, keeping: Upkeep) -> Examined:
    """Return the report on the clusters that touch the focus."""
    ids = _ids(corpus, focus)
    report = report_on(
        found,
        corpus,
        keeping.settings,
        engine=keeping.engine,
        focus=ids,
        progress=keeping.progress,
    )
    members = {member.id for cluster in report.clusters for member in cluster.members}
    digests = {
        corpus.ids[number]: _hexadecimal(corpus.columns.digests[rank])
        for rank, numbers in enumerate(corpus.copies)
        for number in numbers.tolist()
        if corpus.ids[number] in members
    }
    present = frozenset(map(_hexadecimal, corpus.columns.digests))
    report = replace(report, boilerplate=())  # of the whole corpus: no finding about the focus
    return Examined(report, digests, ids, present)


def _ids(corpus: Corpus, focus: Focus) -> frozenset[str] | None:
    """Return the ids of the articles in focus."""
    if focus.files is None:
        return None
    return frozenset(
        corpus.ids[number]
        for rank, numbers in enumerate(corpus.copies)
        for number in numbers.tolist()
        if _may_be_in(corpus.ids[number], focus.files)
        and corpus.shelf.get(number).path in focus.files
        and _hexadecimal(corpus.columns.digests[rank]) not in focus.known
    )


def _may_be_in(id_: str, files: Collection[str]) -> bool:
    """Whether an article of this id can come from one of some files."""
    if id_ in files:
        return True
    places = [place for place, sign in enumerate(id_) if sign in "#~"]
    return any(id_[:place] in files for place in places)


def _held(contents: Mapping[str, bytes], keeping: Upkeep) -> Iterator[Article]:
    """Yield the articles that files held, given what was in them."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (path, data) in enumerate(contents.items()):
            place = Path(folder, str(number), Path(path).name)
            place.parent.mkdir()
            place.write_bytes(data)
        for batch in batches([folder], replace(keeping.reading, include=(), exclude=())):
            yield from (item for item in batch.load() if isinstance(item, Article))


def _hexadecimal(digest: UInt64s) -> str:
    return digest_bytes(digest).hex()
