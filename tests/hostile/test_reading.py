"""Reading what nobody should have made: nothing is lost silently, and nothing stops the rest."""

import gzip
import os
import pickle
import random
import threading
import time

import pytest

from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.sources import ReadOptions, batches

LINE = b'{"text": "One article on a line of its own."}\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return an empty folder that is the working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(*paths, **options):
    """Return all items of some paths, each batch having been to another process and back."""
    found = batches(paths or ["."], ReadOptions(**options))
    return [item for batch in found for item in pickle.loads(pickle.dumps(batch)).load()]


def codes(*paths, **options):
    """Return the codes of all that was skipped, by id."""
    return {item.id: item.code for item in loaded(*paths, **options) if isinstance(item, Skipped)}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"two\nlines.txt", "two\\x0alines.txt"),
        (b"\x1b[31mred.txt", "\\x1b[31mred.txt"),
        (b"caf\xe9.txt", "caf\\xe9.txt"),
        ("a\u202eb.txt".encode(), "a\\u202eb.txt"),
        ("été 島.txt".encode(), "été 島.txt"),
        (b" .txt", " .txt"),
        (b"-.txt", "-.txt"),
        (b"a#b%20?.txt", "a#b%20?.txt"),
        (b"back\\slash.txt", "back\\slash.txt"),
        (b"x" * 251 + b".txt", "x" * 251 + ".txt"),
    ],
)
def test_a_file_is_opened_by_its_name_and_shown_printable(folder, name, shown):
    """The id can be printed and stored, whatever bytes the name has."""
    (folder / os.fsdecode(name)).write_text("Text.")
    (article,) = loaded()

    assert (article.id, article.path, article.paragraphs) == (shown, shown, ("Text.",))
    article.id.encode()


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.csv.gz", "a.json.gz"])
@pytest.mark.parametrize("damage", ["cut", "noise", "wrong sum", "no archive"])
def test_a_broken_archive_is_told(folder, name, damage):
    """What came before the break may be read, but the file is never passed off as whole."""
    content = b"text\n" + bytes(random.Random(1).choices(b"abc \n", k=100_000))
    packed = gzip.compress(content)
    (folder / name).write_bytes(
        {
            "cut": packed[:-2000],
            "noise": packed[:2000] + b"\xff" * 2000 + packed[4000:],
            "wrong sum": packed[:-8] + b"\0" * 8,
            "no archive": b"Just words.",
        }[damage]
    )

    assert codes().get(name) == "unreadable"


