"""With whom newcomers are worth comparing: the candidates of a scan that they are in."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dedupe_news.core.among import without
from dedupe_news.core.candidates import anchors_under, are_likely, are_ruled_out
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.pair_counts import PairCounts
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.sketches import anchor_levels
from dedupe_news.evidence import Stories
from dedupe_news.wordings import Circle, Wordings

__all__ = ["candidates_of_newcomers"]

Tags = npt.NDArray[np.int64]


def candidates_of_newcomers(
    wordings: Wordings,
    anchors: Circle,
    bands: Circle,
    floor: float,
    stories: Stories | None = None,
) -> list[tuple[int, int]]:
    """Return the pairs of a newcomer and another wording that are worth comparing.

    Args:
        wordings: Who is there.
        anchors: Who holds which anchor.
        bands: Who holds which band.
        floor: Containment below which nobody wants to know of a pair.
        stories: Within a story bands propose nothing; without them, they propose all they can.
    """
    furniture = wordings.store.column("furniture").whole()
    sizes = _Sizes(wordings, furniture)
    pairs: set[tuple[int, int]] = set()
    for tag in wordings.newcomers:
        own = np.setdiff1d(wordings.columns(tag).anchors[0], furniture, assume_unique=True)
        shared = anchors.met(tag, (own & np.uint64(wordings.mask)).tolist())
        near = sizes.likely(tag, shared, floor)
        alike = [other for other in bands.met(tag, bands.keys(tag)) if other not in near]
        if stories:
            told = stories.of([tag, *alike])
            alike = [
                other for other, story in zip(alike, told[1:], strict=True) if story != told[0]
            ]
        near |= sizes.not_ruled_out(tag, alike)
        pairs.update((tag, other) for other in near if (other, tag) not in pairs)
    return sorted(pairs)


class _Sizes:
    """How many anchors wordings have, boilerplate left out."""

    def __init__(self, wordings: Wordings, furniture: UInt64s) -> None:
        self._wordings = wordings
        self._furniture = furniture

    def likely(self, tag: int, shared: Mapping[int, int], floor: float) -> set[int]:
        """Return who may contain a wording or be contained, given what they share with it."""
        tags = np.array([tag, *shared], np.int64)
        pairs = _first_with_others(tags, list(shared.values()))
        chosen = are_likely(pairs, self._under(tags), self._levels(tags), floor)
        return set(tags[1:][chosen].tolist())

    def not_ruled_out(self, tag: int, others: Sequence[int]) -> set[int]:
        """Return of whom anchors do not say that they have nothing in common with a wording."""
        tags = np.array([tag, *others], np.int64)
        self._wordings.read(others)
        anchors = Ragged.concatenate(list(map(self._own, tags.tolist())), np.uint64)
        pairs = _first_with_others(tags, [0] * len(others))
        out = are_ruled_out(pairs, anchors, self._under(tags), self._levels(tags))
        return set(tags[1:][~out].tolist())

    def _own(self, tag: int) -> Ragged:
        return without(self._wordings.columns(tag).anchors, self._furniture)

    def _under(self, tags: Tags) -> Tags:
        """Return how many anchors lie under each bound, shape (bounds, tags)."""
        old = tags < self._wordings.count
        column = self._wordings.store.column("own anchors")
        under = np.empty((column.width, len(tags)), np.int64)
        under[:, old] = column.take(tags[old]).T
        for row in np.flatnonzero(~old).tolist():
            under[:, row] = anchors_under(self._own(int(tags[row])))[:, 0]
        return under

    def _levels(self, tags: Tags) -> Tags:
        """Return under which bound the anchors of each lie."""
        old = tags < self._wordings.count
        lengths = np.empty(len(tags), np.int64)
        lengths[old] = self._wordings.store.column("shingles").take(tags[old])
        new = (self._wordings.columns(tag).shingles.lengths[0] for tag in tags[~old].tolist())
        lengths[~old] = list(new)
        return anchor_levels(lengths)


def _first_with_others(tags: Tags, shared: Sequence[int]) -> PairCounts:
    """Return the pairs of the first of some wordings with each other one, by place."""
    left, right = np.zeros(len(tags) - 1, np.int64), np.arange(1, len(tags))
    return PairCounts(left, right, np.array(shared, np.int64))
