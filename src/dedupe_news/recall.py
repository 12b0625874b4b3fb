"""A corpus as it is remembered: its numbers come from the index, its texts when needed.

It goes through the same stages as one that was just read. What was worked out before is not
worked out again where it cannot have changed: the comparison of two wordings depends on
these two and on what is boilerplate, and on nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dedupe_news.core.boilerplate import MIN_STORIES, Furniture, Passage
from dedupe_news.core.candidates import Holders, anchors_under
from dedupe_news.core.columns import Columns, Recipe, columns_of, without
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged, Rows
from dedupe_news.core.scope import Places, Scope
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.sketches import Bands
from dedupe_news.core.verify import Comparisons, Rule, compare, second_look
from dedupe_news.corpus import Corpus, Look, ranked, told_apart
from dedupe_news.index.store import ArticleRow, Store
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.pipeline import Findings

__all__ = [
    "Derived",
    "Recalled",
    "counted",
    "digest_bytes",
    "digests_from",
    "load_derived",
    "load_furniture",
    "ranks_of",
    "recall",
    "rows_of",
    "save_derived",
]

Ranks = npt.NDArray[np.int64]
_RECOMPUTED = 1000  # articles whose columns are made again at once


@dataclass(frozen=True)
class Derived:
    """What was worked out from the articles, by the ranks of that time.

    Attributes:
        columns: One row for each wording; the rows of `shingles` are lengths only.
        furniture: The boilerplate.
        pairs: All pairs that were compared.
    """

    columns: Columns
    furniture: Furniture
    pairs: Comparisons

    @classmethod
    def nothing(cls, recipe: Recipe) -> "Derived":
        """Return what is worked out of no article."""
        columns = Columns.concatenate([], Bands.leaning_to_recall(recipe.num_perm).bands)
        furniture = Furniture(np.empty(0, np.uint64), ())
        return cls(columns, furniture, Comparisons.concatenate([]))


@dataclass(frozen=True, kw_only=True)
class Recalled(Corpus):
    """A corpus whose texts are in an index.

    Attributes:
        numbers: Number in the index of the article of each number in this run.
        fresh: Columns with shingles of what was read just now.
        fresh_rows: Row in `fresh` of each wording, or -1.
        known: Pairs that were compared before, by rank.
        known_furniture: The boilerplate that was left out of them.
        looks: How this corpus was looked at.
    """

    numbers: Sequence[int]
    fresh: Columns
    fresh_rows: Ranks
    known: Comparisons
    known_furniture: UInt64s
    looks: list["_Memory"] = field(default_factory=list)

    def look(self, furniture: UInt64s, rule: Rule) -> Look:
        """Return what compares wordings, as far as that was not done before."""
        same = np.array_equal(furniture, self.known_furniture)
        known = self.known if same else Comparisons.concatenate([])
        memory = _Memory(known, len(self.columns), self.words, self._sets(furniture), rule)
        self.looks.append(memory)
        return memory

    def _sets(self, furniture: UInt64s) -> Callable[[Ranks], Ragged]:
        def sets(ranks: Ranks) -> Ragged:
            rows = self.fresh_rows[ranks]
            old = np.flatnonzero(rows < 0)
            words = self.words(ranks[old].tolist())
            read = distinct_shingles(shingles_of(words, self.recipe.shingle_words))
            both = Ragged.concatenate(
                [read, self.fresh.shingles.view(rows[rows >= 0]).packed()], np.uint64
            )
            order = np.argsort(np.concatenate((old, np.flatnonzero(rows >= 0))))
            return without(both.take(order), furniture)

        return sets


class _Memory:
    """Compares pairs that were not compared before, and keeps all that was asked for."""

    def __init__(
        self,
        known: Comparisons,
        count: int,
        words: Callable[[Sequence[int]], Ragged],
        sets: Callable[[Ranks], Ragged],
        rule: Rule,
    ) -> None:
        self._known = known
        self._codes = known.left * count + known.right
        self._count = count
        self._words = words
        self._sets = sets
        self._rule = rule
        self.verified: list[Comparisons] = []

    def compare(self, left: Ranks, right: Ranks) -> Comparisons:
        """Return pairs after the first look, in the given order."""
        ranks, places = np.unique(np.concatenate((left, right)), return_inverse=True)
        one, other = places[: len(left)], places[len(left) :]
        seen = compare(self._sets(ranks), one, other, self._rule)
        return replace(seen, left=left, right=right)

    def verify(self, left: Ranks, right: Ranks) -> Comparisons:
        """Return the same pairs after the second look."""
        codes = left * self._count + right
        places = np.searchsorted(self._codes, codes)
        places = np.minimum(places, max(len(self._codes) - 1, 0))
        old = self._codes[places] == codes if len(self._codes) else np.zeros(len(codes), np.bool_)
        new = np.flatnonzero(~old)
        seen = second_look(self.compare(left[new], right[new]), self._words, self._rule)
        both = Comparisons.concatenate([self._known.take(places[old]), seen])
        order = np.argsort(np.concatenate((np.flatnonzero(old), new)))
        result = both.take(order)
        self.verified.append(result)
        return result


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The articles of an index, by their numbers in a run."""

    store: Store
    numbers: Sequence[int]

    def get(self, number: int) -> Article:
        return self.store.get(self.numbers[number])


