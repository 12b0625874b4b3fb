"""Whatever is read the short way is read as the long way would have read it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.sources import ReadOptions, dates
from dedupe_news.sources.dates import iso_date
from dedupe_news.sources.decode import STRAY, without_nul
from dedupe_news.sources.json_lines import Lines, _item
from dedupe_news.sources.records import Records, _one_line

_KEYS = st.sampled_from(["text", "body", "title", "id", "date", "author", "lang", "a.b", "lede"])
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(2**63, 10**30)
    | st.floats()
    | st.text(st.characters(exclude_categories=[]), max_size=20)
    | st.sampled_from(["2024-05-14", "A title", "One.\n\nTwo.", "a\x00b", "\ud800", "x\u2028y"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=6,
)
_RECORDS = st.dictionaries(_KEYS, _VALUES, max_size=6)
_SCRAPS = st.sampled_from(
    [
        *(b"{", b"}", b"[", b'"', b":", b",", b" ", b"\t", b"\r", b"\0", b"\x0b", b"\x1e", b"\x1c"),
        *(b"\xff", b"\xc3", b"\xe2\x80", b"\xef\xbb\xbf", b"\xc2\xa0", b"\xe2\x80\xa8", b"\\ud800"),
        *(b"NaN", b"-Infinity", b"-0", b"1e999", b"9" * 25, b'"text":', b'"a', b"[" * 2000),
        *(b'{"text":"a"}', b'{"text":"a","text":"b"}', b'{"text":"a\tb"}', b'{"id":1.0,"text":""}'),
    ]
)
_ENDS = st.sampled_from([b"\n", b"\n", b"\r\n", b" \n", b"\x0b\n", b"\n\n", b""])


def _written(record: dict[str, object], *, escaped: bool) -> bytes:
    return json.dumps(record, ensure_ascii=escaped).encode("utf-8", "surrogatepass")


lines = st.builds(_written, _RECORDS, escaped=st.booleans()) | st.lists(_SCRAPS, max_size=6).map(
    b"".join
)
blocks = st.lists(st.tuples(lines, _ENDS).map(b"".join), max_size=6).map(b"".join)


@given(blocks, st.sampled_from([{}, {"text": "a.b"}, {"id": "title"}]))
def test_lines_equal_their_slow_twin(data, fields):
    """A block that is decoded as a whole, and each line of it looked at for all that may be odd."""
    records = Records("a.jsonl", fields, "line ")
    slowly = [
        _item(records, line, number)
        for number, line in enumerate(data.decode("utf-8", STRAY).split("\n"), 7)
        if line and not line.isspace()
    ]

    assert Lines("a.jsonl", data, 7, ReadOptions(fields=fields), len(data)).load() == slowly


@given(st.text(st.characters(exclude_categories=[])) | st.text("a \t\n\xa0\u2028\x1c\0\ud800"))
def test_one_line_of_a_text_equals_its_slow_twin(text):
    """White space of any kind becomes one blank, and what cannot be printed a mark."""
    assert _one_line(text) == " ".join(without_nul(text).split())


@given(st.from_regex(dates._forms().usual, fullmatch=True))
def test_a_usual_moment_equals_its_slow_twin(value):
    """It is put together as if it had been taken apart."""
    assert iso_date(value) == dates._written(dates._forms().written[0].fullmatch(value))


def test_no_printable_sign_is_white_space_but_the_blank():
    """On this rests that a printable text has nothing else to be made one line of."""
    signs = map(chr, range(0x110000))

    assert [sign for sign in signs if sign.isprintable() and not sign.strip()] == [" "]
