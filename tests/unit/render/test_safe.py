import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.render.safe import one_line, prose


@pytest.mark.parametrize(
    ("text", "shown", "plain"),
    [
        ("\x1b[31mred", "␛[31mred", "<U+001B>[31mred"),
        ("bell\x07", "bell␇", "bell<U+0007>"),
        ("del\x7f", "del␡", "del<U+007F>"),
        ("c1\x9b2J", "c1<U+009B>2J", "c1<U+009B>2J"),
        ("nul\x00", "nul␀", "nul<U+0000>"),
        ("\u202egnp.exe", "<U+202E>gnp.exe", "<U+202E>gnp.exe"),
        ("a\u2066b\u2069", "a<U+2066>b<U+2069>", "a<U+2066>b<U+2069>"),
        ("half \ud83d", "half <U+D83D>", "half <U+D83D>"),
        ("tag\U000e0041", "tag<U+E0041>", "tag<U+E0041>"),
        ("two\nlines", "two␊lines", "two<U+000A>lines"),
        ("[sic] [/red] :smile:", "[sic] [/red] :smile:", "[sic] [/red] :smile:"),
        (
            "\u05e9\u05dc, \u200f\u0645\u0631",
            "\u05e9\u05dc, \u200f\u0645\u0631",
            "\u05e9\u05dc, \u200f\u0645\u0631",
        ),
        ("é 漢 🙂", "é 漢 🙂", "é 漢 🙂"),
    ],
)
def test_what_could_move_or_mislead_is_shown_and_all_else_is_kept(text, shown, plain):
    """A sign that acts on a terminal is replaced by one that can be seen."""
    assert one_line(text) == shown
    assert one_line(text, only_ascii=True) == plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\r\nc", "a b c"),
        ("a\u00a0\u00a0b", "a b"),
        (" a ", " a "),
        ("a\u2028b\x85c", "a b c"),
        ("a\x1b\nb", "a␛ b"),
    ],
)
def test_white_space_in_prose_is_one_blank(text, shown):
    """A paragraph is wrapped by us, whatever line breaks it came with."""
    assert prose(text) == shown


@given(st.text())
def test_nothing_that_is_printed_can_act_on_a_terminal(text):
    """After cleaning, no control sign, surrogate or bidirectional override is left."""
    for cleaned in (one_line(text), prose(text), one_line(text, only_ascii=True)):
        assert not {unicodedata.category(sign) for sign in cleaned} & {"Cc", "Cs", "Zl", "Zp"}
        assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
