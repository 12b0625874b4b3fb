"""CSV and TSV."""

import gzip

import pytest

from dedupe_news.sources import batches


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id,text\n7,One.\n8,Two.\n"),
        ("a.csv", "id;text\r\n7;One.\r\n8;Two."),
        ("a.csv", "id|text\n7|One.\n8|Two.\n"),
        ("a.csv", "\ufeffid,Text\n7,One.\n\n8,Two.\n"),
        ("a.csv", "sep=;\nid;text\n7;One.\n8;Two.\n"),
        ("a.csv", '"id","text"\n"7","One."\n"8","Two."\n'),
        ("a.csv", "id,text,,\n7,One.,,\n8,Two.,,\n"),
        ("a.csv", "id,text\n7,One.,,\n8,Two.\n"),
        ("a.tsv", "id\ttext\n7\tOne.\n8\tTwo.\n"),
        ("a.csv", "id,text\r7,One.\r8,Two.\r"),
    ],
)
def test_each_row_is_an_article(write, texts, name, content):
    """Delimiters, marks and line ends of any spreadsheet are understood."""
    write(name, content)

    assert texts() == {f"{name}#7": ("One.",), f"{name}#8": ("Two.",)}


def test_a_cell_may_hold_delimiters_quotes_and_paragraphs(write, texts):
    """What is quoted is one cell."""
    write("a.csv", 'title,text\n"A, B","He said ""no"".\n\nThen he left."\n')

    assert texts() == {"a.csv#1": ('He said "no".', "Then he left.")}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("7,One.,more", "3 cells where the header has 2"),
        ("7", "1 cells"),
        ('7,"a"b', "expected after"),
    ],
)
def test_a_row_that_does_not_fit_is_told_and_the_rest_is_read(write, loaded, row, reason):
    """The row names the line in the file."""
    write("a.csv", f'id,text\n1,"One\n\nmore."\n{row}\n9,Nine.\n')

    first, skip, last = loaded()

    assert (first.id, last.id) == ("a.csv#1", "a.csv#9")
    assert (skip.id, skip.code) == ("a.csv#line 5", "bad-row")
    assert reason in skip.message


def test_a_quotation_mark_left_open_does_not_swallow_the_file(write, loaded):
    """Only the line on which it stands is lost."""
    rows = "".join(f"{number},Text {number}.\n" for number in range(2, 50))
    write("a.csv", f'id,text\n1,"One.\n{rows}')

    skip, *rest = loaded()

    assert skip.id == "a.csv#line 2"
    assert [item.id for item in rest] == [f"a.csv#{number}" for number in range(2, 50)]


def test_tabs_need_no_quotes(write, texts):
    """A table with tabs may be written without quoting: a quotation mark is then a sign."""
    write("a.tsv", 'id\ttext\n1\t"No," he said.\n2\t"Open to the end\n3\tThree.\n')

    assert texts() == {
        "a.tsv#1": ('"No," he said.',),
        "a.tsv#2": ('"Open to the end',),
        "a.tsv#3": ("Three.",),
    }


def test_a_table_without_text_is_one_skip(write, loaded):
    """A hundred thousand rows without text are one fact, with the columns there are."""
    write("a.csv", "id,lede\n" + "1,x\n" * 100)

    (skip,) = loaded()

    assert (skip.id, skip.code) == ("a.csv", "missing-field")
    assert "id, lede" in skip.hint


def test_a_column_can_be_named(write, texts):
    """The user knows better than a list of usual names."""
    write("a.csv", "id,lede,text\n1,One.,no\n")

    assert texts(fields={"text": "lede"}) == {"a.csv#1": ("One.",)}


def test_columns_of_one_name_are_told_apart(write, texts):
    """The first holds."""
    write("a.csv", "text,text,\nOne.,Two.,x\n")

    assert texts() == {"a.csv#1": ("One.",)}


@pytest.mark.parametrize("content", ["", "\n\n", "id,text\n"])
def test_a_table_without_rows_is_no_article(write, loaded, content):
    """It is whole, and holds nothing."""
    write("a.csv", content)

    assert loaded() == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_tables_in_other_encodings(write, texts, encoding):
    """Spreadsheets write what their country wrote."""
    write("a.csv", "id;text\n1;été à Liège\n".encode(encoding))

    assert texts() == {"a.csv#1": ("été à Liège",)}


def test_a_table_in_an_encoding_that_cannot_be_told_is_refused(write, skips, texts):
    """Letters of another alphabet are not taken for accented ones."""
    write("a.csv", "id;text\n1;Паромная линия закроется в июне\n".encode("cp1251"))

    assert skips() == {"a.csv": "bad-encoding"}
    assert texts(encoding="cp1251") == {"a.csv#1": ("Паромная линия закроется в июне",)}


def test_rows_before_a_wrong_byte_are_read(write, loaded):
    """A file that does not keep to the encoding is told, with what could be read of it."""
    write("a.csv", b"id,text\n" + b"1,One.\n" * 5000 + b"2,caf\xe9\n")
    *articles, skip = loaded(encoding="utf-8")

    assert len(articles) > 1000
    assert skip.code == "bad-encoding"


def test_a_given_encoding_that_does_not_fit_is_told(write, skips):
    """The user should learn that it is wrong."""
    write("a.csv", b"id,text\n1,caf\xe9\n")

    assert skips(encoding="utf-8") == {"a.csv": "bad-encoding"}


def test_a_huge_cell_is_read(write, texts):
    """The limit of the standard library, 128 kB, is a page of news at most."""
    write("a.csv", f'id,text\n1,"{"word " * 100_000}"\n')

    assert len(texts()["a.csv#1"][0]) == 499_999


@pytest.mark.parametrize("packed", [False, True])
def test_a_large_table_is_cut_into_batches(write, packed):
    """Numbers of rows go on from batch to batch."""
    content = ("text\n" + f"{'word ' * 200}\n" * 6000).encode()
    name = "a.csv.gz" if packed else "a.csv"
    write(name, gzip.compress(content, 0) if packed else content)
    found = list(batches([name]))

    assert len(found) > 2
    ids = [item.id for batch in found for item in batch.load()]
    assert ids == [f"{name}#{number}" for number in range(1, 6001)]
