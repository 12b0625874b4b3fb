"""Words of alphabets, two letters at a time, are those that the general way finds."""

import pytest

from dedupe_news.core import alphabets as module
from dedupe_news.core.alphabets import HARD, Alphabet
from dedupe_news.core.signs import entries_of
from dedupe_news.core.spans import in_full, span_hashes, spans_of

TEXTS = [
    "",
    "a",
    "The port of Lom closed at 17:00, 14.2 km away; it re-opened on 3 June 2024.",
    "seven77 eightlet nineletrs sixteen_ sixteenletters16 seventeenletters17",
    "co-op -fold half- 1-2 A4-size x--y re-\u2010open to\u2010day",
    "1.5 1,000.50 .5 5. 1..2 v.2 1,x",
    "Straße GROSSE ﬁn \u2122 œuvre",
    "Zażółć gęślą jaźń; l\u2019été \u201cnoël\u201d \u2014 Ελλάδα, Ёлка",
    "snake_case a@b.c \ud800 😀 end",
]


def in_general(text):
    """Return the words of a text as entries tell them."""
    entries, places = in_full(entries_of(text))
    starts, ends = spans_of(entries)
    hashes = span_hashes(entries, starts, ends)
    if places is not None:
        starts, ends = places[starts], places[ends - 1] + 1
    return [column.tolist() for column in (hashes, starts, ends)]


def by_letters(text, alphabet):
    """Return the words of a text as its letters tell them."""
    codes = alphabet.codes_of(text)
    assert codes.min() > HARD
    return [column.tolist() for column in alphabet.words_of(codes)]


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_those_that_entries_tell(text):
    """The same hashes and places, whatever was met before, alone and among others."""
    alphabet = Alphabet()

    assert by_letters(text, alphabet) == in_general(text)
    assert by_letters("\n".join(TEXTS), alphabet) == in_general("\n".join(TEXTS))
    assert by_letters(text, alphabet) == in_general(text)


@pytest.mark.parametrize(
    "sign", ["é\u0301", "\u00ad", "日", "\uff76", "한", "ｗ\u3099", "½", "ไ", "\u0915"]
)
def test_what_needs_a_closer_look_is_hard(sign):
    """Marks that combine, what is ignored or a word by itself, scripts of many letters."""
    assert HARD in Alphabet().codes_of(f"plain {sign} plain")


def test_letters_for_which_there_is_no_room_are_hard(monkeypatch):
    """The alphabet is full at some time; what was met before that stays what it is."""
    monkeypatch.setattr(module, "_SEVERAL", 17 + 3)
    alphabet = Alphabet()

    assert HARD not in alphabet.codes_of("abc cab")
    assert HARD in alphabet.codes_of("abcd")
    assert HARD not in alphabet.codes_of("ABC")
