"""The order of the stages, and nothing else."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from dedupe_news.core.boilerplate import (
    Evidence,
    Furniture,
    Passage,
    learn_boilerplate,
    weigh,
)
from dedupe_news.core.candidates import (
    Candidates,
    Holders,
    PairCounts,
    candidates_of,
    count_pairs,
    holders_of,
    pairs_in_bands,
    without_keys,
)
from dedupe_news.core.clusters import Clustering, grow_clusters
from dedupe_news.core.columns import Recipe, without
from dedupe_news.core.components import component_labels
from dedupe_news.core.facts import Insight
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.scope import Scope
from dedupe_news.core.text import compose, locate_words
from dedupe_news.core.verify import Comparisons, Rule
from dedupe_news.corpus import AT_ONCE, Corpus, Loaded, Look, gather, loaded
from dedupe_news.engines.local import Engine, local_engine
from dedupe_news.errors import NoArticlesError
from dedupe_news.families import Portion, copies_alone, portions_of
from dedupe_news.model import (
    Article,
    Boilerplate,
    Cluster,
    Explanation,
    LeftOut,
    Report,
    Skipped,
    Summary,
)
from dedupe_news.settings import Settings
from dedupe_news.sources import Batch, in_batches

if TYPE_CHECKING:
    from dedupe_news.core.describe import Viewpoint

    Describe = Callable[[Portion], list["_Described"]]

__all__ = [
    "DEFAULT_MEMORY",
    "Findings",
    "Form",
    "Listener",
    "Progress",
    "diff",
    "explain",
    "find",
    "recipe_of",
    "report_on",
    "rule_of",
    "scan",
    "scan_batches",
    "scope_of",
    "shown_passage",
    "shown_settings",
    "silent",
]

DEFAULT_MEMORY = 1 << 28
"""Bytes of texts that are held in memory unless the caller says otherwise."""

Form = Callable[[Cluster], str]
"""Returns a cluster as text; it can be pickled, and runs in whichever process described it."""

Progress = Callable[[str, int, int | None], None]
"""Called with the stage (`read`, `compare`, `align`), how much is done, and of how much."""


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


_WORD_LENGTH = 5  # characters, for a number of words where characters are counted
_PAIR = 1 << 17  # bytes that a pair takes while it is compared: texts, words and shingles of both
_SLICE = 1 << 14  # pairs that one task verifies


def at_once_in(memory: int) -> int:
    """Return how many pairs of articles are compared at once in so many bytes."""
    return min(AT_ONCE, max(1, memory // _PAIR))


def silent(stage: str, done: int, total: int | None) -> None:
    """Show no progress."""


def scan(
    articles: Iterable[Article | Skipped | LeftOut],
    settings: Settings | None = None,
    *,
    jobs: int = 1,
    progress: Progress = silent,
) -> Report:
    """Return the clusters among articles, and what each variant changes.

    Nothing is printed, and the result depends on the articles and the settings only: not on
    their order, nor on how many processes work.

    Args:
        articles: Any iterable: `read(...)`, a list, a queue; taken lazily, once.
        settings: What to look for; the defaults suit news.
        jobs: How many processes may work at the same time.
        progress: Called now and then with what has been done.

    Raises:
        ArticleError: If an article cannot be used at all.
        OSError: If the disk for temporary files is full.
    """
    batches = in_batches(articles)
    return scan_batches(batches, settings or Settings(), jobs=jobs, progress=progress)


def scan_batches(
    batches: Iterable[Batch],
    settings: Settings,
    *,
    jobs: int = 1,
    memory: int = DEFAULT_MEMORY,
    progress: Progress = silent,
    listener: Listener | None = None,
) -> Report:
    """Return the report on articles that are still to be loaded.

    Args:
        batches: As `sources.batches` yields them; loaded by the processes that work.
        settings: What to look for.
        jobs: How many processes may work at the same time.
        memory: Bytes of texts that are held in memory; more wait in a temporary file.
        progress: Called now and then with what has been done.
        listener: Hears of the report while it is made, and says whether it is to have its clusters.

    Raises:
        OSError: If the disk for temporary files is full.
    """
    recipe, scope = recipe_of(settings), scope_of(settings)
    with local_engine(jobs, memory) as engine:
        parts = _counted(loaded(batches, recipe, scope, engine), progress)
        corpus = gather(parts, recipe, scope, engine, at_once_in(memory))
        found = find(corpus, settings, progress)
        return report_on(
            found, corpus, settings, engine=engine, progress=progress, listener=listener
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """What a corpus comes to before it is described.

    Attributes:
        furniture: The boilerplate that was learned.
        holders: Who holds each anchor that several do.
        evidence: What boilerplate was judged by.
        pairs: All pairs that share something, compared; by rank.
        clustering: Which wordings belong together.
        insight: What was found out besides about pairs that were verified.
    """

    furniture: Furniture
    holders: Holders
    evidence: Evidence
    pairs: Comparisons
    clustering: Clustering
    insight: Insight = field(default_factory=partial(Insight.concatenate, ()))


def find(corpus: Corpus, settings: Settings, progress: Progress = silent) -> Findings:
    """Return the boilerplate, matches and clusters of a corpus.

    Args:
        corpus: All articles.
        settings: What to look for.
        progress: Called now and then with what has been done.
    """
    rule, count = rule_of(settings), len(corpus.columns)
    alike = corpus.engine.beside(partial(pairs_in_bands, corpus.columns.bands))
    furniture, holders, evidence = _learned(corpus, rule)
    look = corpus.look(furniture.shingles, rule, telling=not settings.diff)
    proposed = _proposed(corpus, holders, furniture.shingles, evidence.stories, alike, rule.floor)
    pairs = _verified(corpus, proposed, look, rule, progress)
    clustering = grow_clusters(pairs, count, look.compare, rule.floor)
    return Findings(furniture, holders, evidence, pairs, clustering, look.insight())


def report_on(
    found: Findings,
    corpus: Corpus,
    settings: Settings,
    *,
    engine: Engine,
    focus: Collection[str] | None = None,
    progress: Progress = silent,
    listener: Listener | None = None,
) -> Report:
    """Return the report on what was found.

    Args:
        found: What `find` returned for this corpus.
        corpus: All articles.
        settings: What was looked for.
        engine: Where the clusters are described.
        focus: Ids of articles; clusters without any of them are left out. None for all.
        progress: Called now and then with what has been done.
        listener: Hears of the report while it is made, and says whether it is to have its clusters.
    """
    alone = copies_alone(found.clustering, corpus)
    whole = _outline(found, corpus, settings, [*found.clustering.clusters, *alone])
    form, keeps = None, True
    if listener is not None:
        form, keeps = listener.form, listener.keeps
        listener.begin(whole)
    portions = portions_of(found.clustering, found.pairs, corpus, focus, found.insight)
    total = whole.summary.clusters if focus is None else None
    work = partial(_worker, corpus.recipe, found.furniture.shingles, settings, form, keeps=keeps)
    described = _described(portions, work, engine, partial(_aligned, progress, total))
    clusters: list[Cluster] = []
    for one in _in_order(described):
        if one.cluster is not None:
            clusters.append(one.cluster)
        if listener is not None:
            listener.add(one.cluster, one.text)
    if focus is not None:
        whole = replace(whole, summary=_focused(whole.summary, clusters))
    return replace(whole, clusters=tuple(clusters))


def diff(base: Article, *variants: Article, settings: Settings | None = None) -> Report:
    """Return one cluster in which variants are read against a given base.

    They are shown whether they match or not, in the order given. An article may be given
    more than once: the second time it gets the id with `~2`, and so on.

    Args:
        base: The article that the others are read against.
        *variants: At least one.
        settings: What counts as a shingle; what counts as a match does not matter here.

    Raises:
        NoArticlesError: If there is no variant.
    """
    settings = settings or Settings()
    if not variants:
        raise NoArticlesError(
            "nothing to compare: there is only one article",
            hint="name a base and at least one variant",
        )
    articles = _under_own_ids((base, *variants))
    from dedupe_news.core.describe import Family, Viewpoint, describe  # noqa: PLC0415 - as below

    view = Viewpoint(rule_of(settings), recipe_of(settings))
    clusters = describe([Family(articles)], view, diff=True, base=base.id)
    size = len(articles)
    return Report(shown_settings(settings), Summary(size, 1, size, 0, 0), tuple(clusters))


def explain(left: Article, right: Article, settings: Settings | None = None) -> Explanation:
    """Return why two articles do or do not match, and how likely a scan finds them.

    Args:
        left: An article.
        right: Another.
        settings: What counts as a match.
    """
    from dedupe_news.core.explain import explain_pair  # noqa: PLC0415 - seldom asked for

    settings = settings or Settings()
    return explain_pair(left, right, recipe_of(settings), rule_of(settings))


def _under_own_ids(articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return the articles in their order, of which no two have one id."""
    taken = {article.id for article in articles}
    apart: dict[str, Article] = {}
    for article in articles:
        name, number = article.id, 2
        while name in apart or (name in taken and name != article.id):
            name, number = f"{article.id}~{number}", number + 1
        apart[name] = replace(article, id=name)
    return tuple(apart.values())


