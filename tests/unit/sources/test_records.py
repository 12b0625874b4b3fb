"""Articles from records with keys of many origins."""

import pytest

from dedupe_news.model import Article, Skipped
from dedupe_news.sources.records import FIELD_NAMES, Records, field_of


def made(record, fields=None, number=1, name="f.jsonl"):
    """Return what comes of a record."""
    return Records(name, fields or {}).article(record, number)


@pytest.mark.parametrize(
    "record",
    [
        {"text": "Body.", "title": "T", "date": "2024-05-14", "url": "u", "source": "S"},
        {"maintext": "Body.", "title": "T", "date_publish": "2024-05-14", "url": "u"}
        | {"source_domain": "S"},
        {"articleBody": "Body.", "headline": "T", "datePublished": "2024-05-14"}
        | {"publisher": {"@type": "Organization", "name": "S"}, "url": "u"},
        {"content": "Body.", "title": "T", "publishedAt": "2024-05-14", "link": "u"}
        | {"source": {"id": None, "name": "S"}},
        {"Full Text": "Body.", "Headline": "T", "Publication Date": "20240514", "URL": "u"}
        | {"Publication": "S"},
        {"paragraphs": [{"text": "Body."}], "title": "T", "pubDate": 1715644800, "link": "u"}
        | {"sitename": "S", "date": "2024-05-14"},
        {"_id": {"$oid": "f"}, "body": ["Body."], "headline": {"main": "T"}}
        | {"created_at": {"$date": "2024-05-14"}, "permalink": "u", "hostname": "S"},
        {"content": {"rendered": "Body.", "protected": False}, "title": {"rendered": "T"}}
        | {"date": "2024-05-14", "link": "u", "source": "S"},
        {"content": [{"type": "text/html", "value": "Body."}], "title": "T", "link": "u"}
        | {"published": "Tue, 14 May 2024", "source": {"title": "S"}},
    ],
    ids=[
        *("plain", "news-please", "schema.org", "news api", "table", "list", "mongo"),
        *("wordpress", "feed"),
    ],
)
def test_usual_names_are_known(record):
    """What scrapers, agencies and archives call the fields needs no option."""
    article = made(record)

    assert isinstance(article, Article)
    assert article.paragraphs == ("Body.",)
    shown = (article.title, article.date, article.url, article.source)
    assert shown == ("T", "2024-05-14", "u", "S")


@pytest.mark.parametrize(
    ("fields", "record", "expected"),
    [
        ({"text": "b"}, {"b": "Body.", "text": "no"}, "Body."),
        ({"text": "a.b"}, {"a": {"b": "Body."}}, "Body."),
        ({"text": "a.b"}, {"a.b": "Body.", "a": {"b": "no"}}, "Body."),
        ({"text": "a.1.b"}, {"a": [{}, {"b": "Body."}]}, "Body."),
    ],
)
def test_a_given_key_wins(fields, record, expected):
    """A dotted key leads into objects and lists, unless a key has that very name."""
    assert made(record, fields).paragraphs == (expected,)


@pytest.mark.parametrize("value", [None, "", " \n ", float("nan"), [], [None, ""]])
def test_an_empty_text_is_an_article_without_paragraphs(value):
    """It was read, and holds nothing; whether that matters is for the run to say."""
    assert made({"text": value}) == Article("f.jsonl#1", (), path="f.jsonl")


@pytest.mark.parametrize(
    "value", [12, True, {"html": "x"}, [{"html": "x"}], ["a", 3], [[[[[[[[[["a"]]]]]]]]]]]
)
def test_a_value_that_cannot_be_a_text_is_a_missing_text(value):
    """Numbers and unknown objects are not made words of."""
    assert made({"text": value}).code == "missing-field"


@pytest.mark.parametrize("key", ["a.x.b", "a.9.b", "a.0.b.c", "b", "a.b"])
def test_a_dotted_key_that_leads_nowhere_is_a_missing_text(key):
    """Each step must exist."""
    assert made({"a": [{"b": "Body."}]}, {"text": key}).code == "missing-field"


def test_a_missing_text_is_told_with_the_keys_there_are():
    """The hint says what to type next."""
    skip = made({"lede": "x", "story_html": "y"})

    assert isinstance(skip, Skipped)
    assert (skip.id, skip.code) == ("f.jsonl#1", "missing-field")
    assert "lede, story_html" in skip.hint
    assert "--field text=KEY" in skip.hint


def test_keys_inside_of_objects_are_told_as_they_are_typed():
    """`content` alone would not do."""
    assert (
        "its keys are: id, fields.html, fields.wide; "
        in made({"id": 1, "fields": {"html": "x", "wide": {"a": "y"}}}).hint
    )


def test_pictures_among_the_paragraphs_are_passed_over():
    """Systems of newsrooms keep a text as a list of blocks."""
    blocks = [
        {"type": "text", "content": "One."},
        {"type": "image", "url": "u"},
        {"content": "Two."},
    ]

    assert made({"body": blocks}).paragraphs == ("One.", "Two.")


def test_many_keys_are_cut_in_the_hint_and_control_signs_are_shown():
    """A hostile record does not flood or drive the terminal."""
    hint = made({f"k{number}\x1b": "" for number in range(99)}).hint

    assert len(hint) < 200
    assert "\x1b" not in hint
    assert len(made({"An article without a header. " * 9: ""}).hint) < 200


def test_the_first_key_with_a_value_wins():
    """A record may have `text` and leave it empty."""
    assert made({"text": "", "body": "Body.", "title": None, "headline": "T"}).title == "T"
    assert made({"text": "", "body": "Body."}).paragraphs == ("Body.",)


@pytest.mark.parametrize(
    ("name", "own", "expected"),
    [
        ("f.jsonl", "x7", "f.jsonl#x7"),
        ("f.jsonl", 12, "f.jsonl#12"),
        ("f.jsonl", None, "f.jsonl#3"),
        ("f.jsonl", "a\nb\x1b", "f.jsonl#a b\\x1b"),
        ("-", "x7", "x7"),
        ("-", "", "-#3"),
    ],
)
def test_an_id_names_the_file_and_the_record(name, own, expected):
    """Its own id tells a record, or else its number; ids are printable."""
    assert made({"id": own, "text": "Body."}, number=3, name=name).id == expected


@pytest.mark.parametrize(
    ("record", "field", "expected"),
    [
        ({"authors": ["A", "B"]}, "author", "A, B"),
        ({"author": [{"name": "A"}, {"name": "B"}]}, "author", "A, B"),
        ({"title": " two\n lines "}, "title", "two lines"),
        ({"title": "a\0b\ud800"}, "title", "a b\ufffd"),
        ({"lang": "en_US"}, "lang", "en-US"),
        ({"source": float("nan")}, "source", ""),
        ({"title": False}, "title", ""),
        ({"date": 20240514}, "date", "2024-05-14"),
        ({"date": "spring"}, "date", "spring"),
    ],
)
def test_metadata_of_any_type_becomes_one_line(record, field, expected):
    """Lists, objects and numbers are shown as a person would write them."""
    assert getattr(made({"text": "Body.", **record}), field) == expected


def test_each_paragraph_of_a_list_is_cut_like_a_text():
    """A list of paragraphs may hold some that are several."""
    assert made({"body": ["One.\n\nTwo.", "Three."]}).paragraphs == ("One.", "Two.", "Three.")


def test_every_field_name_is_a_usual_name_of_itself():
    """The words of the options are understood in files."""
    assert [field_of(name) for name in FIELD_NAMES] == list(FIELD_NAMES)
