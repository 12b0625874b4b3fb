"""What articles in focus form with the whole corpus, with an index and without one."""

import json
from dataclasses import replace

import pytest

from dedupe_news.baseline import Baseline
from dedupe_news.errors import IndexUnusableError, PathError
from dedupe_news.gate import Focus, examine, focus_since
from dedupe_news.index.followed import list_corpus
from dedupe_news.index.store import Store
from dedupe_news.judgement import judge
from dedupe_news.settings import Settings
from kept import INDEX, KEEPING, examined, put, story, updated
from repositories import commit, git


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A report, a reprint, and a stranger."""
    monkeypatch.chdir(tmp_path)
    put("a.txt", story(1, 2, 3))
    put("b.txt", story(1, 2, 3, 4))
    put("z.txt", story(7, 8))


@pytest.mark.parametrize("files", [(), ("b.txt",), ("z.txt",), ("feed.jsonl",), ("new.txt",)])
def test_an_index_makes_no_difference(files):
    """Neither a look at the changed files alone nor one at all of it."""
    put("feed.jsonl", json.dumps({"id": "x", "text": story(1, 2, 3, 5)}))
    updated()
    put("new.txt", story(7, 8, 9))
    put("a.txt", story(1, 2))

    with_index, without = examined(*files), examined(*files, index=None)

    assert (with_index.report, with_index.focus) == (without.report, without.focus)
    assert judge(with_index, Baseline()) == judge(without, Baseline())


@pytest.mark.parametrize("text", ["no database " * 1000, ""])
def test_a_damaged_index_is_mended_on_the_way(text):
    """A check of one file would not find anything in it."""
    updated()
    INDEX.write_text(text, "utf-8")

    assert examined("b.txt").report == examined("b.txt", index=None).report
    assert examined("b.txt").notice == ""


def test_an_index_of_other_settings_is_no_help():
    """A check does not make it anew behind one's back."""
    updated()
    keeping = replace(KEEPING, settings=Settings(shingle_words=6))

    with pytest.raises(IndexUnusableError, match="shingle-words 5, and this run has 6"):
        examined("b.txt", keeping=keeping)


def corpus():
    """Return the listing of the working folder."""
    return list_corpus(["."], KEEPING.reading)


def since(ref, **how):
    """Return what is new since a commit."""
    return focus_since(ref, ["."], KEEPING, **how)


def test_what_is_new_since_a_commit_are_changed_files_without_what_they_held():
    """Wherever in them it stands now."""
    put("feed.jsonl", json.dumps({"id": "x", "text": story(20)}))
    commit()
    assert since("HEAD") == Focus(frozenset())
    rows = [{"id": "y", "text": story(1, 2, 3, 9)}, {"id": "x", "text": story(20)}]
    put("feed.jsonl", "\n".join(map(json.dumps, rows)))
    commit()

    focus = since("HEAD~1")

    assert focus.files == {"feed.jsonl"}
    examination = examine(corpus(), focus, KEEPING)
    assert examination.focus == {"feed.jsonl#y"}


def test_what_was_moved_since_a_commit_is_not_new():
    """Its words were there."""
    commit()
    git("mv", "b.txt", "c.txt")

    examination = examine(corpus(), since("HEAD"), KEEPING)

    assert examination.focus == frozenset()
    assert examination.report.clusters == ()


def test_a_commit_that_does_not_exist_is_an_error():
    """With what git says of it."""
    commit()

    with pytest.raises(PathError, match="git diff failed"):
        since("no-such-commit")


def test_a_corpus_outside_of_git_has_no_commits():
    """That is said."""
    with pytest.raises(PathError, match="not in one git repository"):
        since("HEAD")


def test_what_is_staged_since_a_commit_may_be_something_else_than_the_disk_has():
    """What is not staged is a draft."""
    commit()
    put("c.txt", story(7, 8, 9))
    git("add", "c.txt")
    put("b.txt", story(40))

    assert since("HEAD").files == {"b.txt", "c.txt"}
    assert since("HEAD", staged=True).files == {"c.txt"}


@pytest.mark.parametrize("index", [INDEX, None])
def test_what_is_staged_can_be_examined(index):
    """It is what a commit would hold, whatever stands on the disk."""
    commit()
    updated()
    put("c.txt", story(7, 8, 9))
    git("add", "c.txt")
    put("c.txt", story(50))

    staged, disk = (examined("c.txt", index=index, staged=how) for how in (True, False))

    assert [cluster.base for cluster in staged.report.clusters] == ["z.txt"]
    assert disk.report.clusters == ()


def test_a_commit_that_git_has_forgotten_is_replaced():
    """Once; then it is asked for the difference again."""
    commit()
    updated()
    with Store(INDEX, writes=True) as store, store.writing():
        scope, _, told = store.blob("git").split(b"\n", 2)
        store.put_blob("git", b"\n".join((scope, b"0" * 40, told)))

    assert examined("b.txt").report == examined("b.txt", index=None).report
    with Store(INDEX) as store:
        assert b"0" * 40 not in store.blob("git")


def test_an_index_may_be_open_already_or_not():
    """What is found is the same."""
    updated()
    put("c.txt", story(7, 8, 9))
    focus = Focus(frozenset(["c.txt"]))

    assert examine(corpus(), focus, KEEPING, INDEX).report == examined("c.txt").report
