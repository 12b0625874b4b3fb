"""Texts as rows of numbers."""

from dataclasses import fields, replace

import numpy as np
import pytest

from dedupe_news.core import columns as module
from dedupe_news.core.columns import Columns, Recipe, columns_of, counted_columns_of
from invented import article, prose

RECIPE = Recipe(shingle_words=5, unit="word", num_perm=16, seed=1)
TEXTS = [prose(30, 1), "", "one", prose(500, 2), "東京 e\u0301", prose(80, 3)]


def plain(columns):
    """Return columns as nested lists, row by row."""
    values = (getattr(columns, field.name) for field in fields(columns))
    return list(zip(*([np.array(row).tolist() for row in value] for value in values), strict=True))


def test_a_row_depends_on_its_text_alone():
    """A batch of one gives what a batch of all gives."""
    together = plain(columns_of(TEXTS, RECIPE))

    assert together == [plain(columns_of([text], RECIPE))[0] for text in TEXTS]


@pytest.mark.parametrize("batch", [1, 200, 5000])
def test_batches_do_not_show(monkeypatch, batch):
    """How many texts are worked on at once is a matter of the cache."""
    expected = plain(columns_of(TEXTS, RECIPE))
    monkeypatch.setattr(module, "_BATCH", batch)

    assert plain(columns_of(TEXTS, RECIPE)) == expected


def test_a_text_without_words_has_empty_rows():
    """It has its place, so that rows and texts stay side by side."""
    columns = columns_of(TEXTS, RECIPE)

    assert columns.words.tolist() == [30, 0, 1, 500, 3, 80]
    assert [len(row) for row in columns.shingles] == [26, 0, 1, 496, 1, 76]
    assert len(columns.anchors[1]) == 0


def test_no_texts_make_columns_without_rows():
    """They still have as many bands as any others, and can be put together with them."""
    nothing = columns_of([], RECIPE)

    assert len(nothing) == 0
    assert nothing.bands.shape == (0, 5)
    assert plain(Columns.concatenate([nothing, columns_of(TEXTS, RECIPE)], 5)) == plain(
        columns_of(TEXTS, RECIPE)
    )


def test_rows_are_taken_in_the_order_asked_for():
    """Ranking a corpus is taking its rows in another order."""
    columns = columns_of(TEXTS, RECIPE)
    chosen = [3, 0, 4]

    assert plain(columns.take(np.array(chosen))) == [plain(columns)[row] for row in chosen]


@pytest.mark.parametrize("chosen", [[], [8, 3, 0, 4], [5, 6]])
def test_rows_of_parts_are_arranged_as_if_they_had_been_put_together(chosen):
    """A corpus is ranked while its parts are laid end to end."""
    parts = [counted_columns_of(texts, RECIPE) for texts in (TEXTS, [], TEXTS[2:])]
    rows = np.array(chosen, np.int64)
    expected = Columns.concatenate_counted(parts, 5).take(rows)
    found = Columns.arranged(parts, rows, 5)

    assert found.shingles.lengths.tolist() == expected.shingles.lengths.tolist()
    for field in ("words", "digests", "bands"):
        assert np.array_equal(getattr(found, field), getattr(expected, field)), field
    assert [row.tolist() for row in found.anchors] == [row.tolist() for row in expected.anchors]


def test_of_no_parts_columns_without_rows_are_arranged():
    """A folder may hold no articles."""
    found = Columns.arranged([], np.empty(0, np.int64), 5)

    assert len(found) == 0
    assert found.bands.shape == (0, 5)


@pytest.mark.parametrize("pattern", ["x*", "(?=o)", r"\b", "^|$"])
def test_a_pattern_that_matches_nothing_takes_nothing_away(pattern):
    """An empty match inside a word would cut it in two."""
    recipe = replace(RECIPE, ignored=(pattern,))

    assert recipe.matched(article("a", "one story", "and more")) == "one story\nand more"


def test_what_is_ignored_parts_the_words_around_it():
    """They do not become one, and a paragraph of which nothing is left is told."""
    recipe = replace(RECIPE, ignored=("-=+-", "^Photo: .*"))
    told = article("a", "one-==-story", "Photo: somebody", "...")

    assert recipe.matched(told).split() == ["one", "story", "..."]
    assert recipe.ignored_paragraphs(told) == {1}
