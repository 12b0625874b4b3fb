"""Articles as the keys that each holds."""

import random

import numpy as np

from dedupe_news.core.holders import holders_of
from dedupe_news.core.ragged import Ragged

__all__ = ["held", "random_rows"]


def held(rows):
    """Return holders of keys, given the keys that each article holds."""
    keys = np.array([key for keys in rows for key in keys], np.uint64)
    return holders_of(Ragged.from_lengths(keys, np.array([len(keys) for keys in rows], np.int64)))


def random_rows(seed, articles=30, keys=40):
    """Return key sets that overlap a good deal."""
    chance = random.Random(seed)
    return [chance.sample(range(keys), chance.randrange(min(keys, 7) + 1)) for _ in range(articles)]
