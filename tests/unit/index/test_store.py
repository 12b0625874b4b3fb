"""The index: files, articles, and what is known of it as a whole."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.database import is_damage
from dedupe_news.index.rows import FileRow
from dedupe_news.index.store import Store, readable
from dedupe_news.index.texts import Packer
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.recipes import recipe_of
from dedupe_news.settings import Settings

RECIPE = recipe_of(Settings())
NOTES = (Skipped("a#2", "bad-json", "it is broken", "mend it"), LeftOut("binary", 1))


@pytest.fixture
def store(tmp_path):
    """An empty index."""
    with Store(tmp_path / "index.sqlite", fresh=True) as made:
        with made.writing():
            made.lay_out({"tool": "1"}, b"")
        yield made


def put(store, row, *articles):
    """Put a file with its articles into an index, and return their numbers."""
    texts = Packer(b"").pack(articles)
    rows = [(one.id, b"d" * 16, 3, text) for one, text in zip(articles, texts, strict=True)]
    numbers = store.add_articles(rows)
    store.add_files([(row, numbers)])
    return list(numbers)


def test_an_article_comes_back_as_it_was(store):
    """One, or several in the order in which they are asked for."""
    first, second = Article("a#1", ("one", ""), title="t", path="a"), Article("a#2", (), path="a")
    with store.writing():
        numbers = put(store, FileRow("a", 1, 2), first, second)

    assert store.get(numbers[0]) == first
    assert store.get_all(numbers[::-1]) == [second, first]
    assert store.matched(numbers, RECIPE) == ["one\n", ""]
    assert store.matched(numbers, replace(RECIPE, ignored=("on",))) == ["\ne\n", ""]
    assert store.articles() == (numbers, ["a#1", "a#2"], b"d" * 32, [3, 3])
    assert store.count() == {"files": 1, "articles": 2, "words": 6}


def test_files_keep_their_notes(store):
    """What took no part is told again without reading the file."""
    with store.writing():
        put(store, FileRow("a", 1, 2, notes=NOTES))
        put(store, FileRow("b", 1, 2))

    assert store.notes() == list(NOTES)
    assert store.notes({"a"}) == []


def test_a_file_goes_with_its_articles_and_notes(store):
    """Nothing of it is left, and nothing of others goes."""
    with store.writing():
        put(store, FileRow("a", 1, 2), Article("a", ("text",)))
        (kept,) = put(store, FileRow("b", 1, 2), Article("b", ("text",)))
        put(store, FileRow("c", 1, 2, notes=NOTES), Article("c#1", ()), Article("c#2", ()))
        store.drop_files(["a", "c", "never there"])

    assert store.articles()[0] == [kept]
    assert [*store.files()] == ["b"]
    assert store.notes() == []


ROWS = {
    "a": FileRow("a", -1, 0, "f00f"),
    "b/1": FileRow("b/1", 1, 2, ""),
    "b/2": FileRow("b/2", 1, 2),
    "b0": FileRow("b0", 1, 2),
    "b": FileRow("b", 3, -1),
}


@pytest.fixture
def filled(store):
    """An index of a few files, one of which has an article."""
    with store.writing():
        for row in ROWS.values():
            put(store, row, *[Article("a", ("text",))] * (row.path == "a"))
    return store


def test_files_are_looked_up_by_their_paths(filled):
    """What is not there is not found."""
    assert filled.files() == ROWS
    assert filled.files_of(["a", "c"]) == {"a": ROWS["a"]}
    assert [row.id for row in filled.articles_of(["a", "b", "c"])] == ["a"]


def test_files_that_git_did_not_vouch_for_are_known(filled):
    """Not those that it was not asked about."""
    assert filled.unsure_files() == {"b/1": ROWS["b/1"]}


@pytest.mark.parametrize(
    ("folders", "paths"),
    [(["b"], {"b/1", "b/2"}), (["a", "c"], set()), (["."], {*ROWS}), ([], set())],
)
def test_files_are_found_by_their_folders(filled, folders, paths):
    """And by no name that merely begins alike."""
    assert filled.files_under(folders) == paths


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (FileRow("a", 1, 2), FileRow("a", 1, 2), True),
        (FileRow("a", 1, 2), FileRow("a", 1, 2, ""), True),
        (FileRow("a", 1, 2), FileRow("a", 2, 2), False),
        (FileRow("a", 1, 2), FileRow("a", 1, 3), False),
        (FileRow("a", 1, -1), FileRow("a", 1, -1), False),
        (FileRow("a", -1, 0, "f00f"), FileRow("a", -1, 0, "f00f"), True),
        (FileRow("a", -1, 0, "f00f"), FileRow("a", -1, 0, "ba44"), False),
        (FileRow("a", -1, 0, "f00f"), FileRow("a", 1, 2, ""), False),
        (FileRow("a", 1, 2), FileRow("a", -1, 0, "f00f"), False),
    ],
)
def test_a_file_is_the_same_only_if_that_is_certain(one, other, same):
    """By git's name of its content, or else by size and time."""
    assert one.is_same(other) == same


def test_facts_take_the_place_of_older_ones(store):
    """They are read again after each change."""
    facts = {"serial": "x", "files": "3", "passed-over": '{"binary": 2}'}
    with store.writing():
        store.note_facts(facts)
        assert store.serial == "x"
        store.note_facts({"serial": "y"})

    assert (store.serial, store.file_count) == ("y", 3)
    assert store.passed_over == {"binary": 2}


def test_bytes_are_kept_word_for_word(store):
    """And are none where there are none."""
    with store.writing():
        store.put_blob("git", b"100644 f00\tbyte\xff\0")

    assert (store.blob("git"), store.blob("other")) == (b"100644 f00\tbyte\xff\0", b"")


def test_a_missing_article_is_named_with_the_way_out(store):
    """It should be there."""
    with pytest.raises(IndexUnusableError, match="an article is missing") as caught:
        store.get(99)

    assert "index rebuild" in caught.value.hint


def test_an_article_that_cannot_be_unpacked_is_damage(store):
    """A wrong text would be worse than none."""
    with store.writing():
        (number,) = put(store, FileRow("a", 1, 2), Article("a", ("text",)))
        store._db.execute("UPDATE article SET text = x'00'")

    with pytest.raises(IndexUnusableError, match="cannot be used") as caught:
        store.get(number)

    assert is_damage(caught.value)


def test_a_file_without_our_tables_has_no_stamp(tmp_path):
    """It is not ours."""
    with Store(tmp_path / "index.sqlite", fresh=True) as made:
        assert made.stamp == {}


@pytest.mark.parametrize("data", [None, b"", b"no database " * 200])
def test_what_cannot_be_read_is_not_there(tmp_path, data):
    """Whoever wants to read it does without."""
    path = tmp_path / "index.sqlite"
    if data is not None:
        path.write_bytes(data)

    with ExitStack() as stack:
        assert readable(path, stack) is None


def test_what_can_be_read_is_read_in_one_state(store):
    """Until the end."""
    with store.writing():
        store.note_facts({"serial": "x"})
    store.finish()

    with ExitStack() as stack:
        found = readable(store.path, stack)
        with Store(store.path, writes=True) as writer, writer.writing():
            writer.note_facts({"serial": "y"})
        assert found.serial == "x"
