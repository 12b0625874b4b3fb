"""Numbers become texts again."""

from itertools import chain

import numpy as np
import pytest

from dedupe_news import families as module
from dedupe_news.core.clusters import Clustering
from dedupe_news.core.columns import Recipe
from dedupe_news.core.insight import Insight
from dedupe_news.core.scope import Scope
from dedupe_news.core.verify import Comparisons
from dedupe_news.corpus import gather, loaded
from dedupe_news.engines.local import local_engine
from dedupe_news.families import portions_of
from dedupe_news.sources import in_batches
from invented import article

RECIPE, SCOPE = Recipe(5, "word", 16, 1), Scope()


@pytest.fixture
def corpus():
    """Return five wordings; the first has three copies, the last two."""
    articles = [
        article(f"{seed}{copy}", seed) for seed in range(5) for copy in "ab"[: 1 + seed % 4]
    ]
    with local_engine(1) as engine:
        parts = loaded(in_batches(articles), RECIPE, SCOPE, engine)
        yield gather(parts, RECIPE, SCOPE, engine)


def comparisons(*pairs):
    """Return pairs with their containment; 0.6 and more match."""
    left, right, shares = (np.array(column) for column in zip(*pairs, strict=True))
    return Comparisons(left, right, shares, shares / 2, shares >= 0.6)


def families_of(*arguments):
    """Return families with their articles."""
    return [family for portion in portions_of(*arguments) for family in portion.families()]


def ids(articles):
    """Return the ids of some articles."""
    return [one.id for one in articles]


def copies(corpus, rank):
    """Return the ids of the articles of a wording."""
    return [corpus.ids[number] for number in corpus.copies[rank]]


def test_a_family_holds_every_copy_of_its_wordings(corpus):
    """Cluster by cluster, and then the copies that match no other wording."""
    pairs = comparisons((0, 1, 0.9), (0, 2, 0.3))
    families = families_of(Clustering(((0, 1),), ()), pairs, corpus)

    alone = [copies(corpus, rank) for rank in (2, 3, 4) if len(copies(corpus, rank)) > 1]
    assert [ids(one.articles) for one in families] == [
        copies(corpus, 0) + copies(corpus, 1),
        *alone,
    ]


def test_links_name_the_wordings_that_match(corpus):
    """With how strongly; copies have one number, and what does not match is no link."""
    pairs = comparisons((0, 1, 0.8), (0, 2, 0.3), (1, 2, 0.6))
    family = families_of(Clustering(((0, 1, 2),), ()), pairs, corpus)[0]

    left, right, strength = (column.tolist() for column in family.links)
    assert (left, right) == ([0, 1], [1, 2])
    assert strength == pytest.approx([1.2, 0.9])
    assert list(family.wordings) == [
        rank for rank in range(3) for _ in range(len(copies(corpus, rank)))
    ]


def test_two_wordings_need_no_link(corpus):
    """One of them is the base, which the other matches."""
    (family, *_) = families_of(Clustering(((0, 1),), ()), comparisons((0, 1, 0.8)), corpus)

    assert not len(family.links.left)


@pytest.mark.parametrize(("shares", "member"), [((0.7, 0.6), 0), ((0.6, 0.7), 1), ((0.6, 0.6), 0)])
def test_an_outsider_is_named_once_with_the_member_it_matches_most(corpus, shares, member):
    """By one of its copies, and the first member where two are equal."""
    pairs = comparisons((0, 1, 0.8), (0, 2, shares[0]), (1, 2, shares[1]))
    clustering = Clustering(((0, 1),), ((0, 2), (1, 2)))
    family = families_of(clustering, pairs, corpus)[0]

    (outsider, nearest) = family.outsiders[0]
    assert [outsider.id] == copies(corpus, 2)[:1]
    assert [nearest] == copies(corpus, member)[:1]
    assert len(family.outsiders) == 1


@pytest.mark.parametrize("copy", [0, -1])
def test_families_can_be_limited_to_those_of_some_articles(corpus, copy):
    """Any copy of any member will do."""
    pairs = comparisons((0, 1, 0.9), (2, 3, 0.9))
    clustering = Clustering(((0, 1), (2, 3)), ())
    wanted = {copies(corpus, 1)[copy], "nobody"}

    (family,) = families_of(clustering, pairs, corpus, wanted)
    assert wanted & {*ids(family.articles)}


