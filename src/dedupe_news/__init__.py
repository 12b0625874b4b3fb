"""Find the variants of news articles, and see what each one adds, drops and changes.

`scan(read("corpus/"))` returns a `Report`: its clusters, their base and, for each variant,
what happened to every paragraph. `diff(base, variant)` does so for given articles. Neither
prints anything, and what they return depends on the articles and the settings alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from dedupe_news.errors import (
    ArticleError,
    ConfigError,
    DedupeNewsError,
    EngineError,
    IndexLockedError,
    IndexUnusableError,
    MissingExtraError,
    NoArticlesError,
    PathError,
    SettingsError,
    UsageError,
)
from dedupe_news.model import (
    Alignment,
    Article,
    Boilerplate,
    Change,
    Cluster,
    Counts,
    Explanation,
    LeftOut,
    Member,
    NumberChange,
    Overlap,
    Report,
    Skipped,
    Summary,
    Variant,
)
from dedupe_news.settings import Settings

if TYPE_CHECKING:
    from dedupe_news.pipeline import diff, explain, scan
    from dedupe_news.sources import read

__all__ = [
    "Alignment",
    "Article",
    "ArticleError",
    "Boilerplate",
    "Change",
    "Cluster",
    "ConfigError",
    "Counts",
    "DedupeNewsError",
    "EngineError",
    "Explanation",
    "IndexLockedError",
    "IndexUnusableError",
    "LeftOut",
    "Member",
    "MissingExtraError",
    "NoArticlesError",
    "NumberChange",
    "Overlap",
    "PathError",
    "Report",
    "Settings",
    "SettingsError",
    "Skipped",
    "Summary",
    "UsageError",
    "Variant",
    "diff",
    "explain",
    "read",
    "scan",
]

_LATE = {"diff": "pipeline", "explain": "pipeline", "scan": "pipeline", "read": "sources"}
"""What needs numpy or opens files is imported when it is first asked for."""


def __getattr__(name: str) -> object:
    if name not in _LATE:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
