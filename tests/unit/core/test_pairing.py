"""The heaviest chain of pairs that do not cross."""

import random
from itertools import chain, combinations, pairwise

import pytest

from dedupe_news.core.pairing import heaviest_chain
from dedupe_news.core.pairs import Pair


def pair(left, right, weight):
    """Return a pair of which only places and weight matter."""
    return Pair(tuple(left), tuple(right), None, 1.0, weight)


@pytest.mark.parametrize(
    ("pairs", "chosen"),
    [
        ([], []),
        ([pair([0], [0], 1)], [0]),
        ([pair([0], [1], 2), pair([1], [0], 3)], [1]),
        ([pair([0], [0], 2), pair([0, 1], [0], 3), pair([1], [1], 2)], [0, 2]),
        ([pair([0], [0], 1), pair([0, 1], [0], 3), pair([1], [1], 1)], [1]),
        ([pair([0], [0, 2], 3), pair([1], [1], 1), pair([1], [3], 1)], [0, 2]),
    ],
)
def test_the_heaviest_set_without_crossings_is_chosen(pairs, chosen):
    """Merges and splits take the place of all that they span."""
    assert heaviest_chain(pairs) == [pairs[index] for index in chosen]


def slow_twin(pairs):
    """Return the greatest weight of any chain, by trying all."""

    def follows(first, second):
        return first.left[-1] < second.left[0] and first.right[-1] < second.right[0]

    chains = chain.from_iterable(
        combinations(sorted(pairs), size) for size in range(len(pairs) + 1)
    )
    return max(
        sum(each.weight for each in some)
        for some in chains
        if all(follows(first, second) for first, second in pairwise(some))
    )


@pytest.mark.parametrize("seed", range(30))
def test_no_other_chain_is_heavier(seed):
    """Against trying all chains."""
    rng = random.Random(seed)
    pairs = []
    for _ in range(8):
        left, right = rng.randrange(6), rng.randrange(6)
        more = rng.randrange(3)
        pairs.append(pair(range(left, left + 1 + more), [right], rng.randrange(1, 9)))

    assert sum(each.weight for each in heaviest_chain(pairs)) == slow_twin(pairs)
