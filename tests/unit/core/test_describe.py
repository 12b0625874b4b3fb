"""A cluster as a reader sees it."""

import weakref
from dataclasses import replace

import numpy as np
import pytest

from dedupe_news.core import facts as module
from dedupe_news.core.columns import Recipe
from dedupe_news.core.crowds import NO_LINKS, Links
from dedupe_news.core.describe import Family, Viewpoint, describe
from dedupe_news.core.shingles import shingles_of
from dedupe_news.core.verify import Rule
from dedupe_news.model import Article, Overlap
from invented import article, hashes, prose

VIEW = Viewpoint(Rule(0.6, 20, 5), Recipe(5, "word", 128, 1), ("earliest", "most-contained", "id"))
FOOTER = prose(40, 999)
FURNISHED = replace(VIEW, furniture=np.sort(shingles_of(hashes(FOOTER), 5).values))


def described(*articles, view=VIEW, diff=False, base="", **family):
    """Return the cluster of one family."""
    return describe([Family(articles, **family)], view, diff=diff, base=base)[0]


def variant(cluster, id_):
    """Return a variant of a cluster by its id."""
    return next(one for one in cluster.variants if one.id == id_)


REPORT = article(
    "report", 1, 2, 3, date="2017-01-20", source="NP", title="Head", url="u", lang="en"
)


def test_members_are_the_base_and_then_the_others_by_date():
    """Those without a date come last, by id."""
    cluster = described(
        article("c", 1, 2), article("b", 1), article("z", 1, 3, date="2018"), REPORT
    )

    assert [member.id for member in cluster.members] == ["report", "z", "b", "c"]
    assert [one.id for one in cluster.variants] == ["z", "b", "c"]
    assert (cluster.base, cluster.base_reason) == ("report", "earliest")


def test_a_member_says_what_is_known_of_its_article():
    """Paragraphs and words are counted."""
    member = described(REPORT, article("b", 1)).members[0]

    assert (member.title, member.source, member.date) == ("Head", "NP", "2017-01-20")
    assert (member.url, member.lang, member.paragraphs, member.words) == ("u", "en", 3, 120)


@pytest.mark.parametrize(
    ("paragraphs", "relation", "base_in_variant", "variant_in_base"),
    [
        ((1, 2, 3), "identical", 1, 1),
        ((1, 2, 3, 4), "reprint", 1, 0.75),
        ((3, 2, 1), "reprint", 1, 1),
        ((1, 2, 3, 4, 5, 6, 7, 8, 9), "reprint", 1, 1 / 3),
        ((2,), "excerpt", 1 / 3, 1),
        ((1, 4, 5, 6), "overlap", 1 / 3, 0.25),
        ((7, 8), "overlap", 0, 0),
    ],
)
def test_a_variant_is_told_by_the_shares_of_words(
    paragraphs, relation, base_in_variant, variant_in_base
):
    """Both directions are given: what stands in whom, wherever it stands."""
    found = variant(described(REPORT, article("b", *paragraphs)), "b")

    assert found.relation == relation
    assert found.base_in_variant == pytest.approx(base_in_variant)
    assert found.variant_in_base == pytest.approx(variant_in_base)


def test_typography_and_paragraphs_do_not_make_a_variant():
    """The same words are identical, however they are set."""
    text = " ".join(REPORT.paragraphs)
    found = variant(described(REPORT, article("b", f"“{text.upper()}”")), "b")

    assert (found.relation, found.resemblance) == ("identical", 1.0)


def test_resemblance_is_that_of_the_shingle_sets():
    """The Jaccard similarity: 36 of 116 and 36 shingles."""
    found = variant(described(REPORT, article("b", 2)), "b")

    assert found.resemblance == pytest.approx(36 / 116)


def test_changes_are_there_when_they_are_asked_for():
    """With the texts, for views that quote them."""
    quick, full = (
        described(REPORT, article("b", 1, 4, 3), diff=wanted) for wanted in (False, True)
    )

    assert (quick.variants[0].alignment, quick.variants[0].texts, quick.base_texts) == (
        None,
        (),
        (),
    )
    assert full.variants[0].alignment.shape == "=+="
    assert full.base_texts == REPORT.paragraphs
    assert full.variants[0].texts == article("b", 1, 4, 3).paragraphs


def test_copies_are_aligned_once():
    """However many they are, furniture or not; one that is cut otherwise is read for itself."""
    texts = (prose(40, 1), FOOTER, prose(40, 2))
    copies = [Article(id_, texts) for id_ in "abc"]
    cut = Article("d", (texts[0], f"{FOOTER} {texts[2]}"))

    first, second, third = described(*copies, cut, view=FURNISHED, diff=True).variants

    assert first.alignment is second.alignment
    assert (first.alignment.shape, third.alignment.shape) == ("=%=", "=~")


def test_a_base_may_be_given():
    """`diff` reads against the article that the user named first."""
    cluster = described(REPORT, article("b", 1), base="b")

    assert (cluster.base, cluster.base_reason) == ("b", "given")


