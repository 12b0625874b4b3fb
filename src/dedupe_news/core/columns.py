"""What the later stages know of a batch of articles: numbers in flat arrays, no texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.sketches import Bands, anchors_of, band_keys, digests_of, signatures_of
from dedupe_news.core.text import Unit, words_of
from dedupe_news.model import Article

__all__ = ["Columns", "Recipe", "columns_of", "without"]

_LOW_BITS = 20  # as many as a table of a megabyte answers for
_AT_ONCE = 1 << 18  # hashes that are looked up at once, for the cache's sake
_BATCH = 1 << 18  # characters whose arrays are made at once: what a processor's cache holds


@dataclass(frozen=True, slots=True)
class Recipe:
    """How texts become columns; only columns of one recipe can be compared.

    Attributes:
        shingle_words: Words (or characters) per shingle.
        unit: `word` or `char`.
        num_perm: Values per MinHash signature.
        seed: Seed of the MinHash permutations.
        ignored: Regular expressions whose matches are no part of the text.
    """

    shingle_words: int
    unit: Unit
    num_perm: int
    seed: int
    ignored: tuple[str, ...] = ()

    def matched(self, article: Article) -> str:
        """Return the text that is matched: the paragraphs, without what is ignored."""
        return "\n".join(map(self._without_ignored, article.paragraphs))

    def ignored_paragraphs(self, article: Article) -> frozenset[int]:
        """Return the positions of the paragraphs of which nothing is left to match."""
        if not self.ignored:
            return frozenset()
        whole = words_of(article.paragraphs, self.unit).lengths
        left = words_of([self._without_ignored(text) for text in article.paragraphs], self.unit)
        return frozenset(np.flatnonzero((whole > 0) & (left.lengths == 0)).tolist())

    def _without_ignored(self, text: str) -> str:
        for pattern in self.ignored:
            text = re.sub(pattern, "\n", text)  # re keeps what it compiled
        return text


@dataclass(frozen=True, slots=True)
class Columns:
    """One row for each article.

    Attributes:
        words: Number of words, shape (articles,), int64.
        digests: 128 bits that tell different wordings apart, shape (articles, 2), uint64.
        shingles: Shingle hashes, ascending, without repetition; one row of uint64 each.
        anchors: Sampled shingle hashes, ascending, without repetition; a row of uint64 each.
        bands: LSH bucket keys, shape (articles, bands), uint64.
    """

    words: npt.NDArray[np.int64]
    digests: UInt64s
    shingles: Ragged
    anchors: Ragged
    bands: UInt64s

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def concatenate(cls, parts: Sequence["Columns"], bands: int) -> "Columns":
        """Return all rows of all parts; `bands` serves when there are none."""
        return cls(
            np.concatenate([np.empty(0, np.int64), *(part.words for part in parts)]),
            np.concatenate([np.empty((0, 2), np.uint64), *(part.digests for part in parts)]),
            Ragged.concatenate([part.shingles for part in parts], np.uint64),
            Ragged.concatenate([part.anchors for part in parts], np.uint64),
            np.concatenate([np.empty((0, bands), np.uint64), *(part.bands for part in parts)]),
        )

    def without(self, furniture: UInt64s) -> "Columns":
        """Return the columns with some shingles, given ascending, left out of them."""
        if not len(furniture):
            return self
        return replace(
            self,
            shingles=without(self.shingles, furniture),
            anchors=without(self.anchors, furniture),
        )

    def take(self, rows: npt.NDArray[np.int64]) -> "Columns":
        """Return the given rows, in the given order."""
        return Columns(
            self.words[rows],
            self.digests[rows],
            self.shingles.take(rows),
            self.anchors.take(rows),
            self.bands[rows],
        )


def columns_of(texts: Sequence[str], recipe: Recipe) -> Columns:
    """Return the columns of some texts.

    A row depends on its text and the recipe alone, not on the texts beside it.

    Args:
        texts: Any texts; one without words has empty rows and a digest of no meaning.
        recipe: How texts become columns.
    """
    parts: list[Columns] = []
    first, size = 0, 0
    for index, text in enumerate(texts):
        size += len(text)
        if size >= _BATCH or index == len(texts) - 1:
            parts.append(_columns(texts[first : index + 1], recipe))
            first, size = index + 1, 0
    return Columns.concatenate(parts, Bands.leaning_to_recall(recipe.num_perm).bands)


def _columns(texts: Sequence[str], recipe: Recipe) -> Columns:
    words = words_of(texts, recipe.unit)
    shingles = shingles_of(words, recipe.shingle_words)
    distinct = distinct_shingles(shingles)
    signatures = signatures_of(shingles, recipe.num_perm, recipe.seed)
    bands = band_keys(signatures, Bands.leaning_to_recall(recipe.num_perm))
    return Columns(words.lengths, digests_of(words), distinct, anchors_of(distinct), bands)


def without(rows: Ragged, furniture: UInt64s) -> Ragged:
    """Return rows of shingles with some, given ascending, left out of them.

    Most hashes are told to be none of them by their low bits alone.
    """
    if not len(furniture):
        return rows
    present = np.zeros(1 << _LOW_BITS, np.bool_)
    low = np.uint64((1 << _LOW_BITS) - 1)
    present[furniture & low] = True
    keep = np.ones(len(rows.values), np.bool_)
    for start in range(0, len(rows.values), _AT_ONCE):
        values = rows.values[start : start + _AT_ONCE]
        maybe = np.flatnonzero(present[values & low])
        places = np.minimum(np.searchsorted(furniture, values[maybe]), len(furniture) - 1)
        keep[start + maybe] = furniture[places] != values[maybe]
    return rows.keep(keep)