@pytest.mark.parametrize(
    ("name", "between", "top"), [("a.jsonl.gz", "\n", ""), ("a.json.gz", ",\n", "[")]
)
def test_what_stands_before_the_break_of_an_archive_is_read(folder, name, between, top):
    """A crawl that was cut off is still worth its first thousand articles."""
    noise = random.Random(1)
    lines = [f'{{"text": "{noise.getrandbits(4000):x}"}}' for _ in range(3000)]
    packed = gzip.compress((top + between.join(lines)).encode())
    (folder / name).write_bytes(packed[: len(packed) // 2])
    items = loaded()

    assert sum(isinstance(item, Article) for item in items) > 1000
    assert [item.id for item in items if isinstance(item, Skipped)] == [name]


def test_a_file_that_vanishes_after_it_was_found_is_told(folder):
    """The corpus may change under a run."""
    (folder / "a.txt").write_text("Text.")
    (folder / "b.txt").write_text("Text.")
    (batch,) = batches(["."])
    (folder / "a.txt").unlink()
    skip, article = batch.load()

    assert (skip.id, skip.code, article.id) == ("a.txt", "unreadable", "b.txt")
    assert "No such file" in skip.message


def test_a_file_that_the_system_does_not_give_out_is_told(folder):
    """Permissions and broken disks are rows, not tracebacks."""
    (folder / "a.txt").mkdir()
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "b.txt").write_text("Text.")
    long_name = "x" * 300 + ".txt"

    assert codes("loop.txt", long_name, ".") == {"loop.txt": "unreadable", long_name: "unreadable"}


def test_a_folder_that_cannot_be_listed_is_told(folder, monkeypatch):
    """Its articles are missing, and the report must say so."""
    (folder / "open").mkdir()
    (folder / "shut").mkdir()
    (folder / "open/a.txt").write_text("Text.")
    listed = os.scandir

    def scandir(path):
        if path == "shut":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    skip, article = loaded()

    assert (article.id, skip.id, skip.code) == ("open/a.txt", "shut", "unreadable")


def test_a_pipe_in_a_folder_is_passed_over_and_a_named_one_is_read(folder):
    """Opening a pipe nobody writes to would wait for ever."""
    os.mkfifo(folder / "pipe.txt")
    os.mkfifo(folder / "named")
    writer = threading.Thread(target=(folder / "named").write_bytes, args=(LINE,))
    writer.start()
    items = loaded("named", ".")
    writer.join()

    assert items[0].id == "named#1"
    assert items[1:] == [LeftOut("other-format", 1)]


@pytest.mark.parametrize(
    "content",
    [
        LINE * 3 + b"\0" * 100 + b"\n" + LINE * 3,
        LINE * 3 + b"\xff\xfe\x80\n" + LINE * 3,
        LINE * 3 + b'{"text": "cut off\n' + LINE * 3,
        LINE * 3 + b"}{][" * 1000 + b"\n" + LINE * 3,
        LINE * 3 + b'{"a":' * 50_000 + b"\n" + LINE * 3,
        LINE * 3 + b"\r" + b"\n" + b"x" * 1_000_000 + b"\n" + LINE * 3,
    ],
    ids=["zeros", "noise", "cut off", "brackets", "deep", "long"],
)
def test_noise_between_lines_costs_no_article(folder, content):
    """One broken line is one row."""
    (folder / "a.jsonl").write_bytes(content)
    items = loaded()

    assert sum(isinstance(item, Article) for item in items) == 6
    assert sum(isinstance(item, Skipped) for item in items) == 1


@pytest.mark.parametrize(
    "content",
    [
        "id,text\n" + '"' * 99_999 + "\n1,One.\n",
        "id,text\n" + '1,"x\n' * 20_001,
        "id,text\n" + "," * 100_000 + "\n1,One.\n",
        "id,text\n1,\0\n2,a\0b\n",
        "id,text\n" + '1,"a"b\n' * 5_000,
        '"id,text\n1,One.\n',
        "id\ttext\n" + '"x\t"\n' * 20_000,
    ],
    ids=["quotes", "open", "commas", "zeros", "after", "header", "tabs"],
)
def test_tables_of_noise_end_soon(folder, content):
    """No pattern of quotation marks makes the reader go over the file again and again."""
    (folder / "a.csv").write_text(content)
    start = time.perf_counter()
    items = loaded()

    assert items
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize(
    "name", ["a.txt", "a.md", "a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt.gz"]
)
def test_any_bytes_end_in_articles_or_reasons(folder, name, seed):
    """Whatever a file holds, reading it raises nothing, and its row is printable."""
    noise = random.Random(seed)
    alphabet = [b"text", b'"', b"{", b"}", b"[", b"]", b":", b",", b"\n", b"\r", b"\t", b"---\n"]
    alphabet += [b"date 2017-01", b"\xff", b"\xc3", b"\xa9", b"\0", b"1", b" ", b'{"text":"a"}\n']
    content = b"".join(noise.choices(alphabet, k=60))
    (folder / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)

    for item in loaded(name):
        assert isinstance(item, Article | Skipped)
        assert item.id.isprintable()


def test_a_deep_folder_does_not_overflow(folder):
    """Folders may be nested deeper than Python's stack."""
    here = folder
    for _ in range(400):
        here /= "d"
    here.mkdir(parents=True)
    (here / "a.txt").write_text("Text.")

    assert len(loaded()) == 1


def test_a_head_without_end_is_searched_once(folder):
    """A hundred thousand lines that look like a head do not take quadratic time."""
    (folder / "a.txt").write_text("---\n" + "key: value\n" * 200_000 + "\n" * 200_000)
    (folder / "b.txt").write_text(" " * 1_000_000 + "date 2017-01" + " " * 1_000_000 + "\n")
    start = time.perf_counter()
    loaded()

    assert time.perf_counter() - start < 5
