import json
from pathlib import Path

import pytest

from dedupe_news.keeping import MANIFEST
from kept import put, story

pytestmark = pytest.mark.usefixtures("corpus")


def test_one_article_of_each_cluster_is_kept(run):
    """What is left out is named in a manifest, and the input stays as it was."""
    code, out, err = run("keep", "news", "-o", "kept")

    assert (code, out) == (0, "")
    assert err == f"2 of 3 articles kept in kept; {MANIFEST} names the others\n"
    kept = sorted(path.name for path in Path("kept/news").iterdir())
    assert kept == ["agency.txt", "other.txt"]
    assert Path("news/paper.txt").exists()


def test_the_rule_chooses_which_one(run):
    """The same option as everywhere."""
    run("keep", "news", "-o", "kept", "--keep", "longest")

    assert sorted(path.name for path in Path("kept/news").iterdir()) == ["other.txt", "paper.txt"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["-", "-o", "kept"], "standard input cannot be kept"),
        (["news", "-o", "news/kept"], "news/kept lies in news, which is read"),
        (["news", "-o", "news"], "news is there already, and not empty"),
        (["news", "-o", "dedupe-news.toml"], "dedupe-news.toml is there already"),
        (["nowhere", "-o", "kept"], "nowhere"),
    ],
)
def test_what_cannot_be_kept_is_an_error_before_anything_is_written(run, words, error):
    """Nothing that was there is touched."""
    code, _, err = run("keep", *words)

    assert code == 2
    assert error in err
    assert not Path("kept").exists()


@pytest.mark.parametrize(("words", "code"), [([], 3), (["--skip-unreadable", "-q"], 0)])
def test_what_cannot_be_read_makes_it_incomplete(run, words, code):
    """The manifest names it too."""
    put("news/broken.jsonl", "{")

    assert run("keep", "news", "-o", "kept", *words)[0] == code
    manifest = json.loads(Path("kept", MANIFEST).read_text("utf-8"))
    assert [skip["id"] for skip in manifest["skipped"]] == ["news/broken.jsonl#line 1"]


def test_quiet_says_nothing(run):
    """For scripts."""
    put("news/new.txt", story(40))

    assert run("keep", "news", "-o", "kept", "-q") == (0, "", "")