def _learned(corpus: Corpus, rule: Rule) -> tuple[Furniture, Holders, Evidence]:
    """Return what is boilerplate in a corpus, and what that was judged by."""
    anchors, count = corpus.columns.anchors, len(corpus.columns)
    holders = holders_of(anchors, corpus.engine.in_threads)
    evidence = weigh(holders, count_pairs(holders, count), anchors)
    size, run = rule.shingle_words, corpus.engine.map
    furniture = learn_boilerplate(holders, evidence, anchors, corpus.words_later, size, run)
    return furniture, holders, evidence


def _proposed(
    corpus: Corpus,
    holders: Holders,
    furniture: UInt64s,
    stories: npt.NDArray[np.int64],
    alike: Callable[[], PairCounts],
    floor: float,
) -> Candidates:
    """Return all candidates, boilerplate left out."""
    columns, count = corpus.columns, len(corpus.columns)
    strange = corpus.engine.beside(partial(without, columns.anchors, furniture))
    shared = count_pairs(without_keys(holders, furniture), count)
    return candidates_of(shared, strange(), columns.shingles.lengths, alike(), stories, floor)


def _verified(
    corpus: Corpus, pairs: Candidates, look: Look, rule: Rule, progress: Progress
) -> Comparisons:
    """Return all candidates that share something, compared."""
    allowed = np.flatnonzero(corpus.allow(pairs.left, pairs.right))
    # Side by side stand those who may belong together, and of them the pairs of one article with
    # the first few of a crowd: so whoever is in several pairs is read once for most of them.
    left, right = pairs.left[allowed], pairs.right[allowed]
    allowed = allowed[np.lexsort((right, component_labels(left, right, len(corpus.columns))[left]))]
    parts = []
    for start in range(0, len(allowed), _SLICE):
        progress("compare", start, len(allowed))
        chosen = allowed[start : start + _SLICE]
        seen = look.verify(pairs.left[chosen], pairs.right[chosen])
        parts.append(seen.take(seen.matches | (seen.containment >= rule.floor)))
    progress("compare", len(allowed), len(allowed))
    seen = Comparisons.concatenate(parts)
    return seen.take(np.lexsort((seen.right, seen.left)))


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


