"""GitLab's code quality."""

import json

import pytest

from hostile import HOSTILE
from reports import EMPTY, FERRY, HARBOUR, RICH

KEYS = {"description", "check_name", "fingerprint", "severity", "location"}


@pytest.fixture
def findings(written):
    """Return a function that reads what was written."""
    return lambda report, **style: json.loads(written("gitlab", report, **style))


@pytest.mark.parametrize("report", [FERRY, RICH, HARBOUR, HOSTILE])
def test_each_finding_has_what_gitlab_asks_for(findings, report):
    """The keys are all there, and two fingerprints differ when two descriptions do."""
    found = findings(report)

    assert all(set(each) == KEYS for each in found)
    assert all(each["severity"] in {"info", "minor", "major"} for each in found)
    assert len({each["fingerprint"] for each in found}) == len(
        {each["description"] for each in found}
    )


def test_a_finding_stands_at_the_file_of_the_variant(findings):
    """The base is named in the sentence."""
    [found] = findings(FERRY)

    assert found["location"] == {"path": "radiokust-ferry.txt", "lines": {"begin": 1}}
    assert "np-ferry.txt" in found["description"]


def test_an_input_that_could_not_be_read_weighs_most(findings):
    """What may be lost comes before what is there twice."""
    assert [each["check_name"] for each in findings(RICH) if each["severity"] == "major"] == [
        "missing-extra"
    ]


def test_no_finding_is_an_empty_list(findings):
    """GitLab refuses an empty file."""
    assert findings(EMPTY) == []


def test_a_limit_is_one_more_entry(findings):
    """Nothing is hidden silently."""
    assert findings(RICH, limit=1)[-1]["description"] == "1 more cluster not shown"
