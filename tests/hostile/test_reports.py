"""Hostile articles in every form: what is written must not drive whatever reads it."""

import re

import pytest

from dedupe_news.render import FORMATS, Style, renderer
from hostile import CROWD, HOSTILE, PAYLOADS, visible

_DRIVING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MISLEADING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_RAW = {"json", "jsonl"}  # programs read these; what turns text around is data to them


@pytest.fixture(params=FORMATS)
def form(request):
    """Each form that there is."""
    return request.param


@pytest.fixture(params=[(HOSTILE, True), (CROWD, False)], ids=["two", "crowd"])
def output(request, form, tmp_path):
    """What a form makes of hostile articles, of two and of many."""
    report, full = request.param
    path = tmp_path / "report"
    with path.open("w", encoding="utf-8", newline="\n") as out:
        renderer(form)(report, out, Style(full=full))
    return path.read_text("utf-8")


def test_no_control_character_is_written(output):
    """Neither an escape sequence nor a NUL, nor half a code point: line feeds are enough."""
    assert _DRIVING.search(output) is None


def test_no_sign_turns_the_text_around_on_screen(form, output):
    """What a reader sees is what is there."""
    assert form in _RAW or _MISLEADING.search(output) is None


def test_the_articles_are_named(form, output):
    """A hostile name is still a name: enough of it is there to find the file."""
    assert "variant" in output
    assert "base" in output


def test_every_word_of_it_can_be_read_on_a_terminal(tmp_path):
    """Of two articles and of many: what was added is there, and only what drives is replaced."""
    for report in (HOSTILE, CROWD):
        with (tmp_path / "text").open("w", encoding="utf-8") as out:
            renderer("text")(report, out, Style(width=100_000))
        shown = (tmp_path / "text").read_text("utf-8")
        assert not [payload for payload in PAYLOADS if f"Added: {visible(payload)}" not in shown]
