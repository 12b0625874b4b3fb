"""Text and Markdown files."""

import gzip

import pytest

from dedupe_news.model import Article


def test_a_text_file_is_one_article_called_by_its_path(write, loaded):
    """Its head is metadata, the rest is paragraphs."""
    write("c/a.txt", "Title: Ferry\nByline: I. Solheim\nLang: en\n\nOne.\n\nTwo.")

    assert loaded("c/a.txt") == [
        Article(
            "c/a.txt",
            ("One.", "Two."),
            title="Ferry",
            author="I. Solheim",
            lang="en",
            path="c/a.txt",
        )
    ]


def test_markdown_is_kept_as_written(write, texts):
    """A heading is a paragraph, and marks are part of the text."""
    write(
        "a.md", "---\ntitle: Ferry\n---\n# Ferry\n\nOne **word** and [a link](b).\n\n* item\n* item"
    )

    assert texts("a.md")["a.md"] == ("# Ferry", "One **word** and [a link](b).", "* item", "* item")


@pytest.mark.parametrize(
    "suffix", [".txt", ".TXT", ".text", ".md", ".markdown", ".txt.gz", ".MD.GZ"]
)
def test_suffixes_of_texts(write, texts, suffix):
    """Case does not matter, and each may be compressed."""
    content = b"One.\n\nTwo."
    write(f"a{suffix}", gzip.compress(content) if suffix.lower().endswith("gz") else content)

    assert texts() == {f"a{suffix}": ("One.", "Two.")}


@pytest.mark.parametrize("content", ["", " \n", "\ufeff", "date 2017-01\n\n"])
def test_an_empty_file_is_an_article_without_paragraphs(write, texts, content):
    """Whether that matters is for the run to say."""
    write("a.txt", content)

    assert texts() == {"a.txt": ()}


def test_a_named_file_without_a_known_suffix_is_read_as_text(write, texts):
    """In a walk it would be passed over; the user knows better."""
    write("notes", "One.\n\nTwo.")

    assert texts("notes") == {"notes": ("One.", "Two.")}


def test_a_named_file_of_objects_is_read_as_json_lines(write, texts):
    """One article of all lines would be a wrong answer without a warning."""
    write("dump", '{"id": 1, "text": "One."}\n{"id": 2, "text": "Two."}\n')

    assert texts("dump") == {"dump#1": ("One.",), "dump#2": ("Two.",)}


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>One.",
        b"\n<?xml version='1.0'?>",
        b"{\\rtf1 One.}",
        b"%PDF-1.7",
        bytes(99),
    ],
)
def test_a_named_file_of_another_format_is_refused(write, skips, content):
    """Markup would be taken for words."""
    write("page.html", content)

    assert skips("page.html") == {"page.html": "unknown-format"}


def test_a_text_in_a_given_encoding(write, texts, skips):
    """The user's word holds, and what does not fit it is told."""
    write("a.txt", "Паром закрыт".encode("cp1251"))
    write("b.txt", "é".encode("cp1252"))

    assert texts("a.txt", encoding="cp1251") == {"a.txt": ("Паром закрыт",)}
    assert skips("a.txt", "b.txt", encoding="utf-8") == dict.fromkeys(
        ["a.txt", "b.txt"], "bad-encoding"
    )
