"""What the later stages know of a batch of articles: numbers in flat arrays, no texts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.ragged import Ragged, Rows, Run
from dedupe_news.core.shingles import shingle_sets_of
from dedupe_news.core.sketches import Bands, anchors_of, band_keys, digests_of, signatures_of
from dedupe_news.core.text import Unit, words_of
from dedupe_news.model import Article

__all__ = ["Columns", "Recipe", "columns_of", "counted_columns_of"]

_BATCH = 1 << 20  # characters whose arrays are made at once: what a processor's cache holds


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
        if not self.ignored:
            return "\n".join(article.paragraphs)
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
            text = re.sub(pattern, _gap, text)  # re keeps what it compiled
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
    shingles: Ragged | Rows
    anchors: Ragged
    bands: UInt64s

    def __len__(self) -> int:
        return len(self.words)

    @classmethod
    def unread(cls, digests: UInt64s, bands: int) -> "Columns":
        """Return columns of texts that are told apart, and of which nobody asks anything else.

        Args:
            digests: Of texts that were read before.
            bands: How many bucket keys a row has.
        """
        count = len(digests)
        nothing = Ragged(np.empty(0, np.uint64), np.zeros(count + 1, np.int64))
        keys = np.zeros((count, bands), np.uint64)
        return cls(np.zeros(count, np.int64), digests, nothing, nothing, keys)

    @classmethod
    def concatenate(cls, parts: Sequence["Columns"], bands: int) -> "Columns":
        """Return all rows of all parts; `bands` serves when there are none."""
        shingles = Ragged.concatenate([part.shingles.packed() for part in parts], np.uint64)
        return cls.with_shingles(shingles, parts, bands)

    @classmethod
    def with_shingles(
        cls, shingles: Ragged | Rows, parts: Sequence["Columns"], bands: int
    ) -> "Columns":
        """Return all rows of all parts, whose shingles have been put together already."""
        return cls(
            np.concatenate([np.empty(0, np.int64), *(part.words for part in parts)]),
            np.concatenate([np.empty((0, 2), np.uint64), *(part.digests for part in parts)]),
            shingles,
            Ragged.concatenate([part.anchors for part in parts], np.uint64),
            np.concatenate([np.empty((0, bands), np.uint64), *(part.bands for part in parts)]),
        )

    def counted(self) -> "Columns":
        """Return the columns with shingles that are only counted: these take most of the room.

        Their rows have lengths, and no values to which these would lead.
        """
        return replace(self, shingles=_nowhere([self]))

    @classmethod
    def concatenate_counted(cls, parts: Sequence["Columns"], bands: int) -> "Columns":
        """Return all rows of parts whose shingles are only counted."""
        return cls.with_shingles(_nowhere(parts), parts, bands)

    @classmethod
    def arranged(
        cls,
        parts: Sequence["Columns"],
        rows: npt.NDArray[np.int64],
        bands: int,
        run: Run[None] = map,
    ) -> "Columns":
        """Return some rows of parts whose shingles are only counted, in the given order.

        As if all parts were put together first and the rows taken from them, but nothing is
        copied twice: for a whole corpus that is half of what it takes.

        Args:
            parts: In their order; `bands` serves when there are none.
            rows: Numbers of rows, counted through all parts.
            bands: How many bucket keys a row has.
            run: As for `Ragged.arranged`.
        """
        keys = [Ragged.of_table(part.bands) for part in parts]
        return cls(
            np.concatenate([np.empty(0, np.int64), *(part.words for part in parts)])[rows],
            np.concatenate([np.empty((0, 2), np.uint64), *(part.digests for part in parts)])[rows],
            _nowhere(parts).view(rows),
            Ragged.arranged([part.anchors for part in parts], rows, np.uint64, run),
            Ragged.arranged(keys, rows, np.uint64, run).values.reshape(len(rows), bands),
        )

    def take(self, rows: npt.NDArray[np.int64]) -> "Columns":
        """Return the given rows, in the given order; the shingles stay where they are."""
        return Columns(
            self.words[rows],
            self.digests[rows],
            self.shingles.view(rows),
            self.anchors.take(rows),
            self.bands[rows],
        )


def _nowhere(parts: Sequence[Columns]) -> Rows:
    """Return the lengths of the shingle rows of all parts, which lead to no values."""
    lengths = np.concatenate([np.empty(0, np.int64), *(part.shingles.lengths for part in parts)])
    return Rows(np.empty(0, np.uint64), np.zeros(len(lengths), np.int64), lengths)


def _gap(found: re.Match[str]) -> str:
    """Return what parts the words around a match; an empty one must not cut a word."""
    return "\n" if found[0] else ""


def columns_of(texts: Sequence[str], recipe: Recipe) -> Columns:
    """Return the columns of some texts.

    A row depends on its text and the recipe alone, not on the texts beside it.

    Args:
        texts: Any texts; one without words has empty rows and a digest of no meaning.
        recipe: How texts become columns.
    """
    parts = list(_parts(texts, recipe))
    return Columns.concatenate(parts, Bands.leaning_to_recall(recipe.num_perm).bands)


def counted_columns_of(texts: Sequence[str], recipe: Recipe) -> Columns:
    """Return the same with shingles that are only counted.

    Args:
        texts: Any texts.
        recipe: How texts become columns.
    """
    parts = [part.counted() for part in _parts(texts, recipe)]
    return Columns.concatenate_counted(parts, Bands.leaning_to_recall(recipe.num_perm).bands)


def _parts(texts: Sequence[str], recipe: Recipe) -> Iterator[Columns]:
    first, size = 0, 0
    for index, text in enumerate(texts):
        size += len(text)
        if size >= _BATCH or index == len(texts) - 1:
            yield _columns(texts[first : index + 1], recipe)
            first, size = index + 1, 0


def _columns(texts: Sequence[str], recipe: Recipe) -> Columns:
    words = words_of(texts, recipe.unit)
    shingles = shingle_sets_of(words, recipe.shingle_words)
    signatures = signatures_of(shingles, recipe.num_perm, recipe.seed)
    bands = band_keys(signatures, Bands.leaning_to_recall(recipe.num_perm))
    return Columns(words.lengths, digests_of(words), shingles, anchors_of(shingles), bands)