def recall(
    store: Store,
    rows: Sequence[ArticleRow],
    notes: Sequence[Skipped | LeftOut],
    derived: Derived,
    fresh: Columns,
    recipe: Recipe,
    scope: Scope,
) -> Recalled:
    """Return the corpus that the rows of an index come to.

    Args:
        store: The index.
        rows: All of its articles.
        notes: What took no part.
        derived: What was worked out before, of these articles or others.
        fresh: Columns with shingles of what was read just now.
        recipe: How the columns were made.
        scope: Which articles are compared.
    """
    digests = digests_from(b"".join(row.digest for row in rows))
    shelf = _Shelf(store, [row.number for row in rows])
    names = told_apart([row.id for row in rows], digests, shelf)
    where = _places(shelf, len(rows), scope)
    firsts, copies = ranked(digests, names, where, scope)
    columns, fresh_rows = _columns(digests[firsts], firsts, shelf, derived, fresh, recipe)
    new_ranks = rows_of(derived.columns.digests, columns.digests)
    skipped = [note for note in notes if isinstance(note, Skipped)]
    return Recalled(
        columns,
        copies,
        names,
        tuple(sorted(skipped, key=lambda skip: (skip.id, skip.code, skip.message))),
        counted(notes),
        shelf,
        recipe,
        where.of_copies(copies),
        scope,
        numbers=shelf.numbers,
        fresh=fresh,
        fresh_rows=fresh_rows,
        known=_renumbered(derived.pairs, new_ranks, len(columns)),
        known_furniture=derived.furniture.shingles,
    )


def save_derived(store: Store, corpus: Recalled, found: Findings) -> None:
    """Write down what was worked out of a corpus, in place of what was there."""
    columns, furniture = corpus.columns, found.furniture
    count, width = columns.bands.shape
    store.put_keys("anchor", columns.anchors.values, columns.anchors.rows)
    store.put_keys("band", columns.bands.ravel(), np.repeat(np.arange(count), width))
    common = np.flatnonzero(found.holders.articles.lengths >= MIN_STORIES)
    full_keys = _full_keys(columns.anchors.values, found.holders)
    common = common[np.argsort(full_keys[common])]
    groups = furniture.groups
    passages = [(one.rank, one.start, one.end, one.articles) for one in furniture.passages]
    pairs = Comparisons.concatenate([part for look in corpus.looks for part in look.verified])
    arrays: dict[str, npt.NDArray[Any]] = {
        "digests": columns.digests.ravel(),
        "words": columns.words.astype(np.int32),
        "shingles": columns.shingles.lengths.astype(np.int32),
        "anchors": columns.anchors.lengths.astype(np.int32),
        "own anchors": _own_anchors(columns, furniture.shingles),
        "stories": found.evidence.stories.astype(np.int32),
        "common": full_keys[common],
        "group": _group_numbers(found)[common],
        "witnesses": np.array([rank for one in groups for rank in one.witnesses], np.int32),
        "witnesses of": np.array([len(one.witnesses) for one in groups], np.int32),
        "many stories": np.array([one.many_stories for one in groups], np.bool_),
        "several": found.evidence.several[common].astype(np.int32),
        "furniture": furniture.shingles,
        "passages": np.array(passages, np.int64).ravel(),
        "copies": np.array(corpus.numbers, np.int64)[corpus.copies.values],
        "copies of": corpus.copies.lengths,
        "left": pairs.left.astype(np.int32),
        "right": pairs.right.astype(np.int32),
        "containment": pairs.containment,
        "resemblance": pairs.resemblance,
        "matches": pairs.matches,
    }
    for name, values in arrays.items():
        store.put_array(name, values)


def _own_anchors(columns: Columns, furniture: UInt64s) -> npt.NDArray[np.int32]:
    """Return how many anchors of each wording lie under each bound, boilerplate left out."""
    return anchors_under(without(columns.anchors, furniture)).astype(np.int32).ravel()


def _group_numbers(found: Findings) -> npt.NDArray[np.int32]:
    """Return for each anchor the number of the group that it is judged in, or -1."""
    numbers = np.full(len(found.holders.keys), -1, np.int32)
    for number, group in enumerate(found.furniture.groups):
        keys = np.array(group.keys, np.uint64)
        numbers[np.searchsorted(found.holders.keys, keys)] = number
    return numbers


