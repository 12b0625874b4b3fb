"""Rows with a text, bound together for the way and taken out again."""

import random

import pytest

from dedupe_news.engines.spark import sheaves as module
from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.sheaves import bound, in_order, in_sheaves, loose, numbered


def articles(count, lane=0, size=50):
    """Return articles of a lane in an order of chance, with keys all over it."""
    chance = random.Random(count + lane)
    keys = [chance.randbytes(16) for _ in range(count)]
    return [Row(lane, "article", key, 0, chance.randbytes(size)) for key in keys]


def test_rows_that_are_bound_come_out_as_they_were():
    """Each of its own lane and kind; rows without a text are not held up."""
    rows = [*articles(40), *articles(40, lane=3), Row(3, "text", b"t", 7, b"words")]
    others = [Row(1, "match", b"", 2, b"12"), Row(0, "skipped", b"", 1, b"x")]
    found = list(bound([rows[0], *others, *rows[1:]]))

    assert found[:2] == others
    assert sorted(loose(found)) == sorted([*rows, *others])


def test_a_sheaf_says_how_many_rows_it_has_and_how_their_keys_begin():
    """By that Spark counts and sorts, and need not open it."""
    rows = articles(500)
    sheaves = list(bound(rows))

    assert len(sheaves) < len(rows) / 5
    assert sum(sheaf.number for sheaf in sheaves) == 500
    for sheaf in sheaves:
        opened = list(loose([sheaf]))
        assert {bytes([row.key[0] >> module._SHARES]) for row in opened} == {sheaf.key}
        assert len(opened) == sheaf.number


@pytest.mark.parametrize(("sheaf", "begun"), [(200, 1 << 30), (1 << 30, 500), (1, 1)])
def test_sheaves_are_cut_before_they_are_too_large(monkeypatch, sheaf, begun):
    """Each of them, and all that have been begun."""
    monkeypatch.setattr(module, "_SHEAF", sheaf)
    monkeypatch.setattr(module, "_BEGUN", begun)
    rows = articles(300)
    sheaves = list(bound(rows))

    assert max(each.number for each in sheaves) <= 10
    assert sorted(loose(sheaves)) == sorted(rows)


@pytest.mark.parametrize("in_memory", [1 << 26, 1000, 0])
def test_rows_are_put_in_order_wherever_their_texts_wait(monkeypatch, in_memory):
    """In memory, some of them on disk, or all of them."""
    monkeypatch.setattr(module, "_SHEAF", 300)
    monkeypatch.setattr(module, "_IN_MEMORY", in_memory)
    rows = [Row(2, "member", row.key, number, row.data) for number, row in enumerate(articles(90))]

    assert list(in_order(bound(rows))) == sorted(rows, key=lambda row: (row.key, row.number))


def test_shelved_articles_are_numbered_by_lane_and_key(monkeypatch):
    """Sheaves come sorted by how the keys begin, and in each lane numbers start at 0."""
    monkeypatch.setattr(module, "_SHEAF", 400)
    rows = [*articles(120), *articles(80, lane=1)]
    shelved = sorted(bound(rows), key=lambda sheaf: (sheaf.lane, sheaf.key))
    found = list(numbered(shelved))

    assert [(row.lane, row.number) for row in found] == [
        *((0, number) for number in range(120)),
        *((1, number) for number in range(80)),
    ]
    assert [row._replace(number=0) for row in found] == sorted(rows)


def test_a_step_in_sheaves_keeps_its_name_and_what_it_is_given():
    """It is sent to other processes by its name."""

    @in_sheaves
    def doubled(rows, times):
        """Return rows several times."""
        return [row for row in rows for _ in range(times)]

    assert doubled.__name__ == "doubled"
    assert [row.number for row in doubled(articles(1), times=3)] == [3]


def test_nothing_makes_no_sheaf():
    """A lane may be empty."""
    assert list(bound([])) == list(loose([])) == list(in_order([])) == list(numbered([])) == []
