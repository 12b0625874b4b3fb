"""Texts of invented words, for tests that need many articles and none that means anything."""

import random
from itertools import product

from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import shingle_sets_of
from dedupe_news.core.text import words_of
from dedupe_news.model import Article

__all__ = ["RULE_WORDS", "article", "hashes", "prose", "sets", "variant", "words"]

RULE_WORDS = 5
"""Words per shingle in the tests, as by default."""

_SYLLABLES = tuple(map("".join, product("bdfgklmnprstvz", ("a", "e", "i", "o", "an", "el", "um"))))
_VOCABULARY = tuple(map("".join, product(_SYLLABLES[::3], _SYLLABLES[1::3])))


def words(count, seed):
    """Return so many words; other seeds give texts that share no run of five words."""
    return random.Random(seed).choices(_VOCABULARY, k=count)


def prose(count, seed):
    """Return so many words as one paragraph."""
    return " ".join(words(count, seed))


def variant(text, seed, share=0.03):
    """Return words as one paragraph, of which that share is replaced."""
    chance = random.Random(seed)
    fresh = iter(words(len(text), seed + 9000))
    return " ".join(next(fresh) if chance.random() < share else word for word in text)


def article(id_, *paragraphs, **metadata):
    """Return an article whose paragraphs are texts, or numbers that stand for forty words."""
    texts = (prose(40, part) if isinstance(part, int) else part for part in paragraphs)
    return Article(id_, tuple(texts), **metadata)


def hashes(*texts):
    """Return word hashes, one row for each text."""
    return words_of(texts) if texts else Ragged.concatenate([], "uint64")


def sets(*texts):
    """Return shingle hashes, ascending, without repetition, one row for each text."""
    return shingle_sets_of(hashes(*texts), RULE_WORDS)