def _in_order(described: Iterable[_Described]) -> Iterator[_Described]:
    """Yield clusters, which come by size, by base as well: those of one size as all are there."""
    for _, alike in groupby(described, attrgetter("size")):
        yield from sorted(alike, key=attrgetter("base"))


def _aligned(progress: Progress, total: int | None, done: int) -> None:
    progress("align", done, total)


def _counted(parts: Iterable[Loaded], progress: Progress) -> Iterator[Loaded]:
    done = 0
    for part in parts:
        done += part.size
        progress("read", done, None)
        yield part


def recipe_of(settings: Settings) -> Recipe:
    """Return how texts become columns."""
    return Recipe(
        settings.shingle_words,
        settings.shingle_unit,
        settings.num_perm,
        settings.seed,
        settings.ignore_text,
    )


def rule_of(settings: Settings) -> Rule:
    """Return when two articles match."""
    words = settings.min_shared_words
    if settings.shingle_unit == "word":
        return Rule(settings.min_containment, words, settings.shingle_words)
    size = settings.shingle_words
    return Rule(settings.min_containment, words * _WORD_LENGTH, size, shortest_run=size)


def scope_of(settings: Settings) -> Scope:
    """Return which articles are compared."""
    return Scope(settings.within_days, settings.across)


def shown_settings(settings: Settings) -> dict[str, str | int | float | bool]:
    """Return the settings as a report states them."""
    values = asdict(settings)
    values["keep"] = ",".join(settings.keep)
    values["ignore_text"] = "\n".join(settings.ignore_text)
    del values["diff"]
    return {name: value for name, value in values.items() if value not in (None, "")}
