"""How an index was made, in plain words: what must be equal of an index and of who uses it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from dedupe_news.core.sketches import digests_of
from dedupe_news.core.text import words_of
from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.store import SCHEMA_VERSION, Store
from dedupe_news.settings import Settings
from dedupe_news.sources.options import ReadOptions
from dedupe_news.upkeep import Upkeep
from dedupe_news.version import VERSION

__all__ = ["opened", "require_match", "stamp_of"]

_SAMPLE = ("Straße co-op 1,000.50 x",)  # its hashes tell whether words are made as they were
_OF_THE_PROGRAM = ("schema", "tool", "minhash", "tokenizer")  # no option sets them
_NOT_MATCHING = ("keep", "diff")  # settings that shape a report and not what is remembered


def stamp_of(settings: Settings, reading: ReadOptions) -> dict[str, str]:
    """Return what must be equal of an index and of the run that uses it, in plain words."""
    values = {name: value for name, value in asdict(settings).items() if name not in _NOT_MATCHING}
    stamp = {name.replace("_", "-"): _plain(value) for name, value in values.items()}
    stamp |= {f"field {name}": key for name, key in reading.fields.items()}
    digest = digests_of(words_of(_SAMPLE))[0].astype("<u8").tobytes()
    return stamp | {
        "encoding": reading.encoding,
        "schema": str(SCHEMA_VERSION),
        "tool": VERSION,
        "minhash": "affine32",
        "tokenizer": f"{unicodedata.unidata_version} {digest.hex()}",
    }


def opened(path: Path, keeping: Upkeep) -> Store:
    """Return an index that is there, whole, and made as is asked for.

    Raises:
        IndexUnusableError: If it is not.
    """
    store = Store(path)
    try:
        require_match(store, stamp_of(keeping.settings, keeping.reading))
    except IndexUnusableError:
        store.close()
        raise
    return store


def require_match(store: Store, stamp: Mapping[str, str]) -> None:
    """Check that an index was made as is asked for now.

    Raises:
        IndexUnusableError: Naming what differs, and what each side says.
    """
    made = store.stamp
    if not made:
        msg = f"{store.path} is no index"
        raise IndexUnusableError(msg, hint="name another file, or take this one away")
    for name in sorted({*made, *stamp}):
        was, wanted = made.get(name, ""), stamp.get(name, "")
        if was != wanted:
            was, wanted = was or "none", wanted or "none"
            msg = f"{store.path} was made with {name} {was}, and this run has {wanted}"
            hint = "dedupe-news index rebuild makes it anew"
            if name not in _OF_THE_PROGRAM:
                hint += f"; or go back to {name} {was}"
            raise IndexUnusableError(msg, hint=hint)


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return "" if value is None else str(value)
