"""Who matches no base is told through whom it belongs to the cluster."""

import numpy as np
import pytest

from dedupe_news.core.crowds import NO_LINKS, Links
from dedupe_news.core.vias import vias_of


def links(*pairs):
    """Return links of pairs of wordings, each with its strength."""
    left, right, strength = zip(*pairs, strict=True)
    return Links(np.array(left), np.array(right), np.array(strength, np.float64))


def vias(known, numbers, ids, bases=(0,)):
    """Return who links each row, given the rows that are bases."""
    is_base = np.isin(np.arange(len(ids)), bases)
    return vias_of(known, np.array(numbers), ids, is_base)


@pytest.mark.parametrize(
    ("strengths", "via"), [((1.2, 1.1), "b"), ((1.1, 1.2), "c"), ((1.1, 1.1), "b")]
)
def test_the_strongest_link_counts_and_then_the_id(strengths, via):
    """Whichever of both comes first in the links."""
    near = (0, 1, 1.5), (0, 2, 1.5)
    far = [(1, 3, strengths[0]), (2, 3, strengths[1])]

    assert vias(links(*near, *far), [0, 1, 2, 3], "abcd") == {3: via}
    assert vias(links(*near, *far[::-1]), [0, 1, 2, 3], "abcd") == {3: via}


def test_rows_need_not_be_in_the_order_of_their_ids():
    """The caller may have given the base, and the order."""
    known = links((0, 1, 1.5), (0, 2, 1.5), (1, 3, 1.2), (2, 3, 1.2))

    assert vias(known, [0, 1, 2, 3], "dcba") == {3: "b"}


def test_of_copies_the_first_row_is_named():
    """A link names a wording, and all rows that have it are linked."""
    known = links((0, 7, 1.5), (7, 9, 1.2))

    assert vias(known, [0, 7, 7, 9, 9], "abcde") == {3: "b", 4: "b"}


def test_who_matches_any_copy_of_the_base_is_linked_by_nobody():
    """Copies may be told apart by what they add to the same words."""
    known = links((0, 2, 1.5), (1, 3, 1.5), (2, 3, 1.9))

    assert vias(known, [0, 1, 2, 3], "abcd", bases=(0, 1)) == {}


def test_families_are_looked_at_together():
    """None has a wording of another."""
    known = links((0, 1, 1.5), (1, 2, 1.2), (10, 11, 1.5), (11, 12, 1.2))

    assert vias(known, [0, 1, 2, 10, 11, 12], "abcdef", bases=(0, 3)) == {2: "b", 5: "e"}


def test_without_links_nobody_is_linked():
    """Such families have one wording or two."""
    assert vias(NO_LINKS, [0, 1], "ab") == {}
