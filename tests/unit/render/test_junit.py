"""JUnit: held to its schema, and read back by a parser."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from hostile import HOSTILE
from reports import EMPTY, FERRY, HARBOUR, RICH

SCHEMA = xmlschema.XMLSchema(Path(__file__).parents[2] / "schemas" / "junit-10.xsd")


@pytest.mark.parametrize("report", [FERRY, RICH, EMPTY, HARBOUR, HOSTILE])
@pytest.mark.parametrize("limit", [None, 0])
def test_it_is_valid(written, report, limit):
    """By the schema that Jenkins uses."""
    SCHEMA.validate(written("junit", report, limit=limit))


@pytest.mark.parametrize("report", [FERRY, RICH, EMPTY, HOSTILE])
def test_the_totals_are_what_is_there(written, report):
    """Tests, failures and errors add up, for the whole and for each suite."""
    root = ET.fromstring(written("junit", report))

    for suite in (root, *root):
        assert int(suite.get("tests")) == len(suite.findall(".//testcase"))
        assert int(suite.get("failures")) == len(suite.findall(".//failure"))
        assert int(suite.get("errors")) == len(suite.findall(".//error"))


def test_a_variant_fails_and_its_base_does_not(written):
    """The sentence says what it repeats."""
    cases = ET.fromstring(written("junit", FERRY)).findall(".//testcase")

    failed = {case.get("name"): case.find("failure") is not None for case in cases}
    assert failed["radiokust-ferry.txt"]
    assert not failed["np-ferry.txt"]
    assert "reprints np-ferry.txt" in cases[1].find("failure").get("message")


def test_hostile_names_are_names(written):
    """Markup in an id is text after parsing."""
    cases = ET.fromstring(written("junit", HOSTILE)).findall(".//testcase")

    assert [case.get("name") for case in cases][:2] == ["base <b>&'\".txt", "variant`|*.txt#1"]
