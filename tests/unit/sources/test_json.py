"""JSON and JSON Lines."""

import gzip
import io
import json
import pickle
import sys

import pytest

from dedupe_news.sources import ReadOptions, batches, json_arrays
from dedupe_news.sources.files import BLOCK


def lines(count, size=10):
    """Return JSON Lines with so many articles of so many words."""
    return "".join(
        json.dumps({"id": number, "text": f"Text {number}. " + "word " * size}) + "\n"
        for number in range(1, count + 1)
    )


def test_each_line_is_an_article(write, texts):
    """Blank lines count as lines, and the last needs no end."""
    write("a.jsonl", '{"text": "One."}\r\n\n {"text": "Two."}\n{"id": "x", "text": "Three."}')

    assert texts() == {"a.jsonl#1": ("One.",), "a.jsonl#3": ("Two.",), "a.jsonl#x": ("Three.",)}


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ('{"text": "cut', "bad-json", "column 10"),
        ("[1, 2]", "bad-json", "a list, not an object"),
        ("12", "bad-json", "a number"),
        ("null", "bad-json", "null"),
        ('"text"', "bad-json", "a text"),
        ("true", "bad-json", "a truth value"),
        ('{"lede": "x"}', "missing-field", "no key that holds the text"),
        ("{}", "missing-field", "no key"),
        ('{"text": 1' + "0" * 5000 + "}", "bad-json", "digits"),
        ('{"text": ' + "[" * 100_000 + "}", "bad-json", "deep"),
    ],
)
def test_a_broken_line_is_told_and_the_rest_is_read(write, loaded, line, code, message):
    """The row names the line and what is wrong with it."""
    write("a.jsonl", f'{{"text": "One."}}\n{line}\n{{"text": "Three."}}\n')

    first, skip, third = loaded()

    assert (first.paragraphs, third.paragraphs) == (("One.",), ("Three.",))
    assert (skip.id, skip.code) == ("a.jsonl#line 2", code)
    assert message in skip.message
    assert skip.hint


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (r'{"text": "a\u0000b"}', "a b"),
        (r'{"text": "a\ud800b"}', "a\ufffdb"),
        ('{"text": "a\tb"}', "a\tb"),
        ('{"text": "a\u2028b"}', "a"),
        ('{"text": "no", "text": "a"}', "a"),
        ('\ufeff{"text": "a"}', "a"),
        ('\x1e{"text": "a"}', "a"),
        ('{"text": "a", "title": NaN}', "a"),
    ],
)
def test_ugly_lines_are_read(write, texts, line, text):
    """What scrapers write is taken as it was meant."""
    write("a.jsonl", f"{line}\n")

    assert texts()["a.jsonl#1"][0] == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_lines_in_other_encodings(write, texts, encoding):
    """A shell that redirects in UTF-16 makes JSON Lines all the same."""
    write("a.jsonl", '{"text": "été à Liège"}\n{"text": "île"}\n'.encode(encoding))

    assert texts() == {"a.jsonl#1": ("été à Liège",), "a.jsonl#2": ("île",)}


def test_a_large_file_is_cut_into_blocks_of_whole_lines(write, texts):
    """Line numbers go on from block to block, and no article is lost or doubled."""
    content = lines(3000, 400)
    write("a.jsonl", content)
    found = list(batches(["a.jsonl"]))

    assert len(found) > 2
    assert all(len(batch.data) < 2 * BLOCK for batch in found)
    assert sum(batch.size for batch in found) == len(content)
    assert [item.id for batch in found for item in batch.load()] == [
        f"a.jsonl#{number}" for number in range(1, 3001)
    ]


def test_a_large_file_in_another_encoding_is_cut_too(write):
    """Signs that lie across two chunks are whole in the end."""
    write(
        "a.jsonl",
        "".join(f'{{"text": "é{n} {"wörd " * 99}"}}\n' for n in range(3000)).encode("utf-16"),
    )
    articles = [item for batch in batches(["a.jsonl"]) for item in batch.load()]

    assert [item.paragraphs[0].split()[0] for item in articles] == [f"é{n}" for n in range(3000)]


