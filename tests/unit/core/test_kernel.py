"""The compiled loops and their Python twins return the same bits."""

import os
import shutil
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.core import kernel, shingles, sketches, text, verify
from dedupe_news.core.kernel import KERNEL

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
]


@pytest.fixture
def without_kernel(monkeypatch):
    """Take the kernel away from every stage that uses it."""

    def remove():
        for stage in (shingles, sketches, text, verify):
            monkeypatch.setattr(stage, "KERNEL", None)

    return remove


def columns(texts, unit="word"):
    """Return all that the kernel has a hand in."""
    words = text.words_of(texts, unit)
    runs = shingles.shingles_of(words, 5)
    sets = shingles.distinct_shingles(runs)
    left, right = np.triu_indices(len(texts))
    return [
        words.values,
        words.offsets,
        runs.values,
        runs.offsets,
        sketches.signatures_of(runs, 128, 1),
        sketches.digests_of(words),
        verify.shared_shingles(sets, left, right),
        *(verify.covered_words(words, runs, pair, 5)[0] for pair in pairwise(range(len(texts)))),
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
        for stage in (shingles, sketches, text, verify):
            patch.setattr(stage, "KERNEL", None)
        plain = columns(texts)

    for one, other in zip(compiled, plain, strict=True):
        assert np.array_equal(one, other)
