"""Articles put aside while their numbers are compared: in memory while few, then on disk.

They lie in files that have no name and die with the processes that use them. Each process of a
run writes to files of its own and reads those of all: a text is never sent from one process to
another, only where it lies.
"""

import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import partial
from itertools import count
from mmap import ACCESS_READ, mmap
from operator import attrgetter
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Self, TypeVar

import numpy as np
import numpy.typing as npt

from dedupe_news.model import Article

if TYPE_CHECKING:
    from dedupe_news.core.columns import Recipe

__all__ = [
    "IN_MEMORY",
    "Passed",
    "Scratch",
    "Share",
    "Shelf",
    "Whereabouts",
    "can_share",
    "file_in_memory",
    "matched",
    "packed",
    "packed_with",
    "unpacked",
    "write_at",
]

IN_MEMORY = 1 << 25
"""Bytes that lie in memory unless the caller says otherwise."""

_T = TypeVar("_T")

Ints = npt.NDArray[np.int64]


def packed(articles: Sequence[Article]) -> list[bytes]:
    """Return each article as bytes that only this program reads again."""
    return packed_with(articles, ["\n".join(article.paragraphs) for article in articles])


def packed_with(articles: Sequence[Article], bodies: Sequence[str]) -> list[bytes]:
    """Return the same, where the paragraphs have been joined already, by line feeds."""
    parts = map(_parts, articles, bodies)
    return [pickle.dumps(each, pickle.HIGHEST_PROTOCOL) for each in parts]


def unpacked(record: bytes) -> Article:
    """Return the article that was packed."""
    body, paragraphs, id_, rest = pickle.loads(record)  # noqa: S301 - written by this program
    return Article(id_, tuple(body.split("\n")) if paragraphs is None else paragraphs, *rest)


def _parts(article: Article, body: str) -> tuple[str, tuple[str, ...] | None, str, tuple[str, ...]]:
    """Return the body as one text, which is all that most readers want, and what else there is.

    The paragraphs themselves are needed only where a line break does not part them.
    """
    paragraphs = article.paragraphs
    are_lines = paragraphs and "\n" not in "".join(paragraphs)  # to count them takes longer
    return body, None if are_lines else paragraphs, article.id, _others(article)


def matched(record: bytes, recipe: "Recipe") -> str:
    """Return what is matched of an article that was packed; most often that is its body."""
    if recipe.ignored:
        return recipe.matched(unpacked(record))
    body: str = pickle.loads(record)[0]  # noqa: S301 - written by this program
    return body


class Whereabouts(NamedTuple):
    """Where articles lie, one row for each.

    Attributes:
        files: The number of the file, shape (articles,), int64.
        starts: Its first byte, shape (articles,), int64.
        sizes: How many bytes it has, shape (articles,), int64.
    """

    files: Ints
    starts: Ints
    sizes: Ints

    @classmethod
    def concatenate(cls, parts: Sequence["Whereabouts"]) -> "Whereabouts":
        """Return the rows of all parts, in their order."""
        columns = zip(*parts, strict=True) if parts else ((), (), ())
        return cls(*(np.concatenate([np.empty(0, np.int64), *column]) for column in columns))

    def take(self, rows: Ints | Sequence[int]) -> "Whereabouts":
        """Return the given rows, in the given order."""
        chosen = np.asarray(rows, np.int64)
        return Whereabouts(*(column[chosen] for column in self))


class Scratch:
    """The files in which the processes of a run put articles aside.

    In another process it arrives as that one's own view of the same files, if they were shared
    with it when it was started.

    Raises:
        OSError: By any method, when the disk that holds temporary files is full.
    """

    def __init__(self, in_memory: int = IN_MEMORY, writers: int = 1) -> None:
        """Make files for so many processes, which hold so many bytes in memory together."""
        self._key = next(_KEYS)
        self._most = in_memory // writers
        self._writer = 0
        self._files: list[IO[bytes] | None] = [None] * (2 * writers)
        self._maps: dict[int, mmap | bytes] = {}
        self._sizes = [0, 0]  # of what this process wrote in memory, and on disk
        self._is_closed = False

    @classmethod
    def received(cls, share: "Share", writer: int) -> Self:
        """Return the view that another process has of files that were shared with it.

        Args:
            share: What was given to it when it was started.
            writer: Which of the writers it is.
        """
        scratch = cls()
        scratch._key, scratch._most, scratch._writer = share.key, share.most, writer
        scratch._files = list(share.passed.files)
        _HERE[share.key] = scratch
        return scratch

    def __reduce__(self) -> tuple[Callable[[int], "Scratch"], tuple[int]]:
        return _of_this_process, (self._key,)

    def put(self, records: Sequence[bytes]) -> Whereabouts:
        """Put articles aside, as `packed` made them."""
        data = b"".join(records)
        place = int(self._sizes[0] + len(data) > self._most)
        number, start = 2 * self._writer + place, self._sizes[place]
        file = self._opened(number)
        self._sizes[place] = write_at(file, start, data)
        sizes = np.fromiter(map(len, records), np.int64, len(records))
        return Whereabouts(np.full(len(records), number), start + np.cumsum(sizes) - sizes, sizes)

    def get(self, places: Whereabouts) -> Iterator[bytes]:
        """Yield the articles that lie at some places, as they were put there."""
        for number, start, size in zip(*(column.tolist() for column in places), strict=True):
            if number % 2:
                yield _read_from(self._opened(number), start, size)
            else:
                yield self._mapped(number, start + size)[start : start + size]

    def share(self) -> "Share":
        """Return what gives the files to processes that are about to be started."""
        return Share(
            self._key,
            self._most,
            Passed([self._opened(number) for number in range(len(self._files))]),
        )

    def close(self) -> None:
        """Give everything up."""
        self._is_closed = True
        self._maps.clear()
        for file in self._files:
            if file is not None:
                file.close()

    def _mapped(self, number: int, end: int) -> bytes | mmap:
        """Return a file in memory, up to some byte at least, to be read without asking for it."""
        known = self._maps.get(number, b"")
        if len(known) < end:
            known = self._maps[number] = mmap(self._opened(number).fileno(), 0, access=ACCESS_READ)
        return known

    def _opened(self, number: int) -> IO[bytes]:
        if self._is_closed:
            raise ValueError("the scratch files are closed")
        file = self._files[number]
        if file is None:
            file = self._files[number] = _on_disk() if number % 2 else file_in_memory()
        return file


