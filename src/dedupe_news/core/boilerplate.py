"""Boilerplate: passages that recur in articles which share nothing else.

Site furniture, trailers, credits, a background paragraph pasted into every report of a saga:
they make strangers look alike. A dispatch that thirty papers print is no such thing, for
those thirty have nearly everything in common. So articles are first joined into stories by
what they share as wholes; an anchor that occurs in many stories then betrays a passage, and
the texts around it tell how far that passage reaches.

Where articles are short and their frame is long, the frame itself makes one story of them.
So the articles of an anchor that occurs in one story are looked at without the words with
which all of them begin and end: if what is left is worth a text and has nothing in common,
those words were a frame.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import Holders
from dedupe_news.core.ragged import Ragged, distinct
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.suspects import (
    MIN_STORIES,
    OWN_TEXT,
    STRANGE,
    Evidence,
    Suspect,
    stories_told,
    suspects_of,
)

__all__ = [
    "MIN_WORDS",
    "Found",
    "Furniture",
    "Group",
    "Passage",
    "furniture_of",
    "learn_boilerplate",
    "passages_of",
    "shingles_of_group",
]

MIN_WORDS = 12
"""A passage must be so long: shorter ones are idioms, titles and names of offices."""

_LOOSELY_RELATED = 0.2  # as `STRANGE`, where a stray sentence in common is no surprise
_AGREEMENT = 0.75  # share of the witnesses that must have the passage as far as that
_AT_ONCE = 64  # groups whose witnesses are held in memory at once

Words = Callable[[], Ragged]
"""Returns the word hashes of some articles, one row for each, in whichever process it is called."""
WordsOf = Callable[[Sequence[int]], Words]
"""Returns what reads articles, given their ranks."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of an article that are boilerplate.

    Attributes:
        rank: The article.
        start: Position of the first word.
        end: Position after the last word.
        articles: How many articles hold it.
    """

    rank: int
    start: int
    end: int
    articles: int


@dataclass(frozen=True, slots=True)
class Furniture:
    """What was learned.

    Attributes:
        shingles: Hashes of all shingles of all passages, shape (n,), uint64, ascending.
        passages: The passages, those of most articles first.
        groups: The suspect anchors, by those who bear witness of them.
    """

    shingles: UInt64s
    passages: tuple[Passage, ...]
    groups: tuple["Group", ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Anchors under suspicion that are judged together.

    Attributes:
        keys: The low bits of each anchor, ascending.
        witnesses: The articles that they are read in.
        many_stories: Whether these tell many stories, or one that may be a frame.
    """

    keys: tuple[int, ...]
    witnesses: tuple[int, ...]
    many_stories: bool


def learn_boilerplate(
    holders: Holders,
    evidence: Evidence,
    anchors: Ragged,
    words: WordsOf,
    size: int,
    run: "Run" = map,
) -> Furniture:
    """Return the passages that recur across stories.

    Args:
        holders: Which articles hold each anchor.
        evidence: What `weigh` made of them.
        anchors: Anchors of each article.
        words: Returns what reads the words of articles, given their ranks.
        size: Words per shingle.
        run: Looks at groups of suspects, wherever that is done.
    """
    groups = _grouped(suspects_of(holders, evidence, anchors))
    learned = furniture_of(_passages_of(groups, words, holders.mask, size, run))
    return replace(learned, groups=tuple(map(_group, groups)))


def passages_of(
    suspects: Sequence[Suspect],
    words: WordsOf,
    mask: np.uint64,
    size: int,
    run: "Run" = map,
) -> list["Found"]:
    """Return the passages that some anchors come to.

    What is found of those that have the same witnesses depends on these and on the anchors, on
    nothing else: any part of the suspects may be looked at by itself, as long as those with
    the same witnesses stay together.

    Args:
        suspects: Anchors under suspicion, ascending.
        words: Returns what reads the words of articles, given their ranks.
        mask: Which bits of a shingle make a key.
        size: Words per shingle.
        run: As for `learn_boilerplate`.
    """
    return _passages_of(_grouped(suspects), words, mask, size, run)


