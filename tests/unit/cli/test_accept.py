"""Saying that articles may repeat each other."""

from pathlib import Path

import pytest

from dedupe_news.__main__ import main
from dedupe_news.baseline import Baseline
from kept import put, story

BASELINE = Path(".dedupe-news-baseline.json")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Two pairs of reprints."""
    monkeypatch.chdir(tmp_path)
    for name, parts in {
        "a": (1, 2, 3),
        "b": (1, 2, 3, 4),
        "c": (5, 6, 7),
        "d": (5, 6, 7, 8),
    }.items():
        put(f"{name}.txt", story(*parts))


def cluster_of(name, capsys):
    """Return the id of a cluster, as check names it."""
    main(["check", name])
    return capsys.readouterr().out.split("accept ")[1].split()[0]


def test_a_cluster_is_accepted_by_its_id(capsys):
    """With the reason; then it does not fail any more."""
    id_ = cluster_of("a.txt", capsys)

    assert main(["accept", id_, "--reason", "both kept"]) == 0
    assert "+1 -0" in capsys.readouterr().err
    assert [pair.reason for pair in Baseline.load(BASELINE).pairs] == ["both kept"]
    assert main(["check", "a.txt"]) == 0
    assert main(["check"]) == 1


@pytest.mark.parametrize(
    ("words", "count"), [(["a.txt"], 1), (["a.txt", "d.txt"], 2), (["--all"], 2)]
)
def test_articles_and_everything_can_be_accepted(words, count, capsys):
    """By name, or as it stands."""
    assert main(["accept", *words]) == 0
    assert len(Baseline.load(BASELINE).pairs) == count


def test_what_nobody_found_cannot_be_accepted(capsys):
    """The error says what is near."""
    assert main(["accept", "a.tx"]) == 2
    assert "did you mean a.txt?" in capsys.readouterr().err
    assert not BASELINE.exists()


def test_nothing_is_accepted_unasked(capsys):
    """Without an id there must be a wish."""
    assert main(["accept"]) == 2


def test_the_list_names_both_sides_and_the_reason(capsys):
    """One pair a line."""
    main(["accept", "--all", "--reason", "why not"])
    capsys.readouterr()

    assert main(["accept", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(line.endswith("(why not)") for line in lines)


def test_pruning_drops_what_is_gone_or_edited(capsys):
    """And nothing else."""
    main(["accept", "--all"])
    Path("b.txt").unlink()
    capsys.readouterr()

    assert main(["accept", "--prune"]) == 0
    assert "+0 -1" in capsys.readouterr().err
    assert [pair.ids for pair in Baseline.load(BASELINE).pairs] == [{"c.txt", "d.txt"}]


def test_an_edited_pair_is_accepted_in_place_of_the_old_one(capsys):
    """The baseline does not grow by edits."""
    main(["accept", "--all"])
    put("b.txt", story(1, 2, 3, 9))
    main(["check"])
    assert "(changed since accepted)" in capsys.readouterr().out

    main(["accept", "b.txt"])

    assert len(Baseline.load(BASELINE).pairs) == 2
    assert main(["check"]) == 0


def test_a_baseline_that_cannot_be_written_is_an_error(capsys):
    """With the place and the next step."""
    assert main(["accept", "--all", "--baseline", "nowhere/baseline.json"]) == 2
    assert "nowhere/baseline.json cannot be written" in capsys.readouterr().err


def test_accepting_again_changes_nothing(capsys):
    """Not even the time of the file."""
    main(["accept", "--all"])
    before = BASELINE.stat().st_mtime_ns

    main(["accept", "--all"])

    assert BASELINE.stat().st_mtime_ns == before


def test_the_baseline_does_not_depend_on_the_order_of_acceptance(run):
    """Two branches that accept the same come to the same file."""
    run("accept", "--all", "--baseline", "one.json")
    for name in ("d.txt", "a.txt"):
        run("accept", name, "--baseline", "other.json")

    assert Path("one.json").read_bytes() == Path("other.json").read_bytes()


def test_an_empty_baseline_lists_nothing(run):
    """That is no error."""
    assert run("accept", "--list") == (0, "", "")


def test_a_reason_cannot_command_the_terminal(run):
    """Signs of control are shown as signs."""
    run("accept", "a.txt", "--reason", "asked\x1b[31m for")

    assert run("accept", "--list")[1].endswith("  (asked␛[31m for)\n")


def test_a_baseline_that_was_merged_by_hand_is_not_overwritten(run):
    """It is for people to say which side holds."""
    BASELINE.write_text("<<<<<<< ours\n", "utf-8")

    code, _, err = run("accept", "--all")

    assert code == 2
    assert f"{BASELINE} is no JSON" in err
    assert BASELINE.read_text("utf-8") == "<<<<<<< ours\n"


@pytest.mark.parametrize("id_", ["b.txt", "zzzzzz"])
def test_what_is_accepted_already_is_not_accepted_again(run, id_):
    """The error says that this may be the case."""
    run("accept", "a.txt")

    code, _, err = run("accept", id_)

    assert code == 2
    assert f"nothing new is called {id_!r}: it is unknown, or accepted already" in err


def test_acceptance_brings_an_index_up_to_date(run):
    """What was read for it need not be read again."""
    run("index", "build", "-q")
    put("e.txt", story(7, 8, 9, 10))

    assert run("accept", "--all")[0] == 0
    assert run("index", "update")[2].startswith("5 articles; 0 files read")
