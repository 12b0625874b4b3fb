"""A corpus as it is remembered: its numbers come from the index, its texts when needed.

It goes through the same stages as one that was just read. What was worked out before is not
worked out again where it cannot have changed: the comparison of two wordings depends on
these two and on what is boilerplate, and on nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from dedupe_news.core.columns import Columns, Recipe
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.insight import Insight
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.scope import Scope
from dedupe_news.core.verify import Comparisons, Rule
from dedupe_news.corpus import Corpus, ranked, told_apart
from dedupe_news.derived import Derived, counted_columns
from dedupe_news.engines.local import Engine
from dedupe_news.index.store import Store
from dedupe_news.intake import counted, digests_from, sorted_skips
from dedupe_news.looks import Look
from dedupe_news.model import Article, LeftOut, Skipped

__all__ = ["Recalled", "ranks_of", "recall", "rows_of"]

Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Recalled(Corpus):
    """A corpus whose texts are in an index.

    Attributes:
        store: The index.
        numbers: Number in the index of the article of each number in this run.
        is_told_apart: Whether articles had to be given other ids than they came with.
        known: Pairs that were compared before, by rank.
        known_furniture: The boilerplate that was left out of them.
        looks: How this corpus was looked at.
    """

    store: Store
    numbers: Ranks
    is_told_apart: bool
    known: Comparisons
    known_furniture: UInt64s
    looks: list["_Memory"] = field(default_factory=list)

    @property
    def compared(self) -> Comparisons:
        """All pairs that were compared so far."""
        return Comparisons.concatenate([part for look in self.looks for part in look.verified])

    def look(
        self,
        furniture: UInt64s,
        rule: Rule,
        *,
        telling: bool = False,
        doubting: bool = False,  # noqa: ARG002 - what is remembered is beyond doubt
    ) -> Look:
        """Return what compares wordings, as far as that was not done before."""
        same = np.array_equal(furniture, self.known_furniture)
        known = self.known if same else Comparisons.concatenate([])
        memory = _Memory(known, len(self.columns), super().look(furniture, rule, telling=telling))
        self.looks.append(memory)
        return memory


class _Memory:
    """Compares pairs that were not compared before, and keeps all that was asked for."""

    def __init__(self, known: Comparisons, count: int, look: Look) -> None:
        self._known = known
        self._codes = known.left * count + known.right
        self._count = count
        self._look = look
        self.verified: list[Comparisons] = []

    def compare(self, left: Ranks, right: Ranks) -> Comparisons:
        """Return pairs after the first look, in the given order."""
        return self._look.compare(left, right)

    def insight(self) -> Insight:
        """Return what was found out besides about pairs that were not compared before."""
        return self._look.insight()

    def doubts(self) -> Comparisons:
        """Return no pairs: what is remembered is beyond doubt."""
        return self._look.doubts()

    def verify(self, left: Ranks, right: Ranks) -> Comparisons:
        """Return the same pairs after the second look."""
        codes = left * self._count + right
        places = np.searchsorted(self._codes, codes)
        places = np.minimum(places, max(len(self._codes) - 1, 0))
        old = self._codes[places] == codes if len(self._codes) else np.zeros(len(codes), np.bool_)
        new = np.flatnonzero(~old)
        seen = self._look.verify(left[new], right[new])
        both = Comparisons.concatenate([self._known.take(places[old]), seen])
        order = np.argsort(np.concatenate((np.flatnonzero(old), new)))
        result = both.take(order)
        self.verified.append(result)
        return result


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The articles of an index, by their numbers in a run: only this process reads them."""

    store: Store
    numbers: Ranks

    def get(self, number: int) -> Article:
        return self.store.get(int(self.numbers[number]))

    def later(self, numbers: Sequence[int]) -> Callable[[], Sequence[Article]]:
        return partial(tuple, self.store.get_all(self.numbers[list(numbers)].tolist()))

    def matched_later(self, numbers: Sequence[int], recipe: Recipe) -> Callable[[], list[str]]:
        return partial(list, self.store.matched(self.numbers[list(numbers)].tolist(), recipe))