def test_an_outsider_comes_with_its_own_family():
    """Where several families of a portion have some, and others have none."""
    articles = [article(str(seed), seed) for seed in range(8)]
    with local_engine(1) as engine:
        corpus = gather(loaded(in_batches(articles), RECIPE, SCOPE, engine), RECIPE, SCOPE, engine)
        pairs = comparisons(*((left, left + 1, 0.8) for left in range(7)))
        clustering = Clustering(((0, 1), (3, 4), (6, 7)), ((1, 2), (6, 5)))
        families = families_of(clustering, pairs, corpus)

    names = [corpus.ids[corpus.copies[rank][0]] for rank in range(8)]
    assert [ids(one.articles) for one in families] == [names[:2], names[3:5], names[6:]]
    assert [[(two.id, member) for two, member in one.outsiders] for one in families] == [
        [(names[2], names[1])],
        [],
        [(names[5], names[6])],
    ]


def told(texts, pairs):
    """Return what was found out about texts and pairs, with figures that tell them apart."""
    texts = np.array(texts)
    left, right = np.array(pairs, np.int64).reshape(-1, 2).T
    shares = np.stack((left / 10, right / 10), axis=1)
    return Insight(texts, texts + 10, texts + 20, left, right, left + right, left / 8, shares)


def test_what_is_known_of_all_texts_of_a_family_is_told(corpus):
    """Each family hears of its own texts and pairs."""
    pairs = comparisons((0, 1, 0.8), (2, 4, 0.8))
    clustering = Clustering(((0, 1), (2, 4)), ())
    insight = told((4, 0, 2, 1), ((2, 4), (0, 1)))
    families = {
        one.wordings[0]: one for one in families_of(clustering, pairs, corpus, None, insight)
    }

    digests = corpus.columns.digests.tolist()
    for one, other in ((0, 1), (2, 4)):
        assert families[one].told.pairs == {
            (one, other): (one + other, one / 8, (one / 10, other / 10))
        }
        assert families[one].told.texts == {
            rank: (corpus.columns.words[rank], rank + 10, rank + 20, tuple(digests[rank]))
            for rank in (one, other)
        }


def test_nothing_is_told_of_a_family_unless_all_is_known(corpus):
    """Its texts are read then: two of three pairs are not enough."""
    pairs = comparisons((0, 1, 0.8), (0, 2, 0.8), (1, 2, 0.8))
    clustering = Clustering(((0, 1, 2),), ())
    insight = told((0, 1, 2), ((0, 1), (0, 2)))
    (family, *_) = families_of(clustering, pairs, corpus, None, insight)

    assert family.told is None


def test_families_are_cut_into_portions_of_articles(monkeypatch, corpus):
    """A large one goes alone, and small ones go together."""
    monkeypatch.setattr(module, "_PORTION", 4)
    sizes = sorted(corpus.copies.lengths.tolist(), reverse=True)
    assert sizes == [2, 2, 2, 1, 1]
    pairs = comparisons((0, 1, 0.8))
    portions = list(portions_of(Clustering(((0, 1),), ()), pairs, corpus))

    held = [[len(one.articles) for one in portion.families()] for portion in portions]
    assert [*chain(*held)] == sorted(chain(*held), reverse=True)
    assert all(sum(some[:-1]) < 4 for some in held)
    assert all(sum(some) >= 4 for some in held[:-1])
    assert [len(portion.read()) for portion in portions] == [sum(some) for some in held]


def test_no_families_make_no_portions(corpus):
    """There is nothing to send to a worker."""
    alone = Clustering((), ())
    assert list(portions_of(alone, comparisons((0, 1, 0.3)), corpus, focus={"nobody"})) == []


def test_portions_are_made_as_they_are_needed(monkeypatch, corpus):
    """A worker has the first while the next are still looked up."""
    monkeypatch.setattr(module, "_PORTION", 1)
    asked = []
    monkeypatch.setattr(corpus.shelf, "later", asked.append)
    portions = portions_of(Clustering(((0, 1),), ()), comparisons((0, 1, 0.8)), corpus)
    next(portions)

    assert len(asked) == 1
    assert len([*portions]) == len(asked) - 1 > 0