def test_with_a_given_base_the_others_keep_their_order():
    """The user counts the articles on the command line: B is the second."""
    given = article("b", 1), article("z", 1, date="2019"), article("y", 1, date="2018"), REPORT
    cluster = described(*given, base="b")

    assert [member.id for member in cluster.members] == ["b", "z", "y", "report"]


LINKS = Links(np.array([0, 1, 2, 1]), np.array([1, 2, 3, 3]), np.array([1.5, 1.2, 1.2, 1.0]))
CHAIN = REPORT, article("b", 1, 2, 4), article("c", 2, 4, 5), article("d", 4, 5, 6)


class TestVia:
    def test_a_member_that_does_not_match_the_base_names_its_link(self):
        """The strongest, and of equal ones the first by id."""
        cluster = described(*CHAIN, wordings=(0, 1, 2, 3), links=LINKS)

        assert [variant(cluster, id_).via for id_ in "bcd"] == ["", "b", "c"]

    def test_a_member_that_matches_a_copy_of_the_base_matches_the_base(self):
        """Links name wordings, and the base is one of several copies."""
        original = replace(REPORT, id="z-original", date="2016")
        members = REPORT, original, article("b", 1, 2, 4), article("c", 2, 4, 5)
        cluster = described(
            *members, wordings=(0, 0, 1, 2), links=Links(*(column[:2] for column in LINKS))
        )

        assert cluster.base == "z-original"
        assert variant(cluster, "b").via == ""

    def test_without_links_nobody_is_linked_through_another(self):
        """Articles that the user put side by side need no reason."""
        assert variant(described(*CHAIN), "d").via == ""


class TestOverlaps:
    def test_an_outsider_is_told_with_the_member_it_matches_and_both_shares(self):
        """By id, as shares of words; what the base does not have is not looked for there."""
        digest, other = article("digest", 4, 7, 8, 9), article("a-part", 3, 20)
        cluster = described(
            REPORT, article("b", 1, 4), outsiders=((digest, "b"), (other, "report"))
        )

        assert cluster.overlaps == (
            Overlap("a-part", "report", pytest.approx(1 / 3), pytest.approx(0.5)),
            Overlap("digest", "b", pytest.approx(1 / 2), pytest.approx(0.25)),
        )

    def test_an_outsider_that_matches_a_copy_of_the_base_overlaps_the_base(self):
        """Only one copy of a wording is linked; the reader sees the base first."""
        later = replace(REPORT, id="a-copy", date="2018")
        cluster = described(REPORT, later, outsiders=((article("c", 3, 9), "a-copy"),))

        assert [one.member for one in cluster.overlaps] == ["report"]

    def test_without_outsiders_there_is_none(self):
        """Nobody is compared."""
        assert described(REPORT, article("b", 1, 2)).overlaps == ()


class TestClusterId:
    def test_it_depends_on_the_texts_only(self):
        """Neither ids, dates and order nor the typography of the members change it."""
        one = described(REPORT, article("b", 1, 2))
        shouted = article("x", *(text.upper() for text in article("b", 1, 2).paragraphs))
        other = described(shouted, replace(REPORT, id="y", date="", title=""))

        assert one.id == other.id
        assert len(one.id) == 8
        assert int(one.id, 16) >= 0

    def test_another_text_is_another_cluster(self):
        """A corrected word is another text, and so is a further copy."""
        one = described(REPORT, article("b", 1, 2)).id

        assert described(REPORT, article("b", 1, "two")).id != one
        assert described(REPORT, article("b", 1, 2), article("c", 1, 2)).id != one


class TestBoilerplate:
    def test_it_counts_neither_as_shared_nor_as_different(self):
        """The shares are of an article's own words."""
        members = (
            replace(REPORT, paragraphs=(*REPORT.paragraphs, FOOTER)),
            article("b", 1, 4, FOOTER),
        )

        found = variant(described(*members, view=FURNISHED), "b")
        assert found.base_in_variant == pytest.approx(1 / 3)
        assert found.variant_in_base == pytest.approx(1 / 2)
        assert found.resemblance == pytest.approx(36 / 160, abs=0.03)

    def test_its_paragraphs_are_marked(self):
        """On either side, as a change of their own."""
        cluster = described(REPORT, article("b", FOOTER, 1, 2, 3), view=FURNISHED, diff=True)

        assert cluster.variants[0].alignment.shape == "%==="
        assert cluster.variants[0].alignment.counts.added_words == 0

    def test_what_is_ignored_is_marked_alike(self):
        """Text that the user declared void is no news."""
        view = replace(VIEW, recipe=replace(VIEW.recipe, ignored=("Photo: .*",)))
        cluster = described(REPORT, article("b", 1, "Photo: N. N.", 2, 3), view=view, diff=True)

        assert cluster.variants[0].alignment.shape == "=%=="
        assert cluster.variants[0].relation in ("identical", "reprint")