def _passages_of(
    groups: Iterable[Sequence[Suspect]], words: WordsOf, mask: np.uint64, size: int, run: "Run"
) -> list["Found"]:
    look = partial(_look_at, mask=mask, size=size)
    return list(chain.from_iterable(run(look, _hearings(groups, words))))


def shingles_of_group(group: Group, words: Ragged, size: int) -> frozenset[int]:
    """Return the shingles of all passages that a group comes to.

    Args:
        group: Anchors, given by all of their bits.
        words: Word hashes of the witnesses, one row for each.
        size: Words per shingle.
    """
    shingles = shingles_of(words, size)
    witnesses = np.array(group.witnesses, np.int64)
    suspects = [Suspect(key, witnesses, 0, group.many_stories) for key in group.keys]
    texts = [(words[row], shingles[row]) for row in range(len(words))]
    found = _look(suspects, texts, np.uint64(2**64 - 1), size)
    return frozenset(shingle for each in found for shingle in each.shingles)


def furniture_of(found: Sequence["Found"]) -> Furniture:
    """Return all that was found; of passages, those that others do not cover.

    Args:
        found: In any order.
    """
    shown: list[Passage] = []
    known: set[int] = set()
    for each in sorted(found, key=lambda one: one.order):
        if not known.issuperset(each.shingles):
            shown.append(each.passage)
            known.update(each.shingles)
    return Furniture(np.array(sorted(known), np.uint64), tuple(shown))


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its shingles.

    Attributes:
        passage: Where it stands.
        shingles: Its shingle hashes.
    """

    passage: Passage
    shingles: frozenset[int]

    @property
    def order(self) -> tuple[int, int, int, int]:
        """That of a list: by how many articles hold it, then by where it stands."""
        passage = self.passage
        return (-passage.articles, passage.rank, passage.start, passage.end)


def _grouped(suspects: Sequence[Suspect]) -> list[list[Suspect]]:
    """Return the suspects by those who bear witness of them.

    What is found of a group depends on its witnesses and its anchors, on nothing else: not
    on other groups, nor on how many articles there are besides.
    """
    groups: dict[tuple[bytes, bool], list[Suspect]] = {}
    for suspect in suspects:
        key = (suspect.witnesses.tobytes(), suspect.many_stories)
        groups.setdefault(key, []).append(suspect)
    return list(groups.values())


class _Hearing(NamedTuple):
    """Groups of suspects that are looked at together.

    Attributes:
        groups: The suspects of each.
        ranks: All who bear witness of them, ascending.
        words: Reads the witnesses.
    """

    groups: Sequence[Sequence[Suspect]]
    ranks: npt.NDArray[np.int64]
    words: Words


Run = Callable[[Callable[[_Hearing], list[Found]], Iterable[_Hearing]], Iterable[list[Found]]]
"""As `map`: in this process, or in others as well."""


def _hearings(groups: Iterable[Sequence[Suspect]], words: WordsOf) -> Iterator[_Hearing]:
    waiting = iter(groups)
    while some := list(islice(waiting, _AT_ONCE)):
        ranks = distinct(np.concatenate([group[0].witnesses for group in some]))
        yield _Hearing(some, ranks, words(ranks.tolist()))


def _look_at(hearing: _Hearing, *, mask: np.uint64, size: int) -> list[Found]:
    """Return the passages that some groups come to, reading their witnesses."""
    texts = hearing.words()
    shingles = shingles_of(texts, size)
    found = []
    for group in hearing.groups:
        rows = np.searchsorted(hearing.ranks, group[0].witnesses).tolist()
        seen = [(texts[row], shingles[row]) for row in rows]
        found += _look(group, seen, mask, size)
    return found


def _look(
    group: Sequence[Suspect],
    texts: Sequence[tuple[UInt64s, UInt64s]],
    mask: np.uint64,
    size: int,
) -> list[Found]:
    """Return the passages around the anchors of a group, each of which is in one only."""
    found: list[Found] = []
    cleared: set[int] = set()
    held: dict[int, int] = {}  # by how many articles
    for suspect in group:
        first = _Witness(*texts[0], mask, suspect.key)
        held[first.shingle] = suspect.articles
        if first.shingle in cleared:
            continue
        others = (_Witness(*text, mask, suspect.key) for text in texts[1:])
        seen = [first, *others]
        around = _passage_around if suspect.many_stories else _frame_of
        for start, end in around(seen, size):
            shingles = first.shingles[start : max(start + 1, end - size + 1)].tolist()
            cleared.update(shingles)
            if end - start >= MIN_WORDS:
                passage = Passage(int(suspect.witnesses[0]), start, end, suspect.articles)
                found.append(Found(passage, frozenset(shingles)))
    return [replace(each, passage=_counted(each, held)) for each in found]


def _group(suspects: Sequence[Suspect]) -> Group:
    keys = tuple(suspect.key for suspect in suspects)
    return Group(keys, tuple(suspects[0].witnesses.tolist()), suspects[0].many_stories)


class _Witness:
    """An article that holds a suspect anchor: its words, and where the anchor stands."""

    def __init__(self, words: UInt64s, shingles: UInt64s, mask: np.uint64, key: int) -> None:
        self.words = words
        self.shingles = shingles
        self.at = int(((shingles & mask) == key).argmax())
        self.shingle = int(shingles[self.at])


def _counted(found: Found, held: Mapping[int, int]) -> Passage:
    """Return a passage with the number of articles that hold the commonest of its anchors.

    The foot of a frame need not hold any: it was found by an anchor of the head.
    """
    counts = (count for shingle, count in held.items() if shingle in found.shingles)
    return replace(found.passage, articles=max(counts, default=found.passage.articles))


def _passage_around(seen: Sequence[_Witness], size: int) -> list[tuple[int, int]]:
    """Return how far, in the first witness, the words around the anchor are common.

    Nothing, if what is left of the witnesses is related: loose versions of one dispatch may
    look like several stories from afar.
    """
    common = math.ceil(_AGREEMENT * len(seen))  # this passage, and others beside it
    sets = distinct_shingles(Ragged.of_arrays([witness.shingles for witness in seen]))
    if stories_told(sets, _LOOSELY_RELATED, common) < MIN_STORIES:
        return []
    one = seen[0]
    reach = [_reach(one.words, one.at, other.words, other.at, size) for other in seen[1:]]
    before, after = (_agreed([lengths[side] for lengths in reach]) for side in (0, 1))
    return [(one.at - before, one.at + size + after)]


def _frame_of(seen: Sequence[_Witness], size: int) -> list[tuple[int, int]]:
    """Return the words with which all witnesses begin and end, if they are only a frame.

    They are when every witness has a text of its own besides, and these texts are those of
    strangers. One witness that is nothing but the common words makes them a dispatch.
    """
    one, *others = (witness.words for witness in seen)
    head = min(_common(one, other) for other in others)
    foot = min(_common(one[::-1], other[::-1]) for other in others)
    lengths = [len(witness.words) for witness in seen]
    if min((length - head - foot) / length for length in lengths) < OWN_TEXT:
        return []
    own = distinct_shingles(
        Ragged.of_arrays([one.shingles[head : len(one.words) - foot - size + 1] for one in seen])
    )
    if own.lengths.min() < MIN_WORDS or stories_told(own, STRANGE) < MIN_STORIES:
        return []
    return [(0, head), (lengths[0] - foot, lengths[0])]


def _reach(one: UInt64s, at: int, other: UInt64s, there: int, size: int) -> tuple[int, int]:
    """Return how many words two texts share before and after a shingle they share."""
    back = min(at, there)
    before = _common(one[at - back : at][::-1], other[there - back : there][::-1])
    return before, _common(one[at + size :], other[there + size :])


def _common(one: UInt64s, other: UInt64s) -> int:
    """Return the length of the common beginning."""
    length = min(len(one), len(other))
    different = one[:length] != other[:length]
    first = int(different.argmax()) if length else 0
    return first if length and different[first] else length


def _agreed(lengths: list[int]) -> int:
    """Return the greatest length that enough of the witnesses have."""
    return sorted(lengths, reverse=True)[math.ceil(_AGREEMENT * len(lengths)) - 1]
