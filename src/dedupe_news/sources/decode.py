"""Text from bytes, whatever wrote them.

Order of belief: what the user says, a byte order mark, the zero bytes of UTF-16, valid UTF-8,
UTF-8 with a few stray bytes, and Western European (cp1252). What fits none of them is refused
by name, because text in the wrong letters would match nothing, and nobody would notice.
"""

import codecs
import re
from typing import Final

from dedupe_news.errors import ArticleError

__all__ = ["STRAY", "UTF8", "NotTextError", "UndecodableError", "decode", "sniff", "without_nul"]

STRAY: Final = "dedupe-news-stray"
"""Error handler for `bytes.decode`: reads bytes that are no UTF-8 as cp1252, one by one."""

UTF8: Final = frozenset({"utf-8", "utf-8-sig"})
"""Encodings whose bytes readers of lines take as they are, but for a mark at the start."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xd0\xcf\x11\xe0", b"SQLite format 3")
_PACKED = (b"\x1f\x8b", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")  # gzip, bzip2, xz, zstd
_ASCII = bytes(range(0x80))
_CONTROLS = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r\b\x1a\x1b"})
_ZEROS = re.compile(b"\0+")
_LONGEST_SIGN = 4  # bytes in UTF-8: the sample may end in one
_SAMPLE = 1 << 16  # bytes: enough to know a file by
_FEW_STRAYS = 8  # fewer high bytes say nothing about the script


class UndecodableError(ArticleError):
    """The bytes are text in no encoding that can be told."""


class NotTextError(ArticleError):
    """The bytes are not text at all."""


def decode(data: bytes, encoding: str = "") -> str:
    """Return the text of a whole file; zero bytes in it become blanks.

    Args:
        data: The whole file.
        encoding: The encoding to use, strictly; empty to find out.

    Raises:
        NotTextError: If the file is binary.
        UndecodableError: If no encoding fits, or the given one does not.
    """
    found = sniff(data, encoding)
    if encoding:
        return without_nul(_strictly(data, encoding))
    if data.isascii() and found == "utf-8":
        return without_nul(data.decode("ascii"))
    if found == "utf-8":
        found = _utf8_or_western(data)
    errors = "replace" if found.startswith(("utf-16", "utf-32")) else STRAY
    return without_nul(data.decode(found, errors))


def sniff(start: bytes, encoding: str = "") -> str:
    """Return the name of the encoding that the start of a file suggests.

    What gives no other sign is UTF-8; the bytes that are not valid in it are for the handler
    `STRAY`.

    Args:
        start: The first bytes of the file, or all of it.
        encoding: The encoding that the user named; returned if there is one.

    Raises:
        NotTextError: If this is the start of a binary file.
        UndecodableError: If it is text in an encoding that cannot be told.
    """
    if encoding:
        return encoding
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    sample = start[:_SAMPLE]
    if b"\0" in sample and (unmarked := _unmarked_utf16(sample)):
        return unmarked
    if _is_binary(sample):
        if start.startswith(_PACKED):
            hint = "unpack it first; only a file whose name ends in .gz is unpacked here"
            raise NotTextError("is compressed", hint=hint)
        raise NotTextError("holds no text")
    if not sample.isascii():
        _utf8_or_western(sample)  # only to refuse what is neither
    return "utf-8"


def without_nul(text: str) -> str:
    """Return the text with a blank for each NUL and a mark for each lone surrogate."""
    if "\0" in text:
        text = text.replace("\0", " ")
    if text.isascii():
        return text
    try:
        text.encode("utf-16-le")  # as UTF-8 does, it refuses surrogates, and sooner
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeError as error:
        msg = f"is not {encoding}: {error}"
        raise UndecodableError(msg, hint="leave --encoding out, or name another one") from error


def _utf8_or_western(data: bytes) -> str:
    """Return which of the two these bytes are, by whether more of them are valid or stray.

    Raises:
        UndecodableError: If they are neither: most letters would be accented ones.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        text = data.decode("utf-8", "ignore")
    else:
        return "utf-8"
    high = len(data.translate(None, _ASCII))
    plain = len(data) - high
    valid, stray = len(text) - plain, len(data) - len(text.encode())
    if valid >= stray:
        return "utf-8"
    if high > _FEW_STRAYS and 3 * high > len(data.translate(None, b" \t\r\n")):
        hint = "name its encoding: --encoding cp1251, gb18030, shift_jis, …"
        raise UndecodableError("is neither UTF-8 nor Western European", hint=hint)
    return "cp1252"


def _unmarked_utf16(sample: bytes) -> str:
    """Return which UTF-16 has its zero bytes where these are; empty if none."""
    pairs = len(sample) // 2
    if pairs < 2:  # noqa: PLR2004 - one sign proves nothing
        return ""
    high, low = sample[0 : 2 * pairs : 2].count(0), sample[1 : 2 * pairs : 2].count(0)
    if low > pairs // 2 and high <= pairs // 50:
        return "utf-16-le"
    return "utf-16-be" if high > pairs // 2 and low <= pairs // 50 else ""


def _is_binary(sample: bytes) -> bool:
    """Return whether these bytes hold too many that no text has.

    A run of zero bytes counts as one: it is what a crash leaves in a file of text.
    """
    if sample.startswith(_MAGIC + _PACKED):
        return True
    if b"\0" in sample:
        sample = _ZEROS.sub(b"\0", sample)
    odd = len(sample) - len(sample.translate(None, _CONTROLS))
    if odd and len(sample.decode("utf-8", "ignore").encode()) < len(sample) - _LONGEST_SIGN:
        odd += len(sample.translate(None, _ASCII))
    return odd * 10 > len(sample)


def _as_western(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.reason == "unexpected end of data":
        return "\ufffd", error.end
    stray = error.object[error.start : error.end]
    return "".join(_WESTERN[byte] for byte in stray), error.end


# the five bytes that cp1252 leaves undefined are the controls of Latin-1, as in browsers
_WESTERN = [bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)]
codecs.register_error(STRAY, _as_western)