def test_a_large_compressed_file_is_cut_too(write):
    """Its batches stand for the bytes on the disk."""
    packed = gzip.compress(lines(3000, 400).encode())
    write("a.jsonl.gz", packed)
    (write("b.txt", "x")).unlink()
    found = list(batches(["a.jsonl.gz"]))

    assert sum(len(batch.load()) for batch in found) == 3000
    assert sum(batch.size for batch in found) == len(packed)


def test_a_line_longer_than_a_block_is_one_article(write, texts):
    """A block ends at the end of a line, however long that is."""
    write("a.jsonl", lines(1, BLOCK // 2) + lines(1))

    assert len(texts()) == 1
    assert sum(len(batch.load()) for batch in batches(["a.jsonl"])) == 2


@pytest.mark.parametrize("wrapped", [lambda stream: stream, io.BufferedReader])
def test_lines_come_from_the_standard_input_when_asked(texts, monkeypatch, wrapped):
    """Ids are the articles' own, or tell the line."""
    data = b'{"id": "x", "text": "One."}\n{"text": "Two."}\n'
    stream = io.BytesIO(data)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(wrapped(stream)))

    assert texts("-") == {"x": ("One.",), "-#2": ("Two.",)}


def test_a_closed_standard_input_is_empty(texts, monkeypatch):
    """A service has none."""
    monkeypatch.setattr(sys, "stdin", None)

    assert texts("-") == {}


def test_the_standard_input_is_not_read_before_it_is_loaded(monkeypatch):
    """Whoever only asks for batches does not wait."""
    monkeypatch.setattr(sys, "stdin", None)

    assert iter(batches(["-"], ReadOptions()))


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_list_is_read_whatever_the_suffix(write, texts, name):
    """Both names are used for both things."""
    write(name, ' [\n {"text": "One."},\n {"id": 7, "text": "Two."}\n]\n')

    assert texts() == {f"{name}#1": ("One.",), f"{name}#7": ("Two.",)}


def test_lines_under_the_name_of_json_are_read(write, texts):
    """One object after the other is not one value, but is readable."""
    write("a.json", '{"text": "One."}\n{"text": "Two."}\n')

    assert texts() == {"a.json#1": ("One.",), "a.json#2": ("Two.",)}


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ({"id": 7, "text": "One."}, ["a.json"]),
        ({"articles": [{"text": "One."}], "total": 1, "facets": []}, ["a.json#1"]),
        ({"response": {"status": "ok", "docs": [{"id": 7, "text": "One."}]}}, ["a.json#7"]),
        ([], []),
    ],
)
def test_one_object_and_a_list_in_an_object(write, texts, value, ids):
    """An article alone is called by its file."""
    write("a.json", json.dumps(value))

    assert list(texts()) == ids


@pytest.mark.parametrize(
    ("content", "skipped"),
    [
        ("", {"a.json": "bad-json"}),
        ('{"text": ', {"a.json": "bad-json"}),
        ("12", {"a.json": "bad-json"}),
        ("[" * 100_000, {"a.json": "bad-json"}),
        ('{"a":' * 100_000, {"a.json": "bad-json"}),
        ('{"a": ' * 9 + "1" + "}" * 9, {"a.json": "missing-field"}),
        ('["One.", {"text": "Two."}]', {"a.json#1": "bad-json"}),
        ('{"name": "package", "scripts": {"test": "x"}}', {"a.json": "missing-field"}),
        ('{"a": [{"text": "1"}], "b": [{"text": "2"}]}', {"a.json": "missing-field"}),
        ('[{"lede": "x"}]', {"a.json#1": "missing-field"}),
    ],
)
def test_json_that_holds_no_articles_is_told(write, skips, content, skipped):
    """Each row names the file, or the entry of its list."""
    write("a.json", content)

    assert skips() == skipped


