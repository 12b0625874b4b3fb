"""How `index query` answers: a report on files, or a line for each line that comes in."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import partial
from typing import TextIO

from dedupe_news.cli import options
from dedupe_news.cli.exits import Exit, exit_code
from dedupe_news.cli.output import write_report, written
from dedupe_news.cli.talk import note_lines, say
from dedupe_news.corpus import without_words
from dedupe_news.errors import NoArticlesError
from dedupe_news.model import Article, Report, Skipped, Summary
from dedupe_news.query import Answer, Queries
from dedupe_news.recipes import shown_settings
from dedupe_news.render.document import cluster_value
from dedupe_news.render.json import dumps
from dedupe_news.render.safe import one_line
from dedupe_news.sources import Item, ReadOptions, batches
from dedupe_news.sources.json_lines import Lines
from dedupe_news.upkeep import Upkeep

__all__ = ["answer_files", "answer_lines"]

_NAMED = 3  # articles without a match, of which the names are shown
_TOLD = ("members", "variants")  # of a cluster whose base is the question


def answer_files(queries: Queries, files: Sequence[str], how: Upkeep, typed: options.Typed) -> Exit:
    """Write a report in which each article that was asked about is a base."""
    items = [item for batch in batches(files, how.reading) for item in batch.load()]
    articles = [item for item in items if isinstance(item, Article)]
    skipped = tuple(item for item in items if isinstance(item, Skipped))
    if not articles and not skipped:
        msg = f"no article was found in {', '.join(files)}"
        raise NoArticlesError(msg, hint="dedupe-news formats lists what can be read")
    answers = [queries.answer(article) for article in articles]
    skipped += tuple(
        without_words(article)
        for article, answer in zip(articles, answers, strict=True)
        if not answer.has_words
    )
    clusters = tuple(answer.cluster for answer in answers if answer.cluster)
    members = sum(len(cluster.members) for cluster in clusters)
    unique = sum(answer.has_words for answer in answers) - len(clusters)
    summary = Summary(members + unique, len(clusters), members, unique, len(skipped))
    report = Report(shown_settings(how.settings), summary, clusters, skipped)
    say(*note_lines(report, quiet=typed["quiet"], verbose=typed["verbose"]))
    if not typed["quiet"]:
        say(*_unmatched(articles, answers))
    whole = write_report(report, typed)
    return exit_code(found=False, complete=whole and report.complete)


def _unmatched(articles: Sequence[Article], answers: Sequence[Answer]) -> Iterator[str]:
    """Yield a line that names what has not been published before, if anything."""
    names = [
        one_line(article.id)
        for article, answer in zip(articles, answers, strict=True)
        if answer.has_words and answer.cluster is None
    ]
    if names:
        more = ", ..." if len(names) > _NAMED else ""
        yield f"not published before: {len(names):,} ({', '.join(names[:_NAMED])}{more})"


def answer_lines(queries: Queries, reading: ReadOptions) -> Exit:
    """Write a line of JSON for each article that comes in, at once."""
    complete = True
    for item in _lines(reading):
        complete = complete and not isinstance(item, Skipped)
        line = dumps(_answer(queries, item)) + "\n"
        if not written(partial(_write, line=line)):
            return Exit.INCOMPLETE
    return exit_code(found=False, complete=complete)


def _lines(reading: ReadOptions) -> Iterator[Item]:
    for number, line in enumerate(sys.stdin.buffer, 1):
        yield from Lines("-", line, number, reading, len(line)).load()


def _answer(queries: Queries, item: Item) -> dict[str, object]:
    if not isinstance(item, Article):
        return {"type": "skipped", **asdict(item)}
    answer = queries.answer(item)
    if not answer.has_words:
        return {"type": "skipped", **asdict(without_words(item))}
    cluster = answer.cluster
    if cluster is None:
        return {"type": "answer", "id": item.id, "matches": 0}
    value = {name: part for name, part in cluster_value(cluster).items() if name in _TOLD}
    return {"type": "answer", "id": item.id, "matches": len(cluster.variants), **value}


def _write(out: TextIO, line: str) -> None:
    out.write(line)
    out.flush()
