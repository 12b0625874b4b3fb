"""Pairs are aligned as a report shows them, and timed beside a plain word diff."""

import math

import pytest

import alignment
from alignment import alignment_table, main, readings_of
from dedupe_news import Article, Settings, scan


@pytest.fixture
def report(invented):
    """A story, the same again, and the same with more."""
    story = invented.story(0)
    variants = {"a": story, "b": story, "c": (*story, *invented.story(1)[:1])}
    return scan([Article(id_, texts) for id_, texts in variants.items()], Settings())


def test_readings_are_the_pairs_of_the_report(report):
    """Base and variant with their texts, and whether a reader sees a change."""
    readings = readings_of(report)

    assert [len(one.variant) - len(one.base) for one in readings] == [0, 1]
    assert [one.changed for one in readings] == [False, True]
    assert {one.furniture for one in readings} == {(frozenset(), frozenset())}


def test_site_furniture_is_no_change(invented):
    """The lines of a publisher under unrelated stories are known to the pairs as well."""
    lines = invented.story(99, words=30)
    stories = [invented.story(number) for number in range(12)]
    articles = [Article(str(number), (*story, *lines)) for number, story in enumerate(stories)]
    articles.append(Article("again", stories[0]))

    (one,) = readings_of(scan(articles, Settings()))

    places = frozenset(range(len(stories[0]), len(stories[0]) + len(lines)))
    assert set(one.furniture) == {places, frozenset()}
    assert not one.changed


def test_a_set_has_a_row_for_all_pairs_and_one_for_those_that_differ(report):
    """Identical pairs are cheap, and would hide what a change costs."""
    table = alignment_table({"three": readings_of(report), "none": []}, rounds=1)

    assert [row[:2] for row in table.rows] == [
        ("three", 2),
        ("three, changed", 1),
        ("none", 0),
        ("none, changed", 0),
    ]
    assert all(cost > 0 for cost in table.rows[0][4:10])
    assert math.isnan(table.rows[2][5])


@pytest.mark.parametrize(("limit", "code"), [(1e9, 0), (0, 1)])
def test_a_set_beyond_the_limit_fails_the_bench(
    limit, code, labelled_folder, tmp_path, monkeypatch, capsys
):
    """The exit code tells, and the figures are kept all the same."""
    monkeypatch.setattr(alignment, "_RESULTS", tmp_path / "results")
    monkeypatch.setattr(alignment, "LIMIT", limit)
    options = ["--data", str(labelled_folder), "--articles", "40", "--rounds", "1", "--write"]

    assert main(options) == code
    assert "| invented, changed" in capsys.readouterr().out
    assert {path.suffix for path in (tmp_path / "results").iterdir()} == {".md", ".json"}


def test_a_missing_folder_is_named(tmp_path, capsys):
    """Nothing is measured where there is nothing."""
    assert main(["--data", str(tmp_path / "nowhere")]) == 2
    assert "nowhere" in capsys.readouterr().err
