from dataclasses import replace

import click
import pytest

from dedupe_news.cli.talk import HintedError, error_lines, note_lines, rule_lines, say, usage_lines
from dedupe_news.errors import PathError
from dedupe_news.model import Skipped
from reports import EMPTY, FERRY, RICH

MANY = replace(
    EMPTY,
    skipped=tuple(
        Skipped(f"{number}.txt", code, "cannot be read", "chmod u+r")
        for number, code in enumerate(["unreadable"] * 4 + ["empty"])
    ),
)


def _notes(report, *, quiet=False, verbose=False):
    return list(note_lines(report, quiet=quiet, verbose=verbose))


def test_an_error_is_told_with_its_next_step():
    """One line for what, one for what to type."""
    assert list(error_lines(PathError("no file a", hint="look at b"))) == [
        "error: no file a",
        "hint: look at b",
    ]
    assert list(error_lines(PathError("no file a"))) == ["error: no file a"]


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (HintedError("SHELL knows no 'x'.", hint="try zsh"), "SHELL knows no 'x'.", "try zsh"),
        (
            click.NoSuchOption("--ful", possibilities=["--full"]),
            "no such option '--ful'",
            "did you mean --full?",
        ),
        (click.UsageError("Odd call."), "odd call", "dedupe-news --help lists what there is"),
    ],
)
def test_a_wrong_call_is_told_in_the_same_form(error, message, hint):
    """Whatever click says becomes an error and a hint."""
    assert list(usage_lines(error)) == [f"error: {message}", f"hint: {hint}"]


def test_skipped_inputs_are_counted_and_the_first_are_named():
    """A long list does not bury the result; a hint is not repeated for each."""
    assert _notes(MANY) == [
        "warning: 5 inputs took no part",
        "  0.txt: cannot be read",
        "    hint: chmod u+r",
        "  1.txt: cannot be read",
        "  2.txt: cannot be read",
        "  and 2 more (1 empty, 1 unreadable); -v names all",
    ]


def test_all_are_named_when_asked_for():
    """With what was left out on purpose."""
    assert [line for line in _notes(MANY, verbose=True) if ".txt" in line] == [
        f"  {number}.txt: cannot be read" for number in range(5)
    ]
    assert _notes(RICH, verbose=True)[-1] == "left out: 7 binary, 2 hidden"


def test_a_quiet_run_still_says_what_may_be_lost():
    """One line for what could not be read; an empty article loses nothing."""
    assert _notes(MANY, quiet=True) == ["warning: 4 inputs could not be read"]
    assert _notes(EMPTY, quiet=True) == []
    assert _notes(EMPTY) == []


def test_dates_that_decide_nothing_are_told():
    """Else the base would be chosen without them, and `--within` compare all, and nobody knew."""
    member = RICH.clusters[0].members[0]
    dates = ("05/14/2024", "14/05/2024", "2024-05-14", "2024", "unknown", "")
    members = tuple(replace(member, date=date) for date in dates)
    report = replace(RICH, clusters=(replace(RICH.clusters[0], members=members),), skipped=())

    assert _notes(report) == [
        "warning: 2 dates not understood, and taken for unknown",
        "  such as 05/14/2024",
        "    hint: write them like 2024-05-14 or 2024-05-14T09:12+02:00",
    ]
    assert _notes(report, quiet=True) == []


def test_a_source_that_no_article_has_is_told_with_the_one_that_is_near():
    """Else a rule that names it chooses nothing, and nobody knows."""
    rules = ("source:norden", "source:NORDEN PRESS", "source:Nobody", "earliest")

    assert list(rule_lines(FERRY, rules)) == [
        "warning: no article in a cluster is from 'norden'",
        "    hint: did you mean 'Norden Press'?",
        "warning: no article in a cluster is from 'Nobody'",
    ]
    assert list(rule_lines(EMPTY, rules)) == []


def test_what_is_said_cannot_drive_the_terminal(capsys):
    """File names are hostile too."""
    say("error: \x1b[2J.txt")

    assert capsys.readouterr().err == "error: ␛[2J.txt\n"
