"""Planted variants carry their truth with them."""

import re
from random import Random

import pytest

from dedupe_news.core.text import words_of
from edits import cut_in_two, misread, replace_words, retype
from labelled import DataError
from metrics import containment, shingle_set
from stock import Stock, count_words, unrelated
from variants import KINDS, plant

ONE = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
TWO = "so then when they who had been were of their own with what this that"


@pytest.fixture(scope="module")
def groups(invented):
    """Return a group of each kind."""
    stock = Stock("any", [invented.story(number) for number in range(400)], seed=1)
    return {group.kind.partition("-0")[0]: group for group in plant(stock, 3 * len(KINDS), seed=1)}


def _paragraphs(group, truth):
    texts = {article.id: article.paragraphs for article in group.articles}
    return texts[truth.base], texts[truth.variant]


def test_related_articles_are_sifted_out():
    """A stock holds no article that shares a passage with one before it."""
    assert list(unrelated([(ONE,), (TWO, ONE), (TWO,)])) == [(ONE,), (TWO,)]


def test_a_stock_says_when_it_is_spent():
    """Too few articles for the groups asked for are an error, not fewer groups."""
    with pytest.raises(DataError, match=r"any: too few articles"):
        list(plant(Stock("any", [(ONE,), (TWO,)], seed=1), 1, seed=1))


def test_the_same_seed_plants_the_same_groups(invented):
    """A figure can be made again on another day."""
    first, again = (
        list(plant(Stock("any", map(invented.story, range(60)), seed=1), 5, seed=2))
        for _ in range(2)
    )

    assert first == again


def test_every_paragraph_is_accounted_for(groups):
    """A variant has one label for each paragraph, and the base loses nothing unsaid."""
    for group in groups.values():
        for truth in group.truths:
            base, variant = _paragraphs(group, truth)
            kept = {place for _, places in truth.labels for place in places}
            assert len(truth.labels) == len(variant)
            assert kept | truth.removed == set(range(len(base)))
            assert kept.isdisjoint(truth.removed)


@pytest.mark.parametrize("kind", ["exact", "moved", "brief", "dropped", "two-added", "doubled"])
def test_paragraphs_that_are_kept_are_kept_to_the_letter(groups, kind):
    """Where only whole paragraphs come, go or move, the others are as they were."""
    group = groups[kind]
    (truth,) = group.truths
    base, variant = _paragraphs(group, truth)
    for text, (op, places) in zip(variant, truth.labels, strict=True):
        assert [base[place] for place in places] == ([] if op == "added" else [text])


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [("doubled", 1.9, 2.6), ("five-times", 4.8, 5.8), ("brief", 0.3, 0.7), ("exact", 1, 1)],
)
def test_variants_have_the_length_they_are_named_for(groups, kind, least, most):
    """Lengths are in words of the base."""
    (truth,) = groups[kind].truths
    base, variant = map(count_words, _paragraphs(groups[kind], truth))

    assert least * base <= variant <= most * base


def test_stories_of_a_chain_and_of_a_digest_share_nothing(groups):
    """What looks alike in them is in the third article alone."""
    first, link, last = (shingle_set("\n".join(one.paragraphs)) for one in groups["chain"].articles)
    assert containment(first, last) < 0.02
    assert min(containment(first, link), containment(last, link)) > 0.3
    assert groups["chain"].together == groups["digest"].together == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        'He said: "It\'s a well-known fact -- fifty-fifty at best..." to 20 official people',
        "«\u00a0L’été\u00a0» — dit-il – a coûté 30\u202f%…",
    ],
)
def test_retyping_changes_types_and_no_word(text):
    """Quotes, dashes, blanks and accents are no wording."""
    results = {retype(text, Random(seed)) for seed in range(9)}

    assert results != {text}
    for result in results:
        assert list(words_of([result])[0]) == list(words_of([text])[0])


def test_words_are_replaced_one_for_one():
    """An edit keeps the number of words, and always puts in another word."""
    edited = replace_words(ONE, 1.0, Random(1), iter(["One", "x"] * 20).__next__)

    assert len(edited.split()) == len(ONE.split())
    assert "x" in edited.split()
    assert not edited.startswith("One ")


def test_a_short_paragraph_is_never_edited():
    """After an edit to a heading nobody could say what it was before."""
    assert replace_words("A heading", 1.0, Random(1), str) == "A heading"
    assert misread("A heading", 1.0, Random(1)) == "A heading"


def test_misreading_keeps_blanks_and_length():
    """A scanner takes one letter for another, and leaves the layout."""
    misread_text = misread(ONE, 1.0, Random(1))

    assert [len(word) for word in misread_text.split()] == [len(word) for word in ONE.split()]
    assert not set(misread_text.split()) & set(ONE.split())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{ONE}. A {TWO}.", (f"{ONE}.", f"A {TWO}.")),
        (f"{ONE}. A b.", None),
        (ONE, None),
        ("", None),
    ],
)
def test_a_paragraph_is_cut_only_between_long_sentences(text, wanted):
    """Either half keeps enough words to be known again."""
    assert cut_in_two(text) == wanted


def test_invented_words_are_words(invented):
    """The stories of these tests hold letters, digits and marks that end sentences."""
    assert re.fullmatch(r"[\w\s.,]+", "".join(invented.story(1)))
