from dataclasses import replace

import pytest

from dedupe_news.render.asked import asked_for
from dedupe_news.replay import Wanted, select
from reports import RICH


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Wanted(), ""),
        (Wanted(relations=["reprint", "update"]), "reprint or update"),
        (Wanted(sources=["Radio Kust"]), "source Radio Kust"),
        (Wanted(min_added_words=100), "100 words added or more"),
        (
            Wanted(relations=["update"], since="2024-05"),
            "update, 2024-05 or later",
        ),
    ],
)
def test_what_was_asked_for_is_told_in_a_sentence(wanted, told):
    """Whoever gets the report must know that it is a part."""
    sentence = f"Only these variants are shown: {told}." if told else ""

    assert asked_for(select(RICH, wanted)) == sentence


def test_what_was_asked_for_cannot_drive_a_terminal():
    """It may come from a report that somebody else has written."""
    report = replace(RICH, settings={"only_sources": "\x1b[31m島"})

    assert asked_for(report) == "Only these variants are shown: source ␛[31m島."
    assert "<U+001B>" in asked_for(report, only_ascii=True)


@pytest.mark.parametrize("form", ["text", "brief", "markdown", "html"])
def test_every_form_for_people_says_it(written, form):
    """Not only the settings of the JSON do."""
    assert "Only these variants are shown: excerpt." in " ".join(
        written(form, select(RICH, Wanted(relations=["excerpt"]))).split()
    )
    assert "Only these" not in written(form, RICH)
