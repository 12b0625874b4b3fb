"""The order of the stages, and nothing else."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial

import numpy as np

from dedupe_news.core.boilerplate import Furniture, Passage, learn_boilerplate
from dedupe_news.core.candidates import candidates_of, count_pairs, holders_of
from dedupe_news.core.clusters import grow_clusters
from dedupe_news.core.columns import Columns, Recipe
from dedupe_news.core.describe import Family, Viewpoint, describe
from dedupe_news.core.explain import explain_pair
from dedupe_news.core.scope import Scope
from dedupe_news.core.text import compose, locate_words
from dedupe_news.core.verify import Comparisons, Rule, compare, second_look
from dedupe_news.corpus import Corpus, Loaded, gather, load_batch
from dedupe_news.engines.local import Engine, local_engine
from dedupe_news.engines.scratch import Shelf
from dedupe_news.errors import NoArticlesError
from dedupe_news.families import families_of, in_portions
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

__all__ = ["Progress", "diff", "explain", "scan", "scan_batches", "silent"]

Progress = Callable[[str, int, int | None], None]
"""Called with the stage (`read`, `compare`, `align`), how much is done, and of how much."""

_WORD_LENGTH = 5  # characters, for a number of words where characters are counted
_SLICE = 1 << 14  # pairs that one task verifies


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
    progress: Progress = silent,
) -> Report:
    """Return the report on articles that are still to be loaded.

    Args:
        batches: As `sources.batches` yields them; loaded by the processes that work.
        settings: What to look for.
        jobs: How many processes may work at the same time.
        progress: Called now and then with what has been done.

    Raises:
        OSError: If the disk for temporary files is full.
    """
    recipe, rule, scope = _recipe(settings), _rule(settings), _scope(settings)
    with local_engine(jobs) as engine, Shelf() as shelf:
        loaded = engine.map(partial(load_batch, recipe=recipe, scope=scope), batches)
        corpus = gather(_counted(loaded, progress), shelf, recipe, scope)
        columns, furniture = _furnished(corpus, rule)
        pairs = _verified(columns, corpus, rule, progress)
        further = partial(compare, columns.shingles, rule=rule)
        clustering = grow_clusters(pairs, len(columns), further, rule.floor)
        families = in_portions(families_of(clustering, pairs, corpus))
        view = Viewpoint(rule, recipe, settings.keep, furniture.shingles)
        work = partial(describe, view=view, diff=settings.diff)
        clusters = list(_described(families, work, engine, progress))
        return _report(clusters, corpus, furniture, settings)


def diff(base: Article, *variants: Article, settings: Settings | None = None) -> Report:
    """Return one cluster in which variants are read against a given base.

    They are shown whether they match or not.

    Args:
        base: The article that the others are read against.
        *variants: At least one.
        settings: What counts as a shingle; what counts as a match does not matter here.

    Raises:
        NoArticlesError: If there is no variant, or two articles have one id.
    """
    settings = settings or Settings()
    articles = (base, *variants)
    ids = [article.id for article in articles]
    if len(set(ids)) < max(len(ids), 2):
        raise NoArticlesError(
            "nothing to compare: two articles with different ids are needed",
            hint="name a base and at least one variant",
        )
    view = Viewpoint(_rule(settings), _recipe(settings))
    clusters = describe([Family(articles)], view, diff=True, base=base.id)
    return Report(_shown(settings), Summary(len(ids), 1, len(ids), 0, 0), tuple(clusters))


def explain(left: Article, right: Article, settings: Settings | None = None) -> Explanation:
    """Return why two articles do or do not match, and how likely a scan finds them.

    Args:
        left: An article.
        right: Another.
        settings: What counts as a match.
    """
    settings = settings or Settings()
    return explain_pair(left, right, _recipe(settings), _rule(settings))


def _furnished(corpus: Corpus, rule: Rule) -> tuple[Columns, Furniture]:
    """Return the columns without boilerplate, and what was found to be boilerplate."""
    columns, count = corpus.columns, len(corpus.columns)
    holders = holders_of(columns.anchors.values, columns.anchors.rows, count)
    pairs = count_pairs(holders, count)
    furniture = learn_boilerplate(holders, pairs, columns.anchors, corpus.words, rule.shingle_words)
    return columns.without(furniture.shingles), furniture


def _verified(columns: Columns, corpus: Corpus, rule: Rule, progress: Progress) -> Comparisons:
    """Return all candidates that share something, compared."""
    count = len(columns)
    shared = count_pairs(holders_of(columns.anchors.values, columns.anchors.rows, count), count)
    pairs = candidates_of(
        shared, columns.anchors, corpus.columns.shingles.lengths, columns.bands, rule.floor
    )
    allowed = np.flatnonzero(corpus.allow(pairs.left, pairs.right))
    parts = []
    for start in range(0, len(allowed), _SLICE):
        progress("compare", start, len(allowed))
        chosen = allowed[start : start + _SLICE]
        seen = compare(columns.shingles, pairs.left[chosen], pairs.right[chosen], rule)
        near = seen.take(seen.matches | (seen.containment >= rule.floor))
        parts.append(second_look(near, corpus.words, rule))
    progress("compare", len(allowed), len(allowed))
    return Comparisons.concatenate(parts)


def _report(
    clusters: list[Cluster], corpus: Corpus, furniture: Furniture, settings: Settings
) -> Report:
    clusters.sort(key=lambda cluster: (-len(cluster.members), cluster.base))
    clustered = sum(len(cluster.members) for cluster in clusters)
    return Report(
        _shown(settings),
        Summary(
            articles=len(corpus.ids),
            clusters=len(clusters),
            clustered=clustered,
            unique=len(corpus.ids) - clustered,
            skipped=len(corpus.skipped),
            left_out=corpus.left_out,
        ),
        tuple(clusters),
        corpus.skipped,
        tuple(_shown_passage(passage, corpus) for passage in furniture.passages),
    )


def _shown_passage(passage: Passage, corpus: Corpus) -> Boilerplate:
    text = compose(corpus.recipe.matched(corpus.article(corpus.copies[passage.rank][0])))
    words = locate_words([text], corpus.recipe.unit)
    start, end = words.starts[passage.start], words.ends[passage.end - 1]
    return Boilerplate(text[start:end], passage.articles, passage.end - passage.start)


def _described(
    families: Iterable[Sequence[Family]],
    work: Callable[[Sequence[Family]], list[Cluster]],
    engine: Engine,
    progress: Progress,
) -> Iterator[Cluster]:
    done = 0
    for clusters in engine.map(work, families):
        done += len(clusters)
        progress("align", done, None)
        yield from clusters


def _counted(parts: Iterable[Loaded], progress: Progress) -> Iterator[Loaded]:
    done = 0
    for part in parts:
        done += part.size
        progress("read", done, None)
        yield part


def _recipe(settings: Settings) -> Recipe:
    return Recipe(
        settings.shingle_words,
        settings.shingle_unit,
        settings.num_perm,
        settings.seed,
        settings.ignore_text,
    )


def _rule(settings: Settings) -> Rule:
    words = settings.min_shared_words
    if settings.shingle_unit == "word":
        return Rule(settings.min_containment, words, settings.shingle_words)
    size = settings.shingle_words
    return Rule(settings.min_containment, words * _WORD_LENGTH, size, shortest_run=size)


def _scope(settings: Settings) -> Scope:
    return Scope(settings.within_days, settings.across)


def _shown(settings: Settings) -> dict[str, str | int | float | bool]:
    """Return the settings as a report states them."""
    values = asdict(settings)
    values["keep"] = ",".join(settings.keep)
    values["ignore_text"] = "\n".join(settings.ignore_text)
    del values["diff"]
    return {name: value for name, value in values.items() if value not in (None, "")}
