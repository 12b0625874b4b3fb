"""Variants made by hand of a seed: what belongs together, and what became of each paragraph.

A kind is a function from a stock to a group. Its pieces carry the truth with them: a piece
is one paragraph of the variant with the change that made it, so text and label cannot part.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, cycle, islice
from random import Random

from dedupe_news.model import Article, ChangeOp
from edits import cut_in_two, misread, replace_words, retype
from labelled import Pair, pair
from metrics import Label
from stock import Paragraphs, Stock, count_words

__all__ = ["KINDS", "SCANNED", "Group", "Truth", "plant"]

_LIGHT, _HEAVY, _NOISE = 0.03, 0.2, 0.05  # of words, of words, of letters
_LEAST_WORDS = 12  # of a paragraph that is moved, merged or quoted
_MOST_QUOTED = 0.35  # of a story, by a digest
_STRANGERS = 5
_FURNITURE = (0.3, 0.6, 1.0, 1.5)  # words of furniture for each word of the shortest story


@dataclass(frozen=True, slots=True)
class Truth:
    """What became of each paragraph between a base and its variant.

    Attributes:
        base: Id of the base.
        variant: Id of the variant.
        labels: One for each paragraph of the variant.
        removed: Positions in the base that are gone.
    """

    base: str
    variant: str
    labels: tuple[Label, ...]
    removed: frozenset[int]


@dataclass(frozen=True, slots=True)
class Group:
    """Articles made from the same stories, which share nothing with any other group.

    Attributes:
        kind: How they were made; for strangers with the weight of what surrounds them.
        articles: All of them.
        together: Pairs that belong into one cluster; every other pair does not.
        unscored: Pairs that may or may not be joined.
        truths: What became of the paragraphs; empty where nothing belongs together.
    """

    kind: str
    articles: tuple[Article, ...]
    together: frozenset[Pair] = frozenset()
    unscored: frozenset[Pair] = frozenset()
    truths: tuple[Truth, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """One paragraph of a variant: its text, and the change that led to it."""

    text: str
    op: ChangeOp
    base: tuple[int, ...] = ()


_Pieces = list[_Piece]
_Making = Callable[[Paragraphs, Stock, Random], _Pieces]


def plant(stock: Stock, count: int, seed: int) -> Iterator[Group]:
    """Yield groups of every kind in turn.

    Args:
        stock: Where the stories come from.
        count: How many groups.
        seed: Decides every choice, together with the number of the group.

    Raises:
        DataError: If the stock holds too few stories.
    """
    for number, kind in enumerate(islice(cycle(KINDS), count)):
        rng = Random(f"{seed}/{stock.name}/{number}")
        yield KINDS[kind](f"{stock.name}/{number:04}-{kind}", kind, stock, rng)


def _exact(base: Paragraphs, _stock: Stock, _rng: Random) -> _Pieces:
    return [_Piece(text, "same", (place,)) for place, text in enumerate(base)]


def _retyped(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    return [
        _Piece(retype(piece.text, rng), "same", piece.base) for piece in _exact(base, stock, rng)
    ]


def _two_added(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    return _mixed(_exact(base, stock, rng), stock.paragraphs(2), rng)


def _doubled(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    return _mixed(_exact(base, stock, rng), stock.passage(count_words(base)), rng)


def _five_times(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    return _mixed(_exact(base, stock, rng), stock.passage(4 * count_words(base)), rng)


def _brief(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    return _exact(base, stock, rng)[: _place_of_share(base, 1 / 3)]


def _dropped(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    gone = set(rng.sample(range(len(base)), len(base) // 3))
    return [piece for piece in _exact(base, stock, rng) if gone.isdisjoint(piece.base)]


def _light_edits(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    return _edited(base, lambda text: replace_words(text, _LIGHT, rng, lambda: stock.word(rng)))


def _heavy_edits(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    return _edited(base, lambda text: replace_words(text, _HEAVY, rng, lambda: stock.word(rng)))


def _scanned(base: Paragraphs, _stock: Stock, rng: Random) -> _Pieces:
    return _edited(base, lambda text: misread(text, _NOISE, rng))


def _moved(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    """Move a paragraph over others that have at least twice its words.

    Of two stretches that change places the shorter is said to have moved.
    """
    pieces = _exact(base, stock, rng)
    sizes = [count_words([text]) for text in base]
    places = [(start, end) for start in range(len(base)) for end in range(len(base))]
    legal = [
        (start, end)
        for start, end in places
        if sizes[start] >= _LEAST_WORDS
        and sum(sizes[min(start, end) : max(start, end) + 1]) >= 3 * sizes[start]
    ]
    start, end = rng.choice(legal)
    piece = pieces.pop(start)
    pieces.insert(end, _Piece(piece.text, "moved", piece.base))
    return pieces


def _merged(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    pieces = _exact(base, stock, rng)
    start = rng.choice(_long_neighbours(base))
    text = f"{base[start]} {base[start + 1]}"
    pieces[start : start + 2] = [_Piece(text, "merged", (start, start + 1))]
    return pieces


def _split(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    """Split a paragraph at a sentence, or leave the story whole where no sentence ends."""
    pieces = _exact(base, stock, rng)
    cuts = {place: cut for place, text in enumerate(base) if (cut := cut_in_two(text))}
    if cuts:
        place = rng.choice(sorted(cuts))
        pieces[place : place + 1] = [_Piece(text, "split", (place,)) for text in cuts[place]]
    return pieces


def _reprint(base: Paragraphs, stock: Stock, rng: Random) -> _Pieces:
    """Give a new lead, run two paragraphs together, cut the last and add one of one's own.

    A first or last paragraph that holds much of the story stays.
    """
    pieces = _merged(base, stock, rng)
    most = count_words(base) / 5
    start = int(count_words(base[:1]) <= most)
    end = len(pieces) - int(count_words(base[-1:]) <= most)
    lead, tail = stock.paragraphs(2), stock.paragraphs(1)
    return [*_added(lead), *pieces[start:end], *_added(tail)]


def _variant(make: _Making) -> Callable[[str, str, Stock, Random], Group]:
    """Return the kind that reads one story against what is made of it."""

    def group(name: str, kind: str, stock: Stock, rng: Random) -> Group:
        story = stock.story()
        pieces = make(story, stock, rng)
        base = Article(f"{name}/base", story)
        variant = Article(f"{name}/variant", tuple(piece.text for piece in pieces))
        labels: tuple[Label, ...] = tuple((piece.op, piece.base) for piece in pieces)
        kept = {place for piece in pieces for place in piece.base}
        truth = Truth(base.id, variant.id, labels, frozenset(range(len(story))) - kept)
        together = frozenset({pair(base.id, variant.id)})
        return Group(kind, (base, variant), together, truths=(truth,))

    return group


def _strangers(name: str, kind: str, stock: Stock, rng: Random) -> Group:
    """Put the same head and foot around stories that have nothing in common."""
    stories = stock.stories_of(_STRANGERS)
    weight = rng.choice(_FURNITURE)
    head, *foot = stock.passage(weight * min(map(count_words, stories)))
    articles = (
        Article(f"{name}/{number}", (head, *story, *foot)) for number, story in enumerate(stories)
    )
    return Group(f"{kind}-{weight}", tuple(articles))


def _digest(name: str, kind: str, stock: Stock, rng: Random) -> Group:
    """Quote one paragraph of each of five stories."""
    stories = stock.stories_of(5)
    quotes = [rng.choice(_quotable(story)) for story in stories]
    articles = [Article(f"{name}/{number}", story) for number, story in enumerate(stories)]
    digest = Article(f"{name}/digest", (*stock.paragraphs(1), *quotes))
    return Group(kind, (*articles, digest))


def _chain(name: str, kind: str, stock: Stock, _rng: Random) -> Group:
    """Put half of one story and half of another into a third: the two stay strangers."""
    first, last = stock.stories_of(2)
    half, rest = _place_of_share(first, 1 / 2), _place_of_share(last, 1 / 2)
    ends = Article(f"{name}/a", first), Article(f"{name}/c", last)
    link = Article(f"{name}/b", (*first[:half], *last[rest:]))
    unscored = frozenset(pair(link.id, end.id) for end in ends)
    return Group(kind, (ends[0], link, ends[1]), unscored=unscored)


_MAKINGS: Mapping[str, _Making] = {
    "exact": _exact,
    "retyped": _retyped,
    "two-added": _two_added,
    "doubled": _doubled,
    "five-times": _five_times,
    "brief": _brief,
    "dropped": _dropped,
    "light-edits": _light_edits,
    "heavy-edits": _heavy_edits,
    "moved": _moved,
    "merged": _merged,
    "split": _split,
    "reprint": _reprint,
    "scanned": _scanned,
}

SCANNED = "scanned"
"""The kind whose letters are misread: words are no measure of it."""

KINDS: Mapping[str, Callable[[str, str, Stock, Random], Group]] = {
    **{kind: _variant(make) for kind, make in _MAKINGS.items()},
    "strangers": _strangers,
    "digest": _digest,
    "chain": _chain,
}
"""All kinds, by name; of the last three kinds the articles look alike and stay apart."""


def _edited(base: Paragraphs, edit: Callable[[str], str]) -> _Pieces:
    texts = [edit(text) for text in base]
    return [
        _Piece(new, "same" if new == old else "edited", (place,))
        for place, (old, new) in enumerate(zip(base, texts, strict=True))
    ]


def _added(texts: Sequence[str]) -> _Pieces:
    return [_Piece(text, "added") for text in texts]


def _mixed(pieces: _Pieces, texts: Sequence[str], rng: Random) -> _Pieces:
    """Return the pieces in their order, with the texts at any places between them."""
    places = set(rng.sample(range(len(pieces) + len(texts)), len(texts)))
    kept, new = iter(pieces), iter(_added(texts))
    return [next(new if place in places else kept) for place in range(len(pieces) + len(texts))]


def _place_of_share(paragraphs: Paragraphs, share: float) -> int:
    """Return how many paragraphs from the top hold at least that share of the words."""
    sums = list(accumulate(count_words([text]) for text in paragraphs))
    return sum(words < share * sums[-1] for words in sums) + 1


def _long_neighbours(base: Paragraphs) -> list[int]:
    """Return where two long paragraphs follow each other inside; if nowhere, the second."""
    long = [count_words([text]) >= _LEAST_WORDS for text in base]
    inner = range(1, len(base) - 2)
    return [place for place in inner if long[place] and long[place + 1]] or [1]


def _quotable(story: Paragraphs) -> list[str]:
    most = _MOST_QUOTED * count_words(story)
    sizes = {text: count_words([text]) for text in story}
    return [text for text, size in sizes.items() if _LEAST_WORDS <= size <= most]
