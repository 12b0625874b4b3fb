"""Who holds which key, as blocks of bytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.index.postings import blocks, found, signed, unpacked

ENTRIES = st.lists(
    st.tuples(st.integers(0, 2**64 - 1), st.integers(0, 2**32 - 1)), min_size=1, max_size=60
)


def packed(entries):
    """Return the blocks of (key, holder) pairs."""
    keys = np.array([key for key, _ in entries], np.uint64)
    return list(blocks(keys, np.array([holder for _, holder in entries], np.int64)))


@given(ENTRIES)
def test_blocks_hold_what_was_put_into_them(entries):
    """In the order of the keys, and of one key in the order of the holders."""
    keys, holders = unpacked(block for _, block in packed(entries))

    assert list(zip(keys.tolist(), holders.tolist(), strict=True)) == sorted(entries)


@given(ENTRIES, st.integers(0, 2**64 - 1))
def test_a_key_is_looked_up_in_the_last_block_that_begins_before_it(entries, key):
    """Its holders are there, or nowhere."""
    for wanted in {key, *(key for key, _ in entries)}:
        before = [block for first, block in packed(entries) if first <= signed(wanted)]
        holders = found(before[-1], wanted).tolist() if before else []
        assert holders == sorted(holder for key, holder in entries if key == wanted)


def test_a_key_is_never_cut_in_two():
    """However many hold it."""
    crowd = [(7, number) for number in range(5000)]
    found_blocks = packed(
        [*((key, 1) for key in range(3)), *crowd, *((9 + key, 2) for key in range(1000))]
    )

    firsts = [first for first, _ in found_blocks]
    assert len(set(firsts)) == len(firsts) > 2
    home = next(block for first, block in reversed(found_blocks) if first <= signed(7))
    assert found(home, 7).tolist() == list(range(5000))


def test_nothing_is_no_block():
    """And no block is nothing."""
    assert list(blocks(np.empty(0, np.uint64), np.empty(0, np.int64))) == []
    assert [len(part) for part in unpacked([])] == [0, 0]


@pytest.mark.parametrize("keys", [[0, 2**64 - 1], [2**63 - 1, 2**63, 2**63 + 1]])
def test_signed_keys_sort_as_unsigned_ones_do(keys):
    """SQLite knows signed numbers only."""
    assert sorted(keys, key=signed) == keys
    assert all(-(2**63) <= signed(key) < 2**63 for key in keys)
