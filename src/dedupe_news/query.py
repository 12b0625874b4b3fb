"""Has this been published before? Texts from outside, held against an index as it is.

What is asked about does not become part of the corpus, so it changes neither what is
boilerplate nor what belongs together there.
"""

from dataclasses import replace

import numpy as np

from dedupe_news.core.columns import columns_of, only
from dedupe_news.core.describe import Family, Viewpoint, describe
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.text import words_of
from dedupe_news.core.verify import compare, second_look
from dedupe_news.glance import Circle, Wordings, candidates_of_newcomers
from dedupe_news.index.store import Store
from dedupe_news.model import Article, Cluster
from dedupe_news.pipeline import recipe_of, rule_of
from dedupe_news.recall import ranks_of
from dedupe_news.upkeep import Upkeep

__all__ = ["Queries"]


class Queries:
    """Answers questions about one article after the other."""

    def __init__(self, store: Store, keeping: Upkeep) -> None:
        """Open the book.

        Args:
            store: An index that is finished.
            keeping: The settings that it was made with.
        """
        self._store = store
        self._settings = keeping.settings
        self._recipe = recipe_of(keeping.settings)
        self._rule = rule_of(keeping.settings)
        self._digests = store.array("digests").reshape(-1, 2)
        self._copies = Ragged.from_lengths(store.array("copies"), store.array("copies of"))
        self._furniture = store.array("furniture")

    def answer(self, article: Article) -> Cluster | None:
        """Return the published articles that an article matches, read against it.

        Args:
            article: Any article; it is the base, so that shares are of its own words.

        Returns:
            None if it matches none, or has no words.
        """
        ranks = self._matches(article)
        numbers = [number for rank in ranks for number in self._copies[rank].tolist()]
        if not numbers:
            return None
        found = [self._store.get(number) for number in numbers]
        if any(each.id == article.id for each in found):
            article = replace(article, id=f"{article.id} (asked)")
        view = Viewpoint(self._rule, self._recipe, furniture=self._furniture)
        family = Family((article, *found))
        return describe([family], view, diff=self._settings.diff, base=article.id)[0]

    def _matches(self, article: Article) -> list[int]:
        """Return the wordings that an article matches, by rank."""
        text = self._recipe.matched(article)
        columns = columns_of([text], self._recipe)
        if not columns.words[0]:
            return []
        same = int(ranks_of(columns.digests, self._digests)[0])
        if same >= 0:
            return sorted({same, *self._related(same)})
        firsts = self._copies.values[self._copies.offsets[:-1]]
        wordings = Wordings(self._store, self._recipe, columns, [text], (), firsts)
        anchors = Circle(self._store, "anchor", wordings)
        bands = Circle(self._store, "band", wordings)
        floor = self._rule.floor
        pairs = candidates_of_newcomers(self._store, wordings, anchors, bands, floor)
        return self._verified(article, wordings, [other for _, other in pairs])

    def _related(self, rank: int) -> list[int]:
        """Return the wordings that one of the index matches."""
        left, right = self._store.array("left"), self._store.array("right")
        matches = self._store.array("matches")
        near = np.concatenate((right[matches & (left == rank)], left[matches & (right == rank)]))
        related: list[int] = near.tolist()
        return related

    def _verified(self, article: Article, wordings: Wordings, others: list[int]) -> list[int]:
        if not others:
            return []
        articles = [self._store.get(int(self._copies[rank][0])) for rank in others]
        texts = [self._recipe.matched(each) for each in (article, *articles)]
        words = words_of(texts, self._recipe.unit)
        tags = (wordings.count, *others)
        parts = [wordings.columns(tag).shingles.packed() for tag in tags]
        sets = Ragged.concatenate(parts, np.uint64)
        right = np.arange(1, len(texts))
        left = np.zeros(len(others), np.int64)
        seen = compare(sets, left, right, self._rule, only(sets, self._furniture))
        seen = second_look(seen, lambda rows: words.take(np.array(rows, np.int64)), self._rule)
        return [
            rank for rank, matches in zip(others, seen.matches.tolist(), strict=True) if matches
        ]
