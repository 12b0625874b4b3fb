"""What a run took."""

import re
import sys

import click
import pytest

from dedupe_news.cli.stats import Stopwatch
from dedupe_news.cli.talk import HintedError
from dedupe_news.cli.values import size

OPTION = click.Option(["--memory"])


def test_time_is_told_by_stage_in_their_order():
    """What a stage took ends where the next one is heard of last."""
    heard = []
    watch = Stopwatch(lambda *news: heard.append(news))
    watch.advance("read", 1, None)
    watch.advance("compare", 2, 3)

    time, memory = watch.lines()
    assert re.fullmatch(r"time: \d+\.\d\d s in all, reading \d.* s, comparing \d.* s", time)
    assert re.fullmatch(r"memory: [\d,]+ MB at the peak(, a worker [\d,]+ MB)?", memory)
    assert heard == [("read", 1, None), ("compare", 2, 3)]


def test_memory_is_left_out_where_the_system_does_not_tell(monkeypatch):
    """Windows has no such module."""
    monkeypatch.setitem(sys.modules, "resource", None)

    assert len(Stopwatch(lambda *_: None).lines()) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("500M", 500_000_000), ("2g", 2 * 10**9), ("1.5 GB", 15 * 10**8), ("64KiB", 64_000), ("7", 7)],
)
def test_a_size_is_read_with_its_unit(text, expected):
    """In the ways that people write one."""
    assert size(None, OPTION, text) == expected


@pytest.mark.parametrize("text", ["", "much", "5 apples", "-3M"])
def test_a_size_without_number_or_with_an_unknown_unit_is_refused(text):
    """With an example of what can be written."""
    with pytest.raises(HintedError, match="knows no size") as caught:
        size(None, OPTION, text)

    assert "500M" in caught.value.hint


def test_no_size_is_none():
    """The default is the caller's."""
    assert size(None, OPTION, None) is None
