import pytest

from dedupe_news.cli.color import color_wanted


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize(
    ("choice", "environ", "wanted"),
    [
        ("always", {"NO_COLOR": "1", "TERM": "dumb", "CLICOLOR": "0"}, True),
        ("never", {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": "0"}, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "1", "CLICOLOR": "0", "TERM": "dumb"}, True),
        ("auto", {"CLICOLOR_FORCE": "1"}, True),
        ("auto", {"FORCE_COLOR": "0", "CLICOLOR_FORCE": "1"}, True),
        ("auto", {"CLICOLOR": "0"}, False),
        ("auto", {"TERM": "dumb"}, False),
    ],
)
def test_the_first_wish_that_is_there_decides(choice, environ, wanted, terminal):
    """The option, then NO_COLOR, then the forcing variables, then what asks for less."""
    assert color_wanted(choice, environ, terminal=terminal) is wanted


@pytest.mark.parametrize("terminal", [True, False])
@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"NO_COLOR": ""},
        {"FORCE_COLOR": ""},
        {"FORCE_COLOR": "0"},
        {"CLICOLOR_FORCE": "0"},
        {"CLICOLOR": "1"},
        {"TERM": "xterm"},
    ],
)
def test_without_a_wish_the_terminal_decides(environ, terminal):
    """Empty variables are none, and 0 does not force."""
    assert color_wanted("auto", environ, terminal=terminal) is terminal
