"""Settings as the stages take them, and as a report states them."""

from dataclasses import asdict

from dedupe_news.core.columns import Recipe
from dedupe_news.core.scope import Scope
from dedupe_news.core.verify import Rule
from dedupe_news.settings import Settings

__all__ = [
    "recipe_of",
    "rule_of",
    "scope_of",
    "shown_settings",
]

_WORD_LENGTH = 5  # characters, for a number of words where characters are counted


def recipe_of(settings: Settings) -> Recipe:
    """Return how texts become columns."""
    return Recipe(
        settings.shingle_words,
        settings.shingle_unit,
        settings.num_perm,
        settings.seed,
        settings.ignore_text,
    )


def rule_of(settings: Settings) -> Rule:
    """Return when two articles match."""
    words = settings.min_shared_words
    if settings.shingle_unit == "word":
        return Rule(settings.min_containment, words, settings.shingle_words)
    size = settings.shingle_words
    return Rule(settings.min_containment, words * _WORD_LENGTH, size, shortest_run=size)


def scope_of(settings: Settings) -> Scope:
    """Return which articles are compared."""
    return Scope(settings.within_days, settings.across)


def shown_settings(settings: Settings) -> dict[str, str | int | float | bool]:
    """Return the settings as a report states them."""
    values = asdict(settings)
    values["keep"] = ",".join(settings.keep)
    values["ignore_text"] = "\n".join(settings.ignore_text)
    del values["diff"]
    return {name: value for name, value in values.items() if value not in (None, "")}
