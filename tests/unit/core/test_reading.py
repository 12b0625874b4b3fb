"""Words as signs, and what makes two paragraphs equal."""

import pytest

from dedupe_news.core.reading import Page, marks, scale_of


def test_a_word_has_one_number_everywhere():
    """Numbers compare as words do, on one page and on two."""
    left, right = Page(["The ferry stops"]), Page(["a FERRY starts, the ferry"])

    the, ferry, stops = left.words(0)
    assert right.words(0)[1::2] == [ferry, the]
    assert right.words(0)[4] == ferry
    assert stops not in right.words(0)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("He left.", "he LEFT!!", False),
        ("He left!", "he LEFT!!", True),
        ("***", "* * *", True),
        ("***", "►", False),
        ("", "\u200b \xa0", True),
        ("a b", "ab", False),
    ],
)
def test_keys_are_equal_for_equal_wording_and_marks(left, right, equal):
    """A paragraph without words is known by its ornaments."""
    assert (Page([left]).key(0) == Page([right]).key(0)) is equal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("«Well, yes…» – (no).", ""),
        ("Why??! No!", "?!!"),
        ("5% of $40, -3°, 2-1", "%$-°"),
        ("？ ؟ ％ −4", "??%-"),
        ("- a dash, half-time, x - 3", ""),
    ],
)
def test_only_marks_that_change_what_is_said_count(text, expected):
    """In the order of the text, the same for all scripts and widths."""
    assert marks(text) == expected


def test_a_passage_joins_paragraphs_and_keeps_places():
    """Places point into the joined text, and gaps are what lies between words."""
    passage = Page(["One, two.", "Not this", "Three"]).passage([0, 2])

    words = [passage.text[a:b] for a, b in zip(passage.starts, passage.ends, strict=True)]
    assert words == ["One", "two", "Three"]
    assert [passage.gap(word) for word in range(4)] == ["", ", ", ".\n", ""]


@pytest.mark.parametrize(
    ("left", "right", "scale"),
    [
        (["渡轮停航"], ["渡轮"], 2),
        (["渡轮停航"], ["the ferry stops"], 1),
        (["The ferry stops"], [], 1),
        ([], [], 1),
    ],
)
def test_scripts_without_blanks_weigh_two_words_as_one(left, right, scale):
    """The scale follows the two articles together, so that it is the same for both."""
    assert scale_of(Page(left), Page(right)) == scale_of(Page(right), Page(left)) == scale