def recall(
    store: Store,
    notes: Sequence[Skipped | LeftOut],
    derived: Derived,
    fresh: Columns,
    recipe: Recipe,
    scope: Scope,
    engine: Engine,
) -> Recalled:
    """Return the corpus that the articles of an index come to.

    Args:
        store: The index.
        notes: What took no part.
        derived: What was worked out before, of these articles or others.
        fresh: Columns of what was read just now: all that was not worked out before is there.
        recipe: How the columns were made.
        scope: Which articles are compared.
        engine: Where candidates are verified.
    """
    numbers, ids, data, counts = store.articles()
    digests = digests_from(data)
    shelf = _Shelf(store, np.array(numbers, np.int64))
    names = told_apart(ids, digests, shelf.get)
    where = scope.places_of(len(ids), map(shelf.get, range(len(ids))))
    firsts, copies = ranked(digests, names, where, scope)
    words = np.array(counts, np.int64)[firsts]
    columns = _columns(digests[firsts], words, derived.columns, fresh)
    new_ranks = rows_of(derived.columns.digests, columns.digests)
    return Recalled(
        columns,
        copies,
        names,
        sorted_skips(notes),
        counted(notes),
        shelf,
        recipe,
        where.of_copies(copies),
        scope,
        engine=engine,
        store=store,
        numbers=shelf.numbers,
        is_told_apart=names != ids,
        known=_renumbered(derived.pairs, new_ranks, len(columns)),
        known_furniture=derived.furniture.shingles,
    )


def _columns(digests: UInt64s, words: Ranks, known: Columns, fresh: Columns) -> Columns:
    """Return the columns of wordings; of what is fresh they are made anew."""
    fresh_rows = rows_of(digests, fresh.digests)
    if (fresh_rows >= 0).all():
        return fresh.take(fresh_rows)
    old_rows = rows_of(digests, known.digests)
    rows = np.where(fresh_rows >= 0, fresh_rows + len(known), old_rows)
    lengths = np.concatenate((known.shingles.lengths, fresh.shingles.lengths))[rows]
    anchors = Ragged.concatenate([known.anchors, fresh.anchors], np.uint64).take(rows)
    bands = np.concatenate((known.bands, fresh.bands))[rows]
    return counted_columns(words, digests, lengths, anchors, bands)


def rows_of(digests: UInt64s, among: UInt64s) -> Ranks:
    """Return the row of each digest among others, or -1.

    Args:
        digests: Shape (n, 2), uint64.
        among: Shape (m, 2), uint64, in any order.
    """
    order = np.lexsort((among[:, 1], among[:, 0]))
    ranks = ranks_of(digests, among[order])
    return np.where(ranks < 0, -1, order[ranks]) if len(among) else ranks


def ranks_of(digests: UInt64s, among: UInt64s) -> Ranks:
    """Return the row of each digest among others that are ascending, or -1.

    Args:
        digests: Shape (n, 2), uint64.
        among: Shape (m, 2), uint64; where the first halves are equal, one of them is found.
    """
    if not len(among):
        return np.full(len(digests), -1)
    places = np.searchsorted(among[:, 0], digests[:, 0])
    places = np.minimum(places, len(among) - 1)
    return np.where((among[places] == digests).all(axis=1), places, -1)


def _renumbered(pairs: Comparisons, ranks: Ranks, count: int) -> Comparisons:
    """Return those pairs whose wordings are still there, by their present ranks, ascending."""
    left, right = ranks[pairs.left], ranks[pairs.right]
    kept = np.flatnonzero((left >= 0) & (right >= 0) & (left < right))
    _, first = np.unique(left[kept] * count + right[kept], return_index=True)
    kept = kept[first]
    return replace(pairs.take(kept), left=left[kept], right=right[kept])
