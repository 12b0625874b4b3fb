"""Laws of cutting a text into paragraphs."""

import textwrap

from hypothesis import given
from hypothesis import strategies as st
from slow_paragraphs import slow_paragraphs

from dedupe_news.paragraphs import split_paragraphs

pieces = st.sampled_from(
    [
        "word",
        "Word",
        "a longer phrase of words",
        "end.",
        "-",
        " ",
        "\xa0",
        "\n",
        "\n\n",
        "\r\n",
        "\u2028",
        "\x0c",
        "cut-",
        "- item",
        "é",
        "漢字",
        "\u200b",
        "x" * 40,
        "1.",
        "\x85",
    ]
)
texts = st.lists(pieces, max_size=40).map("".join) | st.text(max_size=80)

words = st.sampled_from(
    ["the", "a", "ferry", "closes", "for", "eleven", "Lom", "trans-", "end.”", "-", "漢", "x" * 50]
)
breaks = st.sampled_from(["\n\n", "\n", "\n\n\n", "\n \n", "\r\n", "\r\n\r\n", "\n\u200b\n", "\n "])


@st.composite
def wrapped_texts(draw: st.DrawFn) -> str:
    """Paragraphs of which some are broken at one margin, some at another, and some nowhere."""
    widths = st.sampled_from([draw(st.integers(25, 90)), draw(st.integers(60, 150)), 9999])
    prose = st.lists(words, min_size=20, max_size=60).map(" ".join)
    parts = draw(st.lists(st.tuples(prose, widths, breaks), min_size=1, max_size=4))
    return "".join(textwrap.fill(text, width) + end for text, width, end in parts)


def ink(text: str) -> str:
    """Return what can be seen of a text."""
    return "".join(
        sign for sign in text if not sign.isspace() and sign not in "\u200b\u2060\ufeff\0"
    )


@given(texts)
def test_nothing_that_can_be_seen_is_lost_or_added(text):
    """Paragraphs in order hold every sign of the text that is not white space."""
    assert ink("".join(split_paragraphs(text))) == ink(text)


@given(texts)
def test_paragraphs_are_bare_and_hold_no_line_break(text):
    """No paragraph is empty, starts or ends with white space, or has more than one line."""
    for paragraph in split_paragraphs(text):
        assert paragraph
        assert paragraph == paragraph.strip()
        assert not set(paragraph) & set("\n\r\f\v\x85\u2028\u2029")


@given(texts | wrapped_texts())
def test_paragraphs_equal_their_slow_twin(text):
    """What is passed by, for speed, would have changed nothing."""
    assert split_paragraphs(text) == slow_paragraphs(text)


@given(texts)
def test_cutting_again_changes_nothing(text):
    """Paragraphs put together with blank lines are cut at these."""
    paragraphs = split_paragraphs(text)

    assert split_paragraphs("\n\n".join(paragraphs)) == paragraphs


@given(texts, texts)
def test_a_blank_line_always_cuts(first, second):
    """What stands above and below a blank line never becomes one paragraph."""
    both = split_paragraphs(f"{first}\n\n{second}")

    assert len(both) >= bool(ink(first)) + bool(ink(second))
