"""What stands above a text and is about it."""

import pytest

from dedupe_news.sources.head import parted


@pytest.mark.parametrize(
    ("text", "date", "rest"),
    [
        ('date 2017-01 "The year was hard."', "2017-01", '"The year was hard."'),
        ("\n date 2017-01 The year.\n\nMore.", "2017-01", "The year.\n\nMore."),
        ("Date: 2017-01-05 The year.", "2017-01-05", "The year."),
        ("date 2017-01-05T09:12Z The year.", "2017-01-05T09:12Z", "The year."),
        ("date 2017-01\n\nThe year.", "2017-01", "The year."),
        ("date 2017-01\nThe year.", "2017-01", "The year."),
    ],
)
def test_a_date_before_the_text_is_no_text(text, date, rest):
    """It may stand on a line of its own or before the first words."""
    metadata, body = parted(text)

    assert (metadata, body.strip()) == ({"date": date}, rest)


def test_a_head_of_keys_and_values_is_taken_off():
    """All its lines are pairs, and one key at least is known; other pairs are dropped."""
    text = (
        "Headline: The ferry: shut\r\nSOURCE: Norden\r\nSection: Home\r\nURL: http://a\r\n\r\nText."
    )

    assert parted(text) == (
        {"title": "The ferry: shut", "source": "Norden", "url": "http://a"},
        "Text.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Only words.",
        "Title: no blank line follows",
        "Havenrik: the ferry is shut.\n\nMore.",
        "Source: A\nand a line without a key\n\nText.",
        "date 2017 was a hard year.\n\nMore.",
        "date 2017-13x\n\nMore.",
        f"Source: A\nPort: {'word ' * 100}\n\nMore.",
        "---\nA line between rules, not a key.\n---\nText.",
        "---\ntitle: never closed\n\nText.",
        "http://example.org/a\n\nText.",
    ],
)
def test_what_only_looks_like_a_head_is_text(text):
    """In doubt it is text: nothing is lost."""
    assert parted(text) == ({}, text)


def test_a_paragraph_behind_a_date_with_a_colon_is_text():
    """The pair `Date: 2017-01 …` with a sentence in it is no head."""
    metadata, body = parted("Date: 2017-01 The year was hard.\n\nMore.")

    assert metadata == {"date": "2017-01"}
    assert body == "The year was hard.\n\nMore."


@pytest.mark.parametrize("date", ["2024", "2017-01", "2024-05-14", "2024-05-14 09:12"])
def test_a_date_of_any_precision_stands_in_a_head(date):
    """A day with a time behind it is one date, and no date with a text behind it."""
    metadata, body = parted(f"Title: A\nDate: {date}\n\nThe year.")

    assert metadata == {"title": "A", "date": date.replace(" ", "T")}
    assert body == "The year."


def test_front_matter_is_taken_off():
    """Simple YAML: quotes, comments, lists in both forms, nested and unknown keys."""
    text = """\ufeff---
# how it came
title: "A \\"quoted\\" title: with a colon"
date: 2024-05-14 09:12:00 +0200
authors:
  - Inga Solheim
  - 'Per O''Aune'
tags: [ferry, port]
source: Norden # the agency
layout:
---

# A heading

Text.
"""
    metadata, body = parted(text.removeprefix("\ufeff"))

    assert metadata == {
        "title": 'A "quoted" title: with a colon',
        "date": "2024-05-14T09:12:00+02:00",
        "author": "Inga Solheim, Per O'Aune",
        "source": "Norden",
    }
    assert body.strip() == "# A heading\n\nText."


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("author: [A, 'B']", "A, B"),
        ("author: ''", None),
        ("author: null", None),
        ('author: "', '"'),
        ("author: 'A", "'A"),
        ("byline: A\nauthor: B", "A"),
    ],
)
def test_values_of_front_matter(line, expected):
    """What is no simple value is kept as it stands; the first of two keys holds."""
    assert parted(f"---\n{line}\n---\nText.")[0].get("author") == expected
