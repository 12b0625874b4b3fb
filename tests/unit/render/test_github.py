"""Commands of GitHub Actions."""

import re
from urllib.parse import unquote

import pytest

from hostile import HOSTILE
from reports import EMPTY, FERRY, RICH

_COMMAND = re.compile(r"::(warning|notice) ((?:\w+=[^:,]*,?)*)::(.+)")


@pytest.fixture
def commands(written):
    """Return a function that reads the lines as a runner does: each must be a command."""

    def read(report):
        found = [_COMMAND.fullmatch(line) for line in written("github", report).splitlines()]
        assert all(found)
        return [(hit[1], _values(hit[2]), unquote(hit[3])) for hit in found]

    return read


def _values(text):
    return {key: unquote(value) for key, value in (pair.split("=", 1) for pair in text.split(","))}


def test_a_variant_is_a_warning_at_its_file(commands):
    """The note stands where a reader can act on it."""
    level, place, message = commands(FERRY)[0]

    assert level == "warning"
    assert place["file"] == "radiokust-ferry.txt"
    assert message.startswith("radiokust-ferry.txt reprints np-ferry.txt: 97% of its words")


def test_an_update_is_only_a_notice(commands):
    """An agency may repeat itself."""
    levels = {place["title"].split()[0]: level for level, place, _ in commands(RICH)}

    assert (levels["update"], levels["reprint"]) == ("notice", "warning")


def test_without_a_finding_the_totals_are_left(commands):
    """Silence could also mean that nothing ran."""
    assert [message for _, _, message in commands(EMPTY)] == [
        "0 clusters, 0 of 5 articles in clusters"
    ]


def test_no_article_can_write_a_command_of_its_own(commands):
    """One line for the variant, one for the totals: hostile names stay values."""
    found = commands(HOSTILE)

    assert len(found) == 2
    assert found[0][1]["file"] == "in/variant`|*.txt"