@dataclass(frozen=True, slots=True)
class Passed:
    """Open files on their way to a process that is being started."""

    files: Sequence[IO[bytes]]

    def __reduce__(self) -> tuple[Callable[[Sequence[Any]], "Passed"], tuple[Sequence[Any]]]:
        from multiprocessing.reduction import DupFd  # noqa: PLC0415 - where there are processes

        return _arrived, ([DupFd(file.fileno()) for file in self.files],)


def _arrived(handles: Sequence[Any]) -> Passed:
    """Return the files in a process that has only handles of them."""
    return Passed([os.fdopen(handle.detach(), "r+b", buffering=0) for handle in handles])


class Share(NamedTuple):
    """What another process needs of the files of a run.

    Attributes:
        key: By which they are known.
        most: Bytes that it may hold in memory.
        passed: The files.
    """

    key: int
    most: int
    passed: Passed


class Shelf:
    """Numbers articles that were put aside, from 0 in the order in which they are added."""

    def __init__(self, scratch: Scratch) -> None:
        """Make an empty shelf for what lies in these files."""
        self._scratch = scratch
        self._parts: list[Whereabouts] = []
        self._whole = Whereabouts.concatenate([])

    def __len__(self) -> int:
        return len(self._places().files)

    def add(self, places: Whereabouts) -> None:
        """Put articles behind those that are there."""
        self._parts.append(places)

    def get(self, number: int) -> Article:
        """Return an article by its number."""
        (record,) = self._scratch.get(self._places().take([number]))
        return unpacked(record)

    def later(self, numbers: Sequence[int]) -> Callable[[], list[Article]]:
        """Return what reads some articles, in whichever process it is called."""
        return partial(_read, unpacked, self._scratch, self._places().take(numbers))

    def matched_later(self, numbers: Sequence[int], recipe: "Recipe") -> Callable[[], list[str]]:
        """Return what reads what is matched of some articles, in whichever process."""
        read = partial(matched, recipe=recipe)
        return partial(_read, read, self._scratch, self._places().take(numbers))

    def _places(self) -> Whereabouts:
        if self._parts:
            self._whole = Whereabouts.concatenate([self._whole, *self._parts])
            self._parts.clear()
        return self._whole


def _read(as_what: Callable[[bytes], _T], scratch: Scratch, places: Whereabouts) -> list[_T]:
    return list(map(as_what, scratch.get(places)))


_KEYS = count()
_HERE: dict[int, Scratch] = {}
"""What was shared with this process when it was started."""


def _of_this_process(key: int) -> Scratch:
    return _HERE[key]


def write_at(file: IO[bytes], start: int, data: bytes | memoryview) -> int:
    """Write some bytes at a place of a file without a buffer, and return where they end."""
    left = memoryview(data)
    while left:  # the system may take a part
        taken = _written(file, left, start)
        left, start = left[taken:], start + taken
    return start


def _written(file: IO[bytes], data: memoryview, start: int) -> int:
    """Write some bytes at a place of a file, and return how many the system took."""
    if can_share():
        return os.pwrite(file.fileno(), data, start)
    file.seek(start)
    return file.write(data)


def _read_from(file: IO[bytes], start: int, size: int) -> bytes:
    """Return some bytes from a place of a file, whatever place others are at."""
    if can_share():
        return os.pread(file.fileno(), size, start)
    file.seek(start)
    return file.read(size)


def can_share() -> bool:
    """Return whether several processes can use one file, each at a place of its own."""
    return hasattr(os, "pread")


def file_in_memory() -> IO[bytes]:
    """Return a new file without a name in memory, or on disk where the system has no such."""
    with suppress(AttributeError, OSError):
        return os.fdopen(os.memfd_create("dedupe-news"), "r+b", buffering=0)
    return _on_disk()


def _on_disk() -> IO[bytes]:
    """Return a new file without a name."""
    import tempfile  # noqa: PLC0415 - slow to load, and of no use for a small corpus

    return tempfile.TemporaryFile(buffering=0)


_others = attrgetter(*[field.name for field in fields(Article)][2:])
"""The fields of an article behind its id and its paragraphs."""
