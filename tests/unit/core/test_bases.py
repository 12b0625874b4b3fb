"""Which member the others are read against."""

import pytest

from dedupe_news.core.bases import choose_base
from dedupe_news.model import Article


def chosen(keep, *members):
    """Return the id of the base and the rule that decided.

    A member is its id, date, source, number of words, and share in the others.
    """
    articles = [Article(id_, (), date=date, source=source) for id_, date, source, _, _ in members]
    lengths, shares = [row[3] for row in members], [row[4] for row in members]
    place, reason = choose_base(articles, lambda: lengths, lambda: shares, keep)
    return articles[place].id, reason


EARLY = ("early", "2017-01-20", "Norden Press", 300, 0.5)
LATE = ("late", "2017-01-22", "Radio Kust", 500, 0.9)
UNDATED = ("undated", "", "", 100, 0.7)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("earliest", "early"),
        ("latest", "late"),
        ("longest", "late"),
        ("shortest", "undated"),
        ("most-contained", "late"),
        ("id", "early"),
        ("source:Radio Kust", "late"),
        ("source:radio kust", "late"),
    ],
)
def test_every_rule_chooses_whatever_the_order(rule, expected):
    """The rule that decided is the reason given."""
    assert chosen([rule], EARLY, LATE, UNDATED) == (expected, rule)
    assert chosen([rule], UNDATED, LATE, EARLY) == (expected, rule)


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        (["source:Nobody", "longest"], ("late", "longest")),
        (["source:Norden Press", "longest"], ("early", "source:Norden Press")),
        ([], ("early", "id")),
    ],
)
def test_rules_are_asked_in_their_order(keep, expected):
    """One that none fulfils decides nothing, and the id decides last."""
    assert chosen(keep, EARLY, LATE, UNDATED) == expected


def test_a_rule_keeps_those_it_likes_equally_for_the_next():
    """Two articles of one day are told apart by the next rule."""
    same_day = ("same-day", "2017-01-20", "", 300, 0.8)

    assert chosen(["earliest", "most-contained"], EARLY, LATE, same_day) == (
        "same-day",
        "most-contained",
    )


def test_of_two_with_one_id_the_first_is_the_base():
    """There is always one."""
    assert chosen([], EARLY, EARLY) == ("early", "id")


def test_dates_are_not_needed():
    """Where nobody has one, the next rule decides."""
    one, other = ("a", "", "", 1, 0.1), ("b", "yesterday", "", 1, 0.2)

    assert chosen(["earliest", "most-contained"], one, other) == ("b", "most-contained")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2016", "2017"),
        ("2017", "2017-02"),
        ("2017-01", "2017-01-20"),
        ("2017-01-20", "2017-01-20T00:01"),
        ("2017-01-20T14:25", "2017-01-20T14:26:00"),
        ("2017-01-20T23:30:00+02:00", "2017-01-20T22:00:00Z"),
        ("2017-01-20T14:25:00+01:00", "2017-01-20 14:25"),
        (" 2017-01-19 ", "2017-01-20"),
    ],
)
def test_dates_are_compared_as_moments(first, second):
    """Whatever their precision and offset; without an offset they are taken as UTC."""
    members = [("b", first, "", 1, 0.0), ("a", second, "", 1, 0.0)]

    assert chosen(["earliest"], *members) == ("b", "earliest")
    assert chosen(["latest"], *members) == ("a", "latest")
