"""What two articles have in common, counted one by one."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from dedupe_news.core import verify as module
from dedupe_news.core.ragged import Ragged, shared_values
from dedupe_news.core.verify import Comparisons, Rule, compare, shared_by_sets
from invented import prose, sets, words

RULE = Rule(containment=0.6, shared_words=20, shingle_words=5)
REPORT = prose(100, 1)
TEXTS = [
    REPORT,
    f"{prose(100, 2)} {REPORT}",
    " ".join(REPORT.split()[:40]),
    prose(120, 3),
    "",
    "two words",
    f"{prose(300, 4)} {' '.join(REPORT.split()[:30])}",
]


def compared(*texts):
    """Return the first look at all pairs of texts."""
    left, right = np.array(list(combinations(range(len(texts)), 2))).T
    return compare(sets(*texts), left, right, RULE)


def test_comparing_equals_counting_sets():
    """Containment is of the smaller set in the larger, resemblance is Jaccard."""
    found = compared(*TEXTS)
    for index, (one, other) in enumerate(combinations([set(s.tolist()) for s in sets(*TEXTS)], 2)):
        least, union = min(len(one), len(other)), len(one | other)
        assert found.containment[index] == (len(one & other) / least if least else 0)
        assert found.resemblance[index] == (len(one & other) / union if union else 0)


def test_left_and_right_can_be_exchanged():
    """Neither side is the original."""
    found = compared(*TEXTS)
    turned = compare(sets(*TEXTS), found.right, found.left, RULE)

    assert turned.containment.tolist() == found.containment.tolist()
    assert turned.resemblance.tolist() == found.resemblance.tolist()
    assert turned.matches.tolist() == found.matches.tolist()


def test_no_pairs_are_compared_to_nothing():
    """A corpus of strangers has no candidates."""
    nobody = np.empty(0, np.int64)

    assert len(compare(sets(*TEXTS), nobody, nobody, RULE)) == 0
    assert len(Comparisons.concatenate([])) == 0


def test_shared_shingles_are_counted_once_each():
    """The count is that of the intersection."""
    ones, others = np.array([0, 1, 4]), np.array([2, 0, 0])

    assert shared_values(sets(*TEXTS), ones, others).tolist() == [36, 96, 0]


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        (REPORT, True),
        (" ".join(words(100, 1)[:20]), True),
        (" ".join(words(100, 1)[:19]), False),
        (f"{prose(80, 5)} {REPORT}", True),
        (f"{' '.join(words(100, 1)[:60])} {prose(30, 5)}", True),
        (f"{' '.join(words(100, 1)[:40])} {prose(60, 5)}", False),
        (prose(100, 6), False),
        ("", False),
    ],
)
def test_a_match_needs_a_share_of_the_shorter_and_so_many_words(text, matches):
    """However much the longer one adds does not matter."""
    assert compared(REPORT, text).matches.tolist() == [matches]


def test_pairs_can_be_chosen_and_put_together():
    """By mask or by place, all columns alike."""
    found = compared(*TEXTS)
    matching = found.take(found.matches)
    parts = Comparisons.concatenate([matching, found.take(np.array([3]))])

    assert matching.matches.all()
    assert next(matching.strengths()) == (0, 1, pytest.approx(1 + 96 / 196))
    assert (parts.left[-1], parts.right[-1]) == (found.left[3], found.right[3])


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("most", [2, 3, 9])
def test_what_sets_have_in_common_is_told_but_for_what_most_have(monkeypatch, compiled, most):
    """As a plain count over sets of numbers tells it, also of a set that has none."""
    if not compiled:
        monkeypatch.setattr(module, "KERNEL", None)
    plain = [[1, 2, 3, 9], [], [2, 3, 4], [3, 9, 10], [11]]
    rows = Ragged.of_arrays([np.array(row, np.uint64) for row in plain])
    held = Counter(value for row in plain for value in row)
    own = [{value for value in row if held[value] < most} for row in plain]

    sizes, shared = shared_by_sets(rows, most)
    assert sizes.tolist() == [len(row) for row in own]
    assert all(
        shared[left, right] == len(own[left] & own[right])
        for left, right in combinations(range(len(plain)), 2)
    )


def test_sets_without_values_have_nothing_in_common(monkeypatch):
    """Texts of nothing but what all have."""
    monkeypatch.setattr(module, "KERNEL", None)
    sizes, shared = shared_by_sets(Ragged.of_arrays([np.empty(0, np.uint64)] * 2), 3)

    assert sizes.tolist() == [0, 0]
    assert not shared.any()
