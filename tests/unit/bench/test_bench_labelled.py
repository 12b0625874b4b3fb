"""Labelled sets are told by the files they hold."""

import json

import pytest

from labelled import DataError, find_sets

TEXTS = {"a": "One.\n\nTwo.", "b": "One.\n \nTwo.\n\nThree.", "c": "Else."}


def _write_set(home, **tables):
    home.mkdir(parents=True)
    rows = [json.dumps({"id": one, "text": text, "title": "T"}) for one, text in TEXTS.items()]
    (home / "articles.jsonl").write_text("\n".join(rows) + "\n")
    for name, lines in tables.items():
        rows = [line.replace(" ", "\t") for line in lines]
        (home / f"{name}.tsv").write_text("\n".join(rows) + "\n")


def test_clusters_become_pairs_without_the_ignored_ones(tmp_path):
    """Every two members of a cluster belong together, unless the pair is to be ignored."""
    clusters = ["cluster id", "1 b", "1 a", "1 c"]
    _write_set(tmp_path / "any", clusters=clusters, ignore_pairs=["id_a id_b", "c a"])

    (found,) = find_sets(tmp_path)

    assert found.truth == {("a", "b"): "cluster", ("b", "c"): "cluster"}
    assert found.ignored == {("a", "c")}
    assert (found.name, found.articles[0].title) == ("any", "T")


def test_positives_keep_their_kind_and_hard_negatives_stand_apart(tmp_path):
    """A pair list is read whatever further columns it has."""
    _write_set(
        tmp_path / "deep" / "er",
        positives=["id_a id_b jaccard5 kind", "b a 0.5 variant"],
        hard_negatives=["id_a id_b", "a c"],
    )

    (found,) = find_sets(tmp_path)

    assert found.truth == {("a", "b"): "variant"}
    assert found.negatives == {("a", "c")}


def test_paragraph_states_are_gathered_by_pair_of_versions(tmp_path):
    """Positions count from 0 in the newer text."""
    columns = "older_id newer_id paragraph_index_in_newer state"
    rows = [columns, "a b 0 same", "a b 2 new"]
    _write_set(tmp_path / "any", positives=["id_a id_b", "a b"], paragraphs=rows)

    ((versions,),) = (one.versions for one in find_sets(tmp_path))

    assert (versions.older, versions.newer, versions.states) == ("a", "b", {0: "same", 2: "new"})


def test_labels_of_unknown_articles_are_counted_not_scored(tmp_path):
    """A stray label is neither lost silently nor held against the tool."""
    _write_set(tmp_path / "any", positives=["id_a id_b", "a b", "a gone"])

    (found,) = find_sets(tmp_path)

    assert (list(found.truth), found.strays) == ([("a", "b")], 1)


def test_a_folder_without_a_set_is_an_error_that_says_what_one_is(tmp_path):
    """Neither a missing folder nor an empty one measures anything."""
    with pytest.raises(DataError, match=r"no data folder at .*: set DATA=..."):
        find_sets(tmp_path / "gone")
    with pytest.raises(DataError, match=r"a set is a folder with articles.jsonl"):
        find_sets(tmp_path)


def test_a_table_without_its_column_is_named(tmp_path):
    """The reader learns which file lacks which column."""
    _write_set(tmp_path / "any", clusters=["cluster name", "1 a"])

    with pytest.raises(DataError, match=r"clusters.tsv: the first line names no column id"):
        find_sets(tmp_path)


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "a"}', '{"id": "a", "text": "again"}'])
def test_a_bad_row_is_named_by_its_line(tmp_path, line):
    """Broken JSON, a missing text and an id that came before all stop the run."""
    _write_set(tmp_path / "any", positives=["id_a id_b", "a b"])
    with (tmp_path / "any" / "articles.jsonl").open("a") as file:
        file.write(line + "\n")

    with pytest.raises(DataError, match=r"articles.jsonl:4: each line must hold"):
        find_sets(tmp_path)
