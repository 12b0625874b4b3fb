"""The table for spreadsheets."""

import csv
import io

import pytest

from hostile import HOSTILE, PAYLOADS, visible
from reports import FERRY, HARBOUR, RICH


@pytest.fixture
def rows(written):
    """Return a function that reads what was written as a spreadsheet does."""
    return lambda report, **style: list(
        csv.DictReader(io.StringIO(written("csv", report, **style)))
    )


def test_each_member_has_a_row_and_the_base_comes_first(rows):
    """A cluster is a block of rows with one id."""
    shown = [(row["cluster"], row["role"], row["id"]) for row in rows(FERRY)]

    assert shown == [
        ("3f9c1a52", "base", "np-ferry.txt"),
        ("3f9c1a52", "variant", "radiokust-ferry.txt"),
    ]


def test_a_variant_has_its_shares_and_counts(rows):
    """What the report says of it, in columns."""
    variant = rows(FERRY)[1]

    assert (variant["relation"], variant["base_in_variant"]) == ("reprint", "0.9747")
    assert (variant["added"], variant["added_words"]) == ("4", "100")
    assert variant["numbers_changed"] == "40 → 30"


def test_without_a_diff_its_columns_are_empty(rows):
    """Nothing is made up."""
    variant = rows(HARBOUR)[1]

    assert (variant["shape"], variant["added"]) == ("", "")


@pytest.mark.parametrize(
    ("role", "name"), [("overlap", "digests/week 20.txt"), ("skipped", "page.html")]
)
def test_what_is_in_no_cluster_has_a_row_too(rows, role, name):
    """Nothing is lost on the way to a spreadsheet."""
    assert name in [row["id"] for row in rows(RICH) if row["role"] == role]


def test_what_a_limit_hides_is_told_in_the_last_row(rows):
    """A table that ends early says so."""
    assert rows(RICH, limit=1)[-1]["note"] == "1 more cluster not shown"


def test_no_cell_is_a_formula(rows):
    """A spreadsheet runs what begins with one of these signs; the text stays behind it."""
    cells = [cell for row in rows(HOSTILE) for cell in row.values()]

    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "'=cmd|' /C calc'!A0" in cells
    assert "'@SUM(1+1)" in cells


def test_hostile_text_is_text(rows):
    """Quotes, commas and control characters come back as one cell."""
    assert rows(HOSTILE)[0]["title"] == visible(" ".join(PAYLOADS))
