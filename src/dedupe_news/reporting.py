"""From what was found to the report on it: clusters are described, and come in order."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from dedupe_news.core.boilerplate import Passage
from dedupe_news.core.columns import Recipe
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.text import compose, locate_words
from dedupe_news.corpus import Corpus
from dedupe_news.engines.local import Engine
from dedupe_news.families import Portion, copies_alone, portions_of
from dedupe_news.finding import Findings, Progress, silent
from dedupe_news.model import Article, Boilerplate, Cluster, Report, Summary
from dedupe_news.recipes import rule_of, shown_settings
from dedupe_news.settings import Settings

if TYPE_CHECKING:
    from dedupe_news.core.describe import Viewpoint

    Describe = Callable[[Portion], list["_Described"]]

__all__ = [
    "Form",
    "Listener",
    "report_on",
    "shown_passage",
]

Form = Callable[[Cluster], str]
"""Returns a cluster as text; it can be pickled, and runs in whichever process described it."""


class Listener(Protocol):
    """Hears of a report while it is made.

    Attributes:
        form: What makes the text of a cluster, beside those who describe others; None for no text.
        keeps: Whether the report has its clusters in the end. If not, only their texts are heard
            of: of a large corpus they take much memory, and long to come from other processes.
    """

    form: Form | None
    keeps: bool

    def begin(self, report: Report) -> None:
        """Hear all of a report but its clusters, whose number the summary has."""
        ...

    def add(self, cluster: Cluster | None, text: str) -> None:
        """Hear of a cluster, in the order of the report, as soon as that is settled.

        Args:
            cluster: None if it is not to be kept.
            text: What its form is; empty if it has none.
        """
        ...


class _Described(NamedTuple):
    """A cluster as it comes from whoever described it.

    Attributes:
        size: How many members it has.
        base: The id of its base.
        cluster: None if only the text is asked for.
        text: Its form, if one was asked for.
    """

    size: int
    base: str
    cluster: Cluster | None
    text: str


def report_on(
    found: Findings,
    corpus: Corpus,
    settings: Settings,
    *,
    engine: Engine,
    focus: Collection[str] | None = None,
    progress: Progress = silent,
    listener: Listener | None = None,
    is_last: bool = False,
) -> Report:
    """Return the report on what was found.

    Args:
        found: What `find` returned for this corpus.
        corpus: All articles.
        settings: What was looked for.
        engine: Where the clusters are described; its other processes may go then.
        focus: Ids of articles; clusters without any of them are left out. None for all.
        progress: Called now and then with what has been done.
        listener: Hears of the report while it is made, and says whether it is to have its clusters.
        is_last: Whether nobody will read an article of the corpus, or use the engine, afterwards.
    """
    form, keeps = None, True
    if listener is not None:
        form, keeps = listener.form, listener.keeps
    groups = [*found.clustering.clusters, *copies_alone(found.clustering, corpus)]
    links = found.pairs, corpus, focus, found.insight, found.doubts
    portions = portions_of(found.clustering, *links)
    advance = partial(_aligned, progress, len(groups) if focus is None else None)
    work = partial(_worker, corpus.recipe, found.furniture.shingles, settings, form, keeps=keeps)
    described = _described(portions, work, engine, advance, is_last=is_last)
    first = list(islice(described, 1))  # the other processes are at work from now on
    whole = _outline(found, corpus, settings, groups)
    if listener is not None:
        listener.begin(whole)
    clusters: list[Cluster] = []
    for one in _in_order(chain(first, described)):
        if one.cluster is not None:
            clusters.append(one.cluster)
        if listener is not None:
            listener.add(one.cluster, one.text)
    if focus is not None:
        whole = replace(whole, summary=_focused(whole.summary, clusters))
    return replace(whole, clusters=tuple(clusters))


def _outline(
    found: Findings, corpus: Corpus, settings: Settings, groups: Sequence[Sequence[int]]
) -> Report:
    """Return the report before a cluster is described.

    Args:
        found: What was found in the corpus.
        corpus: All articles.
        settings: What was looked for.
        groups: The wordings of each cluster.
    """
    ranks = np.fromiter(chain.from_iterable(groups), np.int64)
    clustered = int(corpus.copies.lengths[ranks].sum())
    articles = len(corpus.ids)
    return Report(
        shown_settings(settings),
        Summary(
            articles=articles,
            clusters=len(groups),
            clustered=clustered,
            unique=articles - clustered,
            skipped=len(corpus.skipped),
            left_out=corpus.left_out,
        ),
        (),
        corpus.skipped,
        tuple(
            shown_passage(passage, corpus.article(corpus.copies[passage.rank][0]), corpus.recipe)
            for passage in found.furniture.passages
        ),
    )


def _focused(summary: Summary, clusters: Sequence[Cluster]) -> Summary:
    """Return the summary of a report that has some of the clusters."""
    clustered = sum(len(cluster.members) for cluster in clusters)
    unique = summary.articles - clustered
    return replace(summary, clusters=len(clusters), clustered=clustered, unique=unique)


def shown_passage(passage: Passage, article: Article, recipe: Recipe) -> Boilerplate:
    """Return a passage as a report shows it.

    Args:
        passage: Where it stands.
        article: The article that it stands in.
        recipe: What a word is.
    """
    text = compose(recipe.matched(article))
    words = locate_words([text], recipe.unit)
    start, end = words.starts[passage.start], words.ends[passage.end - 1]
    return Boilerplate(text[start:end], passage.articles, passage.end - passage.start)


def _worker(
    recipe: Recipe, furniture: UInt64s, settings: Settings, form: Form | None, *, keeps: bool
) -> "Describe":
    """Return what describes families: it is slow to load, and there may be none."""
    from dedupe_news.core.describe import Viewpoint  # noqa: PLC0415

    view = Viewpoint(rule_of(settings), recipe, settings.keep, furniture)
    return partial(_described_here, view=view, diff=settings.diff, form=form, keeps=keeps)


def _described_here(
    portion: Portion, view: "Viewpoint", *, diff: bool, form: Form | None, keeps: bool
) -> list[_Described]:
    from dedupe_news.core.describe import describe  # noqa: PLC0415 - as above

    return [
        _Described(
            len(cluster.members),
            cluster.base,
            cluster if keeps else None,
            form(cluster) if form else "",
        )
        for cluster in describe(portion.families(), view, diff=diff)
    ]


def _described(
    portions: Iterable[Portion],
    work: "Callable[[], Describe]",
    engine: Engine,
    advance: Callable[[int], None],
    *,
    is_last: bool,
) -> Iterator[_Described]:
    waiting = iter(portions)
    first = list(islice(waiting, 1))
    if not first:
        return
    done = 0
    for clusters in engine.map(work(), chain(first, waiting)):
        done += len(clusters)
        advance(done)
        yield from clusters
    leave = engine.finish if is_last else engine.dismiss
    leave()  # which takes longer than to sort and write what came last


def _in_order(described: Iterable[_Described]) -> Iterator[_Described]:
    """Yield clusters, which come by size, by base as well: those of one size as all are there."""
    for _, alike in groupby(described, attrgetter("size")):
        yield from sorted(alike, key=attrgetter("base"))


def _aligned(progress: Progress, total: int | None, done: int) -> None:
    progress("align", done, total)
