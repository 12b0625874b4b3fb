"""Articles as rows, in an order that does not depend on how they came."""

from itertools import permutations

import numpy as np
import pytest

from dedupe_news.core.columns import Recipe
from dedupe_news.core.scope import Scope
from dedupe_news.corpus import gather, loaded, ranked
from dedupe_news.engines.local import local_engine
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.sources import in_batches
from invented import article, prose

RECIPE = Recipe(5, "word", 16, 1)


@pytest.fixture
def corpus_of():
    """Return a function that gathers batches of items."""
    with local_engine(1) as engine:

        def _corpus_of(*batches, scope=None, recipe=RECIPE):
            scope = scope or Scope()
            made = [batch for items in batches for batch in in_batches(items)]
            return gather(loaded(made, recipe, scope, engine), recipe, scope, engine)

        yield _corpus_of


def shown(corpus):
    """Return ids by wording, and what the articles say."""
    return [
        [(corpus.ids[number], corpus.article(number)) for number in numbers]
        for numbers in corpus.copies
    ]


def test_a_wording_is_one_row_however_many_articles_have_it(corpus_of):
    """Copies are known by id, and typography makes no other wording."""
    first = article("b", 1)
    corpus = corpus_of([first, article("a", first.paragraphs[0].upper()), article("c", 2)])

    assert sorted([corpus.ids[n] for n in numbers] for numbers in corpus.copies) == [
        ["a", "b"],
        ["c"],
    ]
    assert len(corpus.columns) == 2


def test_wordings_are_ranked_by_their_texts(corpus_of):
    """Neither ids nor the order and cutting of the input change a rank."""
    articles = [article(str(seed), seed) for seed in range(4)]
    corpora = [corpus_of(order[:2], order[2:]) for order in permutations(articles)]

    found = {tuple(corpus.ids[row[0]] for row in corpus.copies) for corpus in corpora}
    assert len(found) == 1


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_digests_are_told_apart_by_both_halves(order):
    """The second decides between those that are alike in the first, which hardly ever happens."""
    digests = np.array([(1, 9), (2, 7), (2, 8), (2, 7)], np.uint64)[list(order)]
    names = [f"{digest}-{number}" for number, digest in zip(order, digests.tolist(), strict=True)]
    _, copies = ranked(digests, names, Scope().places([]), Scope())

    found = [[names[number] for number in numbers] for numbers in copies]
    assert found == [["[1, 9]-0"], ["[2, 7]-1", "[2, 7]-3"], ["[2, 8]-2"]]


def test_an_article_comes_back_as_it_was(corpus_of):
    """All that is known of it was put aside with it."""
    original = article("a", 1, title="Head", date="2017", source="NP", lang="en", url="u", path="p")

    found = {one for row in shown(corpus_of([article("z", 9), original])) for _, one in row}
    assert found == {original, article("z", 9)}


def test_words_are_those_that_were_matched(corpus_of):
    """Without what is ignored, row by row as asked for."""
    recipe = Recipe(5, "word", 16, 1, ("Photo: .*",))
    corpus = corpus_of([article("a", "one two Photo: three"), article("b", 1)], recipe=recipe)
    rank = [corpus.ids[numbers[0]] for numbers in corpus.copies].index("a")

    assert [len(row) for row in corpus.words_later([rank, 1 - rank, rank])()] == [2, 40, 2]


class TestEmpty:
    @pytest.mark.parametrize("paragraphs", [(), ("",), ("...", "—"), ("\ud800",), ("***",)])
    def test_an_article_without_words_is_skipped_with_a_reason(self, corpus_of, paragraphs):
        """It matches nothing, and it is not lost silently."""
        corpus = corpus_of([article("a", 1), Article("none", paragraphs)])

        assert list(corpus.ids) == ["a"]
        (skip,) = corpus.skipped
        assert (skip.id, skip.code, skip.unread) == ("none", "empty", False)
        assert "--field" in skip.hint

    def test_what_is_ignored_may_leave_nothing(self, corpus_of):
        """Then there is nothing to compare."""
        recipe = Recipe(5, "word", 16, 1, ("Photo: .*",))

        assert [
            skip.id for skip in corpus_of([article("a", "Photo: x")], recipe=recipe).skipped
        ] == ["a"]

    def test_an_empty_corpus_has_no_rows(self, corpus_of):
        """No batch at all is no special case."""
        corpus = corpus_of([])

        assert (len(corpus.columns), len(corpus.copies), corpus.skipped) == (0, 0, ())


