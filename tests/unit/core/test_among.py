"""Hashes among others."""

import numpy as np
import pytest

from dedupe_news.core import among as module
from dedupe_news.core.among import in_both, only, places_of, without
from dedupe_news.core.ragged import Ragged
from invented import prose, sets

TEXTS = [prose(30, 1), "", "one", prose(500, 2)]


@pytest.mark.parametrize("compiled", [True, False])
def test_hashes_are_left_out_of_the_rows_that_hold_them(monkeypatch, compiled):
    """Boilerplate leaves the anchors; rows that hold none of it are as they were."""
    if not compiled:
        monkeypatch.setattr(module, "KERNEL", None)
    shingles = sets(*TEXTS)
    bare = without(shingles, np.sort(shingles[0][:10]))

    assert bare[0].tolist() == shingles[0][10:].tolist()
    assert bare[3].tolist() == shingles[3].tolist()


def test_without_hashes_nothing_is_copied():
    """Most corpora have no boilerplate."""
    shingles = sets(*TEXTS)

    assert without(shingles, np.empty(0, np.uint64)) is shingles


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("top", [300, 1 << 63])
def test_hashes_are_found_wherever_their_low_bits_lead(monkeypatch, compiled, top):
    """Also those of which several would stand at one place, and what is just like a free place."""
    if not compiled:
        monkeypatch.setattr(module, "KERNEL", None)
    chance = np.random.default_rng(top)
    hashes = np.unique(chance.integers(0, top, 100, np.uint64) << np.uint64(4 * (top > 300)))
    values = np.concatenate(
        (chance.integers(0, top, 300, np.uint64), hashes, hashes ^ np.uint64(1))
    )

    expected = [place for place, value in enumerate(values.tolist()) if value in hashes.tolist()]
    assert places_of(hashes, values).tolist() == expected
    assert places_of(hashes[:3], values[-1:]).tolist() == []
    assert places_of(hashes, values[:0]).tolist() == []


@pytest.mark.parametrize("compiled", [True, False])
def test_only_some_hashes_of_each_row_are_told(monkeypatch, compiled):
    """What is boilerplate of an article, though its row lies anywhere and others go unseen."""
    if not compiled:
        monkeypatch.setattr(module, "KERNEL", None)
    shingles = sets(*TEXTS)
    wanted = np.sort(np.concatenate((shingles[0][:10], shingles[3][-2:])))
    view = shingles.view(np.array([3, 0]))

    assert [row.tolist() for row in only(view, wanted)] == [
        [value for value in row.tolist() if value in wanted] for row in (view[0], view[1])
    ]
    assert only(view, np.empty(0, np.uint64)).lengths.tolist() == [0, 0]


def told_in_both(one, other):
    """Return for each row which of its values the same row of the other has, and the reverse."""
    one, other = Ragged.of_arrays(one), Ragged.of_arrays(other)
    masks = in_both(one, other)
    return [
        [row.tolist() for row in Ragged(mask, rows.offsets)]
        for mask, rows in zip(masks, (one, other), strict=True)
    ]


def held(values, others):
    """Return for each value whether it is among the others."""
    return [value in {*others.tolist()} for value in values.tolist()]


@pytest.mark.parametrize("top", [4, 40, 1 << 63])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 30, 300])
def test_values_are_found_in_the_same_row_of_the_other(top, count):
    """Whatever stands where they would: one of the others, or one that took its place, or none."""
    chance = np.random.default_rng(count)
    others = chance.integers(0, top, count, np.uint64)
    values = np.concatenate((chance.integers(0, top, 200, np.uint64), others[::2]))
    none = values[:0]

    found, both = held(values, others), held(others, values)
    assert told_in_both([values], [others]) == [[found], [both]]
    assert told_in_both([values, none, values], [none, others, others]) == [
        [[False] * len(values), [], found],
        [[], [False] * count, both],
    ]


def test_who_loses_its_place_to_another_is_found():
    """Numbers of equal low bits meet where only one of them can stand."""
    others = np.arange(10, dtype=np.uint64) << np.uint64(40)
    strangers = np.arange(10, 20, dtype=np.uint64) << np.uint64(40)

    assert told_in_both([others], [others[::-1]]) == [[[True] * 10]] * 2
    assert told_in_both([strangers], [others]) == [[[False] * 10]] * 2
    assert told_in_both([np.array([1], np.uint64)], [others]) == [[[False]], [[False] * 10]]
