"""What an index has a row of: files, and the articles in them."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, Protocol

from dedupe_news.model import LeftOut, Skipped

__all__ = ["ArticleRow", "FileRow", "FileRows"]


class FileRow(NamedTuple):
    """A file as it was when it was read.

    Attributes:
        path: As it is shown.
        size: Bytes; -1 when only git's name of the content is known.
        mtime: When it was last changed, in nanoseconds; -1 when that tells nothing.
        object: Git's name of the content; empty when it was not as git knew it, None where
            git was not asked.
        notes: What of it took no part.
    """

    path: str
    size: int
    mtime: int
    object: str | None = None
    notes: tuple[Skipped | LeftOut, ...] = ()

    def is_same(self, other: "FileRow") -> bool:
        """Whether the file has not changed since; if that cannot be told, it has."""
        if self.object or other.object:
            return self.object == other.object
        known = self.mtime >= 0 and other.mtime >= 0
        return known and (self.size, self.mtime) == (other.size, other.mtime)


class ArticleRow(NamedTuple):
    """An article that was read; `digest` is 16 bytes that tell its wording from others."""

    number: int
    id: str
    digest: bytes
    words: int


class FileRows(Protocol):
    """The files that an index knows, by their paths as shown."""

    @property
    def serial(self) -> str:
        """A name of what the index holds now; another after each change of it."""
        ...

    @property
    def passed_over(self) -> Mapping[str, int]:
        """How many files of the corpus were passed over, by reason."""
        ...

    @property
    def file_count(self) -> int:
        """How many files there are."""
        ...

    def files(self) -> Mapping[str, FileRow]:
        """Return all files, without their notes."""
        ...

    def files_of(self, paths: Iterable[str]) -> Mapping[str, FileRow]:
        """Return those files of some paths that are there."""
        ...

    def files_under(self, folders: Collection[str]) -> set[str]:
        """Return the paths of the files in some folders."""
        ...

    def unsure_files(self) -> Mapping[str, FileRow]:
        """Return the files that git did not vouch for."""
        ...
