"""Keeping an index from the command line."""

import io
import json
import os
from pathlib import Path

import pytest

from dedupe_news.__main__ import main
from dedupe_news.index.lock import locked
from kept import INDEX, put, story


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A report and a reprint."""
    monkeypatch.chdir(tmp_path)
    put("a.txt", story(1, 2, 3))
    put("b.txt", story(1, 2, 3, 4))


def test_an_index_is_made_brought_up_to_date_and_made_anew(capsys):
    """Each time it is said what was done."""
    assert main(["index", "build"]) == 0
    assert "2 articles; 2 files read" in capsys.readouterr().err
    put("c.txt", story(7))
    assert main(["index", "update"]) == 0
    assert "3 articles; 1 files read" in capsys.readouterr().err
    assert main(["index", "rebuild"]) == 0
    assert "3 articles; 3 files read" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["update", "info", "query"])
def test_what_needs_an_index_says_how_to_make_one(command, capsys):
    """It does not make one by itself."""
    assert main(["index", command, *(["a.txt"] if command == "query" else [])]) == 2
    assert "dedupe-news index build makes it" in capsys.readouterr().err
    assert not INDEX.exists()


def test_other_settings_are_refused_with_two_ways_out(capsys):
    """Both sides are named."""
    main(["index", "build", "-q"])

    assert main(["index", "update", "--min-containment", "0.7"]) == 2
    told = capsys.readouterr().err
    assert "min-containment 0.6, and this run has 0.7" in told
    assert "index rebuild" in told
    assert main(["check", "--min-containment", "0.7"]) == 2


def test_info_says_what_it_holds_and_how_it_was_made(capsys):
    """And whether it is sound, if asked."""
    main(["index", "build", "-q"])

    assert main(["index", "info", "--deep"]) == 0
    told = dict(line.split(None, 1) for line in capsys.readouterr().out.splitlines())
    assert (told["articles"], told["shingle-words"], told["minhash"]) == ("2", "5", "affine32")
    assert told["ignore-text"] == "none"


def test_two_indexes_are_made_alike_if_their_fingerprints_are_equal(run):
    """One line to compare, on two machines."""
    prints = set()
    for words in ("5", "5", "6"):
        assert run("index", "rebuild", "-q", "--shingle-words", words)[0] == 0
        told = dict(line.split(None, 1) for line in run("index", "info")[1].splitlines())
        prints.add(told["fingerprint"])

    assert len(prints) == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--exclude", "*.txt"], 2),
        (["--exclude", "*.txt", "--allow-empty"], 0),
        (["--show-files"], 0),
    ],
)
def test_an_empty_corpus_is_no_clean_one(words, code, capsys):
    """Unless it may be."""
    assert main(["index", "build", *words]) == code


def test_unreadable_inputs_are_told_and_remembered(capsys):
    """The code says that something is missing, the next time too."""
    put("bad.jsonl", "{")

    assert main(["index", "build"]) == 3
    assert "bad.jsonl" in capsys.readouterr().err
    assert main(["index", "update", "--skip-unreadable"]) == 0
    assert main(["check", "a.txt", "--exit-zero"]) == 3


def test_a_text_from_outside_is_answered_with_a_report(capsys):
    """It is the base; what was published is read against it."""
    main(["index", "build", "-q"])
    put("drafts/new.txt", story(1, 2, 3, 9))

    assert main(["index", "query", "drafts/new.txt", "--format", "json"]) == 0
    (cluster,) = json.loads(capsys.readouterr().out)["clusters"]
    assert cluster["base"] == "drafts/new.txt"
    assert {variant["id"] for variant in cluster["variants"]} == {"a.txt", "b.txt"}


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (1, "1 (drafts/0.txt)"),
        (3, "3 (drafts/0.txt, drafts/1.txt, drafts/2.txt)"),
        (5, "5 (drafts/0.txt, drafts/1.txt, drafts/2.txt, ...)"),
    ],
)
def test_what_has_not_been_published_is_named(count, named, run):
    """Beside the report, which has nothing to show of it."""
    run("index", "build", "-q")
    put("drafts/old.txt", story(1, 2, 3, 9))
    for number in range(count):
        put(f"drafts/{number}.txt", story(50 + number))
    words = ("index", "query", "drafts", "--format", "brief")

    assert run(*words)[2] == f"not published before: {named}\n"
    assert run(*words, "-q")[2] == ""
    assert run("index", "query", "drafts/old.txt")[2] == ""


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("text=draft.txt", "is read, and would be written over"),
        ("no/where.html", "there is no folder no"),
    ],
)
def test_an_answer_is_not_written_over_the_question(target, said, capsys):
    """Nor where it cannot be written; that is found out before anything is read."""
    assert main(["index", "build", "--quiet"]) == 0
    put("draft.txt", story(1, 2, 3, 9))
    before = Path("draft.txt").read_text("utf-8")

    assert main(["index", "query", "draft.txt", "-o", target]) == 2

    assert said in capsys.readouterr().err
    assert Path("draft.txt").read_text("utf-8") == before


def test_a_stream_is_answered_line_by_line(capsys, monkeypatch):
    """What cannot be read is answered too."""
    main(["index", "build", "-q"])
    lines = [
        json.dumps({"id": "x", "text": story(1, 2, 3)}),
        json.dumps({"id": "y", "text": story(8)}),
        "{",
        json.dumps({"id": "z", "text": "..."}),
    ]
    stream = io.TextIOWrapper(io.BytesIO("\n".join(lines).encode()))
    monkeypatch.setattr("sys.stdin", stream)

    assert main(["index", "query", "-"]) == 3
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["type"], each.get("matches")) for each in answers] == [
        ("answer", 2),
        ("answer", 0),
        ("skipped", None),
        ("skipped", None),
    ]
    assert answers[3]["code"] == "empty"
    assert [each["id"] for each in answers[:2]] == ["x", "y"]
    assert {variant["id"] for variant in answers[0]["variants"]} == {"a.txt", "b.txt"}


def test_a_text_without_words_is_no_question(run):
    """That is said, for it is another answer than that nothing was found."""
    run("index", "build", "-q")
    put("drafts/empty.txt", "...")

    code, out, err = run("index", "query", "drafts/empty.txt", "--format", "json")

    assert (code, json.loads(out)["summary"]["articles"]) == (0, 0)
    assert "drafts/empty.txt: the article has no words" in err


def test_a_question_without_an_article_is_no_answer(capsys):
    """An empty file says nothing."""
    main(["index", "build", "-q"])
    put("empty.jsonl", "")

    assert main(["index", "query", "empty.jsonl"]) == 2


def test_a_rebuild_takes_other_settings_and_damaged_files(run):
    """Whatever there is in its place; the index is of these settings from then on."""
    run("index", "build", "-q")
    INDEX.write_bytes(b"no index" * 1000)

    assert run("index", "rebuild", "-q", "--shingle-words", "6") == (0, "", "")
    assert "shingle-words     6\n" in run("index", "info")[1]
    code, _, err = run("index", "query", "a.txt")
    assert code == 2
    assert "made with shingle-words 6, and this run has 5" in err


def test_damage_is_found_by_a_deep_look(run):
    """And the hint mends it."""
    run("index", "build", "-q")
    data = INDEX.read_bytes()
    INDEX.write_bytes(data[:16_384] + b"\x55" * (len(data) - 16_384))

    code, _, err = run("index", "info", "--deep")

    assert code == 2
    assert f"{INDEX} cannot be used" in err
    assert "dedupe-news index rebuild makes it anew" in err


@pytest.mark.parametrize("command", ["build", "update", "rebuild"])
def test_who_holds_the_lock_is_named(run, command):
    """After the patience that was asked for."""
    run("index", "build", "-q")
    with locked(INDEX.with_name(f"{INDEX.name}.lock"), 1):
        code, _, err = run("index", command, "--wait", "0.1")

    assert code == 2
    assert f"is locked by process {os.getpid()}, after 0.1 seconds" in err


def test_questions_are_named_from_where_they_were_typed(run, monkeypatch):
    """The index is that of the project all the same."""
    put("dedupe-news.toml", 'exclude = ["drafts/"]')
    run("index", "build", "-q")
    put("drafts/new.txt", story(1, 2, 3, 9))
    monkeypatch.chdir("drafts")

    code, out, _ = run("index", "query", "new.txt", "--format", "json")

    assert code == 0
    assert json.loads(out)["clusters"][0]["base"] == "new.txt"


@pytest.mark.parametrize("words", [["-o", "answers.json"], ["--format", "html"]])
def test_a_stream_is_answered_in_one_form(words, run):
    """Whoever wants another one is told how to get it."""
    run("index", "build", "-q")

    code, told, said = run("index", "query", "-", *words)

    assert (code, told) == (2, "")
    assert said.startswith("error: standard input is answered line by line, as JSON Lines")
    assert "hint: for a file use >, for another form name files" in said
    assert not Path("answers.json").exists()


def test_an_answer_that_does_not_arrive_ends_the_dialogue(run, monkeypatch):
    """Nobody reads the next one either."""
    run("index", "build", "-q")
    lines = io.BytesIO(b'{"id": "x", "text": "one"}\n{"id": "y", "text": "two"}\n')
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(lines))
    monkeypatch.setattr("sys.stdout", None)

    code, _, err = run("index", "query", "-")

    assert code == 3
    assert "stdout is closed" in err
