"""Invented articles in any number, with the statistics of real ones.

    python bench/corpus.py COUNT [--seed N] [-o FILE]

Words are made up of syllables and used as often as words are (Zipf), lengths vary as lengths
do (log-normal), four articles in five stand alone and the fifth is a variant of an earlier one.
Each publisher puts the same lines under its articles. Article N depends on the seed and on N
alone, so a million are written as easily as ten, and a part of them can be made again.
"""

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, islice
from pathlib import Path
from random import Random

__all__ = ["CACHE", "Invented", "Item", "cached", "line_of", "main", "written"]

CACHE = Path(__file__).parent / ".cache"
"""Where invented articles lie between two runs; git does not see it."""

_SAMPLE = 50  # articles that tell one way of inventing from another

_VOCABULARY = 60_000
_SHIFT = 2.7  # of the rank, after Mandelbrot
_ZIPF = 1.05  # exponent; with the shift below, the commonest word is one in thirty
_SYLLABLES = tuple(first + last for first in "bcdfglmnprstvz" for last in "aeiou")
_SHORT_RANKS = (40, 2_000)  # words commoner than these have one syllable, or two
_LENGTH = (5.8, 0.55)  # of the logarithm of the words of an article: 330 in the middle
_SENTENCE = (2.9, 0.4)  # of the logarithm of the words of a sentence: 18 in the middle
_PARAGRAPH = (1, 4)  # sentences
_VARIANTS = 5  # every fifth article is a variant
_REACH = 2_000  # of an article among these before it
_PUBLISHERS = 200
_EDITED = 0.03  # of the words of a variant that was edited


@dataclass(frozen=True, slots=True)
class Item:
    """An article of the corpus.

    Attributes:
        id: Its number, as nine digits, so that the order of ids is the order of making.
        paragraphs: Its text.
        source: The publisher, who puts the same lines under all of its articles.
        of: Number of the article that this is a variant of; its own when it is none.
    """

    id: str
    paragraphs: tuple[str, ...]
    source: str
    of: int


