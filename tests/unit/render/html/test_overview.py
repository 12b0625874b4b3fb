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
    assert [(name, [cell.count for cell in cells]) for name, cells in matrix.rows] == [
        ("Norden Press", [1])
    ]
    assert matrix.flows == ((("Norden Press", "Radio Kust"), 1),)


def pairs(*flows):
    """Return clusters of two, each given by the sources of base and variant."""
    cluster = FERRY.clusters[0]
    base, variant = cluster.members
    return [
        replace(cluster, members=(replace(base, source=one), replace(variant, source=other)))
        for one, other in flows
    ]


def test_a_cell_is_as_hot_as_it_is_frequent():
    """By the root, so that the second is seen beside the first; few are never hot."""
    matrix = overview(pairs(*[("a", "b")] * 100, *[("a", "c")] * 25, ("b", "c"))).matrix
    few = overview(pairs(("a", "b"))).matrix

    assert [[cell.heat for cell in cells] for _, cells in matrix.rows] == [[5, 3], [0, 1]]
    assert few.rows[0][1][0].heat == 1


def test_a_source_that_meets_itself_is_marked_and_no_flow():
    """An update is nobody's copy."""
    matrix = overview(pairs(("a", "a"), ("a", "b"))).matrix

    assert [cell.own for cell in matrix.rows[0][1]] == [True, False]
    assert matrix.flows == ((("a", "b"), 1),)


def test_many_small_sources_are_one_and_set_no_measure():
    """What they have together would outshine what each named one has."""
    small = [(f"s{n:02}", "x") for n in range(30)]
    matrix = overview(pairs(*[("a", "b")] * 30, *small)).matrix
    cells = dict(matrix.rows)

    assert len(matrix.rows) <= 16
    assert len(matrix.flows) == 9
    assert max(cell.heat for cell in cells["others"]) == 0
    assert max(cell.count for cell in cells["others"]) == 18
    assert max(cell.heat for cell in cells["a"]) == 5


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


def test_rows_are_in_the_order_in_which_sources_came_to_it():
    """After the number of their articles; who has no name is last."""
    first, second = pairs(("late", "early"), ("", "busy"))
    members = [
        replace(each, date="2024-05-1" + day)
        for each, day in zip(
            (*first.members, *second.members, *second.members), "731199", strict=True
        )
    ]
    cluster = replace(first, members=tuple(members))

    assert [name for name, _ in timeline([cluster]).rows] == ["busy", "early", "late", "unknown"]


def test_without_any_date_there_are_no_rows():
    """An axis without a moment means nothing."""
    assert timeline([dated("", "")]).rows == ()


def test_articles_close_in_time_are_one_dot():
    """Its size tells how many."""
    [(_, dots)] = timeline([dated("2020", "2024", *["2024-01-02"] * 7)]).rows

    assert [dot.size for dot in dots] == [1, 4]
    assert dots[-1].label.endswith("8 articles")
