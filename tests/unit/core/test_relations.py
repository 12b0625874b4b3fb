"""What a variant is to its base."""

import pytest

from dedupe_news.core.relations import Relations
from dedupe_news.model import Article

TEXT = "The night ferry sails at 21:30 from pier 4."
OTHER_FIGURES = "The night ferry sails at 22:15 from pier 6."


def published(text, date="", source=""):
    """Return an article of one paragraph."""
    return Article("x", (text,), date=date, source=source)


@pytest.mark.parametrize(
    ("base_in_variant", "variant_in_base", "lengths", "expected"),
    [
        (0.9, 0.9, (100, 100), "reprint"),
        (1.0, 0.3, (100, 300), "reprint"),
        (0.5, 0.5, (100, 100), "reprint"),
        (0.49, 0.49, (100, 100), "overlap"),
        (0.49, 0.1, (100, 500), "overlap"),
        (0.49, 0.5, (100, 100), "excerpt"),
        (0.2, 1.0, (100, 20), "excerpt"),
        (0.75, 1.0, (100, 75), "excerpt"),
        (0.76, 1.0, (100, 76), "reprint"),
        (0.7, 0.49, (100, 70), "reprint"),
        (0.0, 0.0, (100, 100), "overlap"),
    ],
)
def test_shares_and_lengths_tell_what_it_is(base_in_variant, variant_in_base, lengths, expected):
    """Whole, a part, or only partly in common; a little shorter is no excerpt."""
    article = published(TEXT)

    shares = (base_in_variant, variant_in_base)
    assert Relations(article).to(article, shares, lengths) == expected


@pytest.mark.parametrize(
    ("base", "variant", "expected"),
    [
        (("2017-01-20", "NP"), ("2017-01-22", "np"), "update"),
        (("2017-01-20", "NP"), ("2017-01-22", "Kust"), "reprint"),
        (("2017-01-22", "NP"), ("2017-01-20", "NP"), "reprint"),
        (("", "NP"), ("2017-01-22", "NP"), "reprint"),
        (("2017-01-20", "NP"), ("", "NP"), "reprint"),
        (("2017-01-20", ""), ("2017-01-22", ""), "reprint"),
    ],
)
def test_an_update_is_later_and_from_the_same_source(base, variant, expected):
    """Without dates or sources nobody can tell."""
    one, other = published(TEXT, *base), published(TEXT, *variant)

    assert Relations(one).to(other, (0.9, 0.9), (100, 100)) == expected


@pytest.mark.parametrize(
    ("text", "dates", "share", "expected"),
    [
        (OTHER_FIGURES, ("2017-01-01", "2017-01-08"), 0.9, "recurring"),
        (OTHER_FIGURES, ("", ""), 0.9, "recurring"),
        (OTHER_FIGURES, ("2017-01-01T08:00", "2017-01-01T12:00"), 0.9, "reprint"),
        (OTHER_FIGURES, ("2017-01-01", "2017-01-08"), 0.5, "reprint"),
        (TEXT + " It is full.", ("2017-01-01", "2017-06-01"), 0.9, "reprint"),
        (OTHER_FIGURES + " It is full.", ("2017-01-01", "2017-06-01"), 0.9, "recurring"),
        (OTHER_FIGURES + " It is full.", ("2017-01-01", "2017-01-08"), 0.9, "reprint"),
        (OTHER_FIGURES + " It is full.", ("", ""), 0.9, "reprint"),
    ],
)
def test_a_notice_with_other_figures_recurs(text, dates, share, expected):
    """Not within the hours in which figures are corrected; and if reworded, much later only."""
    one, other = published(TEXT, dates[0]), published(text, dates[1])

    assert Relations(one).to(other, (share, share), (100, 100)) == expected
