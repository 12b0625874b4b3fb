"""What every task of a run knows: the settings, and which ranks each lane has."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from dedupe_news.core.columns import Recipe
from dedupe_news.core.describe import Viewpoint
from dedupe_news.core.hashing import UInt64s, fmix64
from dedupe_news.core.holders import low_bits
from dedupe_news.core.scope import Scope
from dedupe_news.core.verify import Rule
from dedupe_news.recipes import recipe_of, rule_of, scope_of
from dedupe_news.settings import Settings

__all__ = ["Course", "Ranks"]

Ranks = npt.NDArray[np.int64]

_KEY_BITS = np.uint64(0xFFFFFFFF)  # of a key that choose its lane: low ones, which no rank takes


@dataclass(frozen=True)
class Course:
    """How a run goes, the same in every task.

    A rank here is the place of an article among all articles, copies counted, in the order of
    their wordings; of copies, the first one's is meant. It orders wordings just as the ranks
    of the local engine do, with gaps where copies stand.

    Attributes:
        settings: What is looked for.
        lanes: Into how many shares the work is cut.
        starts: The first rank of each lane, and at last their number; shape (lanes + 1,).
        wordings: How many different wordings there are.
        furniture: Shingle hashes of boilerplate, ascending.
    """

    settings: Settings
    lanes: int
    starts: Ranks = field(default_factory=lambda: np.zeros(2, np.int64))
    wordings: int = 0
    furniture: UInt64s = field(default_factory=lambda: np.empty(0, np.uint64))

    @property
    def recipe(self) -> Recipe:
        """How texts become columns."""
        return recipe_of(self.settings)

    @property
    def rule(self) -> Rule:
        """When two articles match."""
        return rule_of(self.settings)

    @property
    def scope(self) -> Scope:
        """Which articles are compared."""
        return scope_of(self.settings)

    @property
    def view(self) -> Viewpoint:
        """How clusters are looked at."""
        return Viewpoint(self.rule, self.recipe, self.settings.keep, self.furniture)

    @property
    def count(self) -> int:
        """How many ranks there are."""
        return int(self.starts[-1])

    @property
    def mask(self) -> np.uint64:
        """Which bits of a key are compared, as in a corpus of so many wordings."""
        return low_bits(self.wordings)

    @property
    def rank_type(self) -> np.dtype[Any]:
        """The narrowest type that holds every rank."""
        return np.dtype(np.uint32 if self.count < 1 << 32 else np.int64)

    def of_ranks(self, ranks: npt.NDArray[Any]) -> Ranks:
        """Return the lane of each rank."""
        inner: Ranks = np.searchsorted(self.starts[:-1], ranks, side="right") - 1
        return inner

    def of_keys(self, keys: UInt64s) -> Ranks:
        """Return the lane of each key, the same for keys that differ in high bits only."""
        return ((keys & _KEY_BITS) % np.uint64(self.lanes)).astype(np.int64)

    def of_labels(self, labels: npt.NDArray[Any]) -> Ranks:
        """Return the lane of each component or node, spread evenly."""
        mixed = fmix64(labels.astype(np.uint64))
        return (mixed % np.uint64(self.lanes)).astype(np.int64)

    def of_digest(self, digest: int) -> int:
        """Return the lane of a wording, given the upper half of its digest; lanes ascend."""
        return digest * self.lanes >> 64
