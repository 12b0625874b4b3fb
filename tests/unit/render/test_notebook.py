"""Reports in notebooks and data frames."""

import re
import sys
from dataclasses import replace

import pandas as pd
import polars as pl
import pytest

from dedupe_news import MissingExtraError
from dedupe_news.model import Change
from dedupe_news.render.rows import COLUMNS
from hostile import HOSTILE
from reports import EMPTY, FERRY, HARBOUR, RICH, one_change

ALL = pytest.mark.parametrize("report", [FERRY, RICH, EMPTY, HARBOUR, HOSTILE])


@pytest.mark.parametrize(
    "shown",
    ["1 cluster", "2 of 2 articles", "Norden Press", "Radio Kust", "<code>~=&amp;+=~+==+=+</code>"],
)
def test_a_report_is_a_table(shown):
    """The totals, and a row for each variant."""
    assert shown in FERRY._repr_html_()


@pytest.mark.parametrize(
    "shown",
    [
        "97% of the base, 40% new",
        "harbour [-at-] [+in+] Lom",
        "every [-40-] [+30+] minutes",
        "number changed: 40 → 30",
        "merged, wording unchanged",
        "added: Season tickets stay valid",
        "2 paragraphs unchanged",
    ],
)
def test_a_variant_shows_its_changes(shown):
    """As the terminal does, with what came and went behind each other."""
    markup = FERRY.clusters[0].variants[0]._repr_html_()
    for tag, opening, closing in (("del", "[-", "-]"), ("ins", "[+", "+]")):
        markup = re.sub(f"<{tag}[^>]*>(.*?)</{tag}>", rf"{opening}\1{closing}", markup)

    assert shown in markup


def test_joined_paragraphs_that_were_edited_show_where_they_meet():
    """A line feed would be lost in HTML."""
    words = (("=", "One\ntwo"), ("+", " three"))
    [cluster] = one_change(Change("merged", (0, 1), (0,), 0.9, words)).clusters

    assert "merged: One ¶ two" in cluster.variants[0]._repr_html_()


def test_a_variant_without_a_diff_shows_its_shares():
    """There is nothing else to show."""
    shown = HARBOUR.clusters[0].variants[0]._repr_html_()

    assert "97% of the base" in shown
    assert "<table" not in shown


def test_hostile_text_is_escaped():
    """A notebook runs whatever it is given."""
    shown = HOSTILE._repr_html_() + HOSTILE.clusters[0].variants[0]._repr_html_()

    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


@ALL
def test_a_frame_has_a_row_for_everything(report):
    """Members, overlaps and skipped inputs, in both packages alike."""
    rows = len(report.skipped) + sum(
        len(cluster.members) + len(cluster.overlaps) for cluster in report.clusters
    )
    one, two = report.to_pandas(), report.to_polars()

    assert (len(one), len(two)) == (rows, rows)
    assert list(one.columns) == two.columns == list(COLUMNS)


@ALL
def test_columns_have_the_same_types_whatever_is_in_them(report):
    """Frames of two runs can be put under each other."""
    assert (report.to_pandas().dtypes == FERRY.to_pandas().dtypes).all()
    assert report.to_polars().schema == FERRY.to_polars().schema


def test_values_are_as_written():
    """Numbers are numbers, texts are not touched, and what does not apply is missing."""
    frame = FERRY.to_pandas()

    assert frame["base_in_variant"][1] == pytest.approx(0.9747)
    assert pd.isna(frame["base_in_variant"][0])
    assert FERRY.to_polars().filter(pl.col("role") == "variant")["shape"][0] == "~=&+=~+==+=+"


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_a_missing_package_is_named(monkeypatch, package):
    """With what to type."""
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingExtraError, match=f"{package} is not installed") as caught:
        getattr(FERRY, f"to_{package}")()

    assert caught.value.hint == f"pip install 'dedupe-news[{package}]'"


def test_a_notebook_shows_the_first_variants_and_counts_the_rest():
    """It is no place for thousands."""
    many = replace(FERRY, clusters=FERRY.clusters * 60)
    shown = many._repr_html_()

    assert shown.count("3f9c1a52") == 50
    assert "10 more variants not shown." in shown
    assert "not shown" not in FERRY._repr_html_()


def test_a_part_of_a_report_says_what_part_it_is():
    """As every form for people does."""
    assert "Only these variants are shown: update." in (
        replace(FERRY, settings={"only_relations": "update"})._repr_html_()
    )
