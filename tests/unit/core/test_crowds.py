"""Who is likely to be the base of many, before they are read."""

import numpy as np
import pytest

from dedupe_news.core.crowds import Links, likely_base
from dedupe_news.model import Article

MEMBERS = [Article(f"{place:02}", ("word " * place,)) for place in range(40)]
EVERY = ("earliest", "most-contained", "id")


def links(*strengths):
    """Return links of a chain, each wording with the next, so strong."""
    ends = np.arange(len(strengths))
    return Links(ends, ends + 1, np.array(strengths, np.float64))


def likely(keep=EVERY, members=MEMBERS, numbers=range(40), strengths=(1.0,) * 39, shares=None):
    """Return the position of the likely base, and who was asked how far it is contained."""
    asked = []

    def contained(places):
        asked.extend(places.tolist())
        return np.array([(shares or {}).get(place, 0.5) for place in places.tolist()])

    return likely_base(members, numbers, links(*strengths), contained, keep), asked


def test_few_are_asked_how_far_they_are_contained():
    """Those whose links are the strongest; and of them the one that is contained most."""
    strengths = [1.0] * 15 + [1.5] * 10 + [1.0] * 14
    base, asked = likely(strengths=strengths, shares={20: 0.9, 30: 0.95})

    assert base == 20
    assert len(asked) == 16
    assert set(range(15, 26)) <= set(asked)


def test_nobody_is_asked_where_dates_decide():
    """The earliest is the base, however little it stands in the others."""
    members = [*MEMBERS[:-1], Article("39", (), date="2017")]

    assert likely(members=members) == (39, [])


@pytest.mark.parametrize(("rule", "base"), [("longest", 39), ("shortest", 0), ("id", 0)])
def test_lengths_are_guessed_by_characters(rule, base):
    """Words are not known before texts are read."""
    assert likely((rule,)) == (base, [])


def test_copies_are_as_near_as_their_wording():
    """Members have the number of their wording, of which some may be copies."""
    numbers = [7 * (place // 2) for place in range(40)]
    chain = Links(np.array([0, 7]), np.array([7, 14]), np.array([1.1, 1.9]))
    asked = []

    def contained(places):
        asked.extend(places.tolist())
        return np.linspace(0.1, 0.9, len(places))

    base = likely_base(MEMBERS, numbers, chain, contained, EVERY)
    assert asked[:6] == [4, 5, 2, 3, 0, 1]
    assert base == asked[-1]