@pytest.mark.parametrize(
    ("content", "articles", "place"),
    [
        ('[\n {"text": "One."}\n {"text"', 1, "line 3, column 2"),
        ('[\n {"text": "One."},\n {"text', 1, "line 3, column 3"),
        ('[{"text": "One."},', 1, "line 1, column 19"),
        ('[{"text": "One."}', 1, "line 1, column 18"),
        ('[{"text": "One."}] [', 1, "line 1, column 20"),
        ("[", 0, "line 1, column 2"),
        ('{"text": \n x', 0, "line 2, column 2"),
    ],
)
def test_a_broken_file_is_told_with_line_and_column(write, loaded, content, articles, place):
    """A person must find the place; what stands before it is read."""
    write("a.json", content)
    *found, skip = loaded()

    assert [item.id for item in found] == [f"a.json#{number + 1}" for number in range(articles)]
    assert (skip.id, skip.code) == ("a.json", "bad-json")
    assert place in skip.message


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.json.gz"])
def test_a_large_list_is_cut_into_batches(write, name):
    """Neither the cuts between chunks nor white space between entries matter."""
    entries = [{"id": n, "text": f"É{n} " * (n % 700)} for n in range(1, 6001)]
    content = json.dumps(entries, ensure_ascii=False, indent=1).encode()
    content = gzip.compress(content, 1) if name.endswith("gz") else content
    write(name, content)
    found = list(batches([name]))

    assert sum(batch.size for batch in found) == len(content)
    articles = [item for batch in found for item in batch.load()]
    assert [item.id for item in articles] == [f"{name}#{n}" for n in range(1, 6001)]
    assert " ".join(articles[698].paragraphs).split() == entries[698]["text"].split()


def test_an_entry_longer_than_any_article_is_a_broken_list(write, loaded, monkeypatch):
    """A text that is never closed does not draw the rest of the file into memory."""
    monkeypatch.setattr(json_arrays, "_LONGEST_ENTRY", 1 << 20)
    write("a.json", '[{"text": "One."}, {"text": "' + "word " * 2_000_000)
    article, skip = loaded()

    assert (article.id, skip.code) == ("a.json#1", "bad-json")


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_another_process_reads_the_lines_of_a_file_itself(write, mark):
    """They are not sent, only where they lie; whichever file of several blocks it is."""
    text = lines(30, BLOCK // 50)
    write("a.jsonl", (mark + text).encode())
    here = list(batches(["a.jsonl"]))
    sent = [pickle.dumps(batch) for batch in here]
    there = list(map(pickle.loads, sent))

    assert len(here) > 1
    assert max(map(len, sent)) < 2000
    assert [batch.load() for batch in there] == [batch.load() for batch in here]
    assert [batch.size for batch in there] == [batch.size for batch in here]


@pytest.mark.parametrize("encode", [gzip.compress, lambda data: data.decode().encode("utf-16")])
def test_lines_that_are_not_those_of_the_file_are_sent(write, encode):
    """They were unpacked, or written in another encoding."""
    path = "a.jsonl.gz" if encode is gzip.compress else "a.jsonl"
    write(path, encode(lines(2, BLOCK // 8).encode()))
    here = list(batches([path]))
    there = [pickle.loads(pickle.dumps(batch)) for batch in here]

    assert sum(len(batch.load()) for batch in there) == 2
    assert [batch.load() for batch in there] == [batch.load() for batch in here]


def test_a_file_that_is_gone_when_another_process_reads_it_is_told(write):
    """Its articles cannot be had any more."""
    path = write("a.jsonl", lines(3, BLOCK // 12))
    sent = [pickle.dumps(batch) for batch in batches([str(path)])]
    path.unlink()
    (skipped,) = pickle.loads(sent[0]).load()

    assert (skipped.code, skipped.message) == (
        "unreadable",
        "cannot be read: No such file or directory",
    )
