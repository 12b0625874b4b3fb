"""Which words two texts have in common, and what a second look makes of that."""

import random
from itertools import combinations

import numpy as np
import pytest

from dedupe_news.core import shared_words as module
from dedupe_news.core.shared_words import aligned_words, covered_words, second_look, word_shares
from dedupe_news.core.shingles import shingles_of
from dedupe_news.core.verify import Rule, compare
from invented import hashes, prose, sets

RULE = Rule(containment=0.6, shared_words=20, shingle_words=5)
ONE_PAIR = np.array([0]), np.array([1])
REPORT = prose(100, 1)
TEXTS = [
    REPORT,
    f"{prose(100, 2)} {REPORT}",
    " ".join(REPORT.split()[:40]),
    prose(120, 3),
    "",
    "two words",
]


def compared(*texts):
    """Return the first look at all pairs of texts."""
    left, right = np.array(list(combinations(range(len(texts)), 2))).T
    return compare(sets(*texts), left, right, RULE)


def looked_at_twice(*texts):
    """Return whether each pair of texts matches after the second look."""
    return second_look(compared(*texts), hashes(*texts), RULE).matches.tolist()


def shares(one, other):
    """Return which share of each of two texts stands in the other."""
    both = hashes(one, other)
    return tuple(word_shares(both, shingles_of(both, 5), *ONE_PAIR, RULE)[0].tolist())


def aligned(one, other):
    """Return how many words stand in the same order in two texts."""
    return aligned_words(hashes(one, other), *ONE_PAIR, RULE)[0]


def every(step, text, place=0):
    """Return the text with every so manieth word another."""
    return " ".join(
        f"x{at}x{place}" if at % step == place else word for at, word in enumerate(text.split())
    )


class TestSecondLook:
    def test_a_report_with_one_word_in_five_changed_matches_after_all(self):
        """Each changed word breaks five shingles; four words in five are still there."""
        chance = random.Random(1)
        rewritten = " ".join(
            f"x{at}" if chance.random() < 0.2 else word for at, word in enumerate(REPORT.split())
        )

        assert compared(REPORT, rewritten).matches.tolist() == [False]
        assert looked_at_twice(REPORT, rewritten) == [True]

    def test_strangers_that_quote_the_same_speech_do_not(self):
        """What they share is a part of each; the rest has nothing in common."""
        speech = prose(40, 9)
        one, other = f"{prose(60, 1)} {speech}", f"{speech} {prose(60, 2)}"

        assert compared(one, other).containment[0] >= RULE.floor
        assert looked_at_twice(one, other) == [False]

    def test_strangers_and_matches_get_no_second_look(self, monkeypatch):
        """Their words are aligned with nobody's."""
        asked = []

        def aligned(words, left, right, rule, needed):
            asked.extend(zip(left.tolist(), right.tolist(), strict=True))
            return aligned_words(words, left, right, rule, needed)

        monkeypatch.setattr(module, "aligned_words", aligned)
        texts = REPORT, prose(100, 2), REPORT, every(8, REPORT, 1)
        pairs = compared(*texts)
        second_look(pairs, hashes(*texts), RULE)

        assert asked == [(0, 3), (2, 3)]

    def test_a_match_is_not_taken_back(self):
        """The second look adds only."""
        found = compared(*TEXTS)

        decided = looked_at_twice(*TEXTS)
        assert [
            one for one, two in zip(found.matches, decided, strict=True) if one and not two
        ] == []

    def test_so_many_words_are_needed_there_too(self):
        """Short texts are alike by chance."""
        brief = prose(19, 1)

        assert looked_at_twice(brief, every(9, brief, 4)) == [False]


class TestAlignedWords:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("a b c d e f", "a b c d e f", 6),
            ("a b c d e f", "a b c x e f", 3),
            ("a b c d e f g h", "a b c x d e f g h", 8),
            ("a x b y c z", "a b c", 0),
            ("a b c", "", 0),
            ("a b c", "d e f", 0),
            ("d e f a b c", "a b c d e f", 3),
        ],
    )
    def test_words_count_that_stand_in_runs_in_the_same_order(self, one, other, expected):
        """Stray words that two texts share are chance."""
        assert aligned(one, other) == expected
        assert aligned(other, one) == expected

    def test_texts_too_long_for_a_table_are_counted_by_shingles(self, monkeypatch):
        """Time per pair is bounded, and an unedited copy is still whole."""
        edited = every(20, REPORT, 3)
        assert aligned(REPORT, edited) == 95
        monkeypatch.setattr(module, "_LARGEST_TABLE", 50)

        assert aligned(REPORT, REPORT) == 100
        assert aligned(REPORT, edited) == 92


class TestWordShares:
    def test_a_text_inside_another_is_whole(self):
        """The longer one has words of its own."""
        assert shares(REPORT, f"{prose(100, 2)} {REPORT}") == (1.0, 0.5)

    def test_sides_can_be_exchanged(self):
        """The shares are exchanged with them."""
        assert shares(TEXTS[1], TEXTS[2]) == shares(TEXTS[2], TEXTS[1])[::-1]

    def test_a_light_edit_costs_its_own_words_only(self):
        """One word in ten changed leaves nine tenths."""
        assert shares(REPORT, every(10, REPORT)) == pytest.approx((0.9, 0.9))

    def test_what_was_moved_is_still_there(self):
        """Order is the reader's concern, not the share's."""
        halves = REPORT.split()

        assert shares(REPORT, " ".join(halves[50:] + halves[:50])) == (1.0, 1.0)

    def test_stray_common_words_do_not_count(self):
        """Every language has words that stand in every article."""
        assert shares("a x b y c z", "a b c") == (0.0, 0.0)

    @pytest.mark.parametrize("pair", [("", ""), ("", "a b c"), ("a b c", "")])
    def test_a_text_without_words_shares_nothing(self, pair):
        """Nothing is divided by nothing."""
        assert shares(*pair) == (0.0, 0.0)

    def test_texts_too_long_for_a_table_are_judged_by_shingles(self, monkeypatch):
        """An edit then costs the words of its neighbourhood."""
        monkeypatch.setattr(module, "_LARGEST_TABLE", 50)

        assert shares(REPORT, f"{prose(100, 2)} {REPORT}") == (1.0, 0.5)
        assert shares(REPORT, every(10, REPORT))[0] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("one", "other", "covered"),
    [
        ("a b c d e f g", "a b c d e z", [True] * 5 + [False] * 2),
        ("z a b c d e z", "a b c d e", [False] + [True] * 5 + [False]),
        ("a b c", "a b c", [True] * 3),
        ("a b c", "", [False] * 3),
    ],
)
def test_a_word_is_covered_by_a_shingle_that_the_other_has(one, other, covered):
    """A shingle that a text is too short for covers the whole of it."""
    both = hashes(one, other)

    left, right = np.array([0, 1, 0]), np.array([1, 0, 1])
    masks, twins = covered_words(both, shingles_of(both, 5), left, right, 5)
    assert masks[0].tolist() == masks[2].tolist() == twins[1].tolist() == covered
