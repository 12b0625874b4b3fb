"""Articles and arrays put aside, in memory or on disk."""

import os

import numpy as np
import pytest

from dedupe_news.engines import scratch as module
from dedupe_news.engines.scratch import Pile, Shelf, packed
from dedupe_news.model import Article
from invented import article

ARTICLES = [article(str(seed), seed, seed + 1, title=f"Head {seed}") for seed in range(20)]


@pytest.mark.parametrize("in_memory", [1 << 25, 1, 5000])
def test_articles_come_back_in_any_order(monkeypatch, in_memory):
    """Whether they are in memory, on disk, or moved there on the way."""
    monkeypatch.setattr(module, "_IN_MEMORY", in_memory)
    with Shelf() as shelf:
        shelf.add(packed(ARTICLES[:7]))
        assert shelf.get(6) == ARTICLES[6]
        shelf.add(packed(ARTICLES[7:]))

        assert len(shelf) == 20
        assert [shelf.get(number) for number in (19, 0, 7, 6, 7)] == [
            ARTICLES[number] for number in (19, 0, 7, 6, 7)
        ]


def test_many_articles_go_to_a_file(monkeypatch):
    """Memory is for their numbers."""
    monkeypatch.setattr(module, "_IN_MEMORY", 5000)
    with Shelf() as shelf:
        shelf.add(packed(ARTICLES[:1]))
        assert shelf._file is None
        shelf.add(packed(ARTICLES))

        assert (shelf._blocks, os.fstat(shelf._file.fileno()).st_size) == ([], shelf._ends[-1])


@pytest.mark.parametrize("in_memory", [1 << 25, 1])
def test_the_file_is_gone_afterwards(monkeypatch, in_memory):
    """Nobody reads a shelf that was closed."""
    monkeypatch.setattr(module, "_IN_MEMORY", in_memory)
    with Shelf() as shelf:
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


class TestPile:
    PARTS = (np.arange(5), np.empty(0, np.int64), np.arange(100, 103), np.arange(7))

    @pytest.mark.parametrize("budget", [0, 30, 64, 10**6])
    def test_arrays_come_back_end_to_end(self, budget):
        """Whether they stayed in memory or went to a file on the way."""
        pile = Pile(budget, np.int64)
        for part in self.PARTS:
            pile.add(part)

        assert pile.values().tolist() == [value for part in self.PARTS for value in part]

    @pytest.mark.parametrize(("budget", "kept"), [(10**6, False), (30, True)])
    def test_what_outgrows_the_budget_is_a_file(self, budget, kept):
        """Which is read as it is used."""
        pile = Pile(budget, np.int64)
        pile.add(self.PARTS[0])

        assert isinstance(pile.values(), np.memmap) is kept

    def test_an_empty_pile_is_an_empty_array(self):
        """Of the type that was asked for."""
        assert Pile(10, np.uint32).values().dtype == np.uint32
        assert len(Pile(0, np.uint32).values()) == 0

    def test_values_are_laid_down_in_the_type_of_the_pile(self):
        """Whatever they were before, and however they lay in memory."""
        pile = Pile(0, np.uint64)
        pile.add(np.arange(6, dtype=np.int32)[::2])

        assert pile.values().tolist() == [0, 2, 4]
