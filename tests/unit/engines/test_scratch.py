"""Articles and arrays put aside, in memory or on disk."""

import os

import pytest

from dedupe_news.engines.scratch import Shelf, packed
from dedupe_news.model import Article
from invented import article

ARTICLES = [article(str(seed), seed, seed + 1, title=f"Head {seed}") for seed in range(20)]


@pytest.mark.parametrize("in_memory", [1 << 25, 1, 5000])
def test_articles_come_back_in_any_order(in_memory):
    """Whether they are in memory, on disk, or moved there on the way."""
    with Shelf(in_memory) as shelf:
        shelf.add(packed(ARTICLES[:7]))
        assert shelf.get(6) == ARTICLES[6]
        shelf.add(packed(ARTICLES[7:]))

        assert len(shelf) == 20
        assert [shelf.get(number) for number in (19, 0, 7, 6, 7)] == [
            ARTICLES[number] for number in (19, 0, 7, 6, 7)
        ]


def test_many_articles_go_to_a_file():
    """Memory is for their numbers."""
    with Shelf(5000) as shelf:
        shelf.add(packed(ARTICLES[:1]))
        assert shelf._file is None
        shelf.add(packed(ARTICLES))

        assert (shelf._blocks, os.fstat(shelf._file.fileno()).st_size) == ([], shelf._ends[-1])


@pytest.mark.parametrize("in_memory", [1 << 25, 1])
def test_the_file_is_gone_afterwards(in_memory):
    """Nobody reads a shelf that was closed."""
    with Shelf(in_memory) as shelf:
        shelf.add(packed(ARTICLES))

    with pytest.raises(ValueError, match="closed"):
        shelf.get(0)


@pytest.mark.parametrize("text", ["", "\ud800 half", "\x00", "東京 😀"])
def test_any_text_survives(text):
    """Even what cannot be written as UTF-8."""
    with Shelf() as shelf:
        shelf.add(packed([Article("a", (text,))]))

        assert shelf.get(0).paragraphs == (text,)


def test_nothing_may_be_added():
    """A batch may hold no article that has words."""
    with Shelf() as shelf:
        shelf.add([])
        shelf.add(packed(ARTICLES[:1]))
        shelf.add([])

        assert (len(shelf), shelf.get(0)) == (1, ARTICLES[0])


@pytest.mark.parametrize("number", [0, 1])
def test_a_number_that_was_never_given_out_is_an_error(number):
    """It must not give somebody else's article."""
    with Shelf() as shelf:
        shelf.add(packed(ARTICLES[:number]))

        with pytest.raises(IndexError):
            shelf.get(number)
