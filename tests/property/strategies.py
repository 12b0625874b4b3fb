"""Articles as newsrooms make them, and what becomes of them."""

from hypothesis import strategies as st

__all__ = ["articles", "families", "paragraphs"]

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
