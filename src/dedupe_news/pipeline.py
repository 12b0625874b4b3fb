"""The order of the stages, and nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections import defaultdict
from dataclasses import asdict
from functools import partial

from dedupe_news.core.candidates import candidates_of
from dedupe_news.core.clusters import Clustering, grow_clusters
from dedupe_news.core.columns import Recipe
from dedupe_news.core.describe import Family, describe
from dedupe_news.core.verify import Comparisons, Rule, compare, second_look
from dedupe_news.corpus import Corpus, Loaded, gather, load_batch
from dedupe_news.engines.local import Engine, local_engine
from dedupe_news.engines.scratch import Shelf
from dedupe_news.errors import NoArticlesError
from dedupe_news.model import Article, Cluster, LeftOut, Report, Skipped, Summary
from dedupe_news.settings import Settings
from dedupe_news.sources import Batch, in_batches

__all__ = ["Progress", "diff", "scan", "scan_batches", "silent"]

Progress = Callable[[str, int, int | None], None]
"""Called with the stage (`read`, `compare`, `align`), how much is done, and of how much."""

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
    recipe, rule = _recipe(settings), _rule(settings)
    with local_engine(jobs) as engine, Shelf() as shelf:
        loaded = engine.map(partial(load_batch, recipe=recipe), batches)
        corpus = gather(_counted(loaded, progress), shelf, recipe)
        pairs = _verified(corpus, rule, progress)
        further = partial(compare, corpus.columns.shingles, rule=rule)
        clustering = grow_clusters(pairs, len(corpus.columns), further, rule.floor)
        families = _families(clustering, pairs, corpus)
        clusters = list(_described(families, settings, engine, progress))
        return _report(clusters, corpus, settings)


def diff(
    base: Article, *variants: Article, settings: Settings | None = None
) -> Report:
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
    cluster = describe(
        Family(articles), _rule(settings), settings.shingle_unit, (), diff=True, base=base.id
    )
    return Report(_shown(settings), Summary(len(ids), 1, len(ids), 0, 0), (cluster,))


def _verified(
    corpus: Corpus, rule: Rule, progress: Progress
) -> Comparisons:
    """Return all candidates that share something, compared."""
    columns = corpus.columns
    pairs = candidates_of(columns.anchors, columns.shingles.lengths, columns.bands, rule.floor)
    parts = []
    for start in range(0, len(pairs), _SLICE):
        progress("compare", start, len(pairs))
        chosen = slice(start, start + _SLICE)
        seen = compare(columns.shingles, pairs.left[chosen], pairs.right[chosen], rule)
        near = seen.take(seen.matches | (seen.containment >= rule.floor))
        parts.append(second_look(near, corpus.words, rule))
    progress("compare", len(pairs), len(pairs))
    return Comparisons.concatenate(parts)


def _families(clustering: Clustering, pairs: Comparisons, corpus: Corpus) -> Iterator[Family]:
    """Yield the articles of each cluster: copies of a wording, and wordings that match."""
    strengths = defaultdict(dict)
    matches = pairs.take(pairs.matches)
    for left, right, strength in matches.strengths():
        strengths[left][right] = strengths[right][left] = strength
    outside = defaultdict(list)
    for member, outsider in clustering.overlaps:
        outside[member].append(outsider)
    clustered = {rank for members in clustering.clusters for rank in members}
    alone = [(rank,) for rank, numbers in enumerate(corpus.copies)
             if len(numbers) > 1 and rank not in clustered]
    for members in (*clustering.clusters, *alone):
        yield _family(members, strengths, outside, corpus)


def _family(
    members: tuple[int, ...],
    strengths: Mapping[int, Mapping[int, float]],
    outside: Mapping[int, Sequence[int]],
    corpus: Corpus,
) -> Family:
    inside = set(members)
    first = {rank: corpus.ids[corpus.copies[rank][0]] for rank in members}
    numbers = {rank: corpus.copies[rank] for rank in members}
    links = {
        corpus.ids[number]: {
            first[other]: strength
            for other, strength in strengths.get(rank, {}).items()
            if other in inside
        }
        for rank in members
        for number in numbers[rank]
    }
    outsiders = sorted({outsider for rank in members for outsider in outside.get(rank, ())})
    return Family(
        tuple(corpus.article(number) for rank in members for number in numbers[rank]),
        links,
        tuple(corpus.article(corpus.copies[outsider][0]) for outsider in outsiders),
    )


def _report(clusters: list[Cluster], corpus: Corpus, settings: Settings) -> Report:
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
    )


def _described(families: list[Family], settings: Settings, engine: Engine, progress: Progress) -> Iterator[Cluster]:
    """Yield the clusters, in the order of the families."""
    work = partial(describe, rule=_rule(settings), unit=settings.shingle_unit, keep=settings.keep, diff=settings.diff)
    for done, cluster in enumerate(engine.map(work, families), 1):
        progress("align", done, None)
        yield cluster


def _counted(parts: Iterable[Loaded], progress: Progress) -> Iterator[Loaded]:
    done = 0
    for part in parts:
        done += part.size
        progress("read", done, None)
        yield part


def _recipe(settings: Settings) -> Recipe:
    return Recipe(
        settings.shingle_words, settings.shingle_unit, settings.num_perm, settings.seed
    )


def _rule(settings: Settings) -> Rule:
    return Rule(settings.min_containment, settings.min_shared_words, settings.shingle_words)


def _shown(settings: Settings) -> dict[str, str | int | float | bool]:
    """Return the settings as a report states them."""
    values = asdict(settings)
    values["keep"] = ",".join(settings.keep)
    del values["diff"]
    return values
