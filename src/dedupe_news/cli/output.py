"""stdout and files: the data, whole or with an error; a reader who leaves early is no error."""

import contextlib
import io
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TextIO

from dedupe_news.cli.color import color_wanted
from dedupe_news.cli.options import Typed
from dedupe_news.cli.talk import say
from dedupe_news.model import Cluster, Report
from dedupe_news.render import TEXT_FORMATS, Style, renderer

if TYPE_CHECKING:
    from dedupe_news.render.growing import Growing
    from dedupe_news.reporting import Form

__all__ = [
    "ReaderLeftError",
    "Stream",
    "deliver",
    "lost",
    "show",
    "style",
    "write_report",
    "written",
]

_WIDTH = 80
_LEAST_WIDTH = 24
_SIGNS = "─·¶…→"
_LINKLESS = {"dumb", "linux"}  # terminals that show the address instead of hiding it


def write_report(report: Report, typed: Typed) -> bool:
    """Write a report to its targets, and to stdout in the form that was asked for.

    Returns:
        Whether all was written.
    """
    delivered = deliver(report, typed)
    render = renderer(typed["form"])
    if typed["form"] in TEXT_FORMATS:
        shown = show(lambda out, look: render(report, out, look), typed)
    else:
        shown = written(lambda out: render(report, _as_data(out), _data_style(typed)))
    return shown and delivered


class ReaderLeftError(Exception):
    """Nobody reads what is written, and it is wanted nowhere else."""


class Stream:
    """A report as JSON on stdout while it is made: cluster after cluster, then the rest.

    Attributes:
        form: What makes the text of a cluster; None where not all are shown, so that none is
            made in vain.
        keeps: Whether clusters are asked for when all have been written.
    """

    @classmethod
    def wanted(cls, typed: Typed) -> bool:
        """Whether clusters can be written as they come, and would not meet the progress."""
        out: TextIO | None = sys.stdout
        return typed["form"] in {"json", "jsonl"} and out is not None and not out.isatty()

    def __init__(self, typed: Typed) -> None:
        """Begin a report, of which nothing is written as yet.

        Args:
            typed: The options.
        """
        look = _data_style(typed)
        self._typed = typed
        self._report, text = _growing(typed["form"], _as_data(sys.stdout))
        self._text: Form = partial(text, full=look.full)
        self.form: Form | None = self._text if look.limit is None else None
        self.keeps = self.form is None or bool(typed["targets"] or typed["fail_on"])
        self._limit = look.limit
        self._outline: Report | None = None
        self._added = 0
        self._open = self._whole = True

    def begin(self, report: Report) -> None:
        """Take note of all but the clusters; without any articles there may be nothing to write."""
        self._outline = report

    def add(self, cluster: Cluster | None, text: str) -> None:
        """Write a cluster, given by its text or, where none was made, by itself.

        Raises:
            ReaderLeftError: If nobody reads on, and neither a file nor an exit code is waited for.
        """
        self._added += 1
        if self._limit is None or self._added <= self._limit:
            shown = self._text(cluster) if cluster and not text else text
            self._write(partial(self._report.add, shown))
        waited_for = self._typed["targets"] or self._typed["fail_on"]
        if self._whole and not self._open and not waited_for:
            raise ReaderLeftError

    def end(self, report: Report) -> bool:
        """Write the rest, and deliver the report to files; return whether all was written."""
        delivered = deliver(report, self._typed)
        self._write(partial(self._report.end, report))
        self._write(sys.stdout.flush)
        return self._whole and delivered

    def _write(self, write: Callable[[], None]) -> None:
        if not self._open:
            return
        try:
            if self._outline is not None:
                clusters = self._outline.summary.clusters
                shown = clusters if self._limit is None else min(clusters, self._limit)
                self._report.begin(self._outline, shown)
                self._outline = None
            write()
            if self._typed["form"] == "jsonl":  # of use at once, as part of a document is not
                sys.stdout.flush()
        except OSError as error:
            self._open, self._whole = False, lost(error)


