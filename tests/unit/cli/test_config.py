import sys
from pathlib import Path

import pytest

from kept import put
from repositories import commit

pytestmark = pytest.mark.usefixtures("corpus")


def shown(run, *words):
    """Return what is in force for a check, by key, each with its place."""
    code, out, _ = run("check", "--show-config", *words)
    assert code == 0
    return dict(line.split(" = ", 1) for line in out.splitlines() if " = " in line)


def configure(text):
    """Write the configuration file."""
    put("dedupe-news.toml", text)


def test_an_option_wins_over_the_environment_over_the_file_over_the_default(run, monkeypatch):
    """And each value says where it is from."""
    told = [shown(run)["min-shared-words"]]
    configure("min-shared-words = 31")
    told.append(shown(run)["min-shared-words"])
    monkeypatch.setenv("DEDUPE_NEWS_MIN_SHARED_WORDS", "32")
    told.append(shown(run)["min-shared-words"])
    told.append(shown(run, "--min-shared-words", "33")["min-shared-words"])

    assert [line.partition("  # ")[2] for line in told] == [
        "default",
        "dedupe-news.toml",
        "the environment",
        "the command line",
    ]
    assert [line[:2] for line in told[1:]] == ["31", "32", "33"]


VALUES = [
    ('format = "json"', "format", '"json"'),
    ("exit-zero = true", "exit-zero", "true"),
    ("diff = false", "diff", "false"),
    ("min-containment = 0.7", "min-containment", "0.7"),
    ('exclude = ["a", "b"]', "exclude", '["a", "b"]'),
    ('exclude = "a"', "exclude", '["a"]'),
    ('fail-on = ["reprint", "excerpt"]', "fail-on", '["reprint", "excerpt"]'),
    ('keep = ["longest", "id"]', "keep", '"longest,id"'),
    ('[field]\ntext = "body"', "field", '{ text = "body" }'),
    ('baseline = "a\\\\b\\"c\\nd"', "baseline", r'"a\\b\"c\nd"'),
]


@pytest.mark.parametrize(("text", "key", "value"), VALUES)
def test_values_are_those_of_the_options(run, text, key, value):
    """Lists where an option can be repeated or takes several words, switches as true or false."""
    configure(text)

    assert shown(run)[key] == f"{value}  # dedupe-news.toml"


def test_what_is_shown_can_be_used(run):
    """As a configuration file that says the same."""
    before = shown(run)
    configure(run("check", "--show-config")[1])

    assert [value.split("  #")[0] for value in shown(run).values()] == [
        value.split("  #")[0] for value in before.values()
    ]


WRONG = [
    ("min-contaiment = 1", "unknown key 'min-contaiment'", "did you mean 'min-containment'?"),
    ("min_containment = 1", "unknown key 'min_containment'", "did you mean 'min-containment'?"),
    ("zzz = 1", "unknown key 'zzz'", "there are across, all, allow-empty"),
    ("verbose = true", "unknown key 'verbose'", "hint: "),
    ("exit-zero = 1", "the value of 'exit-zero'", "true or false for a switch"),
    ("min-containment = true", "the value of 'min-containment'", "as for --min-containment"),
    ("[index]\na = 1", "the value of 'index'", "as for --index"),
    ("exclude = [1]", "the value of 'exclude'", "as for --exclude"),
    ("min-containment =", "is no TOML", "--isolated"),
    ('min-containment = "much"', "'much'", "dedupe-news check --help"),
]


@pytest.mark.parametrize(("text", "error", "hint"), WRONG)
def test_a_wrong_configuration_stops_the_run(run, text, error, hint):
    """It names the key, the file, and the next step."""
    configure(text)

    code, out, err = run("check")

    assert (code, out) == (2, "")
    assert error in err
    assert hint in err


def test_a_file_that_is_no_text_is_named(run):
    """Its bytes are not guessed at."""
    Path("dedupe-news.toml").write_bytes(b'paths = ["\xff"]')

    assert "dedupe-news.toml is no TOML" in run("check")[2]


def test_a_key_of_another_command_is_no_error(run):
    """One file serves all commands."""
    configure('paths = ["news"]\nreason = "wanted"\nwait = 3')

    assert run("check")[0] == 1


def test_a_table_of_pyproject_serves_as_well(run):
    """And what it says is shown as from there."""
    Path("dedupe-news.toml").unlink()
    put("pyproject.toml", "[tool.dedupe-news]\nexit-zero = true\nnope = 1")
    assert "unknown key 'nope' in pyproject.toml [tool.dedupe-news]" in run("check")[2]

    put("pyproject.toml", "[tool.dedupe-news]\nexit-zero = true")
    assert shown(run)["exit-zero"] == "true  # pyproject.toml [tool.dedupe-news]"


@pytest.mark.parametrize("text", ["[tool.other]", "# dedupe-news", "[tool]\ndedupe-news = 1"])
def test_a_pyproject_of_others_is_passed_over(run, monkeypatch, text):
    """The nearest file that has something to say to us is read."""
    put("news/pyproject.toml", text)
    configure("exit-zero = true")
    monkeypatch.chdir("news")

    assert shown(run)["exit-zero"].startswith("true")


def test_the_nearest_file_is_read_and_no_other(run, monkeypatch):
    """What stands further up does not shine through."""
    configure('baseline = "above.json"')
    put("news/dedupe-news.toml", "exit-zero = true")
    monkeypatch.chdir("news")

    assert shown(run)["baseline"] == '".dedupe-news-baseline.json"  # default'


def test_another_file_can_be_named(run):
    """Its folder is then the root; one that is not there is an error."""
    put("news/own.toml", "exit-zero = true")

    assert run("check", "--config", "news/own.toml")[0] == 0
    assert "news/agency.txt" not in run("check", "--config", "news/own.toml", "--show-files")[1]
    assert "there is no configuration file no.toml" in run("check", "--config", "no.toml")[2]


def test_an_isolated_run_reads_no_file(run):
    """Then a broken one does not matter, and the corpus is all there is."""
    configure("= broken")

    assert shown(run, "--isolated")["paths"] == '["."]  # default'
    assert run("check", "--isolated")[0] == 1


def test_without_a_file_the_root_of_the_repository_is_the_root(run, monkeypatch):
    """So that a check says the same in every folder."""
    Path("dedupe-news.toml").unlink()
    commit()
    monkeypatch.chdir("news")

    code, out, _ = run("check")

    assert code == 1
    assert out.startswith("news/paper.txt repeats news/agency.txt\n")


def test_what_is_not_set_is_shown_as_a_comment(run):
    """TOML has no word for nothing."""
    out = run("check", "--show-config")[1]

    assert out.startswith("# configuration: dedupe-news.toml\n")
    assert "# across is not set  # default\n" in out
    assert "show-config" not in out


def test_showing_the_configuration_to_a_closed_stdout_is_incomplete(run, monkeypatch):
    """Nobody was shown anything."""
    monkeypatch.setattr(sys, "stdout", None)

    assert run("check", "--show-config")[0] == 3
