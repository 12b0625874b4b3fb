"""Words as signs, and what makes two paragraphs equal."""

import pytest

from dedupe_news.core.reading import LEFT_ONLY, RIGHT_ONLY, marks, read_sides


def test_shared_words_have_one_sign_and_others_none_in_common():
    """Signs compare as words do, and what one side lacks never looks like the other's."""
    left, right = read_sides(["The ferry stops"], ["a FERRY starts, the ferry"])

    assert left.words[0] == right.words[0][3] + right.words[0][1] + LEFT_ONLY
    assert right.words[0][::2] == RIGHT_ONLY * 2 + right.words[0][1]


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
    sides = read_sides([left], [right])

    assert (sides[0].keys == sides[1].keys) is equal


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
    side, _ = read_sides(["One, two.", "Not this", "Three"], [])

    passage = side.passage([0, 2])

    words = [passage.text[a:b] for a, b in zip(passage.starts, passage.ends, strict=True)]
    assert words == ["One", "two", "Three"]
    assert [passage.gap(word) for word in range(4)] == ["", ", ", ".\n", ""]


def test_scripts_without_blanks_weigh_two_words_as_one():
    """The scale follows the two articles together, so that it is the same for both."""
    assert [side.scale for side in read_sides(["渡轮停航"], ["渡轮"])] == [2, 2]
    assert [side.scale for side in read_sides(["The ferry stops"], [])] == [1, 1]
