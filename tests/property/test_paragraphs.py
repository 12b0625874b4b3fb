"""Laws of cutting a text into paragraphs."""

from hypothesis import given
from hypothesis import strategies as st

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
