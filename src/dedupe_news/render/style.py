"""How a report is to look, and what every renderer is: a function with one signature."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol, TextIO

from dedupe_news.model import Report

__all__ = ["Renderer", "Signs", "Style"]


class Signs(NamedTuple):
    """The signs between the words; article text is never put through them."""

    rule: str = "─"
    dot: str = "·"
    paragraphs: str = "¶"
    seam: str = "¶"
    dots: str = "…"
    arrow: str = "→"


_UNICODE = Signs()
_ASCII = Signs(rule="-", dot="|", paragraphs="par", seam="|", dots="...", arrow="->")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The wishes of the reader; data formats heed `limit` and `full` alone.

    Attributes:
        width: Columns to fill, at least 24.
        color: Whether escape sequences for colour may be written.
        ascii: Whether the signs between the words keep to ASCII.
        full: Whether unchanged text is shown too, and each of many variants beside the base.
        boilerplate: Whether the passages that were learned are listed.
        limit: How many clusters to show; None for all.
        links: Whether paths become links that a terminal can open.
    """

    width: int = 80
    color: bool = False
    ascii: bool = False
    full: bool = False
    boilerplate: bool = False
    limit: int | None = None
    links: bool = False

    @property
    def signs(self) -> Signs:
        """The signs that fit the output."""
        return _ASCII if self.ascii else _UNICODE


class Renderer(Protocol):
    """Writes a report; computes nothing that the report does not hold."""

    def __call__(self, report: Report, out: TextIO, style: Style) -> None:
        """Write the whole report to `out`."""
        ...
