"""The base of a cluster: the member that the others are read against, and why that one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from dedupe_news.core.dates import moment_of
from dedupe_news.model import Article

__all__ = ["choose_base"]

_Score = TypeVar("_Score", int, float, str, datetime)


def choose_base(
    articles: Sequence[Article],
    words: Callable[[], Sequence[int]],
    contained: Callable[[], Sequence[float]],
    keep: Sequence[str],
) -> tuple[int, str]:
    """Return which article is the base, and the rule that decided.

    The rules are asked in their order; each keeps the best of those that are left. The id
    decides last, so there is always one.

    Args:
        articles: The members, at least one.
        words: Returns the number of words of each; called when needed.
        contained: Returns how far each member stands in the others; called when needed.
        keep: Names of rules, see `dedupe_news.settings.KEEP_RULES`.

    Returns:
        The position of the base and the name of the rule.
    """
    left = list(range(len(articles)))
    for rule in (*keep, "id"):
        left = _best(rule, left, articles, words, contained)
        if len(left) == 1:
            return left[0], rule
    return left[0], "id"


def _best(
    rule: str,
    left: list[int],
    articles: Sequence[Article],
    words: Callable[[], Sequence[int]],
    contained: Callable[[], Sequence[float]],
) -> list[int]:
    """Return those of the members left that a rule likes best, at least one."""
    if rule in ("earliest", "latest"):
        if not any(articles[position].date for position in left):
            return left
        dated = {position: moment_of(articles[position].date) for position in left}
        known = {position: moment.start for position, moment in dated.items() if moment}
        return _extreme(known, highest=rule == "latest") or left
    if rule in ("longest", "shortest"):
        return _extreme(_of_those(left, words()), highest=rule == "longest")
    if rule == "most-contained":
        return _extreme(_of_those(left, contained()), highest=True)
    if rule == "id":
        return _extreme({position: articles[position].id for position in left}, highest=False)
    source = rule.removeprefix("source:").casefold()
    return [place for place in left if articles[place].source.casefold() == source] or left


def _of_those(left: Sequence[int], scores: Sequence[_Score]) -> dict[int, _Score]:
    return {position: scores[position] for position in left}


def _extreme(scores: Mapping[int, _Score], *, highest: bool) -> list[int]:
    if not scores:
        return []
    wanted = max(scores.values()) if highest else min(scores.values())
    return [position for position, score in scores.items() if score == wanted]
