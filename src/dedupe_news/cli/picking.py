"""Articles that are named one by one: `path`, or `path#id` where a file holds several.

Where several have one id, they are called as a scan calls them: `path#id`, `path#id~2`, and so on.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dedupe_news.errors import ArticleError, NoArticlesError, UsageError
from dedupe_news.model import Article, Skipped
from dedupe_news.settings import Settings
from dedupe_news.sources import ReadOptions, batches

__all__ = ["path_of", "pick"]

_LISTED = 3


def pick(
    names: Sequence[str], options: ReadOptions, settings: Settings | None = None
) -> list[Article]:
    """Return the articles that are meant, in the order of their names.

    Each file is read once, and standard input (`-`) too.

    Args:
        names: Paths, or `path#id`.
        options: How to read.
        settings: What the scan looks for that names its articles.

    Raises:
        PathError: If there is no such file.
        UsageError: If a name means several articles, or none of a file's.
        ArticleError: If the file cannot be read.
    """
    read: dict[str, list[Article | Skipped]] = {}
    picked = []
    for name in names:
        path = path_of(name)
        if path not in read:
            read[path] = _named_as_in_a_run(list(_items(path, options)), settings or Settings())
        picked.append(_one(name, path, read[path]))
    return picked


def path_of(name: str) -> str:
    """Return the longest beginning of the name, up to a `#`, that is a path."""
    path = name
    while path != "-" and not os.path.lexists(path):
        path, sign, _ = path.rpartition("#")
        if not sign:
            return name
    return path


def _items(path: str, options: ReadOptions) -> Iterator[Article | Skipped]:
    for batch in batches([path], options):
        for item in batch.load():
            if isinstance(item, Article | Skipped):
                yield item


def _named_as_in_a_run(
    items: Sequence[Article | Skipped], settings: Settings
) -> list[Article | Skipped]:
    """Return what a file holds, no two articles with words under one id."""
    articles = [item for item in items if isinstance(item, Article)]
    if len({article.id for article in articles}) == len(articles):
        return list(items)
    from dedupe_news.corpus import names_in_run  # noqa: PLC0415 - most files name theirs well
    from dedupe_news.recipes import recipe_of  # noqa: PLC0415

    names = names_in_run(articles, recipe_of(settings))
    named = [replace(article, id=name) for article, name in zip(articles, names, strict=True)]
    return [*named, *(item for item in items if isinstance(item, Skipped))]


def _one(name: str, path: str, items: Sequence[Article | Skipped]) -> Article:
    articles = [item for item in items if isinstance(item, Article)]
    meant = articles if name == path else _called(name, articles)
    if len(meant) == 1:
        return meant[0]
    for item in items:
        if isinstance(item, Skipped) and not articles:
            msg = f"{item.id}: {item.message}"
            raise ArticleError(msg, hint=item.hint)
    ids = [article.id for article in articles]
    if not articles:
        msg = f"{path} holds no article"
        raise NoArticlesError(msg, hint="dedupe-news formats lists what can be read")
    if not meant:
        msg = f"{path} holds no article {name!r}"
        from difflib import get_close_matches  # noqa: PLC0415 - most names are right

        tails = [article_id.removeprefix(f"{path}#") for article_id in ids]
        near = get_close_matches(name.removeprefix(f"{path}#"), tails, n=1)
        raise UsageError(msg, hint=f"did you mean {path}#{near[0]}?" if near else _listed(ids))
    msg = f"{name} means {len(meant)} articles"
    raise UsageError(msg, hint=_listed(ids))


def _called(name: str, articles: Sequence[Article]) -> list[Article]:
    """Return the articles of a name; one that is empty only if no other has it."""
    called = [article for article in articles if name in {article.id, f"-#{article.id}"}]
    return [article for article in called if article.paragraphs] or called


def _listed(ids: Sequence[str]) -> str:
    more = f", … ({len(ids)} in all)" if len(ids) > _LISTED else ""
    return f"name one: {', '.join(ids[:_LISTED])}{more}"
