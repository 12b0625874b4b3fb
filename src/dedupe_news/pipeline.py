"""The order of the stages: scan articles, compare two or more, explain a pair."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dedupe_news.corpus import AT_ONCE, Loaded, gather, loaded
from dedupe_news.engines.local import Engine, local_engine
from dedupe_news.errors import NoArticlesError
from dedupe_news.finding import Progress, find, silent
from dedupe_news.model import Article, Explanation, LeftOut, Report, Skipped, Summary
from dedupe_news.recipes import recipe_of, rule_of, scope_of, shown_settings
from dedupe_news.reporting import Listener, report_on
from dedupe_news.settings import Settings
from dedupe_news.sources import Batch, in_batches, require_article

__all__ = [
    "DEFAULT_MEMORY",
    "diff",
    "explain",
    "scan",
    "scan_batches",
]

DEFAULT_MEMORY = 1 << 28
"""Bytes of texts that are held in memory unless the caller says otherwise."""

_PAIR = 1 << 17  # bytes that a pair takes while it is compared: texts, words and shingles of both


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
        UsageError: If something else than articles is given, such as a path.
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
    with local_engine(jobs, memory) as engine:
        return _scanned(batches, settings, engine, _at_once_in(memory), progress, listener)


def _scanned(
    batches: Iterable[Batch],
    settings: Settings,
    engine: Engine,
    at_once: int,
    progress: Progress,
    listener: Listener | None,
) -> Report:
    """Return the report; all that it was made from is given back while the engine ends."""
    recipe, scope = recipe_of(settings), scope_of(settings)
    parts = _counted(loaded(batches, recipe, scope, engine), progress)
    corpus = gather(parts, recipe, scope, engine, at_once)
    found = find(corpus, settings, progress)
    return report_on(
        found, corpus, settings, engine=engine, progress=progress, listener=listener, is_last=True
    )


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
        UsageError: If something else than articles is given, such as a path.
        ArticleError: If an article cannot be used at all.
    """
    settings = settings or Settings()
    if not variants:
        raise NoArticlesError(
            "nothing to compare: there is only one article",
            hint="name a base and at least one variant",
        )
    articles = _under_own_ids([require_article(each) for each in (base, *variants)])
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

    Raises:
        UsageError: If something else than articles is given, such as a path.
        ArticleError: If an article cannot be used at all.
    """
    from dedupe_news.core.explain import explain_pair  # noqa: PLC0415 - seldom asked for

    settings = settings or Settings()
    left, right = require_article(left), require_article(right)
    return explain_pair(left, right, recipe_of(settings), rule_of(settings))


def _at_once_in(memory: int) -> int:
    """Return how many pairs of articles are compared at once in so many bytes."""
    return min(AT_ONCE, max(1, memory // _PAIR))


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


def _counted(parts: Iterable[Loaded], progress: Progress) -> Iterator[Loaded]:
    done = 0
    for part in parts:
        done += part.size
        progress("read", done, None)
        yield part
