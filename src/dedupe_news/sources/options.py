"""What the user said about how to read, checked once."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from encodings.aliases import aliases

from dedupe_news.errors import SettingsError
from dedupe_news.sources.ignore import is_pattern
from dedupe_news.sources.records import FIELD_NAMES

__all__ = ["ReadOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read, as far as the files do not say it themselves.

    Attributes:
        fields: For a field of an article, the key that holds it in a record: a name, or
            several joined by dots for what is nested. Others are known by their usual names.
        gitignore: Whether a walk leaves out what `.gitignore` files name.
        include: Patterns as in a `.gitignore`; if there are any, only files they name are read.
        exclude: Patterns of files and folders that are not read, even when named.
        encoding: The encoding of every file; empty to find out for each.

    Raises:
        SettingsError: If a field or an encoding is unknown, or a pattern is none.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    gitignore: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    encoding: str = ""

    def __post_init__(self) -> None:
        for name, key in self.fields.items():
            if name not in FIELD_NAMES:
                msg = f"an article has no field {name!r}"
                raise SettingsError(msg, hint=_hint(name, FIELD_NAMES))
            if not key:
                msg = f"no key is given for the field {name!r}"
                raise SettingsError(msg, hint=f"write {name}=KEY, or leave it out")
        if self.encoding and not _is_text_encoding(self.encoding):
            msg = f"there is no text encoding {self.encoding!r}"
            raise SettingsError(msg, hint=_hint(self.encoding, tuple(sorted(_encodings()))))
        for pattern in (*self.include, *self.exclude):
            if not is_pattern(pattern):
                msg = f"this is no pattern: {pattern!r}"
                raise SettingsError(msg, hint="write it as in a .gitignore: drafts/, *.old.txt")


def _hint(given: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - for what is unknown alone

    near = get_close_matches(given.lower(), known, n=1)
    shown = ", ".join(known) if known == FIELD_NAMES else "utf-8, cp1252, utf-16, …"
    return f"did you mean {near[0]}?" if near else f"known are {shown}"


def _encodings() -> set[str]:
    names = {name.replace("_", "-") for name in (*aliases.keys(), *aliases.values())}
    return set(filter(_is_text_encoding, names))


def _is_text_encoding(name: str) -> bool:
    try:
        "".encode(name)  # refuses what maps bytes to bytes, such as base64
        codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return True