def _full_keys(keys: UInt64s, holders: Holders) -> UInt64s:
    """Return the keys of whose bits holders know the low ones; ascending by these."""
    low, first = np.unique(keys & holders.mask, return_index=True)
    full: UInt64s = keys[first[np.searchsorted(low, holders.keys)]]
    return full


def load_derived(store: Store) -> Derived:
    """Return what was written down."""
    digests = store.array("digests").reshape(-1, 2)
    count = len(digests)
    keys, holders = store.keys("anchor")
    order = np.argsort(holders, kind="stable")
    anchors = Ragged.from_lengths(keys[order], np.bincount(holders, minlength=count))
    keys, holders = store.keys("band")
    bands = keys[np.argsort(holders, kind="stable")].reshape(count, -1)
    lengths = store.array("shingles").astype(np.int64)
    return Derived(
        _columns_of_lengths(
            store.array("words").astype(np.int64), digests, lengths, anchors, bands
        ),
        load_furniture(store),
        Comparisons(
            store.array("left").astype(np.int64),
            store.array("right").astype(np.int64),
            store.array("containment"),
            store.array("resemblance"),
            store.array("matches"),
        ),
    )


def load_furniture(store: Store) -> Furniture:
    """Return the boilerplate that was written down."""
    passages = store.array("passages").reshape(-1, 4).tolist()
    return Furniture(store.array("furniture"), tuple(Passage(*row) for row in passages))


def digests_from(data: bytes) -> UInt64s:
    """Return digests, shape (n, 2), from the bytes that `digest_bytes` made of each."""
    return np.frombuffer(data, "<u8").reshape(-1, 2).astype(np.uint64)


def digest_bytes(digest: UInt64s) -> bytes:
    """Return a digest as 16 bytes, the same on every machine."""
    return digest.astype("<u8").tobytes()


def _columns_of_lengths(
    words: Ranks, digests: UInt64s, lengths: Ranks, anchors: Ragged, bands: UInt64s
) -> Columns:
    """Return columns of whose shingles only the numbers are known."""
    shingles = Rows(np.empty(0, np.uint64), np.zeros(len(lengths), np.int64), lengths)
    return Columns(words, digests, shingles, anchors, bands)


def _columns(
    digests: UInt64s,
    firsts: Ranks,
    shelf: _Shelf,
    derived: Derived,
    fresh: Columns,
    recipe: Recipe,
) -> tuple[Columns, Ranks]:
    """Return the columns of wordings, and the row of each in `fresh`, or -1.

    What is neither remembered nor fresh is made again from the text: a build was killed.
    """
    fresh_rows, old_rows = (
        rows_of(digests, fresh.digests),
        rows_of(digests, derived.columns.digests),
    )
    missing = np.flatnonzero((fresh_rows < 0) & (old_rows < 0))
    made = _made_again([shelf.numbers[number] for number in firsts[missing]], shelf.store, recipe)
    parts = (derived.columns, fresh, made)
    rows = np.where(fresh_rows >= 0, fresh_rows + len(derived.columns), old_rows)
    rows[missing] = len(derived.columns) + len(fresh) + np.arange(len(missing))
    pool = Ragged.concatenate([part.anchors for part in parts], np.uint64)
    columns = _columns_of_lengths(
        np.concatenate([part.words for part in parts])[rows],
        digests,
        np.concatenate([part.shingles.lengths for part in parts])[rows],
        pool.take(rows),
        np.concatenate([part.bands for part in parts])[rows],
    )
    return columns, fresh_rows


def _made_again(numbers: Sequence[int], store: Store, recipe: Recipe) -> Columns:
    parts = []
    for start in range(0, len(numbers), _RECOMPUTED):
        articles = map(store.get, numbers[start : start + _RECOMPUTED])
        parts.append(columns_of([recipe.matched(article) for article in articles], recipe))
    return Columns.concatenate(parts, Bands.leaning_to_recall(recipe.num_perm).bands)


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


def _places(shelf: _Shelf, count: int, scope: Scope) -> Places:
    if scope == Scope():
        return Places(np.full((count, 2), np.nan), np.full(count, "", np.object_))
    return scope.places([shelf.get(number) for number in range(count)])


def counted(notes: Sequence[Skipped | LeftOut]) -> dict[str, int]:
    """Return how many files were passed over, by reason."""
    counts: dict[str, int] = {}
    for note in notes:
        if isinstance(note, LeftOut):
            counts[note.reason] = counts.get(note.reason, 0) + note.count
    return dict(sorted(counts.items()))
