import re

import click
import pytest

from dedupe_news.cli.talk import HintedError
from dedupe_news.cli.values import LINES, days, patterns

PARAM = click.Option(["--thing"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("30d", 30),
        ("2w", 14),
        ("12h", 0.5),
        ("1.5d", 1.5),
        ("0d", 0),
        (" 7 D ", 7),
    ],
)
def test_a_span_is_a_number_and_a_unit(text, expected):
    """Hours, days and weeks, as days; blanks and case do not matter."""
    assert days(None, PARAM, text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("30", "did you mean 30d?"),
        ("3m", "write hours, days or weeks: 12h, 30d, 2w"),
        ("d", "write hours"),
        ("", "write hours"),
        ("-3d", "write hours"),
        ("1d12h", "write hours"),
        ("١d", "write hours"),
    ],
)
def test_what_is_no_span_is_an_error_with_a_next_step(text, hint):
    """A month has no length, and a number alone no unit."""
    with pytest.raises(HintedError, match=re.escape(f"--thing knows no span {text!r}")) as caught:
        days(None, PARAM, text)

    assert caught.value.hint.startswith(hint)


def test_patterns_of_a_file_stand_where_it_was_named(tmp_path):
    """One on each line; comments and empty lines are none, blanks belong to a pattern."""
    file = tmp_path / "ignore.txt"
    file.write_text("\ufeffPhoto: .*\n\n# credits\n  by \\w+ \n\\#end\n", "utf-8")

    found = patterns(None, PARAM, ("first", f"@{file}", "last"))

    assert found == ("first", "Photo: .*", "  by \\w+ ", "\\#end", "last")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, "--thing cannot read .*ignore.txt: No such file"),
        (b"caf\xe9", "--thing cannot read .*ignore.txt: it is not UTF-8"),
        (b"fine\n(open", r"ignore.txt:2: '\(open' is no regular expression: missing \)"),
    ],
)
def test_a_file_of_patterns_that_is_no_use_is_named(tmp_path, content, error):
    """With its line, where one line is to blame."""
    file = tmp_path / "ignore.txt"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(HintedError, match=error) as caught:
        patterns(None, PARAM, (f"@{file}",))

    assert caught.value.hint


def test_the_environment_gives_one_pattern_a_line():
    """A blank may stand in a pattern: `Photo: .*` must not become `Photo:` and `.*`."""
    assert LINES.split_envvar_value("Photo: .*\nby .*") == ["Photo: .*", "by .*"]
