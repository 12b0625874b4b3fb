"""Laws of verification."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import blocks, word_lists

from dedupe_news.core.shared_words import aligned_words, second_look, word_shares
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.verify import Rule, compare
from invented import hashes

RULE = Rule(0.6, 20, 5)
ONE_PAIR = np.array([0]), np.array([1])
texts = word_lists | st.lists(blocks, max_size=4).map("\n".join)


def compared(one, other, rule=RULE):
    """Return the first look at two texts."""
    sets = distinct_shingles(shingles_of(hashes(one, other), rule.shingle_words))
    return compare(sets, np.array([0]), np.array([1]), rule)


def decided(one, other, rule=RULE):
    """Return whether two texts match after both looks."""
    both = hashes(one, other)
    return second_look(compared(one, other, rule), both, rule).matches.tolist()


def shares(one, other):
    """Return the shares of words of two texts."""
    both = hashes(one, other)
    return tuple(word_shares(both, shingles_of(both, 5), *ONE_PAIR, RULE)[0].tolist())


def aligned(one, other):
    """Return how many words stand in the same order in two texts."""
    return int(aligned_words(hashes(one, other), *ONE_PAIR, RULE)[0])


@given(texts, texts)
def test_resemblance_never_exceeds_containment(one, other):
    """And both are shares."""
    found = compared(one, other)

    assert 0 <= found.resemblance[0] <= found.containment[0] <= 1


@given(texts, texts, st.sampled_from([0.3, 0.6, 1.0]), st.sampled_from([1, 20]))
def test_it_does_not_matter_who_is_left(one, other, containment, words):
    """Two articles match each other, or neither the other."""
    rule = Rule(containment, words, 5)

    assert decided(one, other, rule) == decided(other, one, rule)


@given(texts, texts)
def test_shares_of_words_change_sides_with_the_texts(one, other):
    """Each belongs to its text."""
    first, second = shares(one, other)

    assert 0 <= min(first, second) <= max(first, second) <= 1
    assert shares(other, one) == (second, first)


@given(texts, texts)
def test_aligned_words_are_no_more_than_either_text_has(one, other):
    """And equally many from both sides."""
    both = hashes(one, other)
    count = aligned(one, other)

    assert count <= min(both.lengths)
    assert aligned(other, one) == count


@given(texts)
def test_a_text_is_whole_in_itself(text):
    """It contains and resembles itself throughout."""
    assume(text.split())

    assert compared(text, text).resemblance.tolist() == [1]
    assert shares(text, text) == (1, 1)


@given(st.lists(blocks, min_size=1, max_size=5), blocks, st.integers(0, 5))
def test_adding_a_paragraph_costs_no_more_than_the_shingles_at_the_place(report, added, place):
    """Four cross the place where it went in; at the ends, none."""
    longer = [*report[:place], added, *report[place:]]
    before = distinct_shingles(shingles_of(hashes("\n".join(report)), 5)).lengths[0]
    found = compared("\n".join(report), "\n".join(longer))

    crossing = 4 if 0 < place < len(report) else 0
    assert round(found.containment[0] * before) >= before - crossing


@given(st.lists(blocks, min_size=1, max_size=5), st.lists(blocks, max_size=5))
def test_words_of_a_text_put_inside_another_are_all_found(report, around):
    """However much stands around them."""
    longer = "\n".join([*around, *report])

    assert shares("\n".join(report), longer)[0] == 1
