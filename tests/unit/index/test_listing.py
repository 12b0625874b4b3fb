"""Files of a corpus that is walked, and which of them have changed."""

from pathlib import Path

import pytest

from dedupe_news.index.listing import Changes, Listed, among, changes_between, stamped, walked
from dedupe_news.index.rows import FileRow
from dedupe_news.model import LeftOut
from dedupe_news.sources.options import ReadOptions
from kept import put


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A text, a photo, and a text in a folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b/c.md", "picture.jpg"):
        put(name, "text")


def test_a_walk_goes_by_the_rules_of_a_scan():
    """What it passes over is counted."""
    found = walked(["."], ReadOptions())

    assert sorted(found.files) == ["a.txt", "b/c.md"]
    assert found.notes == (LeftOut("other-format", 1),)
    assert (found.record, found.is_empty) == (b"", False)
    assert found.within(["b"]) == {"b/c.md"}
    assert walked(["."], ReadOptions(include=("x",))).is_empty


def test_a_file_is_told_by_its_size_and_time():
    """Unless it is so young that it may change and look the same."""
    Path("young.txt").write_text("text", "utf-8")

    assert stamped("a.txt", "a.txt").size == 4
    assert stamped("a.txt", "a.txt").mtime > 0
    assert stamped("young.txt", "young.txt").mtime == -1
    assert stamped("nowhere", "nowhere", "") == FileRow("nowhere", -1, -1, "")


def test_a_file_that_goes_on_the_way_is_not_the_end():
    """Whoever reads it will say so."""
    assert Listed("nowhere.txt", FileRow("nowhere.txt", -1, 0, "f00f")).file().size == 0
    assert Listed("a.txt", FileRow("a.txt", -1, 0, "f00f")).file().size == 4


def test_what_has_changed_is_gone_and_fresh():
    """What is new is only fresh, what went is only gone."""
    known = {name: FileRow(name, 1, 2) for name in ("same", "edited", "gone")}
    files = {
        name: Listed(name, FileRow(name, size, 2))
        for name, size in (("same", 1), ("edited", 9), ("new", 1))
    }

    changes = changes_between(known, files)

    assert changes == Changes(("edited", "gone"), (files["edited"], files["new"]))
    assert len(changes) == 4


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a/1"], {"a/1"}),
        (["a"], {"a/1", "a/2"}),
        (["."], {"a/1", "a/2", "ab"}),
        (["b", "a/2", "draft"], {"a/2"}),
        ([], set()),
    ],
)
def test_files_and_folders_are_found_among_paths(names, found):
    """And by no name that merely begins alike."""
    assert among(["a/1", "a/2", "ab"], names) == found
