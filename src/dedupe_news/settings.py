"""What a run is asked to do, checked once."""

import re
from dataclasses import dataclass, fields
from typing import Literal

from dedupe_news.errors import SettingsError

__all__ = ["KEEP_RULES", "Settings", "require_several"]

KEEP_RULES = ("earliest", "latest", "longest", "shortest", "most-contained", "id")
"""Names of the rules that choose a base; `source:NAME` is one more."""

_MAX_SHINGLE_WORDS = 64
_MAX_NUM_PERM = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that shapes a report, and nothing that does not.

    How many processes work, how wide the terminal is and where the report goes belong to
    the caller: they must not change what is found.

    Attributes:
        shingle_words: Words (or characters) per shingle; 0 for 5 words or 8 characters.
        shingle_unit: `word`, or `char` for scanned text with many misread letters.
        num_perm: Values per MinHash signature.
        seed: Seed of the MinHash permutations.
        min_containment: Least share, in (0, 1], of the shorter article that must stand in
            the longer one.
        min_shared_words: Least number of words that a match must have in common; two short
            articles may match on fewer when they are the same throughout.
        keep: Rules that choose the base, the first that decides wins; see `KEEP_RULES`.
        within_days: Compare only articles whose dates are at most so many days apart; None
            for any. What has no date is compared with everything.
        across: `source` or `folder` to compare only articles that differ in it; empty for
            all. What has none is compared with everything.
        ignore_text: Regular expressions for text that counts neither as shared nor as added;
            applied to each paragraph.
        diff: Whether variants are aligned with their base.

    Raises:
        SettingsError: If a value is out of its range.
    """

    shingle_words: int = 0
    shingle_unit: Literal["word", "char"] = "word"
    num_perm: int = 128
    seed: int = 1
    min_containment: float = 0.6
    min_shared_words: int = 20
    keep: tuple[str, ...] = ("earliest", "most-contained", "id")
    within_days: float | None = None
    across: Literal["", "source", "folder"] = ""
    ignore_text: tuple[str, ...] = ()
    diff: bool = True

    def __post_init__(self) -> None:
        _one_of("shingle-unit", self.shingle_unit, ("word", "char"))
        _one_of("across", self.across, ("", "source", "folder"))
        if self.shingle_words == 0:
            size = 5 if self.shingle_unit == "word" else 8
            object.__setattr__(self, "shingle_words", size)
        _in_range("shingle-words", self.shingle_words, 1, _MAX_SHINGLE_WORDS)
        _in_range("num-perm", self.num_perm, 2, _MAX_NUM_PERM)
        _in_range("seed", self.seed, 0, 2**32 - 1)
        _in_range("min-shared-words", self.min_shared_words, 1, 10**9)
        if not 0 < self.min_containment <= 1:
            msg = f"min-containment is {self.min_containment}"
            raise SettingsError(msg, hint="give a share above 0 and up to 1, such as 0.6")
        if self.within_days is not None and not self.within_days >= 0:
            msg = f"within is {self.within_days} days"
            raise SettingsError(msg, hint="give a number of days, such as 30")
        require_several("ignore-text", self.ignore_text)
        require_several("keep", self.keep)
        for pattern in self.ignore_text:
            _compiled(pattern)
        for rule in self.keep:
            if rule not in KEEP_RULES and not rule.startswith("source:"):
                msg = f"keep knows no rule {rule!r}"
                raise SettingsError(msg, hint=f"rules: {', '.join(KEEP_RULES)}, source:NAME")

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of all settings, in the order of their definition."""
        return tuple(field.name for field in fields(cls))


def require_several(name: str, value: object) -> None:
    """Refuse one text where several belong, for it would be taken for its characters.

    Raises:
        SettingsError: Naming the setting, and how several are written.
    """
    if isinstance(value, str):
        msg = f"{name} is one text: {value!r}"
        raise SettingsError(msg, hint=f"give a tuple of texts: ({value!r},)")


def _in_range(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        msg = f"{name} is {value}"
        raise SettingsError(msg, hint=f"give a whole number from {low} to {high}")


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        msg = f"{name} is {value!r}"
        raise SettingsError(msg, hint=f"choose from: {', '.join(filter(None, choices))}")


def _compiled(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        msg = f"ignore-text {pattern!r} is no regular expression: {error}"
        raise SettingsError(msg, hint="escape signs such as ( ) [ ] + ? with a backslash") from None
