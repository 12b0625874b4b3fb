"""What recurs in articles that share nothing else, and what only seems to."""

import numpy as np
import pytest

from dedupe_news.core import boilerplate as module
from dedupe_news.core.boilerplate import MIN_WORDS, learn_boilerplate
from dedupe_news.core.columns import Recipe, columns_of
from dedupe_news.core.holders import holders_of
from dedupe_news.core.pair_counts import count_pairs
from dedupe_news.core.shingles import shingles_of
from dedupe_news.core.suspects import MIN_STORIES, reconciled, weigh
from invented import hashes, prose, variant, words

RECIPE = Recipe(shingle_words=5, unit="word", num_perm=8, seed=1)
FOOTER = prose(30, 999)


def learned(*texts):
    """Return what is learned from texts, by rank in the order given."""
    columns, everything = columns_of(texts, RECIPE), hashes(*texts)
    count = len(texts)
    holders = holders_of(columns.anchors)
    pairs = count_pairs(holders, count)
    evidence = weigh(holders, pairs, columns.anchors)
    return learn_boilerplate(
        holders,
        evidence,
        columns.anchors,
        lambda ranks: lambda: everything.take(np.array(ranks)),
        5,
    )


def passages(*texts):
    """Return the words of each passage learned, and how many articles hold it."""
    found = learned(*texts).passages
    return [(" ".join(texts[p.rank].split()[p.start : p.end]), p.articles) for p in found]


def strangers(count, around="{}", length=60):
    """Return articles that share nothing but what is put around them."""
    return [around.format(prose(length, seed)) for seed in range(count)]


@pytest.mark.parametrize(
    "around",
    ["{} " + FOOTER, FOOTER + " {}", f"{prose(10, 900)} {{}} {FOOTER}", f"{FOOTER} {{}}"],
)
@pytest.mark.parametrize("count", [MIN_STORIES, 12, 100])
def test_a_passage_around_strangers_is_learned_to_the_word(around, count):
    """It starts and ends where the articles begin to differ, in a crowd as among few."""
    found = passages(*strangers(count, around))

    assert (FOOTER, count) in found


def test_two_passages_are_told_apart():
    """The one that more articles hold comes first."""
    header = prose(20, 998)
    texts = [
        *strangers(8, f"{header} {{}} {FOOTER}"),
        *(f"{prose(60, s)} {FOOTER}" for s in (50, 51)),
    ]

    assert passages(*texts) == [(FOOTER, 10), (header, 8)]


def test_the_shingles_of_a_passage_are_given_ascending():
    """Exactly those that lie in it."""
    found = learned(*strangers(8, "{} " + FOOTER)).shingles

    assert found.tolist() == sorted(shingles_of(hashes(FOOTER), 5).values.tolist())


def test_a_long_article_is_sampled_and_its_passage_still_whole():
    """One anchor in eight is enough to find it, and the texts say how far it reaches."""
    footer = prose(90, 997)

    assert passages(*strangers(8, "{} " + footer, 700)) == [(footer, 8)]


def test_a_dispatch_that_thirty_papers_print_is_no_boilerplate():
    """They have nearly everything in common: that is the news itself."""
    dispatch = prose(120, 1)

    assert passages(*(f"{prose(15, seed)} {dispatch}" for seed in range(100, 130))) == []


def test_a_dispatch_with_a_footer_is_not_taken_for_it():
    """Of thirty reprints and six strangers on one site, only the footer recurs."""
    dispatch = prose(120, 1)
    reprints = [f"{prose(15, seed)} {dispatch} {FOOTER}" for seed in range(100, 130)]

    assert passages(*strangers(6, "{} " + FOOTER), *reprints) == [(FOOTER, 36)]


@pytest.mark.parametrize("count", [30, 100, 300])
def test_a_dispatch_that_each_paper_wraps_in_text_of_its_own_is_no_boilerplate(count):
    """Some have less than half in common with any other one, but more with all of them."""
    dispatch = words(200, 1)
    edited = [variant(dispatch, seed) for seed in range(count)]
    texts = [f"{text} {prose(80, seed + 5000)}" for seed, text in enumerate(edited)]
    anchors = columns_of(texts, RECIPE).anchors
    stories = weigh(holders_of(anchors), count_pairs(holders_of(anchors), count), anchors).stories

    assert count < 100 or len(set(stories.tolist())) >= MIN_STORIES
    assert passages(*texts) == []


