import os

import click
import pytest
from click.testing import CliRunner

from dedupe_news.cli import options
from dedupe_news.settings import Settings


@click.command()
@options.showing
@options.matching
@options.reading
@options.walking
@options.failing
@options.jobs
def every(**typed):
    """Take every shared option."""
    every.typed = typed


def _typed(*words, **environ):
    CliRunner(env=environ).invoke(
        every, words, auto_envvar_prefix="DEDUPE_NEWS_EVERY", catch_exceptions=False
    )
    return every.typed


def test_without_options_the_settings_are_the_defaults():
    """What help shows as a default is what the library does."""
    assert options.settings(_typed()) == Settings()


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (["--min-containment", "0.7"], "min_containment", 0.7),
        (["--min-shared-words", "9"], "min_shared_words", 9),
        (["--shingle-words", "3"], "shingle_words", 3),
        (["--shingle-unit", "char"], "shingle_unit", "char"),
        (["--keep", "longest, id"], "keep", ("longest", "id")),
        (["--no-diff"], "diff", False),
        (["--within", "2w"], "within_days", 14),
        (["--across", "folder"], "across", "folder"),
        (["--ignore-text", "Photo: .*", "--ignore-text", "b"], "ignore_text", ("Photo: .*", "b")),
    ],
)
def test_each_option_of_matching_is_a_setting(words, name, value):
    """And no option is lost on the way."""
    assert getattr(options.settings(_typed(*words)), name) == value


def test_how_to_read_comes_from_the_options():
    """Fields, patterns and the encoding."""
    words = "--field text=body --field title=a.b --no-gitignore --include *.txt --encoding cp1252"
    reading = options.read_options(_typed(*words.split(), "--exclude", "old/"))

    assert dict(reading.fields) == {"text": "body", "title": "a.b"}
    assert (reading.gitignore, reading.encoding) == (False, "cp1252")
    assert (reading.include, reading.exclude) == (("*.txt",), ("old/",))


@pytest.mark.parametrize(
    ("words", "environ", "width"),
    [
        ([], {"DEDUPE_NEWS_WIDTH": "50"}, 50),
        ([], {"DEDUPE_NEWS_EVERY_WIDTH": "60", "DEDUPE_NEWS_WIDTH": "50"}, 60),
        (["--width", "70"], {"DEDUPE_NEWS_EVERY_WIDTH": "60"}, 70),
        ([], {"DEDUPE_NEWS_WIDTH": ""}, None),
    ],
)
def test_options_win_over_the_environment(words, environ, width):
    """And a variable for one command over one for all."""
    assert _typed(*words, **environ)["width"] == width


def test_the_environment_uses_the_spelling_of_the_option():
    """Not the name that the program uses inside."""
    assert _typed(DEDUPE_NEWS_FORMAT="json")["form"] == "json"
    assert _typed(DEDUPE_NEWS_FAIL_ON="reprint,update")["fail_on"] == ("reprint", "update")
    assert _typed(DEDUPE_NEWS_IGNORE_TEXT="Photo: .*\nb")["ignore_text"] == ("Photo: .*", "b")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--format", "jsn"], "did you mean json?"),
        (["--fail-on", "reprint,updat"], "did you mean update?"),
        (["--fail-on", ""], None),
        (["--color", "x"], "there are auto, always, never"),
        (["--field", "text"], "write NAME=KEY, such as text=body"),
        (["--field", "a=b", "--field", "a=c"], "a field has one key"),
        (["--within", "30"], "did you mean 30d?"),
        (["--across", "sauce"], "did you mean source?"),
        (["--ignore-text", "@nowhere.txt"], "behind @ comes a file"),
    ],
)
def test_a_wrong_value_has_a_hint(words, hint):
    """The near word where there is one, else all that there are."""
    result = CliRunner().invoke(every, words, standalone_mode=False)

    assert hint is None or result.exception.hint.startswith(hint)


def test_all_cores_are_those_of_this_process(monkeypatch):
    """A container that may use two cores gets two processes, not sixty-four."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2}, raising=False)
    assert options.all_cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert options.all_cores() == 1