def test_families_are_described_each_for_itself():
    """How many are described at once changes nothing."""
    families = [
        Family((REPORT, article("b", 1, 2))),
        Family((article("x", 5, 6), article("y", 6, 5), article("z", 5, 7))),
    ]
    together = describe(families, VIEW, diff=True)

    assert together == [describe([family], VIEW, diff=True)[0] for family in families]


def test_the_base_of_many_is_judged_by_a_sample_of_them():
    """The one that stands in most others is found among forty all the same."""
    core = article("m-core", 1)
    others = [article(f"{seed:02}", 1, 100 + seed) for seed in range(40)]
    view = replace(VIEW, keep=("most-contained",))

    cluster = described(*others, core, view=view)
    assert (cluster.base, cluster.base_reason) == ("m-core", "most-contained")


def test_no_families_make_no_clusters():
    """An empty portion is no special case."""
    assert describe([], VIEW, diff=True) == []


@pytest.mark.parametrize("at_once", [1, 3, 7])
def test_a_family_whose_texts_do_not_fit_into_memory_is_read_in_parts(monkeypatch, at_once):
    """However few texts are held at once, the cluster is the same."""
    members = [article(f"{seed:02}", 1, 2, 100 + seed % 7) for seed in range(12)]
    wordings = tuple(seed % 7 for seed in range(12))
    whole = described(*members, wordings=wordings)
    monkeypatch.setattr(module, "_AT_ONCE", at_once)

    assert described(*members, wordings=wordings) == whole


def test_large_families_of_which_parts_are_in_memory_are_what_they_are(monkeypatch):
    """With links to guess the base by, without, and with a base that was given."""
    chain = Links(np.arange(39), np.arange(1, 40), np.linspace(1.0, 1.9, 39))
    families = [
        Family(
            tuple(article(f"{name}{place:02}", *range(place % 5, 9), name) for place in range(40)),
            tuple(range(40)),
            chain if name == "a" else NO_LINKS,
        )
        for name in "ab"
    ]

    def everything():
        given = [
            describe([family], VIEW, diff=False, base=family.articles[7].id) for family in families
        ]
        return describe(families, VIEW, diff=False), given

    whole = everything()
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    assert everything() == whole


@pytest.mark.parametrize("guess", [None, 0, 4, 44])
def test_what_is_shared_with_the_base_is_the_same_whatever_was_guessed(guess, monkeypatch):
    """Of texts that do not fit into memory, with copies and with boilerplate in some."""
    articles = [article(f"{number:02}", *range(number % 7, 12), "same") for number in range(45)]
    articles[::4] = [replace(one, paragraphs=(*one.paragraphs, FOOTER)) for one in articles[::4]]
    of_row, starts = np.arange(45), [0, 45]
    asked = []

    def read(guess):
        return module.Read(
            *(articles, of_row, starts, VIEW.recipe, VIEW.rule, FURNISHED.furniture, guess)
        )

    def guessed(number, contained):
        asked.append((number, contained(np.array([0, 1, 44])).tolist()))
        return guess

    whole = read(None)
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    parts = read(guessed)
    assert asked == [(0, [whole.contained[row] for row in (0, 1, 44)])]
    for base in (0, 4, 44):
        pairs = np.full(45, base), np.arange(45)
        assert list(parts.shares(*pairs)) == list(whole.shares(*pairs))
    assert parts.contained == whole.contained


def test_what_was_read_is_given_up_at_once(monkeypatch):
    """Nothing leads back to it: texts take memory until somebody looks for cycles."""
    monkeypatch.setattr(module, "_AT_ONCE", 7)
    articles = [article(f"{number:02}", number) for number in range(45)]
    rules = VIEW.recipe, VIEW.rule, VIEW.furniture
    read = module.Read(articles, np.arange(45), [0, 45], *rules, lambda *_: 0)
    assert len(read.contained) == 45
    alive = weakref.ref(read)

    del read
    assert alive() is None


@pytest.mark.parametrize("at_once", [7, 1024])
def test_the_many_are_held_against_a_few(at_once, monkeypatch):
    """Of a large family the base is the one that some others have most of, copies counted."""
    monkeypatch.setattr(module, "_AT_ONCE", at_once)
    articles = [article(f"{number:02}", *range(number % 7, 12)) for number in range(45)]
    sets = [
        set(shingles_of(hashes("\n".join(one.paragraphs)), 5).values.tolist()) for one in articles
    ]
    some = range(0, 45, 45 // 16)
    means = [
        sum(len(own & sets[other]) for other in some if other != place) / len(own)
        for place, own in enumerate(sets)
    ]

    for copies in ((), [number % 7 for number in range(45)]):
        of_row = np.array(copies or range(45))
        first = [articles[int(np.argmax(of_row == text))] for text in range(of_row.max() + 1)]
        read = module.Read(
            *(first, of_row, [0, 45], VIEW.recipe, VIEW.rule, VIEW.furniture),
            lambda number, contained: None,
        )

        assert read.contained == means
