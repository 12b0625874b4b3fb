"""The compiled loops and their Python twins return the same bits."""

import os
import shutil
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.core import among, kernel, ragged, shared_words, shingles, sketches, text
from dedupe_news.core.kernel import KERNEL
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.verify import Rule

UGLY = [
    "",
    "   ",
    "The port of Lom closed at 17:00, 14.2 km away; it re-opened on 3 June 2024.",
    "co-op 1-2 -x x- a-1 1-a .5 5. 1.,2 1.2,3",
    "Straße ﬁn ½ İstanbul ısı",
    "co\u00adop\u00ader\u200bation e\u0301te\u0301 \u1112\u1161\u11ab",
    "日本語の記事 ﾃﾞｼﾞﾀﾙ １２",
    "كِتَاب أحمد ـــ हिन्दी ไทย",
    "\x00 \ud800 😀 \u2029",
    "a",
    "x" * 3000,
    "to and fro and to and fro and to the port of Lom, which closed at 17:00; to and fro",
]
STAGES = among, ragged, shared_words, shingles, sketches, text
RULE = Rule(0.6, 20, 5)


@pytest.fixture
def without_kernel(monkeypatch):
    """Take the kernel away from every stage that uses it."""

    def remove():
        for stage in STAGES:
            monkeypatch.setattr(stage, "KERNEL", None)

    return remove


def columns(texts, unit="word"):
    """Return all that the kernel has a hand in."""
    words = text.words_of(texts, unit)
    runs = shingles.shingles_of(words, 5)
    sets = shingles.distinct_shingles(runs)
    signatures = sketches.signatures_of(runs, 128, 1)
    anchors = sketches.anchors_of(sets)
    left, right = np.triu_indices(len(texts))
    placed = text.locate_words([text.compose(one) for one in texts], unit)
    return [
        placed.hashes.values,
        placed.hashes.offsets,
        placed.starts,
        placed.ends,
        words.values,
        words.offsets,
        runs.values,
        runs.offsets,
        sets.values,
        sets.offsets,
        anchors.values,
        anchors.offsets,
        signatures,
        sketches.band_keys(signatures, sketches.Bands(42, 3)),
        sketches.digests_of(words),
        ragged.shared_values(sets, left, right),
        ragged.occurrences(sets, sets),
        shared_words.aligned_words(words, left, right, RULE),
        shared_words.word_shares(words, runs, left, right, RULE),
        among.places_of(np.unique(anchors.values)[::2].copy(), runs.values),
    ]


def test_where_there_is_a_compiler_there_is_a_kernel():
    """The tests below compare two things; continuous integration has a compiler."""
    can_build = bool(shutil.which("cc")) or bool(os.environ.get("CI"))

    assert KERNEL is not None or not can_build, (
        "the compiled loops were not built: install gcc and python3-dev, "
        "then remove .venv/.ready and type make install"
    )


def test_the_kernel_can_be_switched_off(monkeypatch):
    """To measure numpy, or to rule a suspicion out."""
    monkeypatch.setenv("DEDUPE_NEWS_KERNEL", "off")

    assert kernel.load() is None


def test_without_a_compiler_there_is_no_kernel(monkeypatch):
    """The package installs and works all the same."""
    monkeypatch.delenv("DEDUPE_NEWS_KERNEL", raising=False)
    monkeypatch.setitem(sys.modules, "dedupe_news.core._kernel", None)
    monkeypatch.delattr("dedupe_news.core._kernel", raising=False)

    assert kernel.load() is None


@pytest.mark.parametrize("unit", ["word", "char"])
def test_both_ways_give_the_same_bits_for_every_script(unit, without_kernel):
    """What a text is worth does not depend on whether there was a compiler."""
    compiled = columns(UGLY, unit)
    without_kernel()

    for one, other in zip(compiled, columns(UGLY, unit), strict=True):
        assert np.array_equal(one, other)


@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_both_ways_give_the_same_bits_for_any_text(texts):
    """The twins agree on whatever code points come, in whatever order they are learned."""
    compiled = columns(texts)
    with pytest.MonkeyPatch.context() as patch:
        for stage in STAGES:
            patch.setattr(stage, "KERNEL", None)
        plain = columns(texts)

    for one, other in zip(compiled, plain, strict=True):
        assert np.array_equal(one, other)


words = st.lists(st.sampled_from("abcdefg"), max_size=150)


@given(one=words, other=words, place=st.integers(0, 150))
def test_both_ways_align_the_same_words(one, other, place):
    """Of several longest alignments both take one and the same, so runs are equally long."""
    texts = [" ".join(one), " ".join(other), " ".join([*one[:place], *other, *one[place:]])]
    compiled = columns(texts)
    with pytest.MonkeyPatch.context() as patch:
        for stage in STAGES:
            patch.setattr(stage, "KERNEL", None)
        plain = columns(texts)

    for first, second in zip(compiled, plain, strict=True):
        assert np.array_equal(first, second)


