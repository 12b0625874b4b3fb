"""How wordings are compared: their texts are read again, some at a time, wherever there is time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from dedupe_news.core.doubts import Doubts
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.insight import Insight, insight
from dedupe_news.core.ragged import distinct
from dedupe_news.core.shared_words import second_look
from dedupe_news.core.text import Unit
from dedupe_news.core.verify import Comparisons, Rule, compare
from dedupe_news.core.wording import Wordings
from dedupe_news.engines.local import Engine, Serial

__all__ = ["Look", "TextLook"]

_FEW = 8  # pairs of one text, so that a description may need what is found out about them
_CROWD = 64  # pairs of one text, around which second looks wait until somebody asks
_MOST = 32  # times as many, where they are pairs of few texts
_ROOM, _ROOM_OF_CROWD = 2, 4  # texts for each of them
_CROWDED = 2  # pairs for each text of a crowd

Ranks = npt.NDArray[np.int64]


class Look(Protocol):
    """Compares wordings, by rank."""

    def compare(self, left: Ranks, right: Ranks) -> Comparisons:
        """Return pairs after the first look, in the given order."""
        ...

    def verify(self, left: Ranks, right: Ranks) -> Comparisons:
        """Return the same pairs after the second look; those in doubt have had none."""
        ...

    def insight(self) -> Insight:
        """Return what was found out besides about pairs that were verified."""
        ...

    def doubts(self) -> Comparisons:
        """Return the pairs that were verified and may match after all, see `Doubts`."""
        ...


@dataclass(frozen=True, slots=True)
class _Sight:
    """How texts are looked at, in whichever process."""

    unit: Unit
    furniture: UInt64s
    rule: Rule
    second: bool
    telling: bool
    doubting: bool

    def see(self, pairs: "_Pairs") -> "_Seen":
        """Return pairs compared; their shingles are made anew.

        To keep the shingles of all takes more room than the texts do, and few are asked for.
        """
        size = self.rule.shingle_words
        wordings = Wordings(pairs.texts(), self.unit, size, self.furniture)
        seen = compare(wordings.sets, pairs.one, pairs.other, self.rule)
        doubtful = np.zeros(len(seen), np.bool_)
        if self.doubting:
            doubts = Doubts(seen, wordings.words, self.rule)
            doubts.settle(_CROWD)
            seen, doubtful = replace(seen, matches=doubts.matches), doubts.open
        elif self.second:
            seen = second_look(seen, wordings.words, self.rule)
        if not self.telling:
            return _Seen(seen, doubtful, Insight.concatenate([]))
        told = insight(seen, wordings, self.rule, most=_FEW)
        texts, left, right = (pairs.ranks[rows] for rows in (told.texts, told.left, told.right))
        return _Seen(seen, doubtful, replace(told, texts=texts, left=left, right=right))


class _Seen(NamedTuple):
    """What was seen of some pairs: compared, by row; which are in doubt; what was found out."""

    pairs: Comparisons
    doubtful: npt.NDArray[np.bool_]
    told: Insight


class _Pairs(NamedTuple):
    """Pairs of some texts, yet to be read: one side and the other, by the places of the texts."""

    texts: Callable[[], list[str]]
    ranks: Ranks
    one: Ranks
    other: Ranks


@dataclass(frozen=True, slots=True)
class TextLook:
    """Looks at texts, so many at once, wherever the engine has them looked at.

    Attributes:
        texts: Returns what reads what is matched of some wordings, given their ranks.
        unit: What a word is.
        furniture: Shingle hashes of boilerplate, ascending.
        rule: When two articles match.
        telling: Whether there is to be an insight into what was verified.
        doubting: Whether pairs may be left in doubt.
        at_once: How many pairs are compared at once.
        engine: Where texts are looked at.
        told: What was found out so far.
        doubted: Pairs that were left in doubt so far.
    """

    texts: Callable[[Sequence[int]], Callable[[], list[str]]]
    unit: Unit
    furniture: UInt64s
    rule: Rule
    telling: bool
    doubting: bool
    at_once: int
    engine: Engine
    told: list[Insight] = field(default_factory=list)
    doubted: list[Comparisons] = field(default_factory=list)

    def compare(self, left: Ranks, right: Ranks) -> Comparisons:
        """Return pairs after the first look, which is had in this process: there are few."""
        return self._seen(left, right, Serial(), second=False)

    def verify(self, left: Ranks, right: Ranks) -> Comparisons:
        """Return the same pairs after the second look; those in doubt have had none."""
        return self._seen(left, right, self.engine, second=True)

    def _seen(self, left: Ranks, right: Ranks, engine: Engine, *, second: bool) -> Comparisons:
        telling, doubting = self.telling and second, self.doubting and second
        sight = _Sight(self.unit, self.furniture, self.rule, second, telling, doubting)
        found = list(engine.map(sight.see, self._portions(left, right)))
        self.told.extend(some.told for some in found)
        parts = Comparisons.concatenate([some.pairs for some in found])
        seen = replace(parts, left=left, right=right)
        if doubting and found:
            self.doubted.append(seen.take(np.concatenate([some.doubtful for some in found])))
        return seen

    def insight(self) -> Insight:
        """Return what was found out about pairs that were verified."""
        return Insight.concatenate(self.told)

    def doubts(self) -> Comparisons:
        """Return the pairs that were verified and may match after all."""
        return Comparisons.concatenate(self.doubted)

    def _portions(self, left: Ranks, right: Ranks) -> Iterator[_Pairs]:
        for chosen in self._slices(left, right):
            ranks = distinct(np.concatenate((left[chosen], right[chosen])))
            one, other = (np.searchsorted(ranks, side[chosen]) for side in (left, right))
            yield _Pairs(self.texts(ranks.tolist()), ranks, one, other)

    def _slices(self, left: Ranks, right: Ranks) -> Iterator[slice]:
        """Yield pairs that follow each other, as many as have so many texts, but not without end.

        Where few texts are in many pairs, it is their number that counts: each is read once. The
        more of a crowd there are, the fewer of them come again in the next slice.
        """
        step = self.at_once
        first, texts = 0, np.empty(0, np.int64)
        for start in range(0, len(left), step):
            fresh = slice(start, start + step)
            both = distinct(np.concatenate((texts, left[fresh], right[fresh])))
            crowded = start + step - first > _CROWDED * len(both)
            room = step * (_ROOM_OF_CROWD if crowded else _ROOM)
            if first < start and (len(both) > room or start - first >= _MOST * step):
                yield slice(first, start)
                first, both = start, distinct(np.concatenate((left[fresh], right[fresh])))
            texts = both
        if len(left):
            yield slice(first, len(left))
