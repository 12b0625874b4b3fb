"""Input on disks that every machine reaches, cut into pieces that tasks read by themselves.

The driver looks at names, sizes and first bytes; texts are read where they are worked on. A
large file of JSON Lines is cut by bytes, so lines are counted first, piece by piece: a record
without an id is called by its line.
"""

import codecs
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.reading import item_rows
from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.sheaves import in_sheaves
from dedupe_news.errors import ArticleError
from dedupe_news.sources import Item, ReadOptions
from dedupe_news.sources.decode import sniff
from dedupe_news.sources.files import BLOCK, READ_ERRORS, STDIN, File, opened
from dedupe_news.sources.json_lines import Lines
from dedupe_news.sources.reading import batch_files, batches, cut_file
from dedupe_news.sources.walk import find_files, require_paths, unreadable

__all__ = [
    "LineRange",
    "Whole",
    "count_lines",
    "is_range",
    "numbered",
    "pieces_of",
    "read_pieces",
    "size_of",
]

_RANGE = 1 << 25  # bytes of a file that one task reads, at most
_SHARES = 4  # into which a file is cut, or twice as many, …: few cores wait for the last otherwise
_LARGE = 1 << 23  # bytes: a smaller file is not worth being cut
_SAMPLE = 1 << 16


@dataclass(frozen=True, slots=True)
class Whole:
    """A file that one task reads from its beginning to its end."""

    file: File
    options: ReadOptions

    def parts(self) -> Iterator[list[Item]]:
        """Yield what is in it, as much as is read at once."""
        for batch in cut_file(self.file, self.options):
            yield batch.load()


@dataclass(frozen=True, slots=True)
class LineRange:
    """The lines of a file that start in a range of its bytes.

    Attributes:
        file: Not compressed, in UTF-8.
        options: How to read it.
        start: The first byte of the range.
        end: The byte after it.
        breaks: How many lines end before it.
    """

    file: File
    options: ReadOptions
    start: int
    end: int
    breaks: int = 0

    def parts(self) -> Iterator[list[Item]]:
        """Yield the articles of some lines, and what is wrong with the others."""
        number = self.breaks + 1
        try:
            with opened(self.file) as stream:
                position = max(self.start - 1, 0)
                stream.seek(position)
                if self.start:
                    skipped = stream.readline()  # it started before, unless it is the very break
                    position += len(skipped)
                    number += len(skipped) > 1
                while position < self.end:
                    data = stream.read(min(BLOCK, self.end - position))
                    if not data.endswith(b"\n"):
                        data += stream.readline()
                    data = data if position else data.removeprefix(codecs.BOM_UTF8)
                    position = stream.tell()
                    lines = Lines(self.file.name, data, number, self.options, len(data))
                    number += data.count(b"\n")
                    yield lines.load()
        except READ_ERRORS as error:
            yield [unreadable(self.file.name, error)]

    def count(self) -> int:
        """Return how many lines end in the range."""
        try:
            with opened(self.file) as stream:
                stream.seek(self.start)
                left, count = self.end - self.start, 0
                while left > 0 and (data := stream.read(min(BLOCK, left))):
                    left -= len(data)
                    count += data.count(b"\n")
                return count
        except READ_ERRORS:
            return 0  # what is wrong is told when it is read


def is_range(piece: bytes) -> bool:
    """Return whether a piece is a range of bytes."""
    return isinstance(pickle.loads(piece), LineRange)  # noqa: S301 - written by this process


def size_of(piece: bytes) -> int:
    """Return how many bytes of input a piece stands for, about."""
    found = pickle.loads(piece)  # noqa: S301 - written by this process
    if isinstance(found, LineRange):
        return found.end - found.start
    return int(found.file.size if isinstance(found, Whole) else found.size)


def pieces_of(paths: Sequence[str], options: ReadOptions) -> Iterator[bytes]:
    """Yield the pieces that files and folders are read in; each for one task.

    Args:
        paths: Files and folders, and `-` for JSON Lines on the standard input.
        options: How to read them.

    Raises:
        PathError: If a path does not exist; at once.
    """
    require_paths(paths)
    return map(pickle.dumps, _pieces(paths, options))


@in_sheaves
def read_pieces(rows: Iterable[Row], course: Course) -> Iterator[Row]:
    """Yield the articles in some pieces, and what was skipped and left out."""
    for row in rows:
        piece = pickle.loads(row.data)  # noqa: S301 - written by the driver of this run
        parts = piece.parts() if isinstance(piece, Whole | LineRange) else [piece.load()]
        for items in parts:
            yield from item_rows(items, course)


def count_lines(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield for each piece that was cut by bytes how many lines end in it."""
    for row in rows:
        piece = pickle.loads(row.data)  # noqa: S301 - written by the driver of this run
        yield row._replace(number=piece.count(), key=f"{piece.file.path}\0{piece.start}".encode())


def numbered(pieces: Sequence[bytes], counted: Iterable[Row]) -> Iterator[bytes]:
    """Yield pieces that know how many lines end before them.

    Args:
        pieces: As `pieces_of` yields them.
        counted: What `count_lines` made of those that were cut by bytes.
    """
    counts = {row.key: row.number for row in counted}
    breaks, path = 0, ""
    for data in pieces:
        piece = pickle.loads(data)  # noqa: S301 - written by this process
        if not isinstance(piece, LineRange):
            yield data
            continue
        breaks = breaks if piece.file.path == path else 0
        path = piece.file.path
        yield pickle.dumps(replace(piece, breaks=breaks))
        breaks += counts[f"{path}\0{piece.start}".encode()]


def _pieces(paths: Sequence[str], options: ReadOptions) -> Iterator[object]:
    if STDIN in paths:  # only this process can read it
        yield from batches(paths, options)
        return
    small = []
    for found in find_files(paths, options):
        if not isinstance(found, File) or found.pipe or found.size <= BLOCK:
            small.append(found)
        elif found.size >= _LARGE and _is_cut(found, options):
            count = -(-found.size // (_RANGE * _SHARES)) * _SHARES
            step = -(-found.size // count)
            for start in range(0, found.size, step):
                yield LineRange(found, options, start, min(start + step, found.size))
        else:
            yield Whole(found, options)
    yield from batch_files(small, options)


def _is_cut(file: File, options: ReadOptions) -> bool:
    """Return whether a file can be cut between any two lines: JSON Lines, as they are."""
    if file.format != "jsonl" or file.path.lower().endswith(".gz"):
        return False
    try:
        with opened(file) as stream:
            start = stream.read(_SAMPLE)
        plain = sniff(start, options.encoding) in {"utf-8", "utf-8-sig"}
    except (ArticleError, *READ_ERRORS):
        return False  # the one who reads it says what is wrong
    return plain and not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
