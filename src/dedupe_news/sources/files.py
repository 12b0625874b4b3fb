"""Files as they were found, and how they are opened."""

import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

if TYPE_CHECKING:
    from gzip import GzipFile

__all__ = ["BLOCK", "READ_ERRORS", "STDIN", "File", "Stream", "chunks", "opened", "whole"]

BLOCK = 1 << 21
"""Bytes of input that a batch holds, as far as whole articles allow."""

STDIN = "-"
READ_ERRORS = (OSError, EOFError, zlib.error)
"""What reading can raise, for a broken disk as for a broken archive."""

Stream: TypeAlias = "io.BufferedReader | GzipFile"

_BUFFER = 1 << 18


class File(NamedTuple):
    """A file to be read.

    Attributes:
        path: By which it is opened; may hold surrogates for bytes that are no UTF-8.
        name: By which it is shown: printable, with `/`.
        format: Name of its format; empty if its suffix tells none.
        size: Bytes on the disk; 0 if unknown.
        named: Whether the user named it, rather than a folder it is in.
        pipe: Whether it is no regular file, and can be read only here and only once.
    """

    path: str
    name: str
    format: str
    size: int
    named: bool = False
    pipe: bool = False

    @property
    def packed(self) -> bool:
        """Whether it is compressed, by its name."""
        return self.path[-3:].lower() == ".gz"


@contextmanager
def opened(file: File) -> Iterator[Stream]:
    """Open a file, or the standard input, for reading; what is compressed is opened up."""
    if file.path == STDIN:
        yield _standard_input()
        return
    with io.BufferedReader(io.FileIO(file.path), _BUFFER) as stream:
        if not file.packed:
            yield cast("Stream", stream)
            return
        from gzip import GzipFile  # noqa: PLC0415 - for compressed files alone

        with GzipFile(fileobj=stream) as inner:
            yield inner


def whole(file: File) -> bytes:
    """Return all bytes of a file."""
    if file.path != STDIN and not file.packed:
        with io.FileIO(file.path) as plain:  # small files are many: a buffer would cost more
            return plain.readall()
    with opened(file) as stream:
        return stream.read()


def chunks(stream: Stream) -> Iterator[tuple[bytes, int]]:
    """Yield the bytes of a stream as they come, and how many were read for them.

    Up to an error, all that came before it is yielded.
    """
    if isinstance(stream, io.BufferedReader):
        while data := stream.read1(_BUFFER):
            yield data, len(data)
        return
    taken = 0
    packed = cast("io.BufferedReader", stream.fileobj)  # as `opened` gave it
    while data := stream.read1(_BUFFER):
        position = packed.tell()
        yield data, position - taken
        taken = position


def _standard_input() -> Stream:
    stream = sys.stdin.buffer if sys.stdin else io.BytesIO()
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(io.BytesIO(stream.read()))
