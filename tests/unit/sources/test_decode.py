"""Text from bytes of any origin."""

import bz2
import gzip
import lzma

import pytest

from dedupe_news.sources.decode import STRAY, NotTextError, UndecodableError, decode, without_nul

FRENCH = "L'été dernier, à Liège, la coopération fut « naturelle » – d'après l'élève."


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_an_encoding_is_found_out(encoding):
    """Marks, zero bytes and validity tell the encoding of a Western text."""
    assert decode(FRENCH.encode(encoding)) == FRENCH


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ""),
        ("é è à ".encode() + b"it\x92s", "é è à it’s"),
        ("\ufeffé ".encode() + b"it\x92s caf\xe9 and th\xe9.", "é it’s café and thé."),
        ("é è à ".encode() + b"caf\xe9 noir", "é è à café noir"),
        ("un été à Liège é".encode()[:-1], "un été à Liège \ufffd"),
        (b"caf\xe9", "café"),
        (b"\x81 undefined", "\x81 undefined"),
        (b"one\x00two and some more words to read", "one two and some more words to read"),
        (
            "été\x00à".encode() + b" and some more words to read",
            "été à and some more words to read",
        ),
    ],
)
def test_damaged_text_is_read_as_far_as_it_goes(data, expected):
    """A few stray bytes in UTF-8 are read one by one; they do not turn the rest into noise."""
    assert decode(data) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        b"%PDF-1.7 and words",
        b"PK\x03\x04" + b"word" * 20,
        bytes(range(256)) * 8,
        bytes(100),
        b"\x7fELF\x02\x01\x01" + bytes(40) + b"\xff\xfe\xfd words",
    ],
)
def test_bytes_that_are_no_text_are_refused(data):
    """Pictures, archives and programs are not decoded into letters."""
    with pytest.raises(NotTextError, match="no text"):
        decode(data)


@pytest.mark.parametrize("packer", [gzip, bz2, lzma])
def test_what_is_compressed_is_told_to_be(packer):
    """It holds text for all that is known; only a name that ends in `.gz` says how to unpack it."""
    with pytest.raises(NotTextError, match="is compressed") as caught:
        decode(packer.compress(b"words"))

    assert "unpack it" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Паромная линия между портом и островами закроется в июне", "cp1251"),
        ("港口当局星期二表示连接港口和群岛的渡轮航线将从六月起关闭", "gb18030"),
        ("港と島を結ぶフェリー航路は六月から十一週間運休する", "shift_jis"),
    ],
)
def test_an_encoding_that_cannot_be_told_is_refused_and_can_be_given(text, encoding):
    """Text in the wrong letters would match nothing, and nobody would notice."""
    with pytest.raises(UndecodableError) as caught:
        decode(text.encode(encoding))
    assert "--encoding" in caught.value.hint
    assert decode(text.encode(encoding), encoding) == text


def test_a_given_encoding_is_taken_at_its_word():
    """Bytes that do not fit it are refused: the user should learn that it is wrong."""
    with pytest.raises(UndecodableError, match="is not utf-8"):
        decode(b"caf\xe9", "utf-8")


def test_the_handler_of_stray_bytes_is_for_reading_alone():
    """Nothing is written with it: what cannot be encoded stays an error."""
    with pytest.raises(UnicodeEncodeError):
        "é".encode("ascii", STRAY)


def test_a_long_text_of_another_script_is_text():
    """A sample may end within a sign: that makes no binary file."""
    text = "島" * 40_000 + "\0" + "島"

    assert decode(text.encode()) == text.replace("\0", " ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\0b", "a b"), ("a\ud800b", "a\ufffdb"), ("\ud83d\ude00", "😀"), ("é", "é")],
)
def test_signs_that_cannot_be_stored_are_replaced(text, expected):
    """NUL becomes a blank, a lone surrogate a mark, and a pair of them what it stands for."""
    assert without_nul(text) == expected
