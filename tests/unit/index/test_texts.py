"""Articles as bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.index.texts import DAMAGE, Packer, learned, packer
from dedupe_news.model import Article
from invented import prose

ODD = "half of a sign: \ud83d, a NUL \0, 東京, a \u202e mark\n\n1 2 3\n"
TEXTS = st.text(st.characters(codec=None), max_size=20)
ARTICLES = st.builds(
    Article,
    st.sampled_from(["a", "a#1", "é/ö.txt", "a\n1"]),
    st.lists(TEXTS, max_size=4).map(tuple),
    title=TEXTS,
    source=TEXTS,
    date=TEXTS,
    author=TEXTS,
    url=TEXTS,
    lang=TEXTS,
    path=st.sampled_from(["", "a", "é/ö.txt", "elsewhere"]),
)
CORPUS = [Article(f"{number}", (prose(60, number % 7),)) for number in range(40)]


@given(ARTICLES, st.sampled_from([b"", learned(CORPUS)]))
def test_an_article_comes_back_as_it_was(article, dictionary):
    """Whatever is in it, with a dictionary and without."""
    (data,) = Packer(dictionary).pack([article])

    assert Packer(dictionary).unpack(article.id, data) == article
    assert Packer(dictionary).body(data) == "\n".join(article.paragraphs)


def test_words_in_common_take_less_room():
    """That is what the dictionary is for."""
    plain, learnt = (
        sum(map(len, Packer(dictionary).pack(CORPUS))) for dictionary in (b"", learned(CORPUS))
    )

    assert learnt < plain / 2


@pytest.mark.parametrize("articles", [[], CORPUS[:3], [Article("a", ("x",))] * 20])
def test_of_little_nothing_is_learned(articles):
    """Then all goes without."""
    assert learned(articles) == b""


@pytest.mark.parametrize("torn", [b"", b"torn", b"(\xb5/\xfd"])
def test_what_is_damaged_is_no_article(torn):
    """A wrong text would be worse than none."""
    with pytest.raises(DAMAGE):
        Packer(b"").unpack("a", torn)


def test_a_flipped_bit_is_found():
    """Every text has a checksum."""
    (data,) = Packer(b"").pack([Article("a", (ODD,))])
    flipped = data[:-6] + bytes([data[-6] ^ 1]) + data[-5:]

    with pytest.raises(DAMAGE):
        Packer(b"").unpack("a", flipped)


def test_a_packer_is_made_once():
    """Its dictionary takes time to prepare."""
    assert packer(b"") is packer(b"")
