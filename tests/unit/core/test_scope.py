"""Which articles are compared at all."""

import numpy as np
import pytest

from dedupe_news.core.scope import Places, Scope
from dedupe_news.model import Article


def published(date="", source="", path=""):
    """Return an article of which nothing but its place is known."""
    return Article("x", (), date=date, source=source, path=path)


def allowed(scope, one, other):
    """Return whether two articles may be compared; their order must not matter."""
    places = scope.places([one, other])
    both = places.allow(np.array([0, 1]), np.array([1, 0]), scope).tolist()
    assert both[0] == both[1]
    return both[0]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2017-01-01", "2017-01-01", True),
        ("2017-01-01", "2017-01-09", True),
        ("2017-01-01", "2017-01-10", False),
        ("2017-01", "2017-02-07", True),
        ("2017-01", "2017-02-09", False),
        ("", "2017-01-01", True),
        ("", "", True),
    ],
)
def test_dates_may_be_so_many_days_apart(first, second, expected):
    """Counted from the end of the one to the beginning of the other; unknown is not too far."""
    scope = Scope(within_days=7)

    assert allowed(scope, published(first), published(second)) == expected


@pytest.mark.parametrize(
    ("across", "one", "other", "expected"),
    [
        ("source", {"source": "NP"}, {"source": "np"}, False),
        ("source", {"source": "NP"}, {"source": "Kust"}, True),
        ("source", {}, {}, True),
        ("folder", {"path": "a/x.txt"}, {"path": "a/y.txt"}, False),
        ("folder", {"path": "a/x.txt"}, {"path": "a/b/x.txt"}, True),
        ("folder", {"path": "x.txt"}, {"path": "y.txt"}, False),
        ("folder", {}, {}, True),
        ("", {"source": "NP"}, {"source": "NP"}, True),
    ],
)
def test_articles_must_differ_in_their_group(across, one, other, expected):
    """What has no group is compared with everything."""
    assert allowed(Scope(across=across), published(**one), published(**other)) == expected


def test_without_limits_everything_is_compared():
    """Dates are not even read."""
    places = Scope().places([published("2017"), published("2018")])

    assert places.allow(np.array([0]), np.array([1]), Scope()).tolist() == [True]
    assert np.isnan(places.days).all()


def test_a_wording_lasts_from_its_first_copy_to_its_last():
    """It is in a group when all of its copies are."""
    scope = Scope(within_days=1, across="source")
    copies = [published("2017-01-09", "NP"), published("2017-01-01", "NP"), published("", "NP")]
    places = scope.places([*copies, published("2017-01-01", "Kust")])
    found = places.of_copies([[0, 1], [0, 2], [1, 3]])

    assert (found.days[0, 1] - found.days[0, 0]) == 9
    assert np.isnan(found.days[1]).all()
    assert found.groups.tolist() == ["np", "np", ""]


def test_copies_are_cut_where_too_many_days_lie_between():
    """Those without a date go with the first."""
    dates = ["2017-03-01", "2017-01-03", "", "2017-01-01", "2017-03-04"]
    places = Scope(within_days=7).places([published(date) for date in dates])

    assert places.runs(range(5), 7) == [[2, 3, 1], [0, 4]]


def test_places_are_put_one_after_the_other():
    """No articles have no places."""
    scope = Scope(within_days=1)
    parts = [scope.places([published("2017")]), scope.places([]), scope.places([published("2018")])]

    assert Places.concatenate(parts).days.shape == (2, 2)
    assert Places.concatenate([]).days.shape == (0, 2)
    assert Places.concatenate([]).of_copies([]).groups.shape == (0,)


@pytest.mark.parametrize("scope", [Scope(), Scope(within_days=7), Scope(across="source")])
def test_articles_are_read_for_their_places_where_somebody_asks(scope):
    """To read a text for nothing takes longer than to compare it."""
    unread = iter([published("2017"), published("2018")])
    places = scope.places_of(2, unread)

    assert places.days.shape == (2, 2)
    assert len(places.groups) == 2
    assert len([*unread]) == (2 if scope == Scope() else 0)
