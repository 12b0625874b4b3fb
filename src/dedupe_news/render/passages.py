"""The boilerplate that was learned: how much, and on request what it says."""

from collections.abc import Iterator

from dedupe_news.model import Boilerplate, Report
from dedupe_news.render.phrases import percent, plural
from dedupe_news.render.prose import Line, wrap
from dedupe_news.render.safe import prose
from dedupe_news.render.style import Style

__all__ = ["passage_lines"]

_INDENT = 2


def passage_lines(report: Report, style: Style) -> Iterator[Line]:
    """Yield that passages took no part, and each with how common it is if that is wanted."""
    if not report.boilerplate:
        return
    passages = plural(len(report.boilerplate), "passage")
    recur = "recurs" if len(report.boilerplate) == 1 else "recur"
    end = ":" if style.boilerplate else "."
    note = f"{passages} {recur} in unrelated articles and did not count as shared{end}"
    yield from wrap([(note, "plain")], style.width)
    for passage in report.boilerplate if style.boilerplate else ():
        yield from _hung(_told(passage, report.summary.articles, style), style.width)


def _told(passage: Boilerplate, articles: int, style: Style) -> str:
    holders = plural(passage.articles, "article")
    common = percent(passage.articles / max(articles, 1))
    text = prose(passage.text, only_ascii=style.ascii).strip()
    return f"{holders} ({common}), {plural(passage.words, 'word')}: {text}"


def _hung(text: str, width: int) -> Iterator[Line]:
    head: Line = [("% ", "dim")]
    for line in wrap([(text, "dim")], width - _INDENT):
        yield [*head, *line]
        head = [(" " * _INDENT, "plain")]
