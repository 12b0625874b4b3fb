import io
import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from dedupe_news.model import Change
from dedupe_news.render import Style, renderer
from dedupe_news.render.json import dumps
from reports import EMPTY, FERRY, HARBOUR, RICH, one_change

SCHEMA = json.loads((resources.files("dedupe_news") / "report.schema.json").read_text("utf-8"))
ALL = pytest.mark.parametrize(
    "report", [FERRY, RICH, EMPTY, HARBOUR], ids=["ferry", "rich", "empty", "harbour"]
)


def printed(report, form="json", **style):
    """Return what a data format writes."""
    out = io.StringIO()
    renderer(form)(report, out, Style(**style))
    return out.getvalue()


def test_the_schema_is_sound():
    """It is itself valid JSON Schema."""
    Draft202012Validator.check_schema(SCHEMA)


@ALL
def test_the_document_is_what_the_schema_promises(report):
    """Scripts may rely on the schema."""
    Draft202012Validator(SCHEMA).validate(json.loads(printed(report)))


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda document: document.pop("settings"), "settings"),
        (lambda document: document["clusters"][0].update(extra=1), "extra"),
        (lambda document: document["clusters"][0]["variants"][0].pop("shape"), "shape"),
        (lambda document: document["clusters"][0]["variants"][0].update(resemblance=2), "maximum"),
        (lambda document: document["clusters"][0]["variants"][0]["changes"][3].pop("text"), "text"),
    ],
)
def test_the_schema_refuses_what_is_no_report(spoil, place):
    """A schema that accepts anything would promise nothing."""
    document = json.loads(printed(FERRY))
    spoil(document)

    errors = " ".join(error.message for error in Draft202012Validator(SCHEMA).iter_errors(document))
    assert place in errors or "greater than the maximum" in errors


def test_the_keys_stand_in_the_order_that_is_documented():
    """The document reads from the general to the particular."""
    document = json.loads(printed(FERRY))
    cluster = document["clusters"][0]

    assert list(document) == [
        "schema", "settings", "summary", "clusters", "skipped", "boilerplate",
    ]  # fmt: skip
    assert list(cluster) == ["id", "base", "base_reason", "members", "variants", "overlaps"]
    assert list(cluster["variants"][0]) == [
        "id", "relation", "base_in_variant", "variant_in_base", "resemblance",
        "shape", "counts", "numbers_changed", "changes",
    ]  # fmt: skip


def test_a_change_has_only_the_keys_that_mean_something():
    """Unchanged text is not repeated, and a similarity is told where there is one to tell."""
    changes = json.loads(printed(FERRY))["clusters"][0]["variants"][0]["changes"]

    assert [list(change)[3:] for change in changes[:4]] == [
        ["similarity", "words"],
        [],
        ["similarity"],
        ["text"],
    ]


def test_without_a_diff_the_keys_of_the_diff_are_absent():
    """An empty list of changes would say that nothing changed."""
    variant = json.loads(printed(HARBOUR))["clusters"][0]["variants"][0]

    assert not {"shape", "counts", "numbers_changed", "changes"} & set(variant)


def test_who_belongs_through_another_says_so():
    """`via` is there only for members that do not match the base."""
    variants = json.loads(printed(RICH))["clusters"][0]["variants"]

    assert [variant.get("via") for variant in variants] == [None, None, "np-ferry-2.txt"]


def test_shares_have_four_digits():
    """More digits would differ between machines, and mean nothing."""
    cluster = json.loads(printed(RICH))["clusters"][0]

    assert cluster["overlaps"] == [
        {
            "id": "digests/week 20.txt",
            "member": "radiokust-ferry.txt",
            "member_in_article": 0.32,
            "article_in_member": 0.0041,
        }
    ]
    assert "0.97470000" not in printed(RICH)


def test_a_limit_says_how_many_clusters_it_hides():
    """Nothing is lost silently, in data as on screen."""
    document = json.loads(printed(RICH, limit=1))

    assert (len(document["clusters"]), document["summary"]["clusters_not_shown"]) == (1, 1)
    assert document["summary"]["clusters"] == 2


@ALL
def test_lines_hold_what_the_document_holds(report):
    """JSON Lines is the same report, cut."""
    document = json.loads(printed(report))
    lines = [json.loads(line) for line in printed(report, "jsonl").splitlines()]
    parts = {kind: [] for kind in ("settings", "cluster", "skipped", "boilerplate", "summary")}
    for line in lines:
        parts[line.pop("type")].append(line)

    assert parts["settings"] == [{"schema": document["schema"], **document["settings"]}]
    assert parts["cluster"] == document["clusters"]
    assert parts["skipped"] == document["skipped"]
    assert parts["boilerplate"] == document["boilerplate"]
    assert [document["summary"]] == parts["summary"]


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_comes_back_as_it_went_in(text):
    """Parsing what was printed is the identity, for every text that can be written."""
    change = Change("added", (), (0,), 0.0, (), text)
    document = json.loads(printed(one_change(change)))

    assert document["clusters"][0]["variants"][0]["changes"][0]["text"] == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("é漢🙂", '"é漢🙂"'),
        ("half \ud83d here", '"half \\ud83d here"'),
        ('a"b\\\n', '"a\\"b\\\\\\n"'),
        ("\x1b", '"\\u001b"'),
    ],
)
def test_text_is_readable_and_can_be_written_in_utf_8(text, shown):
    """Scripts stay as they are; what no encoding can write is escaped."""
    assert dumps(text) == shown
    assert json.loads(dumps(text)) == text
    dumps(text).encode("utf-8")


def test_what_is_no_number_is_refused():
    """NaN is not JSON, and no share either."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        dumps(float("nan"))
