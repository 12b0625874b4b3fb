"""What the stages ask of a cluster: to run a step on rows, and to bring rows to their lanes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from dedupe_news.engines.spark.rows import Row

__all__ = ["JoinedStep", "RecordStep", "Step", "TableStep", "Tasks", "Totals"]

Frame = TypeVar("Frame")

Step = Callable[[Iterator[Row]], Iterable[Row]]
"""A pure function from the rows that one task sees to the rows that it makes."""

JoinedStep = Callable[[Iterator[tuple[Row, Row]]], Iterable[Row]]
"""The same for pairs of rows that were brought together by their numbers."""


RecordStep = Callable[[Iterator[Mapping[str, Any]]], Iterable[Row]]
"""The same for rows of a frame that somebody else made, as values by column."""

TableStep = Callable[[Iterator[Row]], Iterable[tuple[Any, ...]]]
"""A function from rows to the values of named columns."""


Totals = dict[tuple[int, str], tuple[int, int]]
"""For each lane and kind, how many rows there are, and the sum of their numbers."""


class Tasks(Protocol[Frame]):
    """A cluster, as the stages see it; a frame is rows that need not have been made yet.

    This is all that another engine must offer: Spark does it in one file.
    """

    @property
    def lanes(self) -> int:
        """Into how many shares the work is cut."""
        ...

    def work(self, pieces: Iterable[bytes], step: Step) -> Frame:
        """Return what a step makes of pieces of work, each the data of a row."""
        ...

    def each(self, frame: Frame, step: Step) -> Frame:
        """Return what a step makes of rows wherever they are."""
        ...

    def in_lanes(self, frames: Sequence[Frame], step: Step) -> Frame:
        """Return what a step makes of the rows of a lane, all of them in one task.

        Args:
            frames: Rows.
            step: Sees the rows of one lane, or of several lanes.
        """
        ...

    def shelve(self, frame: Frame) -> Frame:
        """Return rows brought to their lanes and put aside there, sorted by key."""
        ...

    def beside(self, frames: Sequence[Frame], shelved: Frame, step: Step) -> Frame:
        """Return what a step makes of rows of a lane, followed by what was shelved of it."""
        ...

    def joined(self, left: Frame, right: Frame, step: JoinedStep) -> Frame:
        """Return what a step makes of each two rows of equal number and family of kinds."""
        ...

    def together(self, frames: Sequence[Frame]) -> Frame:
        """Return the rows of several frames."""
        ...

    def pick(self, frame: Frame, *kinds: str) -> Frame:
        """Return the rows of some kinds."""
        ...

    def keep(self, frame: Frame) -> Frame:
        """Return the same rows, put aside so that they are made once."""
        ...

    def save(self, frame: Frame) -> Frame:
        """Return the same rows, put where they outlive the loss of a machine."""
        ...

    def totals(self, frame: Frame) -> Totals:
        """Return for each lane and kind how many rows there are, and the sum of their numbers."""
        ...

    def collect(self, frame: Frame) -> list[Row]:
        """Return rows that are few."""
        ...

    def stream(self, frame: Frame) -> Iterator[Row]:
        """Yield rows that may be many: not all of them are held on the way here."""
        ...
