import io
import json
import os
import sys
from pathlib import Path

import pytest

from dedupe_news.index.lock import locked
from kept import INDEX, put, story

pytestmark = pytest.mark.usefixtures("corpus")


@pytest.fixture
def built(corpus, run):
    """An index of the corpus."""
    assert run("index", "build", "-q") == (0, "", "")


def test_a_build_says_what_it_did(run):
    """Articles, files and seconds, on stderr; the index lies where git does not see it."""
    code, out, err = run("index", "build")

    assert (code, out) == (0, "")
    assert err.startswith("3 articles; 3 files read, 0 forgotten or replaced; ")
    assert (INDEX.parent / ".gitignore").read_text("utf-8") == "*\n"


@pytest.mark.usefixtures("built")
def test_an_update_reads_what_has_changed(run):
    """All else is remembered."""
    put("news/new.txt", story(9))
    Path("news/other.txt").unlink()

    assert run("index", "update")[2].startswith("3 articles; 1 files read, 1 forgotten")


@pytest.mark.usefixtures("built")
def test_a_rebuild_reads_all(run):
    """Whatever there is in its place."""
    INDEX.write_bytes(b"no index" * 1000)

    assert run("index", "rebuild")[2].startswith("3 articles; 3 files read, 0 forgotten")


@pytest.mark.parametrize(
    "words", [["index", "update"], ["index", "info"], ["index", "query", "news/agency.txt"]]
)
def test_an_index_that_is_not_there_is_not_made_by_chance(run, words):
    """The hint says what makes one."""
    code, out, err = run(*words)

    assert (code, out) == (2, "")
    assert err == f"error: there is no index {INDEX}\nhint: dedupe-news index build makes it\n"
    assert not INDEX.exists()


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("words", [["build"], ["update"], ["query", "news/agency.txt"]])
def test_an_index_of_other_settings_is_not_mixed(run, words):
    """The error names both sides and two ways out."""
    code, _, err = run("index", *words, "--shingle-words", "6")

    assert code == 2
    assert f"{INDEX} was made with shingle-words 5, and this run has 6" in err
    assert "index rebuild makes it anew; or go back to shingle-words 5" in err


@pytest.mark.usefixtures("built")
def test_an_index_is_made_anew_with_other_settings_on_demand(run):
    """And is of these from then on."""
    assert run("index", "rebuild", "-q", "--shingle-words", "6")[0] == 0

    assert "shingle-words     6\n" in run("index", "info")[1]
    assert run("check", "--shingle-words", "5")[0] == 2


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("words", [[], ["--deep"]])
def test_info_says_what_the_index_holds_and_how_it_was_made(run, words):
    """In lines that a script can take apart."""
    code, out, err = run("index", "info", *words)
    facts = dict(line.split(None, 1) for line in out.splitlines() if len(line.split()) > 1)

    assert (code, err) == (0, "")
    assert facts["index"].startswith(f"{INDEX} (")
    assert (facts["files"], facts["articles"], facts["words"]) == ("3", "3", "540")
    assert (facts["shingle-words"], facts["finished"]) == ("5", "yes")


@pytest.mark.usefixtures("built")
def test_damage_is_found_by_a_deep_look(run):
    """And the hint mends it."""
    data = bytearray(INDEX.read_bytes())
    data[16_384:] = os.urandom(len(data) - 16_384)
    INDEX.write_bytes(data)

    code, _, err = run("index", "info", "--deep")

    assert code == 2
    assert "cannot be used" in err
    assert "dedupe-news index rebuild makes it anew" in err


@pytest.mark.usefixtures("built")
def test_who_holds_the_lock_is_named(run):
    """After the patience that was asked for."""
    put("news/new.txt", story(9))
    with locked(INDEX.with_name(f"{INDEX.name}.lock"), 1):
        code, _, err = run("index", "update", "--wait", "0.1")

    assert code == 2
    assert f"is locked by process {os.getpid()}, after 0.1 seconds" in err


def test_a_corpus_without_articles_is_an_error(run):
    """Unless that is wanted."""
    for path in Path("news").iterdir():
        path.unlink()

    assert "no article was found in news" in run("index", "build")[2]
    assert run("index", "build", "-q", "--allow-empty")[0] == 0


@pytest.mark.parametrize(("words", "code"), [([], 3), (["--skip-unreadable"], 0)])
def test_what_cannot_be_read_is_named(run, words, code):
    """And makes the index incomplete, unless that is accepted."""
    put("news/broken.jsonl", "{")

    told, _, err = run("index", "build", *words)

    assert told == code
    assert "warning: 1 input took no part\n  news/broken.jsonl" in err


def test_the_files_of_the_corpus_can_be_listed(run):
    """Then no index is made."""
    assert run("index", "build", "--show-files")[1].startswith("news/agency.txt\nnews/other.txt")
    assert not INDEX.exists()


@pytest.mark.usefixtures("built")
def test_an_index_says_what_of_a_file_was_published_before(run, monkeypatch):
    """The file need not belong to the corpus, and is the base of the answer."""
    put("drafts/new.txt", story(1, 2, 3, 9))
    monkeypatch.chdir("drafts")

    code, out, _ = run("index", "query", "new.txt", "-f", "json")
    cluster = json.loads(out)["clusters"][0]

    assert code == 0
    assert cluster["base"] == "new.txt"
    assert {one["id"] for one in cluster["variants"]} == {"news/agency.txt", "news/paper.txt"}


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(
    ("name", "code", "told"),
    [("b.jsonl", 3, "b.jsonl#line 1: "), ("photos", 2, "no article was found in photos")],
)
def test_a_question_that_is_no_article_is_not_passed_over(run, name, code, told):
    """No answer must not look like the answer that nothing matches."""
    put("b.jsonl", "{")
    put("photos/p.jpg", "no text")

    told_code, _, err = run("index", "query", name)

    assert told_code == code
    assert told in err


class Input(io.StringIO):
    """Standard input that holds some lines."""

    def __init__(self, *lines):
        super().__init__()
        self.buffer = io.BytesIO("".join(f"{line}\n" for line in lines).encode())


def ask(run, monkeypatch, *lines):
    """Return the code of a dialogue and its answers."""
    monkeypatch.setattr(sys, "stdin", Input(*lines))
    code, out, _ = run("index", "query", "-")
    return code, [json.loads(line) for line in out.splitlines()]


def question(id_, *seeds):
    """Return a line that asks about an article."""
    return json.dumps({"id": id_, "text": story(*seeds)})


@pytest.mark.usefixtures("built")
def test_questions_are_answered_line_by_line(run, monkeypatch):
    """Each answer says how many articles match, and what of the question they hold."""
    lines = question("old", 7, 8, 9), question("same", 7, 8), question("new", 70)

    code, (old, same, new) = ask(run, monkeypatch, *lines)

    assert code == 0
    assert (old["matches"], old["variants"][0]["id"]) == (1, "news/other.txt")
    assert (same["matches"], same["variants"][0]["relation"]) == (1, "identical")
    assert new["matches"] == 0


@pytest.mark.usefixtures("built")
def test_a_line_that_is_no_question_is_answered_by_why(run, monkeypatch):
    """The lines after it are answered all the same, and the code says that one was not."""
    code, (broken, new) = ask(run, monkeypatch, "{", question("new", 70))

    assert code == 3
    assert broken["type"] == "skipped"
    assert new["matches"] == 0
