"""What variants are made of: stories, paragraphs to add, and words to put in.

Planted variants are only as true as their ingredients are strange to each other. So related
articles are sifted out first, and nothing is handed out twice.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random
from typing import TypeVar

from labelled import DataError
from metrics import shingle_set

__all__ = ["Paragraphs", "Stock", "count_words", "unrelated"]

Paragraphs = tuple[str, ...]

_Drawn = TypeVar("_Drawn")

_WORD = re.compile(r"[^\W_]+")
_MOST_SHARED = 8  # shingles: a passage of a dozen words
_DONORS = 6  # every sixth story gives its paragraphs away, and every article that is no story
_STORY_WORDS = range(120, 1500)
_LEAST_DONATED = 12  # words: less is a heading
_LEAST_LONG = 4  # paragraphs of that length in a story


def count_words(texts: Iterable[str]) -> int:
    """Return how many words the texts have together."""
    return sum(len(_WORD.findall(text)) for text in texts)


def unrelated(articles: Iterable[Paragraphs]) -> Iterator[Paragraphs]:
    """Yield the articles, in order, that share no passage with one yielded before."""
    owners: dict[tuple[str, ...], int] = {}
    for number, paragraphs in enumerate(articles):
        shingles = shingle_set("\n".join(paragraphs))
        shared = Counter(owners[shingle] for shingle in shingles if shingle in owners)
        if max(shared.values(), default=0) < _MOST_SHARED:
            owners.update(dict.fromkeys(shingles, number))
            yield paragraphs


class Stock:
    """Ingredients in one language, drawn in an order that the seed decides.

    Attributes:
        name: What the articles' set is called.
        stories: How many stories there are to draw.
    """

    def __init__(self, name: str, articles: Iterable[Paragraphs], seed: int) -> None:
        self.name = name
        pool = list(unrelated(articles))
        Random(f"{seed}/{name}").shuffle(pool)
        stories = [one for one in pool if _is_story(one)]
        donors = [*(one for one in pool if not _is_story(one)), *stories[::_DONORS]]
        del stories[::_DONORS]
        self.stories = len(stories)
        self._stories = iter(stories)
        self._paragraphs = (text for donor in donors for text in donor if _is_long(text))
        self._words: list[str] = [
            word for donor in donors for word in _WORD.findall("\n".join(donor))
        ]

    def story(self) -> Paragraphs:
        """Return a story that was not drawn before: its paragraphs all differ.

        Raises:
            DataError: If all have been drawn.
        """
        return _next(self._stories, self.name)

    def stories_of(self, count: int) -> list[Paragraphs]:
        """Return several stories that were not drawn before."""
        return [self.story() for _ in range(count)]

    def paragraphs(self, count: int) -> list[str]:
        """Return paragraphs that stand in no story and were not drawn before."""
        return [_next(self._paragraphs, self.name) for _ in range(count)]

    def passage(self, words: float) -> list[str]:
        """Return as many such paragraphs as together have at least that many words."""
        drawn: list[str] = []
        while count_words(drawn) < words:
            drawn += self.paragraphs(1)
        return drawn

    def word(self, rng: Random) -> str:
        """Return a word, as often as the language uses it."""
        return rng.choice(self._words)


def _next(supply: Iterator[_Drawn], name: str) -> _Drawn:
    found = next(supply, None)
    if found is None:
        msg = f"{name}: too few articles for so many groups; ask for fewer with --groups"
        raise DataError(msg)
    return found


def _is_story(paragraphs: Paragraphs) -> bool:
    folded = [tuple(_WORD.findall(text.casefold())) for text in paragraphs]
    return (
        len({*folded}) == len(folded)
        and all(folded)
        and sum(map(len, folded)) in _STORY_WORDS
        and sum(map(_is_long, paragraphs)) >= _LEAST_LONG
    )


def _is_long(text: str) -> bool:
    return count_words([text]) >= _LEAST_DONATED
