"""A corpus as the stages see it: one row of numbers for each wording, texts put aside.

Articles arrive in any order and leave in one that depends on what they are: wordings are
ranked by their digests, copies of a wording by their ids.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dedupe_news.core.columns import Columns, Recipe, columns_of
from dedupe_news.core.describe import joined
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.sketches import Bands
from dedupe_news.core.text import words_of
from dedupe_news.engines.scratch import Shelf, packed
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.sources import Batch

__all__ = ["Corpus", "Loaded", "gather", "load_batch"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one batch holds, ready to be sent between processes.

    Attributes:
        columns: One row for each article that has words.
        articles: The same articles, packed.
        ids: Their ids.
        skipped: Inputs that could not take part, articles without words among them.
        left_out: Files that were passed over.
        size: Bytes of input.
    """

    columns: Columns
    articles: list[bytes]
    ids: list[str]
    skipped: list[Skipped]
    left_out: list[LeftOut]
    size: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """All articles of a run.

    Attributes:
        columns: One row for each distinct wording, by rank.
        copies: Numbers of the articles of each wording, by id.
        ids: The id of each article, by number; no two are equal.
        skipped: Inputs that could not take part, by id.
        left_out: Files that were passed over, counted by reason.
        shelf: The articles themselves, by number.
        recipe: How the columns were made.
    """

    columns: Columns
    copies: Sequence[Sequence[int]]
    ids: Sequence[str]
    skipped: tuple[Skipped, ...]
    left_out: dict[str, int]
    shelf: Shelf
    recipe: Recipe

    def article(self, number: int) -> Article:
        """Return an article by its number, under its id in this run."""
        return replace(self.shelf.get(number), id=self.ids[number])

    def words(self, ranks: Sequence[int]) -> Ragged:
        """Return the word hashes of some wordings, one row of uint64 for each."""
        texts = [joined(self.shelf.get(self.copies[rank][0])) for rank in ranks]
        return words_of(texts, self.recipe.unit)


def load_batch(batch: Batch, recipe: Recipe) -> Loaded:
    """Return what a batch holds, as numbers and as packed articles."""
    items = batch.load()
    articles = [item for item in items if isinstance(item, Article)]
    columns = columns_of([joined(article) for article in articles], recipe)
    rows = np.flatnonzero(columns.words)
    empty = [articles[row] for row in np.flatnonzero(columns.words == 0)]
    kept = [articles[row] for row in rows]
    skipped = [item for item in items if isinstance(item, Skipped)]
    return Loaded(
        columns.take(rows) if empty else columns,
        packed(kept),
        [article.id for article in kept],
        skipped + [_without_words(article) for article in empty],
        [item for item in items if isinstance(item, LeftOut)],
        batch.size,
    )


def gather(parts: Iterable[Loaded], shelf: Shelf, recipe: Recipe) -> Corpus:
    """Return the corpus that loaded batches add up to.

    Args:
        parts: The batches, in any order.
        shelf: An empty shelf, which the caller closes.
        recipe: How the columns were made.
    """
    columns: list[Columns] = []
    ids: list[str] = []
    skipped: list[Skipped] = []
    left_out: Counter[str] = Counter()
    for part in parts:
        columns.append(part.columns)
        ids.extend(part.ids)
        shelf.add(part.articles)
        skipped.extend(part.skipped)
        for item in part.left_out:
            left_out[item.reason] += item.count
    everything = Columns.concatenate(columns, Bands.leaning_to_recall(recipe.num_perm).bands)
    order = np.lexsort((everything.digests[:, 1], everything.digests[:, 0]))
    ids = _told_apart(ids, order)
    copies = _copies(everything, order, ids)
    firsts = np.array([numbers[0] for numbers in copies], np.int64)
    return Corpus(
        everything.take(firsts),
        copies,
        ids,
        tuple(sorted(skipped, key=lambda skip: (skip.id, skip.code, skip.message))),
        dict(sorted(left_out.items())),
        shelf,
        recipe,
    )


def _copies(columns: Columns, order: npt.NDArray[np.int64], ids: Sequence[str]) -> list[list[int]]:
    """Return the numbers of the articles of each wording, wordings in the given order."""
    digests = columns.digests[order]
    fresh = (digests[1:] != digests[:-1]).any(axis=1)
    groups = np.split(order, np.flatnonzero(fresh) + 1) if len(order) else []
    return [sorted(group.tolist(), key=lambda number: ids[number]) for group in groups]


def _told_apart(ids: list[str], order: npt.NDArray[np.int64]) -> list[str]:
    """Return ids of which no two are equal: the second to claim one gets `~2`, and so on.

    Who is second depends on the wording, not on the order of arrival.
    """
    if len(set(ids)) == len(ids):
        return ids
    holders = defaultdict(list)
    for number in order.tolist():
        holders[ids[number]].append(number)
    told_apart, taken = list(ids), set(ids)
    for id_ in sorted(id_ for id_, numbers in holders.items() if len(numbers) > 1):
        suffix = 2
        for number in holders[id_][1:]:
            while f"{id_}~{suffix}" in taken:
                suffix += 1
            told_apart[number] = f"{id_}~{suffix}"
            taken.add(told_apart[number])
    return told_apart


def _without_words(article: Article) -> Skipped:
    return Skipped(
        article.id,
        "empty",
        "the article has no words",
        "look at the file; --field text=KEY says where a record keeps its text",
    )
