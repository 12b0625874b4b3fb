"""Articles put aside, in memory or on disk."""

import os
import pickle

import numpy as np
import pytest

from dedupe_news.core.columns import Recipe
from dedupe_news.engines import scratch as module
from dedupe_news.engines.local import Processes, Serial, local_engine
from dedupe_news.engines.scratch import Scratch, Shelf, Whereabouts, packed, unpacked
from dedupe_news.model import Article
from invented import article

RECIPE = Recipe(5, "word", 16, 1)
ARTICLES = [article(str(seed), seed, seed + 1, title=f"Head {seed}") for seed in range(20)]


def shelf_of(scratch, *batches):
    """Return a shelf to which batches of articles were added."""
    shelf = Shelf(scratch)
    for batch in batches:
        shelf.add(scratch.put(packed(batch)))
    return shelf


@pytest.fixture(params=[1 << 25, 1, 5000])
def scratch(request):
    """Return files that hold all in memory, nothing, and some of it."""
    scratch = Scratch(request.param)
    yield scratch
    scratch.close()


def test_articles_come_back_in_any_order(scratch):
    """Whether they are in memory, on disk, or some here and some there."""
    shelf = shelf_of(scratch, ARTICLES[:7])
    assert shelf.get(6) == ARTICLES[6]
    shelf.add(scratch.put(packed(ARTICLES[7:])))

    wanted = [19, 0, 7, 6, 7]
    assert len(shelf) == 20
    assert [shelf.get(number) for number in wanted] == [ARTICLES[number] for number in wanted]
    assert shelf.later(wanted)() == [ARTICLES[number] for number in wanted]
    assert shelf.matched_later(wanted, RECIPE)() == [
        "\n".join(ARTICLES[number].paragraphs) for number in wanted
    ]


def test_what_memory_has_no_room_for_goes_to_a_file():
    """Batch by batch: one that is small may still be held."""
    scratch = Scratch(5000)
    files = [scratch.put(packed(batch)).files.tolist() for batch in (ARTICLES[:1], ARTICLES)]

    on_disk = os.fstat(scratch._opened(1).fileno()).st_size
    assert files == [[0], [1] * 20]
    assert on_disk == sum(map(len, packed(ARTICLES)))
    scratch.close()


def test_a_system_without_files_in_memory_has_them_on_disk(monkeypatch):
    """They are not known everywhere."""
    monkeypatch.delattr(os, "memfd_create", raising=False)
    scratch = Scratch()
    assert shelf_of(scratch, ARTICLES).get(3) == ARTICLES[3]
    scratch.close()


def test_a_system_where_files_have_one_place_for_all_has_one_process(monkeypatch, scratch):
    """It reads and writes what it has put aside all the same."""
    monkeypatch.delattr(os, "pread")
    monkeypatch.delattr(os, "pwrite")
    shelf = shelf_of(scratch, ARTICLES[:5], ARTICLES[5:])

    assert list(map(shelf.get, range(20))) == ARTICLES
    with local_engine(8) as engine:
        assert isinstance(engine, Serial)


def test_all_of_a_batch_is_written_however_little_the_system_takes(monkeypatch, scratch):
    """A file without a buffer may take a part of what it is given."""
    whole = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda file, data, at: whole(file, data[:100], at))
    shelf = shelf_of(scratch, ARTICLES[:5], ARTICLES[5:])

    assert list(map(shelf.get, range(20))) == ARTICLES


def test_the_files_are_gone_afterwards(scratch):
    """Nobody reads what was given up."""
    shelf = shelf_of(scratch, ARTICLES)
    scratch.close()

    with pytest.raises(ValueError, match="closed"):
        shelf.get(0)


@pytest.mark.parametrize(
    "paragraphs",
    [
        (),
        ("",),
        ("", ""),
        ("\ud800 half",),
        ("\x00",),
        ("東京 😀", "b"),
        ("two\nlines", "one"),
        ("\n",),
        ("a\r", "\x85b"),
    ],
)
def test_any_text_survives(paragraphs, scratch):
    """Even what cannot be written as UTF-8, and paragraphs with line breaks."""
    whole = Article("a", paragraphs, title="t", path="p")
    (record,) = packed([whole])

    assert unpacked(record) == whole
    assert shelf_of(scratch, [whole]).matched_later([0], RECIPE)() == ["\n".join(paragraphs)]


def test_nothing_may_be_added(scratch):
    """A batch may hold no article that has words."""
    shelf = shelf_of(scratch, [], ARTICLES[:1], [])

    assert (len(shelf), shelf.get(0)) == (1, ARTICLES[0])


@pytest.mark.parametrize("number", [0, 1])
def test_a_number_that_was_never_given_out_is_an_error(number, scratch):
    """It must not give somebody else's article."""
    shelf = shelf_of(scratch, ARTICLES[:number])

    with pytest.raises(IndexError):
        shelf.get(number)


def test_no_places_are_no_places():
    """Of int64, as all others."""
    none = Whereabouts.concatenate([])

    assert [(len(column), column.dtype) for column in none] == [(0, np.int64)] * 3


def put(batch):
    """Put articles aside, and return which process did."""
    articles, out = batch
    return os.getpid(), out.put(packed(articles))


def read(later):
    """Return which process read what."""
    return os.getpid(), later()


@pytest.mark.parametrize("in_memory", [1 << 25, 1])
def test_every_process_reads_what_any_wrote(in_memory):
    """Into files of its own; what is sent between them is where that lies."""
    engine = Processes(2, in_memory)
    shelf = Shelf(engine.scratch)
    writers = set()
    batches = [(ARTICLES[first : first + 1], engine.scratch) for first in range(20)]
    for writer, places in engine.map(put, batches):
        writers.add(writer)
        shelf.add(places)
    found = list(engine.map(read, [shelf.later([number, 0]) for number in range(20)]))
    engine.close()

    assert [articles for _, articles in found] == [[one, ARTICLES[0]] for one in ARTICLES]
    assert len(writers) == len({reader for reader, _ in found}) == 2


def test_files_that_were_not_shared_are_not_found():
    """A process knows those alone that it was given when it was started."""
    with pytest.raises(KeyError):
        pickle.loads(pickle.dumps(Scratch()))
    assert module._HERE == {}
