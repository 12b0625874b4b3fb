"""What editors, layouters and scanners do to one paragraph."""

import re
import unicodedata
from collections.abc import Callable
from random import Random

__all__ = ["cut_in_two", "misread", "replace_words", "retype"]

_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-Þ\"«“])")
_SHORT = 10  # words: one edit in fewer would leave no saying what the rest was
_HALF_WORDS = 8  # least words on either side of a cut
_LOOKALIKES = {
    **dict(zip("eoilasbcnuthrm", "coljgadehnnikn", strict=True)),
    **dict(zip("EOISBGZ01", "F01586ZOl", strict=True)),
}
_TYPESET = (
    (re.compile(r"(?<=\w)-(?=\w)"), "\u2011"),
    (re.compile(r" --? "), " \u2013 "),
    (re.compile(r"\.\.\."), "\u2026"),
    (re.compile(r"(?<=\w)'(?=\w)"), "\u2019"),
    (re.compile(r"(^|(?<=[\s(]))\""), "\u00ab\u202f"),
    (re.compile(r"\"(?=[\s.,;:!?)]|$)"), "\u202f\u00bb"),
    (re.compile(r" (?=[;:!?%»])"), "\u00a0"),
    (re.compile("fi"), "\ufb01"),
)
_TYPEWRITTEN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019", "'"),
        **dict.fromkeys("\u201c\u201d\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("\u2013\u2014", "--"),  # one hyphen would make two words one
        **dict.fromkeys("\u00a0\u202f", " "),
        "\u2026": "...",
    }
)


def retype(text: str, rng: Random) -> str:
    """Return the same wording in other types: quotes, dashes, blanks, accents, ligatures."""
    if rng.random() < 1 / 2:
        return unicodedata.normalize("NFD", text.translate(_TYPEWRITTEN))
    for pattern, replacement in _TYPESET:
        text = pattern.sub(replacement, text)
    return re.sub(r"(?<=\w) (?=\d)", "\u00a0", text)


def replace_words(text: str, share: float, rng: Random, draw: Callable[[], str]) -> str:
    """Return the text with about a share of its words replaced by other words.

    Args:
        text: A paragraph; one of fewer than ten words is returned as it is.
        share: How many of its words, in [0, 1].
        rng: Decides which.
        draw: Returns a word to put in.
    """
    if len(_WORD.findall(text)) < _SHORT:
        return text
    return _WORD.sub(lambda word: _other(word[0], draw) if rng.random() < share else word[0], text)


def misread(text: str, share: float, rng: Random) -> str:
    """Return the text with about a share of its letters taken for others, as scanners do.

    Args:
        text: A paragraph; one of fewer than ten words is returned as it is.
        share: How many of its letters and digits, in [0, 1].
        rng: Decides which.
    """
    if len(_WORD.findall(text)) < _SHORT:
        return text
    return "".join(
        _LOOKALIKES.get(sign, "i") if sign.isalnum() and rng.random() < share else sign
        for sign in text
    )


def cut_in_two(text: str) -> tuple[str, str] | None:
    """Return both parts of the text, cut between sentences near the middle.

    Returns:
        None if no such cut leaves eight words on either side.
    """
    cuts = [(text[: end.start()], text[end.end() :]) for end in _SENTENCE_END.finditer(text)]
    lengths = [min(len(_WORD.findall(part)) for part in cut) for cut in cuts]
    if max(lengths, default=0) < _HALF_WORDS:
        return None
    return cuts[lengths.index(max(lengths))]


def _other(word: str, draw: Callable[[], str]) -> str:
    other = draw()
    while other.casefold() == word.casefold():
        other = draw()
    return other
