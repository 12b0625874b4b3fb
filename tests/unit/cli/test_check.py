import json
from pathlib import Path

import pytest

from kept import INDEX, put, story
from repositories import commit, git

pytestmark = pytest.mark.usefixtures("corpus")


def test_a_repeated_article_is_a_finding(run):
    """The code is 1, and each finding says what to type next."""
    code, out, err = run("check")
    variant, facts, see, accept, total = out.splitlines()

    assert (code, err) == (1, "")
    assert variant == "news/paper.txt repeats news/agency.txt"
    assert facts == "  reprint: 100% of its words, 1 paragraph added (60 words)"
    assert see == "  see:    dedupe-news diff news/agency.txt news/paper.txt"
    assert accept.startswith("  accept: dedupe-news accept ")
    assert accept.endswith(" --reason '...'")
    assert total == "1 new near-duplicate"


def test_nothing_is_said_when_all_is_fine(run):
    """A hook that passes is silent."""
    Path("news/paper.txt").unlink()

    assert run("check") == (0, "", "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--exit-zero"], 0),
        (["--fail-on", "reprint"], 1),
        (["--fail-on", "identical,excerpt"], 0),
        (["--fail-on", "any"], 1),
        (["--min-containment", "2"], 2),
        (["--since", "no-such-commit"], 2),
        (["news/nowhere.txt"], 2),
    ],
)
def test_the_code_says_what_came_of_a_check(run, words, code):
    """What counts as a failure can be chosen; a check that could not run is none that passed."""
    commit()

    assert run("check", *words)[0] == code


def test_a_corpus_without_articles_is_an_error(run):
    """An empty check must not look like a clean one, unless that is wanted."""
    for path in Path("news").iterdir():
        path.unlink()
    put("news/photo.jpg", "no text")

    code, out, err = run("check")

    assert (code, out) == (2, "")
    assert "error: no article was found in news (seen: 1 other-format)" in err
    assert "--allow-empty" in err
    assert run("check", "--allow-empty") == (0, "", "")


@pytest.mark.parametrize(("words", "code"), [([], 3), (["--skip-unreadable"], 1)])
def test_what_cannot_be_read_makes_a_check_incomplete(run, words, code):
    """Also where there are findings: what is missing weighs more."""
    put("news/broken.jsonl", "{")

    assert run("check", *words)[0] == code


def test_a_named_file_is_held_against_the_whole_corpus(run):
    """And findings between other files are not its business."""
    put("news/new.txt", story(7, 8, 9))

    code, out, _ = run("check", "news/new.txt")

    assert code == 1
    assert "news/other.txt" in out
    assert "agency" not in out


@pytest.mark.parametrize("name", ["notes.txt", "news/draft.txt"])
def test_files_outside_the_corpus_are_passed_over(run, name):
    """A hook hands over whatever was staged; -v tells how much of it was no article."""
    put("dedupe-news.toml", 'paths = ["news"]\nexclude = ["draft*"]\n')
    put(name, story(1, 2))

    assert run("check", name) == (0, "", "")
    assert run("check", "-v", name) == (0, "", f"not of the corpus: 1 ({name})\n")


def test_names_are_relative_to_where_they_were_typed(run, monkeypatch):
    """And what is shown is relative to the root."""
    monkeypatch.chdir("news")

    code, out, err = run("check", "-v", "paper.txt")

    assert code == 1
    assert out.startswith("news/paper.txt repeats")
    assert err.startswith("note: paths are relative to ")


def test_inside_git_the_corpus_is_what_is_tracked(run):
    """A draft that nobody has added neither fails a check nor helps it."""
    commit()
    put("news/draft.txt", story(7, 8))

    assert "draft" not in run("check")[1]
    git("add", ".")
    assert "news/draft.txt" in run("check")[1]


def test_only_what_is_new_since_a_commit_is_looked_at(run):
    """What was there before is history, in whatever file it stands now."""
    commit()
    assert run("check", "--since", "HEAD") == (0, "", "")
    put("news/new.txt", story(7, 8, 9))
    git("mv", "news/paper.txt", "news/moved.txt")
    git("add", ".")

    code, out, _ = run("check", "--since", "HEAD")

    assert code == 1
    assert "moved" not in out
    assert out.endswith("1 new near-duplicate\n")
    assert run("check", "--since", "HEAD", "news/agency.txt") == (0, "", "")


def test_a_check_shows_the_files_it_would_read(run):
    """One a line, for scripts."""
    files = ["news/agency.txt", "news/other.txt", "news/paper.txt"]

    assert run("check", "--show-files") == (0, "".join(f"{file}\n" for file in files), "")


def test_a_report_is_written_in_every_form_that_scan_knows(run):
    """To stdout, and to files relative to where they were typed."""
    code, out, _ = run("check", "-f", "json", "-o", "news.sarif")

    assert code == 1
    assert json.loads(out)["clusters"][0]["base"] == "news/agency.txt"
    assert json.loads(Path("news.sarif").read_text("utf-8"))["version"] == "2.1.0"


def test_a_target_among_the_articles_is_not_read(run):
    """A report of the last run is no article of the next."""
    run("check", "-o", "news/report.json")

    code, _, err = run("check", "-o", "news/report.json")

    assert (code, err) == (1, "")


def test_an_index_that_is_there_is_brought_up_to_date(run):
    """Unless it is not wanted; the findings are the same."""
    run("index", "build", "-q")
    before = INDEX.stat().st_mtime_ns
    without = run("check", "--no-index")
    put("news/new.txt", story(7, 8, 9))

    assert without[1].endswith("1 new near-duplicate\n")
    assert INDEX.stat().st_mtime_ns == before
    assert run("check")[1].endswith("2 new near-duplicates\n")
    assert run("index", "update")[2].startswith("4 articles; 0 files read")


def test_an_index_that_cannot_be_written_is_done_without(run, monkeypatch):
    """A check says so and reads the corpus itself."""
    run("index", "build", "-q")
    put("news/new.txt", story(7, 8, 9))

    def denied(*_):
        raise PermissionError(13, "Permission denied", str(INDEX))

    monkeypatch.setattr("dedupe_news.gate.bring_up_to_date", denied)

    code, out, err = run("check")

    assert code == 1
    assert out.endswith("2 new near-duplicates\n")
    assert err.startswith("note: the index is not used: ")
    assert run("check", "-q")[2] == ""
