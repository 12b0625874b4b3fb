"""Who holds which key, by key and by rank."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from dedupe_news.core import holders as module
from dedupe_news.core.holders import (
    KEY_BITS,
    MAX_HOLDERS,
    holders_of,
    in_crowds,
    low_bits,
    without_keys,
)
from dedupe_news.core.ragged import Ragged
from held import held, random_rows


def test_parts_of_the_keys_can_be_gone_through_at_the_same_time(monkeypatch):
    """Two that are at work together do not get in each other's way."""
    monkeypatch.setattr(module, "_SORTED_AT_ONCE", 500)
    numbers = np.random.default_rng(3).integers(0, 1 << 62, 1500, np.uint64) << np.uint64(2)
    rows = np.concatenate([numbers, np.random.default_rng(4).permutation(numbers)])
    keys = Ragged.from_lengths(rows, np.full(300, 10))
    together = threading.Barrier(4, timeout=60)
    packed = module._packed

    def when_all_have_room(*arguments):
        together.wait()
        return packed(*arguments)

    alone = holders_of(keys)
    monkeypatch.setattr(module, "_packed", when_all_have_room)
    with ThreadPoolExecutor(8) as threads:
        found = holders_of(keys, threads.map)

    assert len(alone.keys) == 1500
    assert found.keys.tolist() == alone.keys.tolist()
    assert found.articles.values.tolist() == alone.articles.values.tolist()
    assert found.articles.offsets.tolist() == alone.articles.offsets.tolist()


def test_holders_are_those_of_keys_that_several_articles_hold():
    """By key, and within a key by rank; who holds a key alone is of no use."""
    found = held([[9, 4], [4], [7], [9, 4]])

    assert found.keys.tolist() == [4, 9]
    assert [row.tolist() for row in found.articles] == [[0, 1, 3], [0, 3]]


def test_a_key_is_cut_to_some_of_its_bits():
    """The mask tells which ones, so that a key can be found in a text again."""
    key = 2**64 - 1
    found = held([[key], [key], []])

    assert int(found.mask) == 2**KEY_BITS - 1
    assert found.keys.tolist() == [key & int(found.mask)]


def test_some_of_many_articles_are_told_by_the_bits_that_all_leave_free():
    """Who holds the keys of a share of a corpus is as if all of it were there."""
    keys = Ragged.of_lists([[1 << 40 | 5], [5]])
    keys = Ragged(keys.values.astype(np.uint64), keys.offsets)
    some = holders_of(keys, count=1 << 30)

    assert some.mask == low_bits(1 << 30) == 2**34 - 1
    assert some.keys.tolist() == [5]
    assert some.articles[0].tolist() == [0, 1]
    assert len(holders_of(keys).keys) == 0


@pytest.mark.parametrize(("count", "bits"), [(0, 44), (3, 44), (2**20, 44), (2**20 + 1, 43)])
def test_keys_are_cut_alike_in_corpora_of_up_to_a_million(count, bits):
    """So what an index has of keys is good for a corpus that grows; beyond, ranks need room."""
    assert int(low_bits(count)) == 2**bits - 1


@pytest.mark.parametrize("at_once", [1, 7, 50])
@pytest.mark.parametrize("compiled", [True, False])
def test_keys_that_are_sorted_in_parts_come_out_in_order(monkeypatch, at_once, compiled):
    """Memory for a part is enough, and nobody sees how many parts there were."""
    rows = [[key * 0x9E3779B97F4A7C15 % 2**63 for key in keys] for keys in random_rows(3)]
    whole = held(rows)
    monkeypatch.setattr(module, "_SORTED_AT_ONCE", at_once)
    if not compiled:
        monkeypatch.setattr(module, "KERNEL", None)
    parts = held(rows)

    assert parts.keys.tolist() == whole.keys.tolist()
    assert [row.tolist() for row in parts.articles] == [row.tolist() for row in whole.articles]


@pytest.mark.parametrize("size", [MAX_HOLDERS, MAX_HOLDERS + 1])
def test_in_a_crowd_is_who_holds_a_key_of_which_not_all_are_paired(size):
    """The others are paired with everybody who shares a key with them."""
    holders = held([[1, 2] for _ in range(size)] + [[2, 3], [3]])

    expected = [size + 1 > MAX_HOLDERS] * (size + 1) + [False]
    assert in_crowds(holders, size + 2).tolist() == expected


def test_keys_are_left_out_with_all_of_their_holders():
    """As if nobody had ever held them; of other keys nothing changes."""
    rows = random_rows(5)
    left_out = np.array([3, 7, 39, 1000], np.uint64)
    found = without_keys(held(rows), left_out)
    expected = held([[key for key in keys if key not in {3, 7, 39}] for keys in rows])

    assert found.keys.tolist() == expected.keys.tolist()
    assert [row.tolist() for row in found.articles] == [row.tolist() for row in expected.articles]


def test_without_keys_to_leave_out_all_holders_stay():
    """Nothing was learned to be boilerplate."""
    holders = held(random_rows(6))

    assert without_keys(holders, np.empty(0, np.uint64)) is holders


def test_keys_come_in_one_order_however_many_articles_there_are():
    """So of passages that overlap, the same ones are shown as boilerplate of a growing corpus."""
    one, other = 5 << 50 | 9, 3 << 50 | 80  # told apart, and put in order, by their low bits
    few = [[one, other], [one, other]]
    alone, among = held(few), held([*few, *[[] for _ in range(3000)]])

    assert alone.mask == among.mask
    assert alone.keys.tolist() == among.keys.tolist() == [9, 80]
