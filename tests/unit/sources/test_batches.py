"""Batches, made of files or of what is in memory."""

import pickle

import pytest

from dedupe_news.errors import SettingsError
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.sources import FORMATS, batches, in_batches, read
from dedupe_news.sources.formats import format_of


def test_small_files_are_read_together(write):
    """A batch stands for the bytes of its files."""
    for number in range(50):
        write(f"{number:02}.txt", "Text.")
    (batch,) = batches(["."])

    assert batch.size == 250
    assert [item.id for item in batch.load()] == [f"{number:02}.txt" for number in range(50)]


def test_many_small_files_are_several_batches(write):
    """Opening files costs, so that no batch holds too many."""
    for number in range(1001):
        write(f"{number}.txt", "x")

    assert [len(batch.load()) for batch in batches(["."])] == [1000, 1]


def test_large_files_are_batches_of_their_own(write):
    """Memory is bounded by the size of a batch, not of the corpus."""
    for number in range(3):
        write(f"{number}.txt", "word " * 500_000)

    assert [len(batch.load()) for batch in batches(["."])] == [1, 1, 1]


def test_batches_travel_to_other_processes(write):
    """What is loaded there is what would be loaded here."""
    write("a.txt", "Text.")
    write("b.csv", "text\n" + f"{'row ' * 500}\n" * 2000)
    write("c.jsonl", f'{{"text": "{"line " * 500}"}}\n' * 2000)
    write("d.html")

    for batch in batches(["."]):
        there = pickle.loads(pickle.dumps(batch))
        assert there.load() == batch.load()
        assert there.records() == batch.records()


def test_each_item_has_its_record(write):
    """In the same order; what is no record, or a broken one, has none that could be read again."""
    write("a.txt", "Text.")
    write("b.csv", "text,n\none,1\ntwo\n")
    write("c.jsonl", '\ufeff{"text": "one", "n": 1}\r\n\n\x1e{"text": "two"}\n')
    write("d.json", '[{"text": "one", "n": [null]}]')
    found = [
        (item, record)
        for batch in batches(["."])
        for item, record in zip(batch.load(), batch.records(), strict=True)
    ]

    assert [(type(item), record) for item, record in found] == [
        (Article, ""),
        (Article, '{"text": "one", "n": "1"}'),
        (Skipped, ""),
        (Article, '{"text": "one", "n": 1}'),
        (Article, '{"text": "two"}'),
        (Article, '{"text": "one", "n": [null]}'),
    ]


def test_reading_is_lazy_and_gives_articles_and_skips(write):
    """Counts of what was passed over are no business of a library's user."""
    write("a.txt", "Text.")
    write("b.json", "{")
    write("c.html")
    found = read(".")

    assert iter(found) is found
    assert [type(item) for item in found] == [Article, Skipped]


def test_read_passes_its_options_on(write):
    """Each works as for a run."""
    write(".gitignore", "b.jsonl")
    write("a.jsonl", '{"lede": "caf\xe9"}'.encode("cp1252"))
    write("b.jsonl", '{"lede": "th\xe9"}'.encode("cp1252"))
    write("c.txt", "Text.")

    found = read(
        ".",
        fields={"text": "lede"},
        gitignore=False,
        include=["*.jsonl"],
        exclude=["a.*"],
        encoding="cp1252",
    )

    assert [item.paragraphs for item in found] == [("thé",)]


@pytest.mark.parametrize("name", ["include", "exclude"])
def test_one_pattern_is_not_taken_for_its_characters(write, name):
    """The star in it would mean every file."""
    write("a.txt", "Text.")

    with pytest.raises(SettingsError, match=f"{name} is one text") as caught:
        read(".", **{name: "*.md"})

    assert "('*.md',)" in caught.value.hint


def test_articles_in_memory_are_batched_by_their_text():
    """Order is kept, and nothing is dropped."""
    items = [Article(str(number), ("word " * 1000,)) for number in range(500)]
    items[7:7] = [Skipped("s", "empty", "m", "h"), LeftOut("hidden", 1)]
    found = list(in_batches(iter(items)))

    assert len(found) == 3
    assert [item for batch in found for item in batch.load()] == items
    assert sum(batch.size for batch in found) == 2_500_000


def test_no_articles_are_no_batches():
    """An empty batch would be work for nothing."""
    assert list(in_batches([])) == []


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_each_suffix_tells_its_format(form):
    """In any case, with a folder before it, compressed or not."""
    for suffix in form.suffixes:
        assert format_of(f"x.y/a{suffix}") == form.name
        assert format_of(f"a{suffix.upper()}.gz") == form.name
    assert form.holds
    assert not form.extra


@pytest.mark.parametrize("path", ["a", "txt", "a.html", "a.gz", "a.txt.bz2", "a.txt/b", "a.jsonl "])
def test_other_suffixes_tell_none(path):
    """What is not in the table is not guessed."""
    assert format_of(path) == ""
