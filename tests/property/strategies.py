"""Articles as newsrooms make them, and what becomes of them."""

from hypothesis import strategies as st

from dedupe_news.model import Article
from invented import prose

__all__ = ["articles", "blocks", "corpora", "families", "paragraphs", "scripts", "word_lists"]

_SPACED = "the of said ferry Lom Havenrik 40 1,900 17:00 20% -5 $3 don't co-op x—y “so” ﬁne Café"
_OTHER = "港 東 เรือ ميناء नौका ? ! … *** —"
_WORDS = st.sampled_from([*_SPACED.split(), *_OTHER.split()])
_ENDS = st.sampled_from([" ", " ", " ", " ", ", ", ". ", "? ", " - ", "\n"])


@st.composite
def paragraphs(draw: st.DrawFn) -> str:
    """One paragraph: words, ornaments, or nothing."""
    pieces = draw(st.lists(st.tuples(_WORDS, _ENDS), max_size=14))
    return "".join(word + end for word, end in pieces).strip()


articles = st.lists(paragraphs(), max_size=6)
"""The paragraphs of one article."""


@st.composite
def families(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """An article and a variant: cut, wrapped, merged, split, moved, reworded."""
    base = draw(articles)
    variant = list(base)
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, len(variant)))
        edit = draw(st.sampled_from(_EDITS))
        edit(draw, variant, place)
    return base, variant


def _add(draw: st.DrawFn, variant: list[str], place: int) -> None:
    variant.insert(place, draw(paragraphs()))


def _drop(_draw: st.DrawFn, variant: list[str], place: int) -> None:
    del variant[place : place + 1]


def _merge(_draw: st.DrawFn, variant: list[str], place: int) -> None:
    variant[place : place + 2] = [" ".join(variant[place : place + 2])]


def _split(draw: st.DrawFn, variant: list[str], place: int) -> None:
    for text in variant[place : place + 1]:
        words = text.split(" ")
        cut = draw(st.integers(0, len(words)))
        variant[place : place + 1] = [" ".join(words[:cut]), " ".join(words[cut:])]


def _move(draw: st.DrawFn, variant: list[str], place: int) -> None:
    for text in variant[place : place + 1]:
        del variant[place]
        variant.insert(draw(st.integers(0, len(variant))), text)


def _reword(draw: st.DrawFn, variant: list[str], place: int) -> None:
    for text in variant[place : place + 1]:
        words = text.split(" ")
        words[draw(st.integers(0, len(words) - 1))] = draw(_WORDS)
        variant[place] = " ".join(words)


_EDITS = (_add, _drop, _merge, _split, _move, _reword)

_PIECES = [
    *("news", "News", "ferry", "a", "x1", "12", "1", ".", ",", "3.5", "don't", "co-op", "A4-size"),
    *(
        "Straße",
        "café",
        "cafe\u0301",
        "é",
        "\u0301",
        "ﬁn",
        "½",
        "２０",
        "．",
        "İı",
        "λόγος",
        "ΛΌΓΟΣ",
    ),
    *("東京", "が", "か\u3099", "ｶﾞ", "ไทย", "한", "\u1112\u1161\u11ab", "हिन्दी", "مُحَمَّد", "محـمد"),
    *(" ", " ", " ", "\n", "-", "\u2010", "\u00ad", "\u200b", "—", "’", "…", "\ufe0f", "😀", "ещё"),
    *(
        "\u0345",
        "İı",
        "\u1e9e",
        "\u2126",
        "\ufdfa",
        "\ud800",
        "\x00",
        "㌔",
        "ﬆ",
        "ŉ",
        "ǰ",
        "ΐ",
        "٢",
        "٫",
    ),
]

scripts = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join) | st.text(max_size=30)
"""Texts of all scripts and all oddities."""

word_lists = st.lists(st.sampled_from("abcdefgh"), max_size=30).map(" ".join)
"""Texts of so few words that shingles repeat and coincide."""

blocks = st.integers(0, 30).map(lambda seed: prose(25, seed))
"""Paragraphs of which two are equal or share nothing."""


@st.composite
def corpora(draw: st.DrawFn) -> list[Article]:
    """Articles of such paragraphs, related and not, some of which have one id."""
    return [
        Article(
            id_,
            tuple(draw(st.lists(blocks, max_size=6))),
            date=draw(st.sampled_from(["", "2017", "2017-01-20", "2018-01-20T10:00"])),
            source=draw(st.sampled_from(["", "NP"])),
        )
        for id_ in draw(st.lists(st.sampled_from("abcdefghij"), max_size=8))
    ]
