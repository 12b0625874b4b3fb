import pytest

from dedupe_news.model import RELATIONS, Counts
from dedupe_news.render.phrases import (
    count_phrases,
    minute,
    percent,
    places,
    plural,
    relates,
    siglum,
)


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0.0, "0%"),
        (0.004, "<1%"),
        (0.4, "40%"),
        (0.9747, "97%"),
        (0.996, "99%"),
        (0.9999, "99%"),
        (1.0, "100%"),
    ],
)
def test_a_percentage_says_none_and_all_only_when_it_is_so(share, shown):
    """Rounding must not turn nearly into wholly."""
    assert percent(share) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 articles"), (1, "1 article"), (1234, "1,234 articles")]
)
def test_nouns_agree_with_their_count(count, shown):
    """One article, two articles, and thousands that can be read."""
    assert plural(count, "article") == shown


def test_an_odd_plural_can_be_given():
    """Not every noun takes an s."""
    assert plural(2, "match", "matches") == "2 matches"


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")]
)
def test_members_are_lettered_without_end(index, letters):
    """After Z comes AA, as in a spreadsheet."""
    assert siglum(index) == letters


@pytest.mark.parametrize(
    ("positions", "joined", "shown"),
    [
        ((), True, ""),
        ((0,), True, "1"),
        ((2, 3), True, "3+4"),
        ((2, 3), False, "3-4"),
        ((2, 3, 4), True, "3-5"),
        ((2, 4), False, "3+5"),
        ((2, 4, 5), True, "3+5+6"),
    ],
)
def test_places_are_counted_from_one(positions, joined, shown):
    """Neighbours become a range; what is one thing now is joined by a plus."""
    assert places(positions, joined=joined) == shown


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("", ""),
        ("2017-01", "2017-01"),
        ("2024-05-14", "2024-05-14"),
        ("2024-05-14T09:12", "2024-05-14 09:12"),
        ("2024-05-14T09:12:33Z", "2024-05-14 09:12Z"),
        ("2024-05-14T09:12:33.5+02:00", "2024-05-14 09:12+02:00"),
        ("2024-05-14T09:12-05:00", "2024-05-14 09:12-05:00"),
        ("Tuesday at noon", "Tuesday at noon"),
    ],
)
def test_a_date_is_shown_to_the_minute_with_its_offset(date, shown):
    """Seconds go; what tells the time zone stays; what is no ISO date stays as it is."""
    assert minute(date) == shown


@pytest.mark.parametrize(
    ("counts", "phrases"),
    [
        (Counts(), ["0 unchanged", "0 added", "0 removed"]),
        (
            Counts(same=5, edited=2, merged=1, merged_from=2, added=4, added_words=100),
            ["5 unchanged", "2 edited", "2 merged into 1", "4 added (100 words)", "0 removed"],
        ),
        (
            Counts(split=1, split_into=3, moved=1, boilerplate=2, removed=1, removed_words=1),
            [
                "0 unchanged",
                "1 split into 3",
                "1 moved",
                "2 boilerplate",
                "0 added",
                "1 removed (1 word)",
            ],
        ),
        (
            Counts(merged=1, split=1),
            ["0 unchanged", "1 merged", "1 split", "0 added", "0 removed"],
        ),
    ],
)
def test_counts_say_what_came_and_went_even_when_nothing_did(counts, phrases):
    """Added and removed are always told; the other kinds only when there are some."""
    assert count_phrases(counts) == phrases


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_makes_a_sentence_about_the_base(relation):
    """Whatever the base is called; braces in its name mean nothing."""
    assert f"B {relates(relation, '{A}')}".count(" {A}") == 1
