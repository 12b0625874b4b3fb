"""How a word diff reads."""

import pytest

from dedupe_news.core.numbers import figures
from dedupe_news.core.reading import Page
from dedupe_news.core.word_diff import Block, equal_blocks
from dedupe_news.core.word_runs import settled, word_runs


def diff(base, variant):
    """Return the runs of two texts as `git diff --word-diff` writes them."""
    left, right = (Page([text]).passage([0]) for text in (base, variant))
    blocks = equal_blocks(left.words, right.words)
    found = figures(left), figures(right)
    runs = word_runs(left, right, settled(left, right, blocks, found))
    forms = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(forms[kind].format(text) for kind, text in runs)


@pytest.mark.parametrize(
    ("base", "variant", "expected"),
    [
        ("harbour at Lom, 11", "harbour in Lom, 11", "harbour [-at-]{+in+} Lom, 11"),
        ("harbour Lom", "harbour at Lom", "harbour {+at +}Lom"),
        ("harbour at Lom", "harbour Lom", "harbour [-at -]Lom"),
        ("in Lom.", "in Lom today.", "in Lom{+ today+}."),
        ("in Lom.", "in Lom. He left.", "in Lom.{+ He left.+}"),
        ("OSLO (NP) - The ferry", "The ferry", "[-OSLO (NP) - -]The ferry"),
        ("The ferry", '"The ferry', '"The ferry'),
        ("one two", "three four", "[-one two-]{+three four+}"),
        ("Lom—Havenrik", "Lom-1-Havenrik", "Lom[-—-]{+-1-+}Havenrik"),
        ("渡轮将关闭", "渡轮关闭", "渡轮[-将-]关闭"),
    ],
)
def test_blanks_go_with_the_words_they_belong_to(base, variant, expected):
    """Taking the marks away leaves no double blank and no word glued to its neighbour."""
    assert diff(base, variant) == expected


@pytest.mark.parametrize(
    ("base", "variant", "expected"),
    [
        ("Lom, she said", "Lom. She said", "Lom[-,-]{+.+} She said"),
        ("Lom she said", "Lom, she said", "Lom{+,+} she said"),
        ("Lom (he said)", "Lom he said", "Lom [-(-]he said[-)-]"),
        ("Lom... he", "Lom… he", "Lom… he"),
        ("Lom... he", "Lom… so he", "Lom… {+so +}he"),
        ('in "Lom" he', "in «Lom» so he", "in «Lom» {+so +}he"),
        ("Lom – it is", "Lom — so it is", "Lom — {+so +}it is"),
        ('the "best" boat', "the «best» boat", "the «best» boat"),
        ("the boat - red", "the boat — red", "the boat — red"),
        ("the  boat", "the\nboat", "the\nboat"),
        ("DON'T go", "don\u2019t go", "don\u2019t go"),
    ],
)
def test_punctuation_is_apart_from_words_and_typography_is_free(base, variant, expected):
    """Only marks that a reader hears are shown, the rest is the variant's."""
    assert diff(base, variant) == expected


@pytest.mark.parametrize(
    ("base", "variant", "expected"),
    [
        (
            "He left early. He was ill.",
            "He left early. He spoke to nobody. He was ill.",
            "He left early. {+He spoke to nobody. +}He was ill.",
        ),
        (
            "It is wet, it is cold, it is dark",
            "It is wet, it is dark",
            "It is wet, [-it is cold, -]it is dark",
        ),
        ("One day.\nOne boat.", "One boat.", "[-One day.\n-]One boat."),
    ],
)
def test_what_came_or_went_starts_where_a_reader_expects(base, variant, expected):
    """At a paragraph before a sentence, at a sentence before a clause."""
    assert diff(base, variant) == expected


@pytest.mark.parametrize("before", [1, 2, 3, 4])
def test_an_addition_is_moved_from_either_side(before):
    """Wherever the comparison happened to put it."""
    base, variant = "so it was. it was so", "so it was. it was. it was so"
    left, right = (Page([text]).passage([0]) for text in (base, variant))
    blocks = [Block(0, 0, before), Block(before, before + 2, 6 - before)]

    assert settled(left, right, blocks, ((), ())) == [(0, 0, 3), (3, 5, 3)]


@pytest.mark.parametrize(
    ("base", "variant", "expected"),
    [
        ("cost 1,900 now", "cost 1,950 now", "cost [-1,900-]{+1,950+} now"),
        ("cost 1 900 now", "cost 1 950 now", "cost [-1 900-]{+1 950+} now"),
        ("cost 1 900 now", "cost 2 900 now", "cost [-1 900-]{+2 900+} now"),
        ("cost 1 900", "cost 1 900 000", "cost [-1 900-]{+1 900 000+}"),
        ("cost 1,900 now", "cost 2,900 now", "cost [-1,900-]{+2,900+} now"),
        ("at 17:00 sharp", "at 17:30 sharp", "at [-17:00-]{+17:30+} sharp"),
        ("up 14.2% now", "up 14.5% now", "up [-14.2-]{+14.5+}% now"),
    ],
)
def test_figures_are_kept_or_replaced_whole(base, variant, expected):
    """Half a number is no number."""
    assert diff(base, variant) == expected
