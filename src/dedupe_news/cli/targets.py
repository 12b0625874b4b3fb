# ruff: noqa: PTH110, PTH112, PTH120, PTH121, PTH122, PTH123
"""`-o FORMAT=PATH`: files that a report is written to, checked before anything is read.

Paths are plain texts here, not `Path` objects: they keep the form in which the user wrote them.
"""

import os
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from dedupe_news.cli.parameters import near_miss, spelling
from dedupe_news.cli.talk import HintedError
from dedupe_news.errors import PathError, UsageError
from dedupe_news.render import FORMATS

if TYPE_CHECKING:
    from dedupe_news.cli.options import Typed

__all__ = ["FOLDER_FORMS", "Target", "reserve", "targets"]

FOLDER_FORMS = ("parquet",)
"""Forms that only a cluster writes, as a folder of files."""

_SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".md": "markdown",
    ".markdown": "markdown",
    ".sarif": "sarif",
    ".xml": "junit",
    ".txt": "text",
}
_FORM = re.compile(r"([a-z-]+)=(.*)", re.DOTALL)
_SPECIAL = re.compile(r"[\\*?\[\]!# ]")
_OWN = (
    b'"schema": "dedupe-news/',
    b"cluster,role,id,path,",
    b"# Variants among news articles",
    b'<meta name="generator" content="dedupe-news">',
)
"""What reports begin with: one of the last run may be replaced, an article may not."""
_START = 2000  # bytes, among which it stands


class Target(NamedTuple):
    """A file that is to be written, and the form of what is written."""

    form: str
    path: str


def targets(
    _context: click.Context, param: click.Parameter, values: Sequence[str]
) -> tuple[Target, ...]:
    """Return `[FORMAT=]PATH` texts as targets, in their order.

    Raises:
        HintedError: If a form is unknown or cannot be told from the name, or if one file is
            named twice.
    """
    found = [_target(value, param) for value in values]
    taken: dict[str, str] = {}
    for target in found:
        real = target.path if "://" in target.path else os.path.realpath(target.path)
        if real in taken:
            msg = f"{spelling(param)} names one file twice: {taken[real]} and {target.path}"
            raise HintedError(msg, hint="give each report a file of its own")
        taken[real] = target.path
    return tuple(found)


def reserve(typed: "Typed", inputs: Sequence[str]) -> dict[str, Any]:
    """Return what was typed, with the targets left out of what is read.

    Args:
        typed: Holds the targets.
        inputs: The files and folders that are to be read.

    Raises:
        PathError: If a target cannot be written.
        UsageError: If a target is one of the inputs.
    """
    excluded = list(typed.get("exclude", ()))
    for target in typed["targets"]:
        if target.form in FOLDER_FORMS:
            msg = f"{target.form}={target.path} is a folder, which only a cluster writes"
            raise UsageError(msg, hint="dedupe-news scan --engine spark writes it")
        _require_writable(target.path)
        for path in inputs:
            excluded += _left_out(target.path, path, typed)
    return {**typed, "exclude": tuple(excluded)}


def _target(value: str, param: click.Parameter) -> Target:
    named = _FORM.fullmatch(value)
    form, path = named.groups() if named else (_form_of(value), value)
    if path == "-":
        msg = f"{spelling(param)} writes files, and - is standard output"
        raise HintedError(msg, hint="--format sets its form")
    if not path:
        msg = f"{spelling(param)} {value} has no path"
        raise HintedError(msg, hint=f"write {form}=PATH")
    if named and form not in (*FORMATS, *FOLDER_FORMS):
        msg = f"{spelling(param)} knows no form {form!r}"
        raise near_miss(msg, form, (*FORMATS, *FOLDER_FORMS))
    if not form:
        msg = f"{spelling(param)} cannot tell the form of {value} from its name"
        raise HintedError(msg, hint=f"write FORMAT={value} with one of {', '.join(FORMATS)}")
    return Target(form, path)


def _form_of(path: str) -> str:
    return _SUFFIXES.get(os.path.splitext(path.lower())[1], "")


def _require_writable(path: str) -> None:
    folder = os.path.dirname(os.path.realpath(path))
    if not os.path.isdir(folder):
        msg = f"{path} cannot be written: there is no folder {os.path.dirname(path)}"
        raise PathError(msg, hint=f"mkdir -p {os.path.dirname(path)}")
    if os.path.isdir(path):
        msg = f"{path} is a folder"
        raise PathError(msg, hint=f"name a file in it: {path.rstrip('/')}/report")
    if not os.access(path if os.path.exists(path) else folder, os.W_OK):
        msg = f"{path} cannot be written: permission is denied"
        raise PathError(msg, hint="name a file that you may write")


def _left_out(target: str, source: str, typed: "Typed") -> Iterator[str]:
    """Yield the pattern that keeps a target out of what is read, if it lies in it."""
    real, top = os.path.realpath(target), os.path.realpath(source)
    if source == "-":
        return
    if real == top or _same(target, source):
        msg = f"{target} is read, and would be written over"
        raise UsageError(msg, hint="name another file for the report")
    inner = real.removeprefix(top.rstrip("/") + "/")
    if inner == real or not _is_read(source, inner, typed):
        return
    if os.path.exists(target) and not _is_own(target):
        msg = f"{target} lies in {source}, is read, and would be written over"
        raise UsageError(msg, hint=f"name another file, or leave it out: --exclude {target}")
    yield "/" + _SPECIAL.sub(r"\\\g<0>", inner)


def _same(target: str, source: str) -> bool:
    try:
        return os.path.samefile(target, source)  # hard links are one file too
    except OSError:
        return False


def _is_read(source: str, inner: str, typed: "Typed") -> bool:
    """Return whether a walk through a folder would take a file of it for an article."""
    from dedupe_news.sources.formats import format_of  # noqa: PLC0415 - only with targets
    from dedupe_news.sources.ignore import Selection  # noqa: PLC0415

    hidden = any(part.startswith(".") for part in inner.split("/"))
    if hidden or not format_of(inner):
        return False
    selection = Selection.of(typed.get("include", ()), typed.get("exclude", ()))
    shown = inner if source.rstrip("/") == "." else f"{source.rstrip('/')}/{inner}"
    return selection.takes_file(shown, inner)


def _is_own(path: str) -> bool:
    """Return whether a file is a report of an earlier run, or still empty."""
    try:
        with open(path, "rb") as file:
            start = file.read(_START)
    except OSError:
        return False
    return not start or any(mark in start for mark in _OWN)