def _growing(form: str, out: TextIO) -> "tuple[Growing, Callable[..., str]]":
    """Return what writes a report in one of two forms, and what makes the text of a cluster."""
    if form == "json":
        from dedupe_news.render import json  # noqa: PLC0415 - one form of several

        return json.Document(out), json.cluster_text
    from dedupe_news.render import jsonl  # noqa: PLC0415 - as above

    return jsonl.Lines(out), jsonl.cluster_text


def show(write: Callable[[TextIO, Style], None], typed: Typed) -> bool:
    """Call `write` with stdout, or with a pager where that is asked for, and how text looks there.

    Reports that go to files are never paged, and who wants them does not read here.

    Returns:
        Whether all that it wrote arrived.
    """

    def through(out: TextIO) -> None:
        look = style(typed, out)
        if not typed.get("pager") or typed.get("targets") or not out.isatty():
            write(out, look)
            return
        from dedupe_news.cli.pager import paged  # noqa: PLC0415 - for who asks for it

        with paged(out, color=typed["color"] == "always") as pages:
            write(pages, replace(look, links=False))  # pagers show their addresses

    return written(through)


def deliver(report: Report, typed: Typed) -> bool:
    """Write a report to its targets; return whether all was written."""
    told = [_deliver(report, form, path, typed) for form, path in typed.get("targets", ())]
    return all(told)


def written(write: Callable[[TextIO], None]) -> bool:
    """Call `write` with stdout and return whether all that it wrote arrived.

    A closed pipe counts as arrived: the reader has what it wanted.
    """
    out: TextIO | None = sys.stdout  # None where the caller closed it
    if out is None:
        say("error: stdout is closed", "hint: redirect it to a file")
        return False
    if hasattr(out, "reconfigure"):
        out.reconfigure(errors="backslashreplace")
    try:
        write(out)
        out.flush()
    except OSError as error:
        return lost(error)
    return True


def lost(error: OSError) -> bool:
    """Say why stdout takes no more, and return whether that is fine: its reader has left.

    Whatever is still to be written goes nowhere, so that nothing is tried again when the
    process ends.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(io.UnsupportedOperation):  # kept in memory: there is no file to lead
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    if isinstance(error, BrokenPipeError):
        return True
    say(f"error: stdout cannot be written: {error.strerror or error}")
    say("hint: see whether the disk is full")
    return False


def style(typed: Typed, out: TextIO) -> Style:
    """Return how text is to look on this output."""
    from shutil import get_terminal_size  # noqa: PLC0415 - slow to load, and for text alone

    terminal = out.isatty()
    color = typed.get("color", "never")
    linking = terminal and color != "never" and os.environ.get("TERM") not in _LINKLESS
    return Style(
        width=typed["width"] or max(get_terminal_size((_WIDTH, 0)).columns, _LEAST_WIDTH),
        color=color_wanted(color, os.environ, terminal=terminal),
        ascii=typed["ascii"] or not _can_write(_SIGNS, out.encoding),
        full=typed.get("full", False),
        boilerplate=typed.get("show_boilerplate", False),
        limit=typed.get("limit"),
        links=linking,
    )


def _deliver(report: Report, form: str, path: str, typed: Typed) -> bool:
    from dedupe_news.cli.delivery import replacing, unwritten  # noqa: PLC0415 - for files alone

    render = renderer(form)
    try:
        with replacing(path) as out:
            wanted = style(typed, out) if form in TEXT_FORMATS else _data_style(typed)
            render(report, out, replace(wanted, color=False, links=False))
    except OSError as error:
        return unwritten(path, error)
    return True


def _data_style(typed: Typed) -> Style:
    return Style(full=typed.get("full", False), limit=typed.get("limit"))


def _as_data(out: TextIO) -> TextIO:
    """Return the output set to what every reader of JSON expects, whatever the locale."""
    if hasattr(out, "reconfigure"):
        out.reconfigure(encoding="utf-8", errors="strict", newline="\n")
    return out


def _can_write(signs: str, encoding: str | None) -> bool:
    try:
        signs.encode(encoding or "utf-8")  # text that is only kept in memory has no encoding
    except UnicodeEncodeError:
        return False
    return True
