import pytest

from dedupe_news.cli.exits import Exit, exit_code, has_finding
from reports import EMPTY, FERRY, RICH


@pytest.mark.parametrize(
    ("found", "complete", "code"),
    [
        (False, True, Exit.RAN),
        (True, True, Exit.FOUND),
        (False, False, Exit.INCOMPLETE),
        (True, False, Exit.INCOMPLETE),
    ],
)
def test_what_is_missing_weighs_more_than_what_was_found(found, complete, code):
    """A script must not take an incomplete run for a complete one."""
    assert exit_code(found=found, complete=complete) == code


@pytest.mark.parametrize(
    ("report", "wanted", "found"),
    [
        (FERRY, (), False),
        (FERRY, ("any",), True),
        (FERRY, ("reprint",), True),
        (FERRY, ("update", "excerpt"), False),
        (RICH, ("update", "excerpt"), True),
        (EMPTY, ("any",), False),
    ],
)
def test_a_finding_is_what_was_asked_for(report, wanted, found):
    """Any variant, or one of the relations that are named."""
    assert has_finding(report.clusters, wanted) is found