def test_what_was_skipped_is_told_in_order(corpus_of):
    """By id, and then by what is said, whatever came first."""
    skips = [Skipped("b", "x", "2", ""), Skipped("b", "x", "1", ""), Skipped("a", "y", "3", "")]

    assert corpus_of(skips[:1], skips[1:]).skipped == (skips[2], skips[1], skips[0])


def test_what_was_passed_over_is_counted_by_reason(corpus_of):
    """Batches are added up."""
    corpus = corpus_of([LeftOut("hidden", 2), LeftOut("binary", 1)], [LeftOut("hidden", 3)])

    assert list(corpus.left_out.items()) == [("binary", 1), ("hidden", 5)]


class TestEqualIds:
    def test_the_second_to_claim_an_id_gets_a_number(self, corpus_of):
        """Nobody is lost, and every article can be named."""
        corpus = corpus_of([article("a", seed) for seed in range(3)])

        assert sorted(corpus.ids) == ["a", "a~2", "a~3"]

    def test_a_number_that_is_taken_is_passed_over(self, corpus_of):
        """An article that is really called so keeps its name."""
        corpus = corpus_of([article("a", 1), article("a", 2), article("a~2", 3)])

        assert sorted(corpus.ids) == ["a", "a~2", "a~3"]
        assert {one.id for row in shown(corpus) for _, one in row} == {"a", "a~2", "a~3"}

    @pytest.mark.parametrize("turn", [1, -1])
    def test_who_is_second_depends_on_what_the_articles_are(self, corpus_of, turn):
        """Also when they have one wording, and only a date or typography tells them apart."""
        text = prose(40, 1)
        articles = [
            Article("a", (text,), date="2017"),
            Article("a", (text,), date="2016"),
            Article("a", (text.upper(),), date="2016"),
            Article("a", (prose(40, 2),)),
        ]
        found = {
            one.id: (one.date, one.paragraphs)
            for r in shown(corpus_of(articles[::turn]))
            for _, one in r
        }

        assert len(found) == 4
        same_wording = [id_ for id_ in sorted(found) if found[id_][0]]
        expected = [("2016", (text.upper(),)), ("2016", (text,)), ("2017", (text,))]
        assert [found[id_] for id_ in same_wording] == expected


class TestScope:
    def test_copies_too_far_apart_are_several_rows(self, corpus_of):
        """A notice printed every year is not one article."""
        articles = [
            article(year, 1, date=year) for year in ("2015-01-01", "2015-01-03", "2016-01-01")
        ]
        corpus = corpus_of(articles, scope=Scope(within_days=7))

        assert [[corpus.ids[n] for n in numbers] for numbers in corpus.copies] == [
            ["2015-01-01", "2015-01-03"],
            ["2016-01-01"],
        ]
        assert corpus.has_copies(0)
        assert not corpus.has_copies(1)

    def test_copies_of_one_source_are_no_finds_across_sources(self, corpus_of):
        """Two sources that print one wording are."""
        scope = Scope(across="source")
        same = [article("a", 1, source="NP"), article("b", 1, source="NP")]
        both = [article("c", 2, source="NP"), article("d", 2, source="Kust")]
        corpus = corpus_of([*same, *both], scope=scope)

        found = {corpus.ids[n[0]]: corpus.has_copies(rank) for rank, n in enumerate(corpus.copies)}
        assert found == {"a": False, "c": True}
