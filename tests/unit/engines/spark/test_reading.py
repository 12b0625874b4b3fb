"""Articles as rows: their keys sort as the local engine ranks them."""

import pickle
from itertools import pairwise

import numpy as np
import pytest

from dedupe_news import Settings
from dedupe_news.engines.scratch import unpacked
from dedupe_news.engines.spark import reading
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.sheaves import bound
from dedupe_news.model import Article, LeftOut, Skipped
from invented import article

COURSE = Course(Settings(within_days=3.0), 4)


def rows_of(items):
    """Return what items become, but for the rows by which ids are compared."""
    return [row for row in reading.item_rows(items, COURSE) if row.kind != "id"]


def test_an_article_comes_back_from_its_row():
    """With its id and its days, which the key knows."""
    one = article("id ~ü", 1, date="2017-01-20")
    (row,) = rows_of([one])

    assert unpacked(row.data) == one
    assert reading.id_of(row.key) == "id ~ü"
    first, last = reading.days_of(row.key)
    assert last - first == 1
    assert reading.id_of(reading.with_id(row.key, "new")) == "new"
    assert reading.days_of(reading.with_id(row.key, "new")) == (first, last)


def test_keys_sort_by_wording_then_day_then_id():
    """Unknown days first, days before 1970 before those after."""
    dates = ["", "1960-05-01", "1969-12-31", "1970-01-01", "2017", "2017-06-01"]
    items = [article(f"{9 - n}", 1, date=date) for n, date in enumerate(dates)]
    rows = rows_of(items)

    assert len({row.key[: reading.DIGEST] for row in rows}) == 1
    assert all(one.key < other.key for one, other in pairwise(rows))
    assert np.isnan(reading.days_of(rows[0].key)).all()


def test_lanes_ascend_with_digests():
    """So that ranks go from lane to lane."""
    rows = sorted(rows_of([article(f"{n}", n) for n in range(50)]), key=lambda row: row.key)

    assert [row.lane for row in rows] == sorted(row.lane for row in rows)
    assert {row.lane for row in rows} == {0, 1, 2, 3}


def test_what_is_no_article_keeps_its_kind():
    """Also an article without words."""
    items = [Skipped("x", "bad-row", "", ""), LeftOut("hidden", 2), Article("empty", ("…",))]
    rows = rows_of(items)

    assert [row.kind for row in rows] == ["skipped", "left-out", "skipped"]
    assert pickle.loads(rows[2].data).code == "empty"


@pytest.mark.parametrize("trouble", [(None,), ({},), 5])
def test_an_article_that_cannot_be_worked_on_is_named(trouble):
    """The others are as they would be without it."""
    hostile = article("hostile", 1)
    object.__setattr__(hostile, "paragraphs", trouble)
    rows = rows_of([article("a", 1), hostile, article("b", 2)])

    assert [row.kind for row in rows] == ["article", "skipped", "article"]
    skip = pickle.loads(rows[1].data)
    assert (skip.id, skip.code) == ("hostile", "unusable")
    assert "Error" in skip.message


def test_the_reason_may_be_a_name_alone():
    """An error that says nothing has its name."""
    assert "MemoryError" in reading.unusable(article("a", 1), MemoryError()).message


@pytest.mark.parametrize(("ids", "found"), [("abc", 0), ("abcab", 2)])
def test_equal_ids_are_told(ids, found):
    """Wherever their articles lie, their hashes meet in one lane."""
    items = [article(id_, seed) for seed, id_ in enumerate(ids)]
    rows = [row for row in reading.item_rows(items, COURSE) if row.kind == "id"]
    lanes = [[*bound(row for row in rows if row.lane == lane)] for lane in range(4)]

    assert sum(row.number for lane in lanes for row in reading.twins(lane)) == found
