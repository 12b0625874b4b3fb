import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.render.prose import BOUND, cells, flow, paint, sides, toned, wrap


def _plain(lines):
    return [paint(line, color=False) for line in lines]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one two", 3, ["one", "two"]),
        ("a  b", 10, ["a  b"]),
        ("  indented", 20, ["indented"]),
        ("averylongword", 5, ["avery", "longw", "ord"]),
        ("go averylongword on", 5, ["go", "avery", "longw", "ord", "on"]),
        ("漢字漢字漢字", 5, ["漢字", "漢字", "漢字"]),
        ("灯台。灯台", 4, ["灯", "台。", "灯台"]),
        ("灯台、", 4, ["灯", "台、"]),
        ("abc漢字def", 6, ["abc漢", "字def"]),
        (f"keep{BOUND}me ok", 7, ["keep me", "ok"]),
    ],
)
def test_lines_break_where_a_reader_expects(text, width, lines):
    """At blanks, between unspaced signs but not before a stop, and else only in long words."""
    assert _plain(wrap([(text, "plain")], width)) == lines


def test_a_word_of_several_tones_stays_on_one_line():
    """A changed ending is not torn from its word."""
    spans = [("see walk", "plain"), ("ed", "deleted"), ("ing", "inserted"), (" on", "plain")]

    assert _plain(wrap(spans, 9)) == ["see", "walkeding", "on"]


@given(st.text(alphabet="ab漢。 é\u0301🙂", max_size=80), st.integers(2, 30))
def test_wrapping_loses_nothing_but_blanks_and_keeps_the_width(text, width):
    """Joined, the lines are the text; none is wider than asked."""
    lines = wrap([(text, "plain")], width)

    assert "".join(_plain(lines)).replace(" ", "") == text.replace(" ", "")
    assert all(cells(line) <= width for line in lines)


@given(st.lists(st.text(alphabet="xyz漢 ", max_size=30), max_size=8), st.integers(2, 30))
def test_tones_follow_their_words_through_a_wrap(texts, width):
    """Each tone covers the same signs after wrapping as before."""
    tones = ["plain", "new", "deleted", "inserted"]
    spans = [(text, tones[index % 4]) for index, text in enumerate(texts)]
    wrapped = [span for line in wrap(spans, width) for span in line]

    for tone in tones:
        before = "".join(text for text, own in spans if own == tone)
        after = "".join(text for text, own in wrapped if own == tone)
        assert after.replace(" ", "") == before.replace(" ", "")


@given(st.text(alphabet="ab c ", max_size=80), st.integers(2, 20))
def test_plain_text_wraps_as_text_with_changes_does(text, width):
    """The short way for ASCII and the way for all else give the same lines."""
    long_way = wrap([(text, "plain"), ("", "plain")], width)

    assert _plain(wrap([(text, "plain")], width)) == _plain(long_way)


def test_colour_is_written_only_when_asked_for():
    """The same line, with and without escape sequences."""
    line = [("plain ", "plain"), ("gone", "deleted"), ("", "new")]

    assert paint(line, color=False) == "plain gone"
    assert paint(line, color=True) == "plain \x1b[31;9mgone\x1b[0m"


@pytest.mark.parametrize(
    ("fields", "width", "lines"),
    [
        (["a", "b", "c"], 7, ["a  b  c"]),
        (["a", "b", "c"], 4, ["a  b", "c"]),
        (["a long path", "b"], 4, ["a long path", "b"]),
        ([], 4, []),
    ],
)
def test_fields_are_never_cut(fields, width, lines):
    """A field goes to the next line whole, however wide it is."""
    assert flow(fields, width) == lines


@pytest.mark.parametrize(
    ("width", "lines"), [(10, ["left right"]), (12, ["left   right"]), (9, ["left", "right"])]
)
def test_two_sides_share_a_line_where_they_fit(width, lines):
    """With at least one blank between them, else one under the other."""
    assert _plain(sides([("left", "plain")], [("right", "dim")], width)) == lines


def test_texts_become_lines_of_one_tone():
    """Each text is a line of its own."""
    assert list(toned(["a", "b"], "dim")) == [[("a", "dim")], [("b", "dim")]]
