"""Rows from the lines of a table, such that one bad row costs no other."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

__all__ = ["Lines", "RawRow", "delimiter_of", "raw_rows"]

_DELIMITERS = ",;\t|"
_DECLARED = re.compile(r"sep=(.)\s*$")  # how Excel notes a delimiter above the header
_LARGEST_CELL = 1 << 25  # characters: beyond this a quotation mark was left open


class RawRow(NamedTuple):
    """The cells of one row.

    Attributes:
        line: Number of the line on which it starts, from 1.
        cells: As written, without their quotation marks.
        error: Why the cells are not to be trusted; empty if they are.
    """

    line: int
    cells: list[str]
    error: str = ""


class Lines:
    """Lines that are counted, and can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._source = iter(lines)
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._source)
        self.taken.append(line)
        self.number += 1
        return line

    def settle(self) -> None:
        """Forget the lines taken so far: they were used."""
        self.taken.clear()

    def give_back(self, keep: int) -> list[str]:
        """Return the first lines taken since the last `settle`; the others come again."""
        kept, again = self.taken[:keep], self.taken[keep:]
        self._waiting.extendleft(reversed(again))
        self.number -= len(again)
        self.settle()
        return kept


def raw_rows(lines: Lines, delimiter: str) -> Iterator[RawRow]:
    """Yield the rows; where quotation marks do not pair, only the line with the first is lost.

    A table with tabs may be one that does not quote at all: there, such a line is cut at its
    tabs and is as good as any.

    Args:
        lines: With their line ends.
        delimiter: One character.
    """
    csv.field_size_limit(_LARGEST_CELL)  # of the whole process; the default is 128 kB
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.settle()
        line = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            (text,) = lines.give_back(1)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            cells = text.rstrip("\r\n").split(delimiter)
            yield RawRow(line, cells, "" if delimiter == "\t" else str(error))
        else:
            if any(map(str.strip, cells)):
                yield RawRow(line, cells)


def delimiter_of(lines: Lines) -> str:
    """Return the delimiter that the first line uses most, or declares; a comma if none."""
    lines.settle()
    first = next(lines, "")
    if declared := _DECLARED.match(first):
        return declared[1]
    lines.give_back(0)
    return max(_DELIMITERS, key=lambda sign: len(_cells(first, sign)))


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter), [])