class TestReconciled:
    """Juries of ten: by their anchors, some tell the story of most though they seem not to."""

    SETS = (*([1, 2, 3, 4, seed] for seed in range(10, 16)), [1, 2, 7], [3, 8, 9], [5], [])

    def told(self, stories):
        sets = [np.array(row, np.uint64) for row in self.SETS]
        return list(reconciled(np.arange(10), stories, lambda ranks: [sets[r] for r in ranks]))

    def test_who_shares_half_with_most_is_one_of_them(self):
        """Two in three with all of them together; one in three is not enough."""
        assert self.told([0] * 6 + [1, 2, 3, 4])[6:9] == [0, 2, 3]

    @pytest.mark.parametrize(
        "stories", [[0] * 7 + [1, 2, 3], [0] * 5 + [1, 2, 3, 4, 5], list(range(10))]
    )
    def test_a_jury_that_is_not_divided_is_taken_at_its_word(self, stories):
        """Because too few are of another opinion, or there is no story of most."""
        assert self.told(stories) == stories


@pytest.mark.parametrize("count", [0, 1, 2, MIN_STORIES - 1])
def test_few_articles_teach_nothing(count):
    """What two share may well be what one copied."""
    assert passages(*strangers(count, "{} " + FOOTER)) == []


def test_copies_of_few_stories_teach_nothing():
    """Four stories printed five times each are still four stories."""
    texts = [
        f"{story} {prose(8, copy + 500)} {FOOTER}" for story in strangers(4) for copy in range(5)
    ]

    assert passages(*texts) == []


@pytest.mark.parametrize(("length", "count"), [(MIN_WORDS - 1, 0), (MIN_WORDS, 1)])
def test_idioms_titles_and_offices_are_too_short(length, count):
    """Twelve words in a row are no turn of phrase."""
    assert len(passages(*strangers(9, "{} " + prose(length, 999)))) == count


def test_a_single_common_shingle_is_no_passage():
    """Five words that many articles use are language."""
    assert passages(*strangers(30, "{} at the end of the day")) == []


def test_one_odd_copy_does_not_shorten_a_passage():
    """Three in four of the witnesses must have it as far as that."""
    texts = strangers(8, "{} " + FOOTER)
    texts[3] = f"{prose(60, 3)} {' '.join(FOOTER.split()[:15])} {prose(40, 800)}"

    assert passages(*texts)[0] == (FOOTER, 8)


def test_a_frame_larger_than_the_texts_in_it_is_learned():
    """Articles that share most of their words tell different stories in the middle."""
    head, foot = prose(60, 998), prose(50, 999)

    found = passages(*strangers(12, f"{head} {{}} {foot}", 70))
    assert sorted(found) == sorted([(head, 12), (foot, 12)])


def test_a_frame_around_versions_of_one_text_is_no_frame():
    """What differs must be the texts of strangers, not a corrected word here and there."""
    text, head = prose(70, 1), prose(60, 998)
    versions = [f"{head} {prose(3, seed)} {text} {prose(3, seed + 50)}" for seed in range(12)]

    assert passages(*versions) == []


def test_a_common_text_in_the_middle_is_the_story_itself():
    """A frame stands at the ends; what wraps one dispatch is no proof of strangers."""
    head, dispatch = prose(40, 998), prose(60, 997)
    wrapped = [f"{head} {prose(30, s)} {dispatch} {prose(30, s + 50)}" for s in range(12)]

    assert passages(*wrapped) == []


def test_portions_do_not_show(monkeypatch):
    """How many suspects are looked at together is a matter of memory."""
    texts = strangers(8, f"{prose(20, 998)} {{}} {FOOTER}")
    expected = passages(*texts)
    monkeypatch.setattr(module, "_AT_ONCE", 1)

    assert passages(*texts) == expected
    assert len(expected) == 2


def test_a_passage_that_stands_twice_in_an_article_is_learned_once():
    """A page may have it above and below the text."""
    assert passages(*strangers(8, f"{FOOTER} {{}} {FOOTER}")) == [(FOOTER, 8)]


def test_further_articles_change_nothing_of_other_passages():
    """What is found of a passage depends on its first witnesses alone."""
    header = prose(30, 998)
    few = [*strangers(12, "{} " + FOOTER), *strangers(20, header + " {}")[12:]]
    many = [*few, *(f"{prose(60, seed)} {FOOTER}" for seed in range(300, 360))]

    assert passages(*few) == [(FOOTER, 12), (header, 8)]
    assert passages(*many) == [(FOOTER, 72), (header, 8)]


def test_a_foot_without_an_anchor_counts_as_the_head_that_gave_it_away():
    """Both ends of a frame are found by an anchor that may stand in one of them only."""
    foot = module.Found(module.Passage(0, 40, 60, 7), frozenset({1, 2}))

    assert module._counted(foot, {3: 9}).articles == 7
    assert module._counted(foot, {2: 8, 3: 9}).articles == 8
