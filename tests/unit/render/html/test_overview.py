"""What the top of the page says of all clusters."""

from dataclasses import replace

import pytest

from dedupe_news.render.html.overview import overview
from dedupe_news.render.html.timeline import busiest, timeline
from reports import EMPTY, FERRY, HARBOUR, RICH


def dated(*dates):
    """Return a cluster whose members have these dates."""
    cluster = FERRY.clusters[0]
    members = tuple(replace(cluster.members[0], date=date) for date in dates)
    return replace(cluster, members=members)


def test_the_counts_are_those_of_the_clusters():
    """Added paragraphs and changed figures, over all variants."""
    seen = overview(RICH.clusters)

    assert (seen.added, seen.figures) == (9, 2)
    assert seen.relations == (("reprint", 2), ("excerpt", 1), ("update", 1))


def test_each_share_falls_into_one_bar():
    """Also 0 and 1; the highest bar has the full height."""
    kept = overview(RICH.clusters).kept

    assert sum(bar.count for bar in kept) == 4
    assert [bar.label for bar in kept if bar.count] == ["40% to 50%", "90% to 100%"]
    assert max(bar.height for bar in kept) == 100


def test_the_matrix_has_a_row_for_whoever_was_copied():
    """And a column for whoever copied; the cell counts how often."""
    matrix = overview(FERRY.clusters).matrix

    assert matrix.columns == ("Radio Kust",)
    assert [(name, [count for count, _ in cells]) for name, cells in matrix.rows] == [
        ("Norden Press", [1])
    ]


def test_with_one_source_there_is_no_matrix():
    """It would say nothing."""
    assert overview(EMPTY.clusters).matrix is None


def test_without_a_diff_nothing_was_added():
    """As far as is known."""
    assert overview(HARBOUR.clusters).added == 0


def test_the_busiest_come_first_and_the_rest_is_one():
    """Nameless sources are named last, however many articles they have."""
    assert busiest(["b", "a", "a", "unknown", "unknown", "unknown"], 3) == ["a", "b", "unknown"]
    assert busiest("aaabbc", 2) == ["a", "others"]


@pytest.mark.parametrize(
    ("dates", "labels"),
    [
        (("2024-05-14T09:12", "2024-05-14T11:40"), ["10:00", "11:00"]),
        (("2024-05-14", "2024-05-18"), ["14 May", "15 May", "16 May", "17 May", "18 May"]),
        (("2024-01-15", "2024-04-20"), ["Feb 2024", "Mar 2024", "Apr 2024"]),
        (("2024-01", "2024-05"), ["Jan 2024", "Feb 2024", "Mar 2024", "Apr 2024", "May 2024"]),
        (("2014", "2020-06"), ["2014", "2016", "2018", "2020"]),
        (("2024-05-14T09:12",), ["10:00"]),
    ],
)
def test_ticks_are_round_moments(dates, labels):
    """Hours, midnights, first days of months, years; never more than seven."""
    ticks = timeline([dated(*dates)]).ticks

    assert [tick.label for tick in ticks][: len(labels)] == labels
    assert len(ticks) <= 7


def test_articles_without_a_date_are_counted():
    """They are not put anywhere."""
    seen = timeline([dated("2024", "", "yesterday")])

    assert seen.undated == 2
    assert sum(len(dots) for _, dots in seen.rows) == 1


def test_without_any_date_there_are_no_rows():
    """An axis without a moment means nothing."""
    assert timeline([dated("", "")]).rows == ()


def test_articles_close_in_time_are_one_dot():
    """Its size tells how many."""
    [(_, dots)] = timeline([dated("2020", "2024", *["2024-01-02"] * 7)]).rows

    assert [dot.size for dot in dots] == [1, 4]
    assert dots[-1].label.endswith("8 articles")
