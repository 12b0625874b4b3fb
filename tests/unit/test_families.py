"""Numbers become texts again."""

import numpy as np
import pytest

from dedupe_news import families as module
from dedupe_news.core.clusters import Clustering
from dedupe_news.core.columns import Recipe
from dedupe_news.core.scope import Scope
from dedupe_news.core.verify import Comparisons
from dedupe_news.corpus import gather, loaded
from dedupe_news.engines.local import local_engine
from dedupe_news.families import Kin, families_of, in_portions
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


def read(kin, corpus):
    """Return families with their articles."""
    return [family for portion in in_portions(kin, corpus) for family in portion.families()]


def ids(articles):
    """Return the ids of some articles."""
    return [one.id for one in articles]


def copies(corpus, rank):
    """Return the ids of the articles of a wording."""
    return [corpus.ids[number] for number in corpus.copies[rank]]


def test_a_family_holds_every_copy_of_its_wordings(corpus):
    """Cluster by cluster, and then the copies that match no other wording."""
    pairs = comparisons((0, 1, 0.9), (0, 2, 0.3))
    families = read(families_of(Clustering(((0, 1),), ()), pairs, corpus), corpus)

    alone = [copies(corpus, rank) for rank in (2, 3, 4) if len(copies(corpus, rank)) > 1]
    assert [ids(one.articles) for one in families] == [
        copies(corpus, 0) + copies(corpus, 1),
        *alone,
    ]


def test_links_name_the_wordings_that_match(corpus):
    """With how strongly; copies have one number, and what does not match is no link."""
    pairs = comparisons((0, 1, 0.8), (0, 2, 0.3), (1, 2, 0.6))
    family = read(families_of(Clustering(((0, 1, 2),), ()), pairs, corpus), corpus)[0]

    assert family.links == ((0, 1, pytest.approx(1.2)), (1, 2, pytest.approx(0.9)))
    assert list(family.wordings) == [
        rank for rank in range(3) for _ in range(len(copies(corpus, rank)))
    ]


def test_two_wordings_need_no_link(corpus):
    """One of them is the base, which the other matches."""
    family = next(families_of(Clustering(((0, 1),), ()), comparisons((0, 1, 0.8)), corpus))

    assert family.links == ()


@pytest.mark.parametrize(("shares", "member"), [((0.7, 0.6), 0), ((0.6, 0.7), 1), ((0.6, 0.6), 0)])
def test_an_outsider_is_named_once_with_the_member_it_matches_most(corpus, shares, member):
    """By one of its copies, and the first member where two are equal."""
    pairs = comparisons((0, 1, 0.8), (0, 2, shares[0]), (1, 2, shares[1]))
    clustering = Clustering(((0, 1),), ((0, 2), (1, 2)))
    family = read(families_of(clustering, pairs, corpus), corpus)[0]

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

    (family,) = read(families_of(clustering, pairs, corpus, wanted), corpus)
    assert wanted & {*ids(family.articles)}


def test_families_are_cut_into_portions_of_articles(monkeypatch, corpus):
    """A large one goes alone, and many small ones go together."""
    monkeypatch.setattr(module, "_PORTION", 4)
    kin = [Kin((0,) * size, (0,) * size, (), ()) for size in (2, 2, 2, 9, 1)]

    portions = list(in_portions(kin, corpus))
    assert [[len(one.numbers) for one in portion.kin] for portion in portions] == [
        [2, 2],
        [2, 9],
        [1],
    ]
    assert [len(portion.read()) for portion in portions] == [4, 11, 1]


def test_no_families_make_no_portions(corpus):
    """There is nothing to send to a worker."""
    assert list(in_portions([], corpus)) == []


def test_families_are_taken_as_they_are_needed(corpus):
    """A worker has the first while the next are still looked up."""
    taken = []

    def kin():
        for number in range(1000):
            taken.append(number)
            yield Kin((0, 0), (0, 0), (), ())

    next(in_portions(kin(), corpus))

    assert len(taken) == module._PORTION / 2
