"""Who holds which key, as blocks of bytes."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.core.holders import KEY_BITS
from dedupe_news.core.ragged import Ragged
from dedupe_news.index.keys import Found, Layout, blocks, codes_of, entries, find, keys_of

KEYS = st.one_of(
    st.integers(0, 2**64 - 1),
    st.integers(0, 40),  # so that some have many holders
    st.builds(lambda high, low: high << KEY_BITS | low, st.integers(0, 9), st.integers(0, 9)),
)
ENTRIES = st.lists(st.tuples(KEYS, st.integers(0, 300)), max_size=80, unique=True)
BITS = st.sampled_from((64, 48, KEY_BITS))


def packed(entries_, bits, holders=301):
    """Return keys as they are stored, blocks of them, and how they are laid out."""
    keys = np.array([key for key, _ in entries_], np.uint64)
    ranks = np.array([holder for _, holder in entries_], np.int64)
    layout = Layout.fitting(bits, len(keys), holders)
    rows = Ragged.from_lengths(
        keys[np.argsort(ranks, kind="stable")], np.bincount(ranks, minlength=holders)
    )
    return codes_of(keys, bits), list(blocks(rows, layout)), layout


def looked_up(codes, made, layout, *, first_bits, most=None):
    """Return who holds each of some keys, and how many they are; all have a block."""
    numbers = {number: row for row, (number, _) in enumerate(made)}
    homes = np.array([numbers[code >> layout.rest_bits] for code in codes.tolist()], np.int64)
    data = [block for _, block in made]
    found = find(data, homes, codes, layout, first_bits=first_bits, most=most)
    return [row.tolist() for row in found.holders], found.sizes.tolist()


@given(ENTRIES, BITS)
def test_blocks_hold_what_was_put_into_them(given_, bits):
    """A key once for each holder."""
    codes, made, layout = packed(given_, bits)

    got, holders = entries(made, layout)

    expected = sorted(zip(codes.tolist(), (holder for _, holder in given_), strict=True))
    assert sorted(zip(got.tolist(), holders.tolist(), strict=True)) == expected


@given(ENTRIES)
def test_many_keys_are_sorted_part_by_part(given_):
    """That does not show."""
    whole = packed(given_, 64)[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedupe_news.index.keys._SORTED_AT_ONCE", 8)
        assert packed(given_, 64)[1] == whole


@given(ENTRIES.filter(bool), BITS)
def test_blocks_beside_each_other_may_have_ends_of_different_widths(given_, bits):
    """Each says how wide its own are."""
    codes, made, layout = packed(given_, bits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedupe_news.index.keys._SHORT", 3)
        wide = packed(given_, bits)[1]

    assert [number for number, _ in wide] == [number for number, _ in made]
    assert looked_up(codes, wide, layout, first_bits=bits) == (
        looked_up(codes, made, layout, first_bits=bits)
    )


@given(ENTRIES.filter(bool), BITS, st.integers(1, 5))
def test_a_key_is_held_by_all_that_hold_one_of_the_same_first_bits(given_, bits, most):
    """By rank; and where not all are wanted, by the first of them, and their number."""
    codes, made, layout = packed(given_, bits)
    for first_bits in (bits, KEY_BITS):
        held = defaultdict(list)
        for code, (_, holder) in zip(codes.tolist(), given_, strict=True):
            held[code >> (bits - first_bits)].append(holder)
        expected = [sorted(held[code >> (bits - first_bits)]) for code in codes.tolist()]

        all_of_them = looked_up(codes, made, layout, first_bits=first_bits)
        some = looked_up(codes, made, layout, first_bits=first_bits, most=most)

        assert all_of_them == (expected, [len(row) for row in expected])
        assert some == ([row[:most] for row in expected], all_of_them[1])


@given(ENTRIES.filter(bool))
def test_a_key_that_nobody_holds_is_held_by_nobody(given_):
    """Though there is a block where it would be."""
    codes, made, layout = packed(given_, 64)
    others = codes ^ np.uint64(1)
    others = others[~np.isin(others, codes)]

    assert looked_up(others, made, layout, first_bits=64) == (
        [[] for _ in others],
        [0 for _ in others],
    )


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_a_key_comes_back_from_how_it_is_stored(keys):
    """Whole, or as far as it was kept: its low bits, and some of the high ones."""
    values = np.array(keys, np.uint64)

    assert keys_of(codes_of(values, 64), 64).tolist() == keys
    low = np.uint64((1 << KEY_BITS) - 1)
    assert (keys_of(codes_of(values, 48), 48) & low).tolist() == (values & low).tolist()


def test_a_crowd_has_all_of_its_holders():
    """However many; the ends of such a block do not fit into two bytes."""
    crowd = [(7, number) for number in range(70_000)]
    codes, made, layout = packed([*crowd, (8, 3), (8, 4)], 64, 70_000)

    held, sizes = looked_up(codes[-2:-1], made, layout, first_bits=64)
    first, _ = looked_up(codes[:1], made, layout, first_bits=64, most=3)

    assert (held, sizes) == ([[3, 4]], [2])
    assert first == [[0, 1, 2]]
    assert looked_up(codes[:1], made, layout, first_bits=64)[0] == [list(range(70_000))]


def test_ranks_too_large_to_share_a_number_with_a_key_are_sorted_too():
    """More articles than a million."""
    given_ = [(9, 2_000_000), (9, 5), (3, 1_500_000)]
    codes, made, layout = packed(given_, 64, 2_000_001)

    assert looked_up(codes[1:], made, layout, first_bits=64)[0] == [[5, 2_000_000], [1_500_000]]


def test_nothing_is_no_block():
    """And nobody is found in it."""
    codes, made, layout = packed([], 64)

    assert (made, [len(part) for part in entries(made, layout)]) == ([], [0, 0])
    found = find([], codes, codes, layout, first_bits=64)
    assert (len(found.sizes), len(found.holders)) == (0, 0)
    assert Found.nobody(2).sizes.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("bits", "count", "articles"),
    [
        *((64, 80 * count, count) for count in (1, 100, 10_000, 100_000, 1_000_000)),
        *((48, 42 * count, count) for count in (1, 100, 10_000, 100_000, 1_000_000)),
    ],
)
def test_a_block_is_of_a_size_that_is_read_at_once(bits, count, articles):
    """Whatever the size of the corpus, and what stands in it is read eight bytes at a time."""
    layout = Layout.fitting(bits, count, articles)

    assert count / 2**layout.block_bits <= 1500
    assert layout.rest_bytes <= 7
    assert articles <= 2 ** (8 * layout.holder_bytes)


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:4], lambda b: b + b"x"])
def test_a_damaged_block_is_told_from_a_sound_one(damage):
    """Nothing is read beyond its end."""
    _, made, layout = packed([(5, 1), (5, 2), (6, 3)], 64)
    torn = [(number, damage(block)) for number, block in made]

    with pytest.raises(ValueError, match="a block of keys"):
        entries(torn, layout)
