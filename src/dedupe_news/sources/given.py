"""Articles that a caller has made: whether they are any, said before they go astray.

A text is a sequence of texts too, so one that was given in place of several would be taken for as
many articles, or paragraphs, as it has characters.
"""

from dataclasses import fields

from dedupe_news.errors import ArticleError, UsageError
from dedupe_news.model import Article

__all__ = ["require_article"]

_LINES = tuple(field.name for field in fields(Article) if field.name != "paragraphs")
_SHOWN = 40  # characters of what was given instead


def require_article(given: object) -> Article:
    """Return what was given, if it is an article whose fields hold what they should.

    Raises:
        UsageError: If it is none.
        ArticleError: If one of its fields holds something else.
    """
    if not isinstance(given, Article):
        msg = f"this is no article: {_shown(given)}"
        hint = "make one with Article.from_text(id, text); read(path) makes those of files"
        raise UsageError(msg, hint=hint)
    texts = given.paragraphs
    if not isinstance(texts, tuple | list) or not all(isinstance(text, str) for text in texts):
        msg = f"the paragraphs of the article {given.id!r} are no tuple of texts: {_shown(texts)}"
        raise ArticleError(msg, hint="Article.from_text(id, text) cuts one text into paragraphs")
    for name in _LINES:
        value = getattr(given, name)
        if not isinstance(value, str):
            msg = f"the {name} of the article {given.id!r} is no text: {_shown(value)}"
            hint = (
                "give value.isoformat()" if name == "date" else "give str(value), or leave it out"
            )
            raise ArticleError(msg, hint=hint)
    return given


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