@given(
    texts=st.lists(words, min_size=3, max_size=3),
    pairs=st.lists(st.tuples(*[st.integers(0, 2)] * 2), min_size=1, max_size=9),
    times=st.sampled_from([1, 2, 9]),
)
def test_what_is_kept_from_one_pair_to_the_next_changes_nothing(texts, pairs, times):
    """One text is looked at with several others, in any order, however long they are."""
    found = text.words_of([" ".join(one * times) for one in texts])
    runs, (left, right) = shingles.shingles_of(found, 5), np.array(pairs).T.copy()
    compiled = shared_words.aligned_words(found, left, right, RULE)
    shares = shared_words.in_common(found, runs, left, right, RULE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_words, "KERNEL", None)

        assert np.array_equal(compiled, shared_words.aligned_words(found, left, right, RULE))
        assert np.array_equal(
            shares.words, shared_words.word_shares(found, runs, left, right, RULE)
        )
        sets = shingles.distinct_shingles(runs)
        assert np.array_equal(shares.shingles, ragged.shared_values(sets, left, right))


@pytest.mark.parametrize("own", [0, 30, 60, 400])
@pytest.mark.parametrize("edited", [0.0, 0.03, 0.2, 0.9])
@pytest.mark.parametrize("size", [40, 130, 600, 1500])
def test_both_ways_align_texts_that_lie_near_the_diagonal_or_far_from_it(size, edited, own):
    """Only so much of a matrix is filled as alignments lead through."""
    draw = np.random.default_rng(size + own)
    base = draw.integers(1, 300, size)
    rows = [base]
    for place in (0, size // 3, size):
        variant = np.where(draw.random(size) < edited, draw.integers(1, 300, size), base)
        rows.append(np.insert(variant, place, draw.integers(1, 600, own)))
    rows.append(np.roll(base, size // 2))
    found = Ragged.from_lengths(
        np.concatenate(rows).astype(np.uint64), np.array([len(one) for one in rows])
    )
    left, right = np.triu_indices(len(rows))
    compiled = shared_words.aligned_words(found, left, right, RULE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_words, "KERNEL", None)

        assert np.array_equal(compiled, shared_words.aligned_words(found, left, right, RULE))


@given(rows=st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=90), min_size=1, max_size=5))
def test_rows_are_sorted_into_other_room_and_stay_what_they_were(rows):
    """Who needs them in order needs them as they stand in the text as well."""
    rows = [[*values, *values[::2]] for values in rows]
    given_rows = Ragged.of_arrays([np.array(values, np.uint64) for values in rows])
    before = given_rows.values.copy()

    found = shingles.distinct_shingles(given_rows)

    assert [found[row].tolist() for row in range(len(rows))] == [sorted({*one}) for one in rows]
    assert np.array_equal(given_rows.values, before)


@given(one=words, other=words, needed=st.integers(0, 150))
def test_who_asks_for_enough_words_hears_whether_there_are(one, other, needed):
    """Whoever has found them need not count on; where they are too few, all are counted."""
    found = text.words_of([" ".join(one), " ".join(other)])
    pair = np.array([0]), np.array([1])
    (whole,) = shared_words.aligned_words(found, *pair, RULE)
    (some,) = shared_words.aligned_words(found, *pair, RULE, np.array([needed]))

    assert min(some, needed) == min(whole, needed)
    assert some <= whole


def row(values):
    """Return one row of hashes."""
    return Ragged.from_lengths(np.array(values, np.uint64), np.array([len(values)]))


@pytest.mark.parametrize(
    "values",
    [
        [5] * 1000,
        [*range(1000, 0, -1)],
        [2**64 - 1 - place % 700 for place in range(2000)],
        [place * 0x9E3779B97F4A7C15 % 2**64 for place in range(5000)],
    ],
    ids=["equal", "crowded at the start", "crowded at the end", "spread"],
)
def test_hashes_are_sorted_however_they_lie(values):
    """Whoever crafts hashes that fill one bucket gets them sorted as anybody's."""
    assert shingles.distinct_shingles(row(values)).values.tolist() == sorted(set(values))


runs = st.builds(
    lambda start, bits: [start + place for place, bit in enumerate(bits) if bit],
    st.sampled_from([0, 2**63 - 20, 2**64 - 40]),
    st.lists(st.booleans(), max_size=40),
)


@given(one=runs, other=runs)
def test_what_sets_share_does_not_depend_on_how_many_are_compared_at_once(one, other):
    """Blocks of values end anywhere, on either side, and where they end nothing is lost."""
    sets = Ragged.from_lengths(
        np.array([*one, *other], np.uint64), np.array([len(one), len(other)], np.int64)
    )
    shared = ragged.shared_values(sets, np.array([0, 1]), np.array([1, 0]))

    assert shared.tolist() == [len({*one} & {*other})] * 2
