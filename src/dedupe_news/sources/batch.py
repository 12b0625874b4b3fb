"""A batch: a piece of input that is small enough to be loaded at once, in any process.

Batches, and most values that readers pass to each other, are named tuples: a data class would
take a millisecond to make at every start, and longer for each value.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.sources.given import require_article

__all__ = ["Batch", "Item", "Made", "in_batches"]

Item = Article | Skipped | LeftOut

_MADE_SIZE = 1 << 20  # characters of text: some hundred articles


class Batch(Protocol):
    """A piece of input; batches can be pickled, and loaded in another process.

    Attributes:
        size: How many bytes of input it stands for, for progress.
    """

    @property
    def size(self) -> int:
        """How many bytes of input it stands for."""
        ...

    def load(self) -> list[Item]:
        """Return what is in it, in the order of the input."""
        ...

    def records(self) -> list[str]:
        """Return what each item was made of, all its fields, as one line of JSON.

        Empty where it was no record: a whole file, or what could not be read.
        """
        ...


class Made(NamedTuple):
    """A batch of what is in memory already."""

    items: tuple[Item, ...]
    size: int = 0

    def load(self) -> list[Item]:
        """Return the items."""
        return list(self.items)

    def records(self) -> list[str]:
        """Return no record for each."""
        return [""] * len(self.items)


def in_batches(items: Iterable[Item]) -> Iterator[Batch]:
    """Yield articles that were made in memory as batches of about one million characters.

    Args:
        items: Articles and what was skipped, in any order; taken lazily.

    Raises:
        UsageError: If something else is among them.
        ArticleError: If a field of an article holds what it cannot.
    """
    kept: list[Item] = []
    size = 0
    for item in items:
        kept.append(item)
        if not isinstance(item, Skipped | LeftOut):
            size += sum(map(len, require_article(item).paragraphs))
        if size >= _MADE_SIZE:
            yield Made(tuple(kept), size)
            kept, size = [], 0
    if kept:
        yield Made(tuple(kept), size)
