"""Configuration files: which one is read, what it may say, and what wins."""

from pathlib import Path

import pytest

from dedupe_news.__main__ import main
from kept import put, story
from repositories import commit


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A corpus in a folder, and a folder to stand in."""
    monkeypatch.chdir(tmp_path)
    put("news/a.txt", story(1))
    put("deep/er/x.md", "")


def shown(capsys, *words):
    """Return what --show-config says, by key."""
    assert main(["check", "--show-config", *words]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("#")]
    parts = [line.replace("  # ", " = ").split(" = ", 1) for line in lines]
    return {key: value.replace(" = default", "") for key, value in parts}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dedupe-news.toml", "min-containment = 0.5"),
        ("pyproject.toml", "[tool.dedupe-news]\nmin-containment = 0.5"),
    ],
)
def test_the_nearest_file_above_is_read(name, text, capsys, monkeypatch):
    """From any folder below it."""
    put(name, text)
    monkeypatch.chdir("deep/er")

    told = shown(capsys)["min-containment"]

    assert told.startswith("0.5 = ")
    assert name in told


def test_a_project_file_of_others_is_passed_over(capsys):
    """One that says nothing about us does not end the search, even if it is broken."""
    put("dedupe-news.toml", "min-containment = 0.5")
    put("deep/pyproject.toml", "[tool.other]\nx = [")
    put("deep/er/pyproject.toml", '[project]\nname = "dedupe-news-corpus"')

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir("deep/er")
        assert shown(capsys)["min-containment"].startswith("0.5")


@pytest.mark.parametrize(
    ("environment", "words", "value"),
    [
        ({}, [], "0.5 = dedupe-news.toml"),
        ({"DEDUPE_NEWS_MIN_CONTAINMENT": "0.4"}, [], "0.4 = the environment"),
        (
            {"DEDUPE_NEWS_MIN_CONTAINMENT": "0.4"},
            ["--min-containment", "0.3"],
            "0.3 = the command line",
        ),
        ({}, ["--isolated"], "0.6"),
    ],
)
def test_what_is_typed_wins_over_the_environment_and_that_over_the_file(
    environment, words, value, capsys, monkeypatch
):
    """And the file over the default."""
    put("dedupe-news.toml", "min-containment = 0.5")
    for name, given in environment.items():
        monkeypatch.setenv(name, given)

    assert shown(capsys, *words)["min-containment"] == value


def test_lists_tables_and_switches_are_written_as_in_toml(capsys):
    """Each option takes what suits it."""
    put(
        "dedupe-news.toml",
        'keep = ["longest", "id"]\nexclude = ["drafts/"]\nfield = { text = "body" }\n'
        'fail-on = ["reprint", "update"]\ngitignore = false\ninclude = "*.txt"\nshingle-words = 4',
    )

    told = {key: value.split(" = dedupe")[0] for key, value in shown(capsys).items()}

    assert told["keep"] == '"longest,id"'
    assert told["exclude"] == '["drafts/"]'
    assert told["field"] == '{ text = "body" }'
    assert told["fail-on"] == '["reprint", "update"]'
    assert told["include"] == '["*.txt"]'
    assert told["shingle-words"] == "4"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("min-containement = 0.5", "did you mean 'min-containment'?"),
        ("path = 'news'", "did you mean 'paths'?"),
        ("zzz = 1", "there are "),
        ("show-config = true", "unknown key 'show-config'"),
        ("exclude = 7", "is of the wrong kind"),
        ("diff = 'yes'", "is of the wrong kind"),
        ("min-containment = [1]", "is of the wrong kind"),
        ("paths = 'news'", "is of the wrong kind"),
        ("min-containment = 'much'", "'much' is not a valid float, set in the configuration"),
        ("[tool.dedupe-news]\npaths = []", "without [tool.dedupe-news]"),
        ("min-containment = 7", "min-containment is 7"),
        ("min-containment = ", "is no TOML"),
    ],
)
def test_what_cannot_be_meant_ends_the_run(text, told, capsys):
    """With the next step, before anything is read."""
    put("dedupe-news.toml", text)

    assert main(["check"]) == 2
    assert told in capsys.readouterr().err


def test_a_file_can_be_named(capsys):
    """Its folder is where paths start."""
    put("elsewhere/own.toml", 'paths = ["../news"]')

    assert main(["check", "--config", "elsewhere/own.toml"]) == 0
    assert main(["check", "--config", "nothing.toml"]) == 2
    assert "there is no configuration file nothing.toml" in capsys.readouterr().err


def test_paths_say_what_the_corpus_is(capsys):
    """Relative to the file, from wherever the program is called."""
    put("dedupe-news.toml", 'paths = ["news"]')
    put("other/b.txt", story(2))

    assert main(["check", "--show-files"]) == 0
    assert capsys.readouterr().out == "news/a.txt\n"


def test_help_does_not_need_a_sound_configuration(capsys):
    """Who asks for help shall get it."""
    Path("dedupe-news.toml").write_text("nonsense", "utf-8")

    assert main(["check", "--help"]) == 0


def test_a_scan_is_configured_too_but_fails_only_when_asked(capsys):
    """What makes the gate fail does not make a question fail."""
    put("dedupe-news.toml", 'paths = ["news"]\nfail-on = ["any"]\nformat = "brief"')
    put("news/copy.txt", story(1))

    assert main(["scan"]) == 0
    assert "news/copy.txt" in capsys.readouterr().out
    assert main(["scan", "--fail-on", "any"]) == 1
    assert main(["check"]) == 1


def test_what_is_shown_can_be_used(run):
    """As a configuration file that says the same, whatever signs are in it."""
    put("dedupe-news.toml", 'baseline = "a\\\\b\\"c\\nd"\n[field]\ntext = "body"')
    code, before, _ = run("check", "--show-config")
    put("dedupe-news.toml", before)

    told = run("check", "--show-config")[1]

    assert code == 0
    assert [line.split("  # ")[0] for line in told.splitlines()] == [
        line.split("  # ")[0] for line in before.splitlines()
    ]


def test_what_is_not_set_is_shown_as_a_comment(run):
    """TOML has no word for nothing."""
    told = run("check", "--show-config")[1]

    assert told.startswith("# configuration: none\n")
    assert "# across is not set  # default\n" in told


def test_a_key_of_another_command_is_no_error(run):
    """One file serves all commands."""
    put("dedupe-news.toml", 'paths = ["news"]\nreason = "wanted"\nwait = 3')

    assert run("check") == (0, "", "")


def test_a_file_that_is_no_text_is_named(run):
    """Its bytes are not guessed at."""
    Path("dedupe-news.toml").write_bytes(b'paths = ["\xff"]')

    assert "dedupe-news.toml is no TOML" in run("check")[2]


@pytest.mark.parametrize("text", ["[tool]\ndedupe-news = 1", "# dedupe-news"])
def test_a_project_file_without_our_table_is_passed_over(run, text):
    """Though our name is in it."""
    put("pyproject.toml", text)

    assert run("check", "--show-config")[1].startswith("# configuration: none\n")


def test_without_a_file_paths_start_at_the_root_of_the_repository(run, monkeypatch):
    """So that a check says the same in every folder."""
    commit()
    monkeypatch.chdir("deep/er")

    assert run("check", "--show-files")[1] == "deep/er/x.md\nnews/a.txt\n"


def test_a_configuration_that_nobody_was_shown_is_incomplete(run, monkeypatch):
    """A closed stdout is no silence."""
    monkeypatch.setattr("sys.stdout", None)

    assert run("check", "--show-config")[0] == 3
