"""Laws of reading a variant against its base."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import articles, families

from dedupe_news.core import likeness
from dedupe_news.core.alignment import align
from dedupe_news.core.equals import equal_pairs
from dedupe_news.core.likeness import like_pairs
from dedupe_news.core.reading import Page
from dedupe_news.core.text import compose, words_of

MIRRORED = {"added": "removed", "removed": "added", "merged": "split", "split": "merged"}
positions = st.frozensets(st.integers(0, 6))


tables = st.lists(st.sampled_from(["a b c", "a b d", "b c d a", "c", "x y", "*"]), max_size=30)


def wording(texts):
    """Return the words of paragraphs, as hashes."""
    return words_of(["\n".join(texts)])[0].tolist()


def within(places, texts):
    """Return those of the places that a list of paragraphs has."""
    return frozenset(place for place in places if place < len(texts))


@given(family=families(), left=positions, right=positions)
def test_every_paragraph_occurs_in_exactly_one_change(family, left, right):
    """Nothing is lost and nothing told twice, furniture or not; the shape says the same."""
    base, variant = family
    furniture = (within(left, base), within(right, variant))
    alignment = align(base, variant, furniture=furniture)

    assert sorted(place for change in alignment.changes for place in change.base) == list(
        range(len(base))
    )
    assert sorted(place for change in alignment.changes for place in change.variant) == list(
        range(len(variant))
    )
    assert len(alignment.shape) == len(variant)
    marked = {place for place, mark in enumerate(alignment.shape) if mark == "%"}
    assert marked == furniture[1]


@given(family=families())
def test_replaying_the_changes_gives_both_articles(family):
    """Word for word: the variant as composed, the base but for typography."""
    base, variant = family
    for change in align(base, variant).changes:
        old = [base[place] for place in change.base]
        new = [compose(variant[place]) for place in change.variant]
        if change.words:
            assert "".join(text for kind, text in change.words if kind != "-") == "\n".join(new)
            kept = "".join(text for kind, text in change.words if kind != "+")
            assert wording([kept]) == wording(old)
        elif change.op not in {"added", "removed"}:
            assert wording(old) == wording(new)


@given(family=families())
def test_runs_alternate_and_say_something(family):
    """No empty run, no two of a kind in a row, what goes before what comes, never all kept."""
    for change in align(*family).changes:
        kinds = [kind for kind, _ in change.words]
        assert all(text for _, text in change.words)
        assert all(first != second for first, second in pairwise(kinds))
        assert ("+", "-") not in pairwise(kinds)
        assert set(kinds) != {"="}


@given(family=families(), left=positions, right=positions)
def test_the_way_back_is_the_mirror(family, left, right):
    """Added is removed, merged is split, and all else is as it was."""
    base, variant = family
    left, right = within(left, base), within(right, variant)
    there = align(base, variant, furniture=(left, right))
    back = align(variant, base, furniture=(right, left))

    def seen(change):
        return change.op, change.base, change.variant, change.similarity

    assert sorted(map(seen, there.changes)) == sorted(
        (MIRRORED.get(change.op, change.op), change.variant, change.base, change.similarity)
        for change in back.changes
    )
    assert sorted((number.base, number.variant) for number in there.numbers_changed) == sorted(
        (number.variant, number.base) for number in back.numbers_changed
    )


@given(article=articles)
def test_an_article_is_the_same_as_itself(article):
    """Whatever recurs in it, each paragraph is its own."""
    changes = align(article, article).changes

    assert [(change.op, change.base) for change in changes] == [
        ("same", (place,)) for place in range(len(article))
    ]
    assert all(change.base == change.variant for change in changes)


@given(family=families())
def test_changes_follow_the_variant(family):
    """The first paragraph of each change grows, and similarities are shares."""
    changes = align(*family).changes
    firsts = [change.variant[0] for change in changes if change.variant]

    assert firsts == sorted(firsts)
    assert all(0 <= change.similarity <= 1 for change in changes)


@given(family=families())
def test_what_was_matched_keeps_its_order_unless_it_moved(family):
    """Unmoved single paragraphs never cross each other."""
    changes = [change for change in align(*family).changes if change.op in {"same", "edited"}]

    bases = [change.base[0] for change in changes]
    assert bases == sorted(bases)


@given(family=families() | st.tuples(tables, tables), left=positions, right=positions)
def test_the_kernel_finds_the_paragraphs_alike_that_arrays_find(family, left, right):
    """Whether there was a compiler does not show."""
    pages = [Page(article) for article in family]
    furniture = (left, right)
    certain = [
        (a, b)
        for a, b in equal_pairs(*pages, furniture)
        if len(pages[0].places[pages[0].wordings[a]]) == 1
        and len(pages[1].places[pages[1].wordings[b]]) == 1
    ]
    compiled = like_pairs(*pages, furniture, certain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(likeness, "KERNEL", None)
        plain = like_pairs(*pages, furniture, certain)

    assert compiled == plain


@given(family=families())
def test_a_page_may_be_read_beside_many(family):
    """What it keeps of one reading does not show in the next."""
    base, variant = family
    page = Page(base)
    align(page, base[::-1])

    assert align(page, variant) == align(base, Page(variant)) == align(base, variant)
