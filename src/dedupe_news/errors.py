"""What can go wrong with a run.

DedupeNewsError
├── UsageError          the call itself is off: an option, a path, a setting
│   ├── SettingsError   a setting is out of range or unknown
│   ├── ConfigError     a configuration file or a baseline cannot be understood
│   └── PathError       a path does not exist or cannot be written
├── NoArticlesError     nothing was found that could be compared
├── IndexUnusableError  the index was made otherwise, is damaged or unfinished
│   └── IndexLockedError    another process writes to it
├── EngineError         what was to do the work has failed
├── MissingExtraError   a format or an engine needs a package that is not installed
└── ArticleError        one article cannot be used (the run goes on without it)

Every error says what happened in `str(error)` and what to type next in `error.hint`.
One input that cannot take part is not an error but a `Skipped` row of the report.
"""

__all__ = [
    "ArticleError",
    "ConfigError",
    "DedupeNewsError",
    "EngineError",
    "IndexLockedError",
    "IndexUnusableError",
    "MissingExtraError",
    "NoArticlesError",
    "PathError",
    "SettingsError",
    "UsageError",
]


class DedupeNewsError(Exception):
    """The run cannot go on; `hint` says what to do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UsageError(DedupeNewsError):
    """What was asked for cannot be done as it was asked."""


class SettingsError(UsageError):
    """A setting is unknown or out of its range."""


class ConfigError(UsageError):
    """A configuration file or a baseline holds what cannot be understood."""


class PathError(UsageError):
    """A path that was named does not exist, or cannot be read or written."""


class NoArticlesError(DedupeNewsError):
    """Not one article was found: an empty run must not look like a clean one."""


class IndexUnusableError(DedupeNewsError):
    """The index was made in another way than is asked for, or is damaged or unfinished."""


class IndexLockedError(IndexUnusableError):
    """Another process writes to the index."""


class EngineError(DedupeNewsError):
    """What was to do the work has failed: a cluster that ran out of memory, or of machines."""


class MissingExtraError(DedupeNewsError):
    """A format or an engine needs a package that is not installed."""


class ArticleError(DedupeNewsError):
    """One article cannot be used, for the reason given."""
