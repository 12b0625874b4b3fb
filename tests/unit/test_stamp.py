"""How an index was made, and who may use it."""

from importlib import metadata

import pytest

from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.store import Store
from dedupe_news.settings import Settings
from dedupe_news.sources import ReadOptions
from dedupe_news.stamp import require_match, stamp_of
from dedupe_news.version import VERSION


@pytest.mark.parametrize(
    ("settings", "reading", "same"),
    [
        (Settings(keep=("longest",), diff=False), ReadOptions(), True),
        (Settings(), ReadOptions(exclude=("x",)), True),
        (Settings(seed=2), ReadOptions(), False),
        (Settings(ignore_text=("x",)), ReadOptions(), False),
        (Settings(), ReadOptions(fields={"text": "body"}), False),
    ],
)
def test_the_stamp_tells_what_makes_a_difference(settings, reading, same):
    """Of settings and of reading, and nothing of how a report is shown."""
    assert (stamp_of(settings, reading) == stamp_of(Settings(), ReadOptions())) == same


def test_the_version_is_that_of_the_package():
    """It is written down once."""
    assert metadata.version("dedupe-news") == VERSION
    assert stamp_of(Settings(), ReadOptions())["tool"] == VERSION


@pytest.fixture
def store(tmp_path):
    """An index without anything in it."""
    with Store(tmp_path / "index.sqlite", fresh=True) as made:
        yield made


def test_both_sides_and_both_ways_out_are_named(store):
    """Whoever has changed a setting may not know that it matters."""
    with store.writing():
        store.lay_out({"seed": "1", "encoding": ""}, b"")
    require_match(store, {"seed": "1", "encoding": ""})

    with pytest.raises(IndexUnusableError, match="seed 1, and this run has 2") as caught:
        require_match(store, {"seed": "2", "encoding": ""})

    assert caught.value.hint == "dedupe-news index rebuild makes it anew; or go back to seed 1"


def test_of_what_the_program_sets_there_is_one_way_out(store):
    """Nobody can go back to another layout of the index but with another program."""
    with store.writing():
        store.lay_out({"schema": "1"}, b"")

    with pytest.raises(IndexUnusableError) as caught:
        require_match(store, {"schema": "2"})

    assert caught.value.hint == "dedupe-news index rebuild makes it anew"


def test_a_file_without_a_stamp_is_no_index(store):
    """It may be somebody else's."""
    with pytest.raises(IndexUnusableError, match="is no index"):
        require_match(store, {"seed": "1"})
