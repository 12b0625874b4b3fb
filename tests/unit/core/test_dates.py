"""Dates as moments."""

from datetime import UTC, datetime, timedelta

import pytest

from dedupe_news.core.dates import moment_of

NEW_YEAR = datetime(2017, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "start", "days"),
    [
        ("2017", NEW_YEAR, 366),
        ("2017-01", NEW_YEAR, 31),
        ("2017-02", NEW_YEAR + timedelta(days=31), 31),
        ("2017-01-01", NEW_YEAR, 1),
        (" 2017-01-01 ", NEW_YEAR, 1),
        ("2017-01-01T06:00", NEW_YEAR + timedelta(hours=6), 0),
        ("2017-01-01 06:00:00", NEW_YEAR + timedelta(hours=6), 0),
        ("2017-01-01T06:00:00+06:00", NEW_YEAR, 0),
        ("2016-12-31T23:00:00-01:00", NEW_YEAR, 0),
        ("2017-01-01T00:00:00Z", NEW_YEAR, 0),
        (f"2017-01-01{' ' * 100}", NEW_YEAR, 1),
    ],
)
def test_a_date_tells_a_beginning_and_how_long_it_may_have_been(date, start, days):
    """One that stops early stands for its beginning, and lasts."""
    moment = moment_of(date)

    assert (moment.start, moment.span) == (start, timedelta(days=days))


@pytest.mark.parametrize("date", ["", " ", "yesterday", "20", "2017-13", "2017-1", "2017-02-30"])
def test_what_is_no_date_tells_nothing(date):
    """A wrong date must not count as an early one."""
    assert moment_of(date) is None


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ("2017-01-01", "2017-01-01", 0),
        ("2017-01-01", "2017-01-02", 1),
        ("2017-01-01", "2017-01-05", 4),
        ("2017-01", "2017-01-20", 0),
        ("2017-01", "2017-03-05", 32),
        ("2017-01-01T00:00", "2017-01-03T00:00", 2),
        ("2016", "2018", 731),
    ],
)
def test_the_gap_is_the_least_time_between_dates_that_are_not_equally_exact(first, second, days):
    """Whichever comes first."""
    one, other = moment_of(first), moment_of(second)

    assert one.gap(other) == other.gap(one) == timedelta(days=days)
