"""Has this been published before?"""

import pytest

from dedupe_news.model import Article
from dedupe_news.query import Queries
from dedupe_news.stamp import opened
from invented import prose
from kept import INDEX, KEEPING, put, story, updated


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Return what asks an index of a report, its copy, a reprint and strangers."""
    monkeypatch.chdir(tmp_path)
    put("a.txt", story(1, 2, 3))
    put("copy.txt", story(1, 2, 3))
    put("b.txt", story(1, 2, 3, 4))
    for number in range(8):
        put(f"site/{number}.txt", story(20 + number, footer=prose(30, 990)))
    updated()
    with opened(INDEX, KEEPING) as store:
        queries = Queries(store, KEEPING)

        def answer(text, id_="asked"):
            cluster = queries.answer(Article.from_text(id_, text)).cluster
            return {variant.id: variant for variant in cluster.variants} if cluster else {}

        yield answer


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (story(1, 2, 3, 5), ["a.txt", "b.txt", "copy.txt"]),
        (story(1, 2, 3), ["a.txt", "b.txt", "copy.txt"]),
        (story(40, 41), []),
        (story(50, footer=prose(30, 990)), []),
        ("", []),
    ],
    ids=["a reprint", "a copy", "a stranger", "a stranger with a known footer", "nothing"],
)
def test_what_was_published_before_is_found(ask, text, found):
    """All copies of it, and no boilerplate."""
    assert sorted(ask(text)) == found


def test_shares_are_of_the_question(ask):
    """How much of it has been published."""
    found = ask(story(1, 2, 3, 5))

    assert found["a.txt"].base_in_variant == pytest.approx(0.75, abs=0.02)
    assert found["a.txt"].alignment.counts.removed == 1


def test_a_question_may_have_the_name_of_an_answer(ask):
    """A file that is in the corpus can be asked about."""
    assert sorted(ask(story(1, 2, 3), "a.txt")) == ["a.txt", "b.txt", "copy.txt"]


def test_a_text_without_words_is_told_from_a_stranger(ask):
    """Nothing was looked for."""
    with opened(INDEX, KEEPING) as store:
        queries = Queries(store, KEEPING)

        assert not queries.answer(Article.from_text("x", "...")).has_words
        assert queries.answer(Article.from_text("x", story(40))).has_words
