"""Laws of words."""

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st
from strategies import scripts

from dedupe_news.core import signs as signs_module
from dedupe_news.core.hashing import BASE
from dedupe_news.core.signs import fold_code_point
from dedupe_news.core.text import compose, compose_all, locate_words, words_of

WHOLE = 1 << 64
units = st.sampled_from(["word", "char"])


def slow_hash(word):
    """Return the hash of a folded word, sign by sign."""
    value = sum(ord(sign) * BASE**place for place, sign in enumerate(word)) % WHOLE
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = (value ^ value >> 33) * factor % WHOLE
    return value ^ value >> 33


def slow_signs(text):
    """Return each sign after folding, with what it is."""
    signs = []
    for sign in compose(text):
        folded = fold_code_point(sign)
        if len(folded) == 1:
            signs.append((folded, signs_module._kind(sign, folded)))
            continue
        parts = [(part, signs_module._kind(part, part)) for part in folded]
        if not any(kind & (signs_module.WORD | signs_module.SIGN) for _, kind in parts):
            parts = [(" ", 0)]
        signs.extend(parts)
    return signs


def between(signs, at, wanted):
    """Return whether both neighbours of a sign are what is wanted."""
    return 0 < at < len(signs) - 1 and wanted(*signs[at - 1]) and wanted(*signs[at + 1])


def is_digit(sign, kind):
    """Return whether a folded sign is a digit."""
    return "0" <= sign <= "9"


def is_letter(sign, kind):
    """Return whether a folded sign is a part of words, but no digit."""
    return kind & signs_module.WORD and not is_digit(sign, kind)


KIND_OF_SIGN = signs_module.SIGN | signs_module.TRAILS | signs_module.LEADS


def goes_on(last, now):
    """Return whether a sign is part of the same word as the last one."""
    if last & now & signs_module.WORD:
        return True
    bound = now & signs_module.TRAILS or last & signs_module.LEADS
    return bool(last & now & signs_module.SIGN and bound)


def slow_words(text, unit):
    """Return the words of a text, in a plain loop over its signs."""
    signs = slow_signs(text)
    words, last = [], 0
    for at, (sign, kind) in enumerate(signs):
        if kind & signs_module.HYPHEN and between(signs, at, is_letter):
            continue
        if kind & signs_module.IGNORED:
            continue
        point = kind & signs_module.POINT and between(signs, at, is_digit)
        now = signs_module.WORD if point else kind & (signs_module.WORD | KIND_OF_SIGN)
        if unit == "word" and words and goes_on(last, now):
            words[-1] += "." if point else sign
        elif now:
            words.append("." if point else sign)
        last = now
    return words


@given(scripts, units)
@example("\u0301", "word")
@example("a-\u0301b", "word")
@example("1.2,3 x.1 4-5", "char")
@example("เท\u200bศไทย ខ្មែរ", "word")
@example("เทศไทย", "char")
def test_words_equal_those_of_a_plain_loop(text, unit):
    """Arrays find what a reader of the rules would find, and hash it as written down."""
    found = words_of([text], unit)[0].tolist()

    assert found == [slow_hash(word) for word in slow_words(text, unit)]


@given(st.lists(scripts, max_size=5), units)
def test_a_text_has_the_same_words_in_any_company(texts, unit):
    """No text changes those beside it."""
    together = [row.tolist() for row in words_of(texts, unit)]

    assert together == [words_of([text], unit)[0].tolist() for text in texts]


@given(st.lists(scripts, max_size=5), units)
@example(["Ω\u0345"], "word")
def test_words_with_places_are_the_same_words(texts, unit):
    """Whether places are asked for or not."""
    composed = [compose(text) for text in texts]

    located = [row.tolist() for row in locate_words(composed, unit).hashes]
    assert located == [row.tolist() for row in words_of(texts, unit)]


@given(scripts)
def test_a_span_holds_its_word(text):
    """Cut out of the composed text, it is that word again, in the order of the text."""
    text = compose(text)
    found = locate_words([text])
    places = list(zip(found.starts.tolist(), found.ends.tolist(), strict=True))

    assert places == sorted(places)
    for (start, end), value in zip(places, found.hashes[0].tolist(), strict=True):
        assert 0 <= start < end <= len(text)
        assert value in words_of([text[start:end]])[0].tolist()


@given(scripts)
def test_composing_twice_changes_nothing(text):
    """A composed text is in its one spelling."""
    assert compose(compose(text)) == compose(text)


@given(st.lists(scripts, max_size=5))
@example(["a", "\u0301"])
@example(["\uff76", "\uff9e"])
def test_texts_are_composed_together_as_they_are_alone(texts):
    """None is changed by those beside it, and none is missed."""
    assert compose_all(texts) == [compose(text) for text in texts]


@given(scripts)
def test_composition_does_not_show(text):
    """The same text, decomposed, has the same words."""
    decomposed = unicodedata.normalize("NFD", text)

    assert words_of([decomposed])[0].tolist() == words_of([text])[0].tolist()


@given(st.characters(exclude_categories=["Cs"]))
def test_folding_twice_changes_nothing(sign):
    """What is compared is not folded further."""
    folded = fold_code_point(sign)

    assert "".join(map(fold_code_point, folded)) == folded
