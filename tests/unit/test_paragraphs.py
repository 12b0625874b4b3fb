"""How a text is cut into paragraphs."""

import textwrap
import time

import pytest

from dedupe_news.paragraphs import split_paragraphs

PROSE = (
    (
        "The ferry line between the port and the islands will close for eleven weeks from June so"
        " that its two berths can be rebuilt, the authority said on Tuesday."
    ),
    (
        "It said that inspections in March had found corrosion in the steel piles that carry both"
        " of the berths, and that nobody had been in danger at any time before that."
    ),
    (
        "About nineteen hundred people cross on the line on a working day, two thirds of whom"
        " travel to work or to school."
    ),
)
GERMAN = (
    (
        "Die Fähre zwischen dem Hafen und den Inseln fällt ab Juni elf Wochen lang aus, weil die"
        " Anleger erneuert werden müssen. Das teilte die Behörde am Dienstag mit."
    ),
    (
        "Bei einer Prüfung im März waren Schäden an den Pfählen aus Stahl entdeckt worden, auf"
        " denen die beiden Anleger seit Jahren ruhen."
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        (" \n\u00a0\n\t", ()),
        ("one", ("one",)),
        ("one\n\ntwo", ("one", "two")),
        ("one\ntwo", ("one", "two")),
        ("one\n \u00a0\n\ttwo\u00a0", ("one", "two")),
        ("one\r\ntwo\rthree", ("one", "two", "three")),
        (
            "one\x85two\u2028three\u2029four\ffive\vsix",
            ("one", "two", "three", "four", "five", "six"),
        ),
        ("one\n\u200b\ntwo\n\ufeff", ("one", "two")),
        ("\ufeffone", ("\ufeffone",)),
        ("in  ner   blanks", ("in  ner   blanks",)),
        ("\u3000全角の空白\u3000\n\n二", ("全角の空白", "二")),
    ],
)
def test_a_paragraph_ends_at_any_line_break_of_any_system(text, expected):
    """Blank lines and single breaks cut, outer white space goes, and the rest stays as written."""
    assert split_paragraphs(text) == expected


@pytest.mark.parametrize("width", [45, 60, 72, 80, 100])
@pytest.mark.parametrize("prose", [PROSE, GERMAN], ids=["english", "german"])
def test_a_hard_wrapped_text_is_joined(prose, width):
    """Lines that were broken at a margin are one paragraph again, whatever the margin."""
    wrapped = "\n\n".join(textwrap.fill(text, width) for text in prose)

    assert split_paragraphs(wrapped) == prose


def test_wrapped_paragraphs_without_blank_lines_are_told_by_their_short_last_lines():
    """A line that had room for the next word was ended by its writer."""
    wrapped = "\n".join(textwrap.fill(text, 66) for text in PROSE)

    assert split_paragraphs(wrapped) == PROSE


def test_a_wrapped_text_keeps_its_dateline_list_and_heading_apart():
    """Lines that are short in a wrapped text stay paragraphs of their own."""
    parts = (*PROSE, "WHAT CHANGES", "- no cars", "- bicycles travel free")
    wrapped = "\n".join(textwrap.fill(text, 66) for text in parts)

    assert split_paragraphs(wrapped) == parts


def test_one_wrapped_block_is_found_among_long_lines():
    """A letter that was pasted into a web article is judged by itself."""
    letter = textwrap.fill(PROSE[1], 50)

    assert split_paragraphs(f"{PROSE[0] * 3}\n\n{letter}\n{''}") == (PROSE[0] * 3, PROSE[1])


@pytest.mark.parametrize(
    ("hyphen", "expected"),
    [("-", "trans-port"), ("\u2010", "trans\u2010port"), ("\u00ad", "trans\u00adport")],
)
def test_a_word_cut_at_the_margin_is_joined_without_a_blank(hyphen, expected):
    """The hyphen stays: whether it belongs to the word is for the comparison of words to say."""
    text = (
        f"The town has asked for better public trans{hyphen}\n"
        "port to the islands since the bridge was shut,\nand for a school boat in the winter."
    )

    assert expected in split_paragraphs(text)[0]


def test_a_hyphen_before_a_capital_keeps_its_blank():
    """A dash at the end of a line is no cut word."""
    text = textwrap.fill(PROSE[0], 60).replace("the authority", "Port-\nAuthority", 1)

    assert "Port- Authority" in " ".join(split_paragraphs(text))


def test_a_line_that_sticks_far_out_stands_alone():
    """A web address or a pasted line in a wrapped text is joined to nothing behind it."""
    wrapped = "\n\n".join(textwrap.fill(text, 60) for text in PROSE * 9)
    pasted = "https://example.org/" + "x" * 100

    assert pasted in split_paragraphs(f"{wrapped}\n\n{pasted}\nand then some words")


@pytest.mark.parametrize(
    "lines",
    [
        [
            "The minister resigned on Monday.",
            "A successor is to be named soon.",
            "Markets fell again.",
        ],
        ["- bread and a pound of butter from the shop", "- milk, two litres, and cheese", "- eggs"],
        ["1. open the valve and wait for the sound of water", "2. close the valve at once again"],
        ["Shall I compare thee to a summer's day?", "Thou art more lovely and more temperate:"],
        ["apples", "bread", "cheese", "dates"],
        ["Norden 2-1 Havenrik", "Lom 0-0 Oster", "Skerry 3-2 Kust"],
        ["A headline that is a good deal longer than it is wide", "The text is short."],
        [PROSE[0], PROSE[1], PROSE[2]],
    ],
    ids=["sentences", "bullets", "numbers", "verse", "words", "results", "headline", "long lines"],
)
def test_lines_that_were_meant_stay_lines(lines):
    """One sentence per line, lists, verse and headings are no wrapped text."""
    assert split_paragraphs("\n".join(lines)) == tuple(lines)


def test_signs_without_blanks_are_joined_without_a_blank():
    """Wrapped Chinese is cut between any two signs."""
    text = (
        "港口当局星期二表示连接港口和群岛的渡轮航线将从六月起关闭十一周以便重建两个泊位据称检查发现"
        * 3
    )
    wrapped = "\n".join(textwrap.wrap(text, 36))

    assert split_paragraphs(wrapped) == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "a word and another. " * 500_000,
        "A paragraph.\n\n" * 200_000,
        "A line of its own.\r\n" * 200_000,
        "a line of a text that was wrapped by hand some time\n" * 100_000,
        "\n" * 3_000_000,
        "\u200b \n" * 1_000_000,
        " " * 3_000_000 + "x",
        "\u200b" * 1_000_000 + "x",
    ],
    ids=["one", "many", "lines", "wrapped", "breaks", "invisible", "blanks", "zero width"],
)
def test_time_grows_with_length_alone(text):
    """No form of text makes the cutting quadratic."""
    start = time.perf_counter()
    split_paragraphs(text)

    assert time.perf_counter() - start < 10
