"""A word diff as a reader sees it, in colour or with marks that need none."""

from collections.abc import Sequence

from dedupe_news.model import WordRun
from dedupe_news.render.prose import BOUND, WORD, Span
from dedupe_news.render.safe import prose
from dedupe_news.render.style import Style

__all__ = ["opening_words", "seam_spans", "word_spans"]

_CONTEXT = 6  # words kept on each side of a change
_LEAST_HIDDEN = 4  # fewer hidden words are not worth a break in the sentence
_SEAM_WORDS = 3


def word_spans(runs: Sequence[WordRun], style: Style) -> list[Span]:
    """Return the runs as spans: what is kept, taken out and put in.

    Without colour they read `[-taken out-]{+put in+}`. A long kept stretch is shortened to
    the words next to the changes, unless the style asks for the full text.

    Args:
        runs: The word diff of one change; a line feed parts paragraphs of the variant.
        style: Whether colour is used, and how much is shown.
    """
    spans: list[Span] = []
    for index, (mark, text) in enumerate(runs):
        if mark == "=":
            spans.append((_with_seams(_kept(runs, index, style), style), "plain"))
        elif style.color:
            if _touches(runs, index):
                spans.append((" ", "plain"))
            spans.append((_with_seams(text, style), "deleted" if mark == "-" else "inserted"))
        else:
            opening, closing = ("[-", "-]") if mark == "-" else ("{+", "+}")
            spans.append((f"{opening}{_bound(_with_seams(text, style))}{closing}", "plain"))
    return spans


def seam_spans(texts: Sequence[str], style: Style) -> list[Span]:
    """Return where paragraphs were joined or cut: the words on both sides of each seam.

    Args:
        texts: The paragraphs on the side that has several, at least two.
        style: Whether they are shown in full.
    """
    shown = [prose(text, only_ascii=style.ascii).strip() for text in texts]
    last = len(shown) - 1
    parts = [
        _cut(text, _SEAM_WORDS * (index > 0), _SEAM_WORDS * (index < last), style)
        for index, text in enumerate(shown)
    ]
    return [(f" {style.signs.seam} ".join(parts), "plain")]


def opening_words(text: str, style: Style) -> str:
    """Return enough of a paragraph to know it by, or all of it in the full view."""
    return _cut(prose(text, only_ascii=style.ascii).strip(), _CONTEXT, 0, style)


def _kept(runs: Sequence[WordRun], index: int, style: Style) -> str:
    head = _CONTEXT if index else 0
    tail = _CONTEXT if index < len(runs) - 1 else 0
    return _cut(runs[index][1], head, tail, style)


def _touches(runs: Sequence[WordRun], index: int) -> bool:
    """Whether coloured words would run into the words that they replace."""
    before, here = runs[index - 1], runs[index]
    parted = before[1][-1:].isspace() or here[1][:1].isspace()
    return index > 0 and before[0] != "=" and not parted


def _with_seams(text: str, style: Style) -> str:
    paragraphs = text.split("\n")
    return f" {style.signs.seam} ".join(prose(part, only_ascii=style.ascii) for part in paragraphs)


def _bound(text: str) -> str:
    """Return the text with blanks at its ends that no line breaks at: marks stay with words."""
    inner = text.strip(" ")
    before, after = text[:1] == " ", text[-1:] == " "
    return f"{BOUND * before}{inner}{BOUND * after}"


def _cut(text: str, head: int, tail: int, style: Style) -> str:
    """Return the first and last words of a text, and dots for what is between."""
    words = list(WORD.finditer(text))
    if style.full or len(words) - head - tail < _LEAST_HIDDEN or not head + tail:
        return text
    start = text[: words[head - 1].end()] + " " if head else ""
    end = " " + text[words[-tail].start() :] if tail else ""
    return f"{start}{style.signs.dots}{end}"
