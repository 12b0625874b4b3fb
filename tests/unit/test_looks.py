"""How many texts are read together does not show, but in the time that it takes."""

import numpy as np
import pytest

from dedupe_news.core.verify import Rule
from dedupe_news.engines.local import Serial
from dedupe_news.looks import TextLook

STEP = 8
STRANGERS = [(rank, rank + 1) for rank in range(0, 400, 2)]
CROWD = [(hub, rank) for rank in range(5, 200) for hub in range(5)]


def read_together(pairs):
    """Return how many texts are read for one portion after the other, and how many pairs match."""
    sizes = []

    def texts(ranks):
        sizes.append(len(ranks))
        return lambda: ["one text that all of them have, word for word"] * len(ranks)

    rule, none = Rule(0.6, 5, 5), np.empty(0, np.uint64)
    look = TextLook(texts, "word", none, rule, False, False, STEP, Serial())
    return sizes, int(look.verify(*np.array(pairs).T).matches.sum())


@pytest.mark.parametrize(("pairs", "most"), [(STRANGERS, 2 * STEP), (CROWD, 4 * STEP)])
def test_more_texts_of_a_crowd_are_read_together(pairs, most):
    """So that the first few, whom all of them meet, are read less often."""
    sizes, matches = read_together(pairs)

    assert max(sizes) <= most
    assert min(sizes[:-1]) > most - 2 * STEP
    assert matches == len(pairs)


def test_pairs_of_few_texts_are_not_looked_at_without_end():
    """What is found out about them is kept until all of them are done."""
    sizes, _ = read_together(
        [(one, other) for one in range(20) for other in range(one + 1, 20)] * 9
    )

    assert len(sizes) > 1
