"""Small corpora in folders, and what a scan and an index say of them."""

import io
import os
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from dedupe_news.engines.local import Serial
from dedupe_news.gate import Focus, examine
from dedupe_news.index.asking import ask_git, remembered
from dedupe_news.index.followed import look
from dedupe_news.pipeline import scan_batches
from dedupe_news.render import Style, renderer
from dedupe_news.reporting import report_on
from dedupe_news.settings import Settings
from dedupe_news.sources import ReadOptions, batches
from dedupe_news.stamp import opened
from dedupe_news.updating import bring_up_to_date, recalled
from dedupe_news.upkeep import Upkeep
from invented import prose

__all__ = [
    "INDEX",
    "KEEPING",
    "as_json",
    "examined",
    "indexed",
    "put",
    "scanned",
    "story",
    "updated",
]

KEEPING = Upkeep(Settings(), ReadOptions(), Serial())
INDEX = Path(".dedupe-news/index.sqlite")
_ticks = count(1)


def put(path, text):
    """Write a file whose time of change is long ago and unlike that of any other version."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, "utf-8")
    moment = 10**18 + next(_ticks) * 10**9
    os.utime(path, ns=(moment, moment))


def story(*parts, footer=""):
    """Return a text of paragraphs, each given by the number of its words' seed."""
    paragraphs = [prose(60, part) for part in parts]
    return "\n\n".join([*paragraphs, footer] if footer else paragraphs)


def as_json(report):
    """Return a report as the bytes that a script reads."""
    out = io.StringIO()
    renderer("json")(report, out, Style())
    return out.getvalue()


def scanned(keeping=KEEPING):
    """Return the report of a fresh scan of the working folder."""
    return scan_batches(batches(["."], keeping.reading), keeping.settings)


def updated(keeping=KEEPING):
    """Bring the index of the working folder up to date, and return what was done."""
    with ExitStack() as stack:
        listing, _ = look(stack, ["."], keeping.reading, INDEX)
        return bring_up_to_date(INDEX, listing, keeping)


def indexed(keeping=KEEPING):
    """Return the report that the index of the working folder comes to."""
    with ExitStack() as stack:
        listing, _ = look(stack, ["."], keeping.reading, INDEX)
        store = stack.enter_context(opened(INDEX, keeping))
        stack.enter_context(store.reading())
        corpus, found = recalled(store, listing, keeping.settings)
        return report_on(found, corpus, keeping.settings, engine=keeping.engine)


def examined(*files, keeping=KEEPING, index=INDEX, staged=False):
    """Return what a check of some files of the working folder finds; of all without any."""
    focus = Focus(frozenset(files) if files else None)
    with ExitStack() as stack:
        asked = ask_git(["."], remembered(index) if index else "", staged=staged)
        listing, store = look(stack, ["."], keeping.reading, index, asked)
        return examine(listing, focus, keeping, index, store)
