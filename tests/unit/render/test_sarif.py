"""SARIF: held to its schema."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from hostile import HOSTILE
from reports import EMPTY, FERRY, HARBOUR, RICH

_SCHEMA = Path(__file__).parents[2] / "schemas" / "sarif-schema-2.1.0.json"
VALIDATOR = Draft7Validator(json.loads(_SCHEMA.read_text("utf-8")))


@pytest.fixture
def run(written):
    """Return a function that returns the one run of a report."""
    return lambda report, **style: json.loads(written("sarif", report, **style))["runs"][0]


@pytest.mark.parametrize("report", [FERRY, RICH, EMPTY, HARBOUR, HOSTILE])
@pytest.mark.parametrize("limit", [None, 0])
def test_it_is_valid(written, report, limit):
    """By the schema of its makers."""
    VALIDATOR.validate(json.loads(written("sarif", report, limit=limit)))


def test_a_result_points_at_the_variant_and_at_its_base(run):
    """A viewer can jump to both."""
    [result] = run(FERRY)["results"]

    assert _uri(result["locations"][0]) == "radiokust-ferry.txt"
    assert _uri(result["relatedLocations"][0]) == "np-ferry.txt"


def _uri(location):
    return location["physicalLocation"]["artifactLocation"]["uri"]


def test_each_result_names_a_rule_that_is_listed(run):
    """The index and the id agree."""
    found = run(RICH)
    rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]

    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in found["results"])
    assert {each["ruleId"] for each in found["results"]} == {"update", "reprint", "excerpt"}


def test_an_article_of_many_in_a_file_is_named_by_its_id(run):
    """The file alone would not tell which of them is meant."""
    [excerpt] = [each for each in run(RICH)["results"] if each["ruleId"] == "excerpt"]

    [place] = excerpt["locations"][0]["logicalLocations"]
    assert place["fullyQualifiedName"] == "news.jsonl#17"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b.txt", "a%20b.txt"),
        ("/corpus/å.txt", "file:///corpus/%C3%A5.txt"),
        ("a:b#c?.txt", "a%3Ab%23c%3F.txt"),
    ],
)
def test_paths_are_references(run, path, uri):
    """Relative where the path is, and never read as a scheme, a query or a fragment."""
    cluster = FERRY.clusters[0]
    members = (cluster.members[0], replace(cluster.members[1], path=path))
    report = replace(FERRY, clusters=(replace(cluster, members=members),))

    assert _uri(run(report)["results"][0]["locations"][0]) == uri


def test_what_could_not_be_read_makes_the_run_unsuccessful(run):
    """A service must not show it as clean."""
    [invocation] = run(RICH)["invocations"]

    assert invocation["executionSuccessful"] is False
    assert "needs the html extra" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_brackets_make_no_links(run):
    """Text of an article in a message is escaped as the standard asks."""
    message = run(HOSTILE)["results"][0]["relatedLocations"][0]["message"]["text"]

    assert r"\[click\](javascript:" in message


def test_an_article_made_in_memory_has_no_file(run):
    """It is named all the same."""
    cluster = FERRY.clusters[0]
    members = (cluster.members[0], replace(cluster.members[1], path=""))
    report = replace(FERRY, clusters=(replace(cluster, members=members),))

    [place] = run(report)["results"][0]["locations"]
    assert place == {"logicalLocations": [{"fullyQualifiedName": "radiokust-ferry.txt"}]}