class Invented:
    """A corpus without end, in which the article of each number is always the same.

    Args:
        seed: Decides the words and everything that is made of them.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def item(self, number: int) -> Item:
        """Return the article of that number, from 0."""
        rng = self._random("item", number)
        publisher = rng.randrange(_PUBLISHERS)
        original = self.original(number)
        story = self.story(original)
        body = story if original == number else self._varied(story, rng)
        source = f"publisher-{publisher}"
        return Item(f"{number:09}", (*body, *self._imprint(publisher)), source, original)

    def items(self, count: int) -> Iterator[Item]:
        """Yield the first articles, in order; one is held at a time."""
        return map(self.item, range(count))

    def original(self, number: int) -> int:
        """Return the number of the article that this is a variant of, or its own."""
        if number % _VARIANTS != _VARIANTS - 1:
            return number
        earlier = number - 1 - self._random("of", number).randrange(min(number, _REACH))
        return earlier - (earlier % _VARIANTS == _VARIANTS - 1)

    def families(self, count: int) -> list[list[int]]:
        """Return the numbers of the articles of each story that has variants, in order."""
        found: dict[int, list[int]] = defaultdict(list)
        for number in range(count):
            found[self.original(number)].append(number)
        return [family for family in found.values() if len(family) > 1]

    def story(self, number: int, words: int | None = None) -> tuple[str, ...]:
        """Return the paragraphs of a story, without the lines of any publisher.

        Args:
            number: Which.
            words: How long, to about a paragraph; as long as stories are when not given.
        """
        rng = self._random("story", number)
        usual = int(rng.lognormvariate(*_LENGTH))
        return tuple(self._paragraphs(rng, usual if words is None else words))

    def reworded(self, body: Sequence[str], number: int, share: float) -> list[str]:
        """Return the paragraphs with this share of the words changed, otherwise per number."""
        rng = self._random("reworded", number)
        return [self._reworded(text, rng, share) for text in body]

    def _paragraphs(self, rng: Random, words: int) -> Iterator[str]:
        while words > 0:
            sentences = [self._sentence(rng) for _ in range(rng.randint(*_PARAGRAPH))]
            words -= sum(map(len, sentences))
            yield " ".join(f"{' '.join(sentence).capitalize()}." for sentence in sentences)

    def _sentence(self, rng: Random) -> list[str]:
        size = max(4, int(rng.lognormvariate(*_SENTENCE)))
        words = rng.choices(self._words, cum_weights=self._weights, k=size)
        words[size // 2] += ","
        return words

    def _varied(self, body: Sequence[str], rng: Random) -> Sequence[str]:
        """Return a reprint: whole, shortened, lengthened or edited."""
        way = rng.choice(("whole", "shortened", "lengthened", "edited"))
        place = rng.randint(0, len(body))
        if way == "shortened":
            return body[: max(1, len(body) // 2)]
        if way == "lengthened":
            own = self._paragraphs(rng, rng.randint(60, 400))
            return [*body[:place], *own, *body[place:]]
        if way == "edited":
            return [self._reworded(text, rng, _EDITED) for text in body]
        return body

    def _reworded(self, text: str, rng: Random, share: float) -> str:
        words = text.split(" ")
        for place in range(len(words)):
            if rng.random() < share:
                words[place] = rng.choice(self._words)
        return " ".join(words)

    def _imprint(self, publisher: int) -> Iterator[str]:
        rng = self._random("imprint", publisher)
        return self._paragraphs(rng, rng.randint(5, 60))

    @cached_property
    def _words(self) -> list[str]:
        rng = self._random("words", 0)
        words: dict[str, None] = {}
        while len(words) < _VOCABULARY:
            length = 1 + sum(len(words) >= rank for rank in _SHORT_RANKS)
            words["".join(rng.choices(_SYLLABLES, k=length + rng.randrange(length)))] = None
        return list(words)

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate((rank + _SHIFT) ** -_ZIPF for rank in range(_VOCABULARY)))

    def _random(self, purpose: str, number: int) -> Random:
        return Random(f"{self._seed}/{purpose}/{number}")


def main(arguments: list[str] | None = None) -> int:
    """Write articles as JSON Lines, one at a time, and return an exit code.

    Args:
        arguments: The command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", type=int, help="how many articles")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, help="a file instead of standard output")
    options = parser.parse_args(arguments)
    lines = map(_line, Invented(options.seed).items(options.count))
    if options.output is None:
        sys.stdout.writelines(lines)
    else:
        _write(options.output, lines)
    return 0


def cached(count: int, seed: int = 1) -> Path:
    """Return a JSON Lines file of the first articles, written if it is not there yet.

    It is named by what it holds: a change of how articles are invented makes a new file.

    Args:
        count: How many articles.
        seed: Of the corpus.
    """
    corpus = Invented(seed)
    return written("invented", count, map(_line, corpus.items(count)))


def written(name: str, count: int, lines: Iterable[str]) -> Path:
    """Return a file of these lines in the cache; a longer one there lends its first lines.

    Args:
        name: What the lines are.
        count: How many there are.
        lines: Those lines; the first of them tell whether the cache has the same.
    """
    lines = iter(lines)
    first = list(islice(lines, min(_SAMPLE, count)))
    digest = hashlib.sha256("".join(first).encode()).hexdigest()[:12]
    path = CACHE / f"{name}-{digest}-{count}.jsonl"
    if not path.is_file():
        CACHE.mkdir(exist_ok=True)
        (CACHE / ".gitignore").write_text("*\n", "utf-8")
        half = path.with_suffix(".part")  # renamed when it is whole
        longer = _longer(name, digest, count)
        if longer is None:
            _write(half, islice(chain(first, lines), count))
        else:
            with longer.open(encoding="utf-8") as file:
                _write(half, islice(file, count))
        half.replace(path)
    return path


def _longer(name: str, digest: str, count: int) -> Path | None:
    """Return a file of the cache that begins with the wanted lines, if there is any."""
    there = CACHE.glob(f"{name}-{digest}-*.jsonl")
    return next((path for path in there if int(path.stem.rpartition("-")[2]) > count), None)


def _write(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)


def _line(item: Item) -> str:
    return line_of(item.id, item.paragraphs, item.source)


def line_of(name: str, paragraphs: Sequence[str], source: str) -> str:
    """Return an article as one line of JSON."""
    return json.dumps({"id": name, "text": "\n\n".join(paragraphs), "source": source}) + "\n"


if __name__ == "__main__":
    sys.exit(main())
