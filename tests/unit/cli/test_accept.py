import json
from pathlib import Path

import pytest

from kept import INDEX, put, story

pytestmark = pytest.mark.usefixtures("corpus")

BASELINE = Path(".dedupe-news-baseline.json")
TOLD = f"{BASELINE}: "


@pytest.fixture
def two_families(corpus):
    """A second finding beside the first."""
    put("news/more.txt", story(7, 8, 9))


@pytest.mark.parametrize("id_", ["news/paper.txt", "news/agency.txt"])
def test_what_is_accepted_is_no_finding_any_more(run, id_):
    """Whichever of the two articles is named."""
    assert run("accept", id_, "--reason", "asked for") == (0, "", f"{TOLD}+1 -0\n")

    assert run("check") == (0, "", "")
    assert json.loads(BASELINE.read_text("utf-8"))[0]["reason"] == "asked for"


def test_a_cluster_is_accepted_by_the_name_that_check_gives_it(run):
    """The line that check prints can be pasted."""
    out = run("check")[1]
    typed = next(line for line in out.splitlines() if "accept:" in line).split()

    assert run("accept", typed[3])[0] == 0
    assert run("check")[0] == 0


@pytest.mark.usefixtures("two_families")
def test_only_what_is_named_is_accepted(run):
    """The other finding stays one."""
    run("accept", "news/paper.txt")

    code, out, _ = run("check")

    assert code == 1
    assert "agency" not in out
    assert out.endswith("1 new near-duplicate (1 accepted earlier)\n")


@pytest.mark.usefixtures("two_families")
def test_all_that_a_check_finds_can_be_accepted_at_once(run):
    """This is how a corpus with a history begins."""
    assert run("accept", "--all") == (0, "", f"{TOLD}+2 -0\n")
    assert run("accept", "--all") == (0, "", f"{TOLD}+0 -0\n")


@pytest.mark.usefixtures("two_families")
def test_the_baseline_does_not_depend_on_the_order_of_acceptance(run):
    """Two branches that accept the same come to the same file."""
    run("accept", "--all", "--baseline", "one.json")
    for name in ("news/paper.txt", "news/more.txt"):
        run("accept", name, "--baseline", "other.json")

    assert Path("one.json").read_bytes() == Path("other.json").read_bytes()


def test_accepted_pairs_are_listed_with_their_reasons(run):
    """One a line, safe for a terminal."""
    run("accept", "--all", "--reason", "asked\x1b[31m for")

    code, out, err = run("accept", "--list")

    assert (code, err) == (0, "")
    assert sorted(out.split()[:2]) == ["news/agency.txt", "news/paper.txt"]
    assert out.endswith("  (asked␛[31m for)\n")


def test_an_empty_baseline_lists_nothing(run):
    """That is no error."""
    assert run("accept", "--list") == (0, "", "")


def test_pairs_of_articles_that_are_gone_can_be_pruned(run):
    """All others stay."""
    run("accept", "--all")
    assert run("accept", "--prune") == (0, "", f"{TOLD}+0 -0\n")
    Path("news/paper.txt").unlink()

    assert run("accept", "--prune") == (0, "", f"{TOLD}+0 -1\n")
    assert run("accept", "--list") == (0, "", "")


def test_a_renamed_article_stays_accepted(run):
    """What counts is what it says."""
    run("accept", "--all")
    Path("news/paper.txt").rename("news/moved.txt")

    assert run("check") == (0, "", "")


def test_an_edited_article_is_new_and_said_to_be_edited(run):
    """And accepted again it takes the place of what it was."""
    run("accept", "--all")
    put("news/paper.txt", story(1, 2, 3, 5))

    assert "repeats news/agency.txt (changed since accepted)\n" in run("check")[1]
    assert run("accept", "--all") == (0, "", f"{TOLD}+1 -1\n")
    assert run("check")[0] == 0


def test_a_further_copy_of_what_was_accepted_is_new(run):
    """Two were accepted, not three."""
    run("accept", "--all")
    put("news/third.txt", story(1, 2, 3, 4))

    code, out, _ = run("check")

    assert code == 1
    assert out.startswith("news/third.txt repeats news/agency.txt\n")


WRONG = [
    ([], "nothing to accept", "--all, --prune or --list"),
    (["news/papr.txt"], "nothing new is called 'news/papr.txt'", "did you mean news/paper.txt?"),
    (["zzzzzz"], "nothing new is called 'zzzzzz'", "dedupe-news check lists all"),
    (["--all", "--baseline", "no/b.json"], "b.json cannot be written", "the folder is there"),
]


@pytest.mark.parametrize(("words", "error", "hint"), WRONG)
def test_what_cannot_be_accepted_is_an_error(run, words, error, hint):
    """And nothing is written."""
    code, _, err = run("accept", *words)

    assert code == 2
    assert error in err
    assert hint in err
    assert not BASELINE.exists()


def test_what_is_accepted_already_is_not_accepted_again(run):
    """The error says that this may be the case."""
    run("accept", "--all")

    assert "it is unknown, or accepted already" in run("accept", "news/paper.txt")[2]


def test_a_baseline_that_was_merged_by_hand_is_not_overwritten(run):
    """It is for people to say which side holds."""
    BASELINE.write_text("<<<<<<< ours\n", "utf-8")

    code, _, err = run("accept", "--all")

    assert code == 2
    assert f"{BASELINE} is no JSON" in err
    assert BASELINE.read_text("utf-8") == "<<<<<<< ours\n"


def test_acceptance_makes_use_of_an_index(run):
    """And brings it up to date."""
    run("index", "build", "-q")
    put("news/new.txt", story(7, 8, 9))

    assert run("accept", "--all")[2] == f"{TOLD}+2 -0\n"
    assert INDEX.exists()
    assert run("index", "update")[2].startswith("4 articles; 0 files read")
