"""Find the variants of news articles, and see what each one adds, drops and changes.

    >>> from dedupe_news import read, scan
    >>> report = scan(read("corpus/"))
    >>> [variant.relation for variant in report.clusters[0].variants]
"""

from importlib import import_module
from typing import TYPE_CHECKING

from dedupe_news import errors, model, settings
from dedupe_news.errors import *  # noqa: F403 - the tree of errors is public as a whole
from dedupe_news.model import *  # noqa: F403 - the vocabulary is public as a whole
from dedupe_news.settings import Settings

if TYPE_CHECKING:
    from dedupe_news.pipeline import diff, scan
    from dedupe_news.sources import read

__all__ = ["Settings", "diff", "read", "scan", *errors.__all__, *model.__all__]

_LATE = {"diff": "pipeline", "scan": "pipeline", "read": "sources"}
"""What needs numpy or opens files is imported when it is first asked for."""


def __getattr__(name: str) -> object:
    if name not in _LATE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
