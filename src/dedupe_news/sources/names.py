"""Names of files and articles as text that can be shown, stored and compared."""

import os

__all__ = ["printable", "shown_path"]

_SURROGATES = range(0xDC80, 0xDD00)  # how Python carries bytes that are no UTF-8


def printable(name: str) -> str:
    r"""Return a name with each sign that cannot be shown written as `\xNN` or `\uNNNN`."""
    if name.isprintable():
        return name
    return "".join(sign if sign.isprintable() else _escaped(ord(sign)) for sign in name)


def shown_path(path: str) -> str:
    """Return a path as it is shown: with `/`, and printable."""
    return printable(path.replace(os.sep, "/"))


def _escaped(code_point: int) -> str:
    if code_point in _SURROGATES:
        return f"\\x{code_point - 0xDC00:02x}"
    if code_point <= 0xFF:  # noqa: PLR2004 - one byte
        return f"\\x{code_point:02x}"
    return f"\\u{code_point:04x}"
