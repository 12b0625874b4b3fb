"""Dates as the trade writes them."""

import pytest

from dedupe_news.sources.dates import _remembered, iso_date


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2017", "2017"),
        ("2017-01", "2017-01"),
        ("2017-1-5", "2017-01-05"),
        ("2024-05-14", "2024-05-14"),
        ("2024-05-14T09:12", "2024-05-14T09:12"),
        ("2024-05-14 09:12:30", "2024-05-14T09:12:30"),
        ("2024-05-14T09:12:30.123456Z", "2024-05-14T09:12:30Z"),
        ("2024-05-14T09:12:30+02:00", "2024-05-14T09:12:30+02:00"),
        ("2024-05-14T09:12:30-0530", "2024-05-14T09:12:30-05:30"),
        ("2024-05-14 09:12:30 UTC", "2024-05-14T09:12:30Z"),
        ("2024-05-14T09:12:30+00:00", "2024-05-14T09:12:30Z"),
        ("2024/05/14", "2024-05-14"),
        ("2024/5/14 9:05", "2024-05-14T09:05"),
        ("14.05.2024", "2024-05-14"),
        ("4. 5. 2024, 09:12", "2024-05-04T09:12"),
        ("20240514", "2024-05-14"),
        ("20240514T091200Z", "2024-05-14T09:12:00Z"),
        ("20240514091200", "2024-05-14T09:12:00"),
        ("Tue, 14 May 2024 09:12:00 +0200", "2024-05-14T09:12:00+02:00"),
        ("Tue, 14 May 2024 09:12:00 GMT", "2024-05-14T09:12:00Z"),
        ("Tue, 14 May 2024 09:12:00 EST", "2024-05-14T09:12:00-05:00"),
        ("Tue May 14 09:12:00 2024", "2024-05-14T09:12:00"),
        ("May 14, 2024", "2024-05-14"),
        ("Tuesday, Sept. 3rd, 2024", "2024-09-03"),
        ("Tue, 14 May 2024", "2024-05-14"),
        ("14-MAY-2024", "2024-05-14"),
        ("May 2024", "2024-05"),
        ("May 14, 2024 at 9:12 p.m.", "2024-05-14T21:12"),
        ("14 May 2024 12:05:30 AM GMT", "2024-05-14T00:05:30Z"),
        ("2024-05-14 12:05 pm", "2024-05-14T12:05"),
        ("1715677920", "2024-05-14T09:12:00Z"),
        ("1715677920000", "2024-05-14T09:12:00Z"),
        ("1715677920.5", "2024-05-14T09:12:00Z"),
        (" 2017-01 ", "2017-01"),
    ],
)
def test_a_known_form_becomes_iso_with_the_precision_it_had(given, expected):
    """Nothing is made up: a month stays a month, a time without a zone stays without one."""
    assert iso_date(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "",
        "yesterday",
        "14 mai 2024",
        "2024-13-01",
        "2024-02-30",
        "2024-05-14T25:00",
        "99999999",
        "05/14/2024",
        "May 32, 2024",
        "May 2024 09:12",
        "Maybe 14, 2024",
        "2024-05-14 13:05 pm",
        "0001-01-01",
        "2024-05T09:12",
        "12345",
        "Tue, 14 May 1200 09:12:00 GMT",
        "Tue May 14 09:12:00 1200",
        "Tue, 99 May 2024 09:12:00 GMT",
        "14 May 2024 9:12 PM EST",
        "٢٠٢٤x",
    ],
)
def test_what_is_no_date_stays_as_it_was_given(given):
    """A day that does not exist, and an order of day and month that cannot be told, are kept."""
    assert iso_date(given) == given


def test_an_iso_date_is_its_own_iso_date():
    """Dates that went through once may go through again."""
    for given in ("2017-01", "2024-05-14T09:12:30Z", "2024-05-14T09:12:30+02:00"):
        assert iso_date(iso_date(given)) == given


def test_a_long_text_in_place_of_a_date_is_looked_at_and_not_remembered():
    """Dates are remembered; a crawl that has the article under that key must not fill memory."""
    before = _remembered.cache_info().currsize

    assert iso_date(f"{'x' * 1000} 2017") == f"{'x' * 1000} 2017"
    assert iso_date(f"2017-01{' ' * 1000}") == "2017-01"
    assert _remembered.cache_info().currsize == before
