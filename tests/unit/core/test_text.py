"""What a word is, in every script, and that arrays find the same ones as a plain loop."""

import unicodedata

import pytest

from dedupe_news.core import text as module
from dedupe_news.core.text import compose, locate_words, words_of
from dedupe_news.model import Article
from invented import prose
from spellings import DIFFERENT, SAME, spelling


def word_list(text, unit="word"):
    """Return the word hashes of one text as a list."""
    return words_of([text], unit)[0].tolist()


def spans(text, unit="word"):
    """Return the words of a text as they stand in it."""
    text = compose(text)
    found = locate_words([text], unit)
    return [text[a:b] for a, b in zip(found.starts.tolist(), found.ends.tolist(), strict=True)]


@pytest.mark.parametrize(("one", "other"), **spelling(SAME))
def test_typography_does_not_tell_words_apart(one, other):
    """Case, composition, decoration and the marks between words are the printer's."""
    assert word_list(one) == word_list(other) != []


@pytest.mark.parametrize(("one", "other"), **spelling(SAME))
def test_single_signs_do_not_see_typography_either(one, other):
    """What is a word is decided after folding, also where every sign is one."""
    assert word_list(one, "char") == word_list(other, "char") != []


@pytest.mark.parametrize(("one", "other"), **spelling(DIFFERENT))
def test_what_a_reader_tells_apart_is_told_apart(one, other):
    """Accents of Latin, vowel signs and tones carry meaning."""
    assert word_list(one) != word_list(other)


@pytest.mark.parametrize(("one", "other"), **spelling(SAME | DIFFERENT))
def test_composition_never_changes_the_words(one, other):
    """A file saved on another system holds the same words."""
    for text in (one, other):
        assert word_list(unicodedata.normalize("NFD", text)) == word_list(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t.,;!?-—…“”", []),
        ("one two", ["one", "two"]),
        ("don't", ["don", "t"]),
        ("co-operation", ["co-operation"]),
        ("-fold and half-", ["fold", "and", "half"]),
        ("1990-1995", ["1990", "1995"]),
        ("A4-size 3-D", ["A4", "size", "3", "D"]),
        ("news\u00adpaper", ["news\u00adpaper"]),
        ("3.5, then 1.000,50.", ["3.5", "then", "1.000,50"]),
        ("v.2 2.x 1. 2", ["v", "2", "2", "x", "1", "2"]),
        ("100% of £5", ["100", "of", "5"]),
        ("snake_case a@b.c", ["snake", "case", "a", "b", "c"]),
        ("東京都は", ["東", "京", "都", "は"]),
        ("ガス", ["ガ", "ス"]),
        ("日本のNHKが2017年に", ["日", "本", "の", "NHK", "が", "2017", "年", "に"]),
        ("ประเทศไทยมีน้ำ", ["ป", "ระ", "เท", "ศ", "ไท", "ย", "มี", "น้ำ"]),
        ("ລາວ ເຂົາ", ["ລາ", "ວ", "ເຂົາ"]),
        ("ភាសាខ្មែរ", ["ភា", "សា", "ខ្មែ", "រ"]),
        ("မြန်မာ", ["မြ", "န်", "မာ"]),
        ("한국 사람", ["한국", "사람"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("½", ["½", "½"]),
        ("😀 smile 👍🏽", ["smile"]),
    ],
)
def test_a_word_is_a_run_of_letters_or_a_sign_of_a_script_without_blanks(text, expected):
    """Punctuation and symbols separate; hyphens join letters and separate digits."""
    assert spans(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("ab c1", ["a", "b", "c", "1"]), ("x-y", ["x", "y"]), ("é", ["é"])]
)
def test_every_sign_is_a_word_where_that_is_asked_for(text, expected):
    """Misread letters then cost their own place only."""
    assert spans(text, "char") == expected


@pytest.mark.parametrize("unit", ["word", "char"])
def test_spans_are_counted_in_each_text_for_itself(unit):
    """The words of the second text do not start where the first ended."""
    texts = ["Größe", "", "cafe\u0301 \ufb01n", "ｶﾞ"]
    together = locate_words([compose(text) for text in texts], unit)

    alone = [locate_words([compose(text)], unit) for text in texts]
    assert together.starts.tolist() == [s for one in alone for s in one.starts.tolist()]
    assert together.ends.tolist() == [e for one in alone for e in one.ends.tolist()]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("news", 0x34E15179F211B6FE),
        ("Straße", 0x32743429DF1D7AAA),
        ("東", 0xC5685A1E10310BCE),
    ],
)
def test_hashes_stay_as_they_are(word, expected):
    """An index that was built last year is still good; whoever changes them breaks it."""
    assert word_list(word) == [expected]


def test_a_hash_does_not_depend_on_the_texts_beside_it():
    """Words are the same alone, in a batch, and in a batch with other scripts."""
    texts = ["plain words", "", "co-op", "Straße", "ﬁn", "e\u0301", "東京", "soft\u00adhyphen"]

    assert [row.tolist() for row in words_of(texts)] == [word_list(text) for text in texts]


@pytest.mark.parametrize("batch", [1, 7, 100])
def test_batches_do_not_show(monkeypatch, batch):
    """However many texts share an array, every text has its own row."""
    texts = [prose(length, length) for length in (3, 0, 10, 1)] + ["東京", ""]
    expected = [word_list(text) for text in texts]
    monkeypatch.setattr(module, "_BATCH", batch)

    assert [row.tolist() for row in words_of(texts)] == expected


@pytest.mark.parametrize("piece", [1, 10, 64])
def test_a_giant_text_that_is_cut_has_the_same_words(monkeypatch, piece):
    """Cuts fall between words, and a text without blanks stays whole."""
    texts = [prose(50, 1) + " co-op e\u0301 \u0301x", "x" * 200, "", "a " + "y" * 100]
    expected = [row.tolist() for row in words_of(texts)]
    monkeypatch.setattr(module, "_PIECE", piece)

    assert [row.tolist() for row in words_of(texts)] == expected


def test_no_texts_have_no_rows():
    """An empty batch is no special case."""
    assert len(words_of([])) == 0
    assert len(locate_words([]).hashes) == 0


@pytest.mark.parametrize("text", ["\ud83d", "half \udc00 pair", "\x00\x1b[31m", "\U0010ffff"])
def test_broken_text_is_read_like_any_other(text):
    """Lone surrogates and control characters are separators at worst."""
    assert word_list(f"one {text} two")[0] == word_list("one")[0]


def test_a_word_cut_at_a_line_end_is_the_word():
    """A hard-wrapped page and the web page hold the same words."""
    wrapped = (
        "The harbour authority of the northern islands said that co-\n"
        "operation with the three ports on the mainland would go on\n"
        "until the end of the winter, whatever the council decides."
    )
    page = Article.from_text("page", wrapped.replace("co-\n", "co").replace("\n", " "))
    paper = Article.from_text("paper", wrapped)

    assert len(paper.paragraphs) == 1
    assert word_list(paper.paragraphs[0]) == word_list(page.paragraphs[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("plain", "plain"), ("e\u0301", "é"), ("ｶﾞ", "ガ"), ("ﬁ ２", "ﬁ ２"), ("“x”", "“x”")],
)
def test_composing_leaves_the_wording_as_it_was(text, expected):
    """Positions are counted in a text that a reader would call the same."""
    assert compose(text) == expected
