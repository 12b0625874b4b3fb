"""A corpus as the stages see it: one row of numbers for each wording, texts put aside.

Articles arrive in any order and leave in one that depends on what they are: wordings are
ranked by their digests, copies of a wording by their ids.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field, replace
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dedupe_news.core.columns import Columns, Recipe, counted_columns_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.scope import Places, Scope
from dedupe_news.core.sketches import Bands, digests_of
from dedupe_news.core.text import Unit, words_of
from dedupe_news.core.verify import Rule
from dedupe_news.engines.local import Engine, Serial
from dedupe_news.engines.scratch import Scratch, Shelf, Whereabouts, packed_with
from dedupe_news.looks import Look, TextLook
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.sources import Batch

__all__ = [
    "AT_ONCE",
    "Corpus",
    "Loaded",
    "Shelved",
    "gather",
    "load_batch",
    "loaded",
    "names_in_run",
    "ranked",
    "told_apart",
    "under_id",
    "without_words",
]

AT_ONCE = 512
"""Most pairs that are compared at once: what a processor's cache holds."""

Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one batch holds, ready to be sent between processes.

    Attributes:
        columns: One row for each article that has words; shingles are only counted.
        articles: Where the same articles were put aside.
        ids: Their ids.
        skipped: Inputs that could not take part, articles without words among them.
        left_out: Files that were passed over.
        size: Bytes of input.
        places: Where the articles stand in time and among the groups.
    """

    columns: Columns
    articles: Whereabouts
    ids: list[str]
    skipped: list[Skipped]
    left_out: list[LeftOut]
    size: int
    places: Places


class Shelved(Protocol):
    """Where articles are put aside."""

    def get(self, number: int) -> Article:
        """Return an article by its number."""
        ...

    def later(self, numbers: Sequence[int]) -> Callable[[], Sequence[Article]]:
        """Return what reads some articles, in whichever process it is called."""
        ...

    def matched_later(self, numbers: Sequence[int], recipe: Recipe) -> Callable[[], list[str]]:
        """Return what reads what is matched of some articles, in whichever process."""
        ...


@dataclass(frozen=True)
class Corpus:
    """All articles of a run.

    Attributes:
        columns: One row for each distinct wording, by rank.
        copies: Numbers of the articles of each wording, by id; one row of int64 each.
        ids: The id of each article, by number; no two are equal.
        skipped: Inputs that could not take part, by id.
        left_out: Files that were passed over, counted by reason.
        shelf: The articles themselves, by number.
        recipe: How the columns were made.
        places: Where each wording stands in time and among the groups.
        scope: Which wordings are compared.
        at_once: How many pairs are compared at once, with their texts in memory.
        engine: Where candidates are verified.
    """

    columns: Columns
    copies: Ragged
    ids: Sequence[str]
    skipped: tuple[Skipped, ...]
    left_out: dict[str, int]
    shelf: Shelved
    recipe: Recipe
    places: Places
    scope: Scope
    at_once: int = AT_ONCE
    engine: Engine = field(default_factory=Serial)

    def look(
        self, furniture: UInt64s, rule: Rule, *, telling: bool = False, doubting: bool = False
    ) -> Look:
        """Return what compares wordings, boilerplate left out.

        Args:
            furniture: Shingle hashes of boilerplate, ascending.
            rule: When two articles match.
            telling: Whether it has an insight into what it verified.
            doubting: Whether it may leave pairs in doubt.
        """
        return TextLook(
            self.texts_later,
            self.recipe.unit,
            furniture,
            rule,
            telling,
            doubting,
            self.at_once,
            self.engine,
        )

    def article(self, number: int) -> Article:
        """Return an article by its number, under its id in this run."""
        return under_id(self.shelf.get(number), self.ids[number])

    def allow(
        self, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.bool_]:
        """Return which pairs of wordings may be compared, shape (pairs,)."""
        return self.places.allow(left, right, self.scope)

    def has_copies(self, rank: int) -> bool:
        """Whether several articles that may be compared have this wording."""
        alone = len(self.copies[rank]) < 2  # noqa: PLR2004 - it takes two
        return not alone and not (self.scope.across and self.places.groups[rank])

    def words_later(self, ranks: Sequence[int]) -> Callable[[], Ragged]:
        """Return what reads some wordings as word hashes, one row of uint64 for each."""
        return partial(_words, self.texts_later(ranks), self.recipe.unit)

    def texts_later(self, ranks: Sequence[int]) -> Callable[[], list[str]]:
        """Return what reads what is matched of some wordings, in whichever process."""
        firsts = self.copies.values[self.copies.starts[np.array(ranks, np.int64)]]
        return self.shelf.matched_later(firsts.tolist(), self.recipe)


def _words(texts: Callable[[], list[str]], unit: Unit) -> Ragged:
    return words_of(texts(), unit)


def loaded(
    batches: Iterable[Batch], recipe: Recipe, scope: Scope, engine: Engine
) -> Iterator[Loaded]:
    """Yield what batches hold, in their order.

    Args:
        batches: As `sources.batches` yields them.
        recipe: How texts become columns.
        scope: Which articles are compared.
        engine: Where they are loaded, and their articles put aside.
    """
    return engine.map(partial(load_batch, recipe=recipe, scope=scope, out=engine.scratch), batches)


def load_batch(batch: Batch, recipe: Recipe, scope: Scope, out: Scratch) -> Loaded:
    """Return what a batch holds, as numbers; its articles are put aside."""
    items = batch.load()
    articles = [item for item in items if isinstance(item, Article)]
    bodies = ["\n".join(article.paragraphs) for article in articles]
    texts = [recipe.matched(article) for article in articles] if recipe.ignored else bodies
    columns = counted_columns_of(texts, recipe)
    rows = np.flatnonzero(columns.words).tolist()
    empty = [articles[row] for row in np.flatnonzero(columns.words == 0).tolist()]
    kept = [articles[row] for row in rows]
    skipped = [item for item in items if isinstance(item, Skipped)]
    return Loaded(
        columns.take(np.array(rows, np.int64)) if empty else columns,
        out.put(packed_with(kept, [bodies[row] for row in rows])),
        [article.id for article in kept],
        skipped + [without_words(article) for article in empty],
        [item for item in items if isinstance(item, LeftOut)],
        batch.size,
        scope.places(kept),
    )


def gather(
    parts: Iterable[Loaded],
    recipe: Recipe,
    scope: Scope,
    engine: Engine,
    at_once: int = AT_ONCE,
) -> Corpus:
    """Return the corpus that loaded batches add up to.

    Args:
        parts: The batches, in any order.
        recipe: How the columns were made.
        scope: Which articles are compared.
        engine: Where their articles were put aside, and will be read.
        at_once: How many pairs are compared at once.
    """
    shelf = Shelf(engine.scratch)
    columns: list[Columns] = []
    ids: list[str] = []
    known: set[str] = set()
    skipped: list[Skipped] = []
    left_out: Counter[str] = Counter()
    places: list[Places] = []
    for part in parts:
        columns.append(part.columns)
        ids.extend(part.ids)
        known.update(part.ids)
        shelf.add(part.articles)
        places.append(part.places)
        skipped.extend(part.skipped)
        for item in part.left_out:
            left_out[item.reason] += item.count
    bands = Bands.leaning_to_recall(recipe.num_perm).bands
    digests = np.concatenate([np.empty((0, 2), np.uint64), *(part.digests for part in columns)])
    where = Places.concatenate(places)
    names = ids if len(known) == len(ids) else told_apart(ids, digests, shelf.get)
    firsts, copies = ranked(digests, names, where, scope)
    return Corpus(
        Columns.arranged(columns, firsts, bands, engine.in_threads),
        copies,
        names,
        tuple(sorted(skipped, key=lambda skip: (skip.id, skip.code, skip.message))),
        dict(sorted(left_out.items())),
        shelf,
        recipe,
        where.of_copies(copies),
        scope,
        at_once,
        engine,
    )


def ranked(
    digests: UInt64s, ids: Sequence[str], where: Places, scope: Scope
) -> tuple[Ranks, Ragged]:
    """Return the wordings of articles by rank: the first copy of each, and all copies.

    Args:
        digests: What tells wordings apart, shape (articles, 2), uint64.
        ids: Ids of the articles, of which no two are equal.
        where: Where the articles stand in time and among the groups.
        scope: Which articles are compared; copies of a wording that are far apart are not.
    """
    copies = _copies(digests, _order_of(digests), ids)
    if scope.within_days is not None:
        runs = [run for rows in copies for run in where.runs(rows.tolist(), scope.within_days)]
        copies = Ragged.of_lists(runs)
    return copies.values[copies.starts], copies


def _order_of(digests: UInt64s) -> Ranks:
    """Return the numbers of the articles by digest; those of equal ones in any order.

    The first half of a digest tells: it alone is sorted in a tenth of the time.
    """
    order = np.argsort(digests[:, 0])
    halves, others = digests[order].T
    torn = (halves[1:] == halves[:-1]) & (others[1:] != others[:-1])
    return np.lexsort((digests[:, 1], digests[:, 0])) if torn.any() else order


def _copies(digests: UInt64s, order: Ranks, ids: Sequence[str]) -> Ragged:
    """Return the numbers of the articles of each wording, wordings in the given order."""
    digests = digests[order]
    fresh = np.ones(len(order) + 1, np.bool_)
    fresh[1:-1] = (digests[1:] != digests[:-1]).any(axis=1)
    copies = Ragged(order, np.flatnonzero(fresh))
    for row in np.flatnonzero(copies.lengths > 1).tolist():
        copies[row][:] = sorted(copies[row].tolist(), key=lambda number: ids[number])
    return copies


def under_id(article: Article, id_: str) -> Article:
    """Return an article under the id that it has in a run."""
    return article if article.id == id_ else replace(article, id=id_)


def names_in_run(articles: Sequence[Article], recipe: Recipe) -> list[str]:
    """Return the ids that a run shows the articles of one file under.

    Args:
        articles: All that the file holds; one without words is shown by no run, and keeps its id.
        recipe: How texts become columns.
    """
    words = words_of([recipe.matched(article) for article in articles], recipe.unit)
    rows = np.flatnonzero(words.lengths)
    names = [article.id for article in articles]
    shown = [articles[row] for row in rows.tolist()]
    ids = [article.id for article in shown]
    apart = told_apart(ids, digests_of(words)[rows], shown.__getitem__)
    for row, name in zip(rows.tolist(), apart, strict=True):
        names[row] = name
    return names


def told_apart(ids: list[str], digests: UInt64s, article: Callable[[int], Article]) -> list[str]:
    """Return ids of which no two are equal: the second to claim one gets `~2`, and so on.

    Who is second depends on the wording, and of one wording on the rest of the article, not
    on the order of arrival.

    Args:
        ids: Ids of the articles, by number.
        digests: What tells their wordings apart, shape (articles, 2), uint64.
        article: Gives the article with a number.
    """
    if len(set(ids)) == len(ids):
        return ids
    holders = defaultdict(list)
    for number, id_ in enumerate(ids):
        holders[id_].append(number)

    def nature(number: int) -> tuple[list[int], tuple[object, ...]]:
        return digests[number].tolist(), astuple(article(number))

    apart, taken = list(ids), set(ids)
    for id_ in sorted(id_ for id_, numbers in holders.items() if len(numbers) > 1):
        suffix = 2
        for number in sorted(holders[id_], key=nature)[1:]:
            while f"{id_}~{suffix}" in taken:
                suffix += 1
            apart[number] = f"{id_}~{suffix}"
            taken.add(apart[number])
    return apart


def without_words(article: Article) -> Skipped:
    """Return the row for an article that has no words."""
    return Skipped(
        article.id,
        "empty",
        "the article has no words",
        "look at the file; --field text=KEY says where a record keeps its text",
    )
