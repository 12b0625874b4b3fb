"""What is worked out from a corpus, as an index keeps it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dedupe_news.core.among import without
from dedupe_news.core.boilerplate import Furniture, Passage
from dedupe_news.core.candidates import anchors_under
from dedupe_news.core.columns import Columns, Recipe
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import Holders
from dedupe_news.core.ragged import Ragged, Rows
from dedupe_news.core.shingles import distinct_shingles
from dedupe_news.core.sketches import Bands
from dedupe_news.core.suspects import MIN_STORIES
from dedupe_news.core.verify import Comparisons
from dedupe_news.finding import Findings
from dedupe_news.index.store import Store

__all__ = ["Derived", "counted_columns", "load_derived", "save_derived"]

Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Derived:
    """What was worked out from the articles, by the ranks of that time.

    Attributes:
        columns: One row for each wording; the rows of `shingles` are lengths only, words are
            not counted, and of bands there is no more than tells them apart.
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


def save_derived(
    store: Store, columns: Columns, copies: Ragged, found: Findings, pairs: Comparisons
) -> None:
    """Write down what was worked out of a corpus, in place of what was there.

    Args:
        store: The index.
        columns: One row for each wording, by rank.
        copies: Numbers in the index of the articles of each wording.
        found: What the corpus comes to.
        pairs: All pairs that were compared.
    """
    store.drop_numbers()
    count = len(columns)
    store.put_keys("anchor", columns.anchors)
    store.put_keys("band", Ragged.of_table(columns.bands))
    _save_suspects(store, columns.anchors, found)
    furniture = found.furniture
    passages = [(one.rank, one.start, one.end, one.articles) for one in furniture.passages]
    links = _links(pairs, count)
    arrays: dict[str, npt.NDArray[Any]] = {
        "digests": columns.digests,
        "shingles": columns.shingles.lengths,
        "anchors": columns.anchors.lengths,
        "own anchors": anchors_under(without(columns.anchors, furniture.shingles)).T,
        "stories": found.evidence.stories,
        "copies of": copies.offsets[1:],
        "copies": copies.values,
        "links of": links.offsets[1:],
        "links": links.values,
        "left": pairs.left,
        "right": pairs.right,
        "containment": pairs.containment,
        "resemblance": pairs.resemblance,
        "matches": pairs.matches,
        "furniture": furniture.shingles,
        "passages": np.array(passages, np.int64).reshape(-1, 4),
    }
    store.put_columns(arrays)


def load_derived(store: Store, recipe: Recipe) -> Derived:
    """Return what was written down.

    Args:
        store: The index.
        recipe: How its columns were made.
    """
    digests = store.column("digests").whole()
    count = len(digests)
    if not count:
        return Derived.nothing(recipe)
    keys, holders = store.keys("anchor")
    lengths = np.bincount(holders, minlength=count)
    anchors = distinct_shingles(Ragged.from_lengths(keys[np.argsort(holders)], lengths))
    keys, holders = store.keys("band")
    bands = keys[np.argsort(holders)].reshape(count, -1)
    nothing = np.zeros(count, np.int64)
    sizes = store.column("shingles").whole()
    passages = store.column("passages").whole().tolist()
    furniture = store.column("furniture").whole()
    return Derived(
        counted_columns(nothing, digests, sizes, anchors, bands),
        Furniture(furniture, tuple(Passage(*row) for row in passages)),
        Comparisons(
            *(store.column(name).whole() for name in ("left", "right")),
            *(store.column(name).whole() for name in ("containment", "resemblance", "matches")),
        ),
    )


def counted_columns(
    words: Ranks, digests: UInt64s, lengths: Ranks, anchors: Ragged, bands: UInt64s
) -> Columns:
    """Return columns of whose shingles only the numbers are known."""
    shingles = Rows(np.empty(0, np.uint64), np.zeros(len(lengths), np.int64), lengths)
    return Columns(words, digests, shingles, anchors, bands)


def _links(pairs: Comparisons, count: int) -> Ragged:
    """Return for each wording whom it matches, and the number of that pair; rows of two."""
    matches = np.flatnonzero(pairs.matches)
    ends = np.concatenate((pairs.left[matches], pairs.right[matches]))
    others = np.concatenate((pairs.right[matches], pairs.left[matches]))
    order = np.lexsort((others, ends))
    values = np.stack((others, np.tile(matches, 2)), axis=1)[order]
    return Ragged.from_lengths(values, np.bincount(ends, minlength=count))


def _save_suspects(store: Store, anchors: Ragged, found: Findings) -> None:
    common = np.flatnonzero(found.holders.articles.lengths >= MIN_STORIES)
    keys = _whole_keys(anchors, found.holders, common)
    groups = found.furniture.groups
    circles = np.full(len(found.holders.keys), -1, np.int64)
    for number, group in enumerate(groups):
        low = np.array(group.keys, np.uint64)
        circles[np.searchsorted(found.holders.keys, low)] = number
    judged = [(group.witnesses, group.many_stories) for group in groups]
    low = found.holders.keys[common]
    store.put_suspects(low, keys, found.evidence.several[common], circles[common], judged)


def _whole_keys(anchors: Ragged, holders: Holders, rows: Ranks) -> UInt64s:
    """Return all bits of the keys of some rows: the anchor of the first holder that ends so."""
    own = anchors.take(holders.articles.values[holders.articles.starts[rows]])
    same = (own.values & holders.mask) == np.repeat(holders.keys[rows], own.lengths)
    whole = np.empty(len(rows), np.uint64)
    whole[own.rows[same]] = own.values[same]
    return whole
