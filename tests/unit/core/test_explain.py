"""Why two articles do or do not match."""

import pytest

from dedupe_news.core.columns import Recipe
from dedupe_news.core.explain import explain_pair
from dedupe_news.core.verify import Rule
from dedupe_news.model import Article
from invented import prose, words

RECIPE = Recipe(5, "word", 128, 1)
RULE = Rule(0.6, 20, 5)
REPORT = words(200, 1)


def told(left, right):
    """Return the explanation of two texts."""
    pair = Article("a", (left,)), Article("b", (right,))
    return explain_pair(*pair, RECIPE, RULE)


def edited(every):
    """Return the report with one word in `every` replaced."""
    return " ".join(f"{word}x" if not place % every else word for place, word in enumerate(REPORT))


@pytest.mark.parametrize(
    ("left", "right", "decision", "candidates"),
    [
        (" ".join(REPORT), "", "empty", False),
        (" ".join(REPORT), " ".join(REPORT).upper(), "identical", True),
        (" ".join(REPORT), f"{prose(100, 2)} {' '.join(REPORT)}", "contained", True),
        (" ".join(REPORT), edited(7), "rewritten", True),
        (" ".join(REPORT), f"{' '.join(REPORT[:80])} {prose(160, 3)}", "too-different", True),
        (prose(12, 4), f"{prose(12, 4)} and so on", "too-few-words", True),
        (
            f"{' '.join(REPORT[:10])} {prose(14, 8)}",
            f"{' '.join(REPORT[:10])} {prose(14, 9)}",
            "too-few-words",
            True,
        ),
        (" ".join(REPORT), prose(200, 5), "strangers", False),
        (prose(30, 6), prose(30, 7), "strangers", False),
    ],
)
def test_the_first_rule_that_applies_decides(left, right, decision, candidates):
    """From no words at all to nothing in common; and whether a scan gets so far."""
    explained = told(left, right)

    assert explained.decision == decision
    assert explained.candidates is candidates


def test_the_figures_are_those_of_the_pair():
    """Shares, samples and chances can be checked by hand."""
    explained = told(" ".join(REPORT), f"{' '.join(REPORT)} {prose(200, 2)}")

    assert explained.words == (200, 400)
    assert explained.shingles == (196, 396)
    assert explained.shared_shingles == 196
    assert explained.containment == 1
    assert explained.resemblance == pytest.approx(196 / 396)
    assert (explained.left_in_right, explained.right_in_left) == (1, 0.5)
    assert explained.shared_anchors == min(explained.anchors)
    assert explained.anchor_chance == pytest.approx(1)
    assert explained.band_chance == pytest.approx(1 - (1 - (196 / 396) ** 3) ** 42)
