"""Plain text and Markdown: one article in a file."""

import re
from collections.abc import Iterator

from dedupe_news.model import Article
from dedupe_news.paragraphs import split_paragraphs
from dedupe_news.sources.batch import Batch, Made
from dedupe_news.sources.decode import NotTextError, decode
from dedupe_news.sources.files import File, whole
from dedupe_news.sources.head import parted
from dedupe_news.sources.json_lines import Lines
from dedupe_news.sources.options import ReadOptions

__all__ = ["cut_text", "cut_unknown"]

_OBJECT = re.compile(r"\s*\{\s*\"")
_MARKUP = re.compile(
    r"\s*(?:<(?:!doctype|html|head|body|\?xml|rss|feed|nitf)\b|\{\\rtf)", re.IGNORECASE
)


def cut_text(file: File, options: ReadOptions) -> Iterator[Batch]:
    """Yield the one article of a text file, with what its head says.

    Args:
        file: Opened here, and held whole.
        options: How to read it.
    """
    yield _article(file, decode(whole(file), options.encoding))


def cut_unknown(file: File, options: ReadOptions) -> Iterator[Batch]:
    """Yield what a file holds whose name does not say it: JSON Lines, or one text.

    Args:
        file: Opened here, and held whole.
        options: How to read it.

    Raises:
        NotTextError: If it holds neither.
    """
    text = decode(whole(file), options.encoding)
    if _OBJECT.match(text):
        yield Lines(file.name, text.encode(), 1, options, file.size)
    elif _MARKUP.match(text):
        raise NotTextError("holds markup, which would be taken for words")
    else:
        yield _article(file, text)


def _article(file: File, text: str) -> Batch:
    metadata, body = parted(text)
    article = Article(file.name, split_paragraphs(body), path=file.name, **metadata)
    return Made((article,), file.size)
