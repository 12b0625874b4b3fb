"""The commands print tables, keep them when asked, and say what they lack."""

from dataclasses import replace

import pytest

import accuracy
import planted
import speed
from dedupe_news.model import Alignment, Change, Cluster, Counts, Member, Report, Summary
from known import error_table, paragraph_error_table, paragraph_table, threshold_table
from labelled import DataError, find_sets, pair
from planted import (
    character_table,
    kind_table,
    label_error_table,
    pair_error_table,
    plant_all,
    set_table,
)
from stock import Stock
from variants import KINDS, plant


@pytest.fixture(scope="module")
def groups(invented):
    """One group of each kind."""
    stock = Stock("any", map(invented.story, range(60)), seed=1)
    return list(plant(stock, len(KINDS), seed=1))


def _reporting(*groups: list[str]):
    """Return a scan that reports the given clusters whatever it is given."""
    clusters = tuple(
        Cluster("0", ids[0], "id", tuple(Member(one, "", "", "", "", 1, 1) for one in ids), ())
        for ids in groups
    )
    return lambda *_: Report({}, Summary(0, 0, 0, 0, 0), clusters)


def _nothing_kept(base, variant):
    gone = [Change("removed", (place,), ()) for place in range(len(base))]
    new = [Change("added", (), (place,)) for place in range(len(variant))]
    return Alignment((*gone, *new), "+" * len(variant), Counts())


def _cells(table, row):
    return dict(zip(table.columns, table.rows[row], strict=True))


def _by_kind(table):
    return {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}


def test_a_labelled_set_is_scored_at_every_threshold(labelled_folder):
    """The default stands among its neighbours, and is marked."""
    (labelled,) = find_sets(labelled_folder)

    table = threshold_table(labelled)

    assert [row[1] for row in table.rows].count("yes") == 1
    assert _cells(table, 0)["recall"] == _cells(table, 0)["precision"] == 1.0


def test_labelled_paragraphs_are_counted_by_what_they_are_called(labelled_folder):
    """The row of each label says how many were called what, and whether that is right."""
    (labelled,) = find_sets(labelled_folder)
    total = len(labelled.versions[0].states)

    same, new = (_cells(paragraph_table(labelled), row) for row in (0, 1))

    assert (same["same"], same["right"], new["added"], new["right"]) == (total - 1, 1.0, 1, 1.0)
    assert paragraph_error_table(labelled, 9).rows == ()


def test_errors_are_listed_with_their_containment(labelled_folder, monkeypatch):
    """A missed pair and a wrong pair are told apart, and where they met is said."""
    (labelled,) = find_sets(labelled_folder)
    monkeypatch.setattr("known.scan", _reporting(["a1", "a2"]))

    missed, wrong = error_table(labelled, 5).rows

    assert missed == ("missed", 1.0, "a0", "a3", "none")
    assert (wrong[0], wrong[2:]) == ("wrong", ("a1", "a2", "a1"))


def test_what_is_not_joined_is_missed(groups, monkeypatch):
    """A scan that finds nothing has no recall, and does no harm."""
    monkeypatch.setattr(planted, "scan", _reporting())

    table = _by_kind(kind_table(groups))

    assert table["doubled"]["recall"] == 0.0
    assert table["digest"]["wrongly joined"] == 0
    assert len(pair_error_table(groups, 99).rows) == sum(
        len(group.together) for group in groups if group.kind != "scanned"
    )


def test_what_is_joined_wrongly_is_counted_against_its_kind(groups, monkeypatch):
    """A scan that joins each group finds all pairs, and welds strangers."""
    groups = [group for group in groups if group.kind != "scanned"]
    whole = [[article.id for article in group.articles] for group in groups]
    monkeypatch.setattr(planted, "scan", _reporting(*whole))

    table = _by_kind(kind_table(groups))

    assert table["doubled"]["recall"] == 1.0
    assert table["digest"]["wrongly joined"] == table["digest"]["of"] == 15
    assert table["chain"]["wrongly joined"] == 1
    assert {error for error, *_ in pair_error_table(groups, 99).rows} == {"wrong"}


def test_pairs_between_groups_are_named_as_such(groups, monkeypatch):
    """What two groups share would be a fault of the planting as well."""
    ids = [groups[0].articles[0].id, groups[1].articles[0].id]
    monkeypatch.setattr(planted, "scan", _reporting(ids))

    assert "1 of them between groups" in kind_table(groups).notes[0]
    assert pair(*ids) == pair_error_table(groups, 99).rows[-1][2:]


def test_labels_are_right_only_with_the_right_positions(groups, monkeypatch):
    """A tool that calls all new is right about what was added, and about nothing else."""
    monkeypatch.setattr(planted, "align", _nothing_kept)

    table = _by_kind(kind_table(groups))

    assert table["exact"]["labels right"] == table["exact"]["removed right"] == 0.0
    assert 0.3 < table["doubled"]["ops right"] < 0.8
    assert {row[0] for row in label_error_table(groups, 1).rows} >= {"exact", "split", "merged"}


def test_every_set_and_every_unit_has_its_row(groups):
    """Stories of one set make one row; characters are tried at several lengths."""
    assert [row[0] for row in set_table(groups).rows] == ["any"]
    assert _cells(set_table(groups), 0)["recall"] > 0.9
    assert [row[0] for row in character_table(groups).rows][:2] == [
        "words, default",
        "5 characters",
    ]


def test_tables_are_kept_when_asked(labelled_folder, tmp_path, monkeypatch, capsys):
    """`--write` leaves a page, the data and a picture."""
    monkeypatch.setattr(accuracy, "_RESULTS", tmp_path / "kept")
    options = ["--data", str(labelled_folder), "--only", "labelled", "--write"]

    assert accuracy.main([*options, "--list-errors", "1"]) == 0

    assert {path.suffix for path in (tmp_path / "kept").iterdir()} == {".md", ".json", ".svg"}
    assert "### invented: pairs" in capsys.readouterr().out


def test_too_few_articles_are_an_error(labelled_folder, capsys):
    """A run that cannot be made as asked ends with 2 and says how to ask."""
    options = ["--data", str(labelled_folder), "--only", "planted"]

    assert accuracy.main([*options, "--groups", "50"]) == 2
    assert "ask for fewer with --groups" in capsys.readouterr().err


def test_without_a_number_groups_are_planted_while_stories_last(labelled_folder):
    """A small set is measured with what it has, and one without a story says so."""
    sets = find_sets(labelled_folder)

    assert [group.kind for group in plant_all(sets, None, seed=1)] == ["exact", "retyped"]
    with pytest.raises(DataError, match="no story to plant variants of in invented"):
        plant_all([replace(sets[0], articles=())], None, seed=1)


@pytest.mark.parametrize("main", [accuracy.main, speed.main])
def test_a_missing_data_folder_ends_with_2(main, tmp_path, capsys):
    """The message says which folder, and what to set."""
    assert main(["--data", str(tmp_path / "gone")]) == 2
    assert "gone: set DATA=..." in capsys.readouterr().err


def test_speed_is_a_ratio_and_over_the_limit_is_a_failure(labelled_folder, monkeypatch, capsys):
    """The exit code says whether the limit held."""
    options = ["--data", str(labelled_folder), "--rounds", "1", "--articles", "0"]
    for limit, code in [(1e9, 0), (0.0, 1)]:
        monkeypatch.setattr(speed, "LIMIT", limit)
        assert speed.main(options) == code
    assert "| invented |" in capsys.readouterr().out
