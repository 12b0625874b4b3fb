"""Reports read back."""

import io
import json
from importlib.resources import files

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from strategies import families

from dedupe_news import Article, UsageError, diff
from dedupe_news.render import Style, renderer
from dedupe_news.replay import parse_report
from hostile import HOSTILE
from reports import EMPTY, FERRY, HARBOUR, RICH


def printed(report, form="json", **style):
    """Return what a data format writes."""
    out = io.StringIO()
    renderer(form)(report, out, Style(**style))
    return out.getvalue()


@pytest.mark.parametrize("form", ["json", "jsonl"])
@pytest.mark.parametrize("report", [FERRY, RICH, EMPTY, HARBOUR, HOSTILE])
def test_what_was_printed_is_what_is_read(form, report):
    """Printing it again gives the same bytes."""
    text = printed(report, form)

    assert printed(parse_report(text, "x"), form) == text


@given(families())
def test_every_report_survives(family):
    """Whatever the changes are."""
    base, variant = (Article(name, tuple(text)) for name, text in zip("ab", family, strict=True))
    text = printed(diff(base, variant), full=True)

    assert printed(parse_report(text, "x"), full=True) == text


def test_texts_come_back_with_the_full_form():
    """And only then."""
    full = parse_report(printed(FERRY, full=True), "x").clusters[0]
    bare = parse_report(printed(FERRY), "x").clusters[0]

    assert full.base_texts == FERRY.clusters[0].base_texts
    assert full.variants[0].texts == FERRY.clusters[0].variants[0].texts
    assert (bare.base_texts, bare.variants[0].texts) == ((), ())


@pytest.mark.parametrize("report", [FERRY, RICH, EMPTY, HARBOUR, HOSTILE])
def test_the_full_form_is_what_the_schema_promises(report):
    """Texts are a part of the form."""
    schema = json.loads((files("dedupe_news") / "report.schema.json").read_text("utf-8"))

    Draft202012Validator(schema).validate(json.loads(printed(report, full=True)))


def test_hidden_clusters_stay_counted():
    """A report that was cut short does not look whole afterwards."""
    once = printed(RICH, limit=1)

    assert '"clusters_not_shown": 1' in printed(parse_report(once, "x"))


def spoilt(path, value):
    """Return the text of a report in which one value is another."""
    document = json.loads(printed(FERRY))
    *above, last = path
    part = document
    for name in above:
        part = part[name]
    if value is None:
        del part[last]
    else:
        part[last] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["summary", "articles"], None, "summary has no 'articles'"),
        (["summary", "articles"], True, "summary.articles is True, not a whole number"),
        (["settings"], None, "it has no 'settings'"),
        (["settings", "seed"], [1], "settings.seed is [1], not a text or"),
        (["clusters"], {}, "clusters is no list"),
        (["clusters", 0], 1, "clusters[0] is no object"),
        (["clusters", 0, "id"], 7, "clusters[0].id is 7, not a text"),
        (["clusters", 0, "members"], [], "clusters[0].members are not the base and"),
        (["clusters", 0, "base"], "other", "clusters[0].members are not the base and"),
        (["clusters", 0, "members", 0], "x", "members[0] is 'x', not an object"),
        (["clusters", 0, "variants", 0, "relation"], "cousin", "not one of identical, reprint"),
        (["clusters", 0, "variants", 0, "shape"], None, "has no 'shape'"),
        (["clusters", 0, "variants", 0, "changes"], "none", "is 'none', not a list"),
        (["clusters", 0, "variants", 0, "changes", 0, "words", 0], ["="], "not a list of 2"),
        (["skipped"], "x" * 99, "skipped is 'xxx"),
    ],
)
def test_a_broken_report_is_refused_with_the_place(path, value, message):
    """Whoever made it by hand can mend it."""
    with pytest.raises(UsageError) as caught:
        parse_report(spoilt(path, value), "scan.json")

    assert message in str(caught.value)
    assert str(caught.value).startswith("scan.json is no whole report: ")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('{"schema": "dedupe-news/2"}', "has the form dedupe-news/2", "scan again"),
        ('{"schema": "other/1"}', "does not say that it has the form", "scan --format json"),
        ("{}", "does not say that it has the form", "scan --format json"),
        ("[]", "it holds no object", "scan --format json"),
        ("", "is no report", "scan --format json"),
        ("{", "is no JSON: ", "scan --format json"),
        ("{}\n{}", "is no JSON: ", "scan --format json"),
        ('{"type": "cluster"}\n{"type": "summary"}', "does not say", "scan --format json"),
        ("[" * 100_000, "is no JSON: ", "scan --format json"),
    ],
)
def test_what_is_no_report_of_this_version_is_refused(text, message, hint):
    """The error says what it is, and the hint what to do."""
    with pytest.raises(UsageError, match=message) as caught:
        parse_report(text, "scan.json")

    assert hint in caught.value.hint


def test_what_is_not_known_is_passed_over():
    """A later report of the same form may say more."""
    text = spoilt(["clusters", 0, "members", 0, "mood"], "hopeful")

    assert printed(parse_report(text, "x")) == printed(FERRY)
