"""Has this been published before? Texts from outside, held against an index as it is.

What is asked about does not become part of the corpus, so it changes neither what is
boilerplate nor what belongs together there.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from dedupe_news.core.among import only
from dedupe_news.core.columns import columns_of
from dedupe_news.core.describe import Family, Viewpoint, describe
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shared_words import second_look
from dedupe_news.core.verify import compare
from dedupe_news.index.store import Store
from dedupe_news.model import Article, Cluster
from dedupe_news.newcomers import candidates_of_newcomers
from dedupe_news.recipes import recipe_of, rule_of
from dedupe_news.upkeep import Upkeep
from dedupe_news.wordings import Circle, Wordings, ranks_among

__all__ = ["Answer", "Queries"]


class Answer(NamedTuple):
    """What is known of an article that was asked about.

    Attributes:
        cluster: The published articles that it matches, read against it; None if it matches
            none.
        has_words: Whether there was anything to look for.
    """

    cluster: Cluster | None
    has_words: bool = True


class Queries:
    """Answers questions about one article after the other."""

    def __init__(self, store: Store, keeping: Upkeep) -> None:
        """Open the book.

        Args:
            store: An index.
            keeping: The settings that it was made with.
        """
        self._store = store
        self._settings = keeping.settings
        self._recipe = recipe_of(keeping.settings)
        self._rule = rule_of(keeping.settings)
        self._copies = store.ragged("copies")
        self._furniture = store.column("furniture").whole()

    def answer(self, article: Article) -> Answer:
        """Return the published articles that an article matches.

        Args:
            article: Any article; it is the base, so that shares are of its own words.
        """
        columns = columns_of([self._recipe.matched(article)], self._recipe)
        if not columns.words[0]:
            return Answer(None, has_words=False)
        same = int(ranks_among(self._store.column("digests"), columns.digests)[0])
        ranks = sorted({same, *self._related(same)}) if same >= 0 else self._matches(article)
        numbers = self._copies.rows(np.array(ranks, np.int64)).values.tolist()
        return Answer(self._described(article, self._store.get_all(numbers)))

    def _described(self, article: Article, found: list[Article]) -> Cluster | None:
        if not found:
            return None
        if any(each.id == article.id for each in found):
            article = replace(article, id=f"{article.id} (asked)")
        view = Viewpoint(self._rule, self._recipe, furniture=self._furniture)
        family = Family((article, *found))
        return describe([family], view, diff=self._settings.diff, base=article.id)[0]

    def _related(self, rank: int) -> list[int]:
        """Return the wordings that one of the index matches."""
        links = self._store.ragged("links").rows(np.array([rank])).values
        related: list[int] = links.reshape(-1, 2)[:, 0].tolist()
        return related

    def _matches(self, article: Article) -> list[int]:
        """Return the wordings that an article matches, none of which it has, by rank."""
        text = self._recipe.matched(article)
        wordings = Wordings(self._store, self._recipe, columns_of([text], self._recipe), [text], ())
        anchors, bands = (Circle(kind, wordings) for kind in ("anchor", "band"))
        pairs = candidates_of_newcomers(wordings, anchors, bands, self._rule.floor)
        return self._verified(wordings, [other for _, other in pairs])

    def _verified(self, wordings: Wordings, others: list[int]) -> list[int]:
        if not others:
            return []
        tags = [wordings.count, *others]
        wordings.read(others)
        sets = Ragged.concatenate(
            [wordings.columns(tag).shingles.packed() for tag in tags], np.uint64
        )
        words = wordings.words(tags)
        right = np.arange(1, len(tags))
        left = np.zeros(len(others), np.int64)
        seen = compare(sets, left, right, self._rule, only(sets, self._furniture))
        seen = second_look(seen, words, self._rule)
        return [
            rank for rank, matches in zip(others, seen.matches.tolist(), strict=True) if matches
        ]
