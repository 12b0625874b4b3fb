import json

import pytest

from dedupe_news import read, scan
from dedupe_news.cli.picking import pick
from dedupe_news.errors import DedupeNewsError
from dedupe_news.sources import ReadOptions
from invented import prose


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a text, a text whose name holds a sign, and a file of several articles."""
    (tmp_path / "a.txt").write_text("The first text.", "utf-8")
    (tmp_path / "a#b.txt").write_text("The second text.", "utf-8")
    (tmp_path / "blank.txt").write_text("", "utf-8")
    rows = [{"id": name, "text": f"Text {name}."} for name in ("x", "y", "y#z")]
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (tmp_path / "none.jsonl").write_text("", "utf-8")
    (tmp_path / ".hidden.txt").write_text("Hidden.", "utf-8")
    (tmp_path / "bad.jsonl").write_text("{", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "The first text."),
        ("a#b.txt", "The second text."),
        ("news.jsonl#x", "Text x."),
        ("news.jsonl#y", "Text y."),
        ("news.jsonl#y#z", "Text y#z."),
    ],
)
def test_an_article_is_picked_by_its_path_and_id(folder, name, text):
    """The longest beginning that is a file is the path."""
    [article] = pick([name], ReadOptions())

    assert article.paragraphs == (text,)


def test_articles_come_in_the_order_of_their_names(folder):
    """The first is the base, so the order matters."""
    picked = pick(["news.jsonl#y", "a.txt", "news.jsonl#x"], ReadOptions())

    assert [article.id for article in picked] == ["news.jsonl#y", "a.txt", "news.jsonl#x"]


def test_articles_of_one_id_are_picked_by_the_names_that_a_report_gives_them(folder):
    """What is shown as `~2` can be looked at; an article without words is shown nowhere."""
    texts = ["", prose(40, 1), f"{prose(40, 1)} {prose(5, 2)}", prose(40, 1), ""]
    rows = [
        {"id": "x", "title": f"Number {number}", "text": text} for number, text in enumerate(texts)
    ]
    (folder / "twins.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    [cluster] = scan(read("twins.jsonl")).clusters
    shown = {member.id: member.title for member in cluster.members}

    assert shown.keys() == {"twins.jsonl#x", "twins.jsonl#x~2", "twins.jsonl#x~3"}
    assert {name: pick([name], ReadOptions())[0].title for name in shown} == shown


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("news.jsonl", "news.jsonl means 3 articles", "name one: news.jsonl#x"),
        ("news.jsonl#yy", "holds no article 'news.jsonl#yy'", "did you mean news.jsonl#y?"),
        ("news.jsonl#0000000000", "holds no article", "name one: news.jsonl#x"),
        ("none.jsonl", "none.jsonl holds no article", "dedupe-news formats"),
        ("bad.jsonl", "bad.jsonl#line 1: ", ""),
        ("b.txt", "b.txt", ""),
        (".", ". means", "name one"),
    ],
)
def test_a_name_that_does_not_mean_one_article_is_an_error(folder, name, message, hint):
    """It says what the name means, and which names would do."""
    with pytest.raises(DedupeNewsError) as caught:
        pick([name], ReadOptions())

    assert message in str(caught.value)
    assert hint in caught.value.hint
