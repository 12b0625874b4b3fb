"""Text from outside, made harmless for a terminal.

Articles are hostile until shown otherwise: an escape sequence may drive the terminal, and a
bidirectional override may show a reader another text than the one that is there.
"""

import re

__all__ = ["one_line", "prose"]

_HARMFUL = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, delete, C1
    "\u2028\u2029"  # line and paragraph separator
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides, isolates
    "\ud800-\udfff"  # halves of code points, which no encoding can write
    "\ufff9-\ufffb"  # interlinear annotation
    "\U000e0000-\U000e007f"  # invisible tags
    "]"
)
_BLANKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029 \u00a0]+")
_DELETE = 0x7F
_PICTURES = 0x2400  # one sign for each of the first 32 control characters
_DELETE_PICTURE = "\u2421"


def one_line(text: str, *, only_ascii: bool = False) -> str:
    """Return the text with every character visible that could move or mislead.

    Args:
        text: A path, an id, a title: something that has no lines.
        only_ascii: Whether to write `<U+001B>` where a control picture would be shorter.
    """
    if text.isprintable() and text.isascii():
        return text
    return _HARMFUL.sub(lambda found: _visible(found[0], only_ascii=only_ascii), text)


def prose(text: str, *, only_ascii: bool = False) -> str:
    """Return running text with its white space made single blanks, and the rest visible.

    The blanks at the ends are kept, as one: runs of a word diff are joined later.

    Args:
        text: A stretch of an article.
        only_ascii: As for `one_line`.
    """
    return one_line(_BLANKS.sub(" ", text), only_ascii=only_ascii)


def _visible(sign: str, *, only_ascii: bool) -> str:
    code_point = ord(sign)
    if only_ascii or code_point > _DELETE:
        return f"<U+{code_point:04X}>"
    return _DELETE_PICTURE if code_point == _DELETE else chr(_PICTURES + code_point)
