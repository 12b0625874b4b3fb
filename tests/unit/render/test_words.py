import pytest

from dedupe_news.render.prose import paint
from dedupe_news.render.style import Style
from dedupe_news.render.words import opening_words, seam_spans, word_spans

TEN = "one two three four five six seven eight nine ten"


def _shown(spans, *, color=False):
    return paint(spans, color=color)


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        ([("-", "at"), ("+", "in"), ("=", " Lom")], "[-at-]{+in+} Lom"),
        ([("-", "HAVENRIK (NP) - "), ("=", "The line")], "[-HAVENRIK (NP) - -]The line"),
        ([("=", f"{TEN} "), ("+", "more")], "… five six seven eight nine ten {+more+}"),
        ([("+", "more"), ("=", f" {TEN}")], "{+more+} one two three four five six …"),
        ([("=", "five six seven eight nine "), ("+", "ten")], "five six seven eight nine {+ten+}"),
        (
            [("+", "a"), ("=", f" {TEN} {TEN} "), ("-", "b")],
            "{+a+} one two three four five six … five six seven eight nine ten [-b-]",
        ),
        ([("=", "one.\nTwo"), ("+", " more")], "one. ¶ Two{+ more+}"),
        ([("=", "see [sic] "), ("+", "\x1b[2J")], "see [sic] {+␛[2J+}"),
    ],
)
def test_without_colour_marks_say_what_went_and_came(runs, shown):
    """Long kept stretches are shortened to the words next to a change."""
    assert _shown(word_spans(runs, Style())) == shown


def test_the_full_view_shortens_nothing():
    """Every kept word is there."""
    assert _shown(word_spans([("=", f"{TEN} "), ("+", "more")], Style(full=True))) == (
        f"{TEN} {{+more+}}"
    )


@pytest.mark.parametrize(
    ("runs", "shown"),
    [
        ([("-", "at"), ("+", "in")], "\x1b[31;9mat\x1b[0m \x1b[32;4min\x1b[0m"),
        ([("-", "at "), ("+", "in ")], "\x1b[31;9mat \x1b[0m\x1b[32;4min \x1b[0m"),
        ([("=", "walk"), ("+", "ed")], "walk\x1b[32;4med\x1b[0m"),
    ],
)
def test_with_colour_words_are_struck_and_underlined(runs, shown):
    """What went and what came do not run into each other; an ending stays at its word."""
    assert _shown(word_spans(runs, Style(color=True)), color=True) == shown


def test_signs_of_unspaced_scripts_count_as_words():
    """A long kept stretch of Chinese is shortened too."""
    runs = [("=", "町の人が待ち続けた日が、ようやく"), ("+", "決")]

    assert _shown(word_spans(runs, Style())) == "… 日が、ようやく{+決+}"


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ([TEN, TEN], "… eight nine ten ¶ one two three …"),
        (["Short one.", TEN], "Short one. ¶ one two three …"),
        ([TEN, f"{TEN} {TEN}", TEN], None),
    ],
)
def test_a_seam_shows_the_words_on_both_sides(texts, shown):
    """Enough to find the place; a paragraph in the middle shows both its ends."""
    middle = "… eight nine ten ¶ one two three … eight nine ten ¶ one two three …"

    assert _shown(seam_spans(texts, Style())) == (shown or middle)


def test_a_seam_is_drawn_in_ascii_where_that_is_asked_for():
    """Neither the sign of the paragraph nor the dots leave ASCII."""
    assert _shown(seam_spans([TEN, TEN], Style(ascii=True))) == (
        "... eight nine ten | one two three ..."
    )


def test_a_paragraph_is_known_by_its_first_words():
    """Six words, or all of it in the full view."""
    assert opening_words(TEN, Style()) == "one two three four five six …"
    assert opening_words(TEN, Style(full=True)) == TEN
