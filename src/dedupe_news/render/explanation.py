"""Why two articles match or do not, in sentences."""

from collections.abc import Iterator
from typing import TextIO

from rich.cells import cell_len

from dedupe_news.model import Explanation
from dedupe_news.render.phrases import percent, plural
from dedupe_news.render.prose import flow, paint, wrap
from dedupe_news.render.safe import one_line
from dedupe_news.render.style import Style

__all__ = ["render"]

_SURE = 0.999


def render(explanation: Explanation, out: TextIO, style: Style) -> None:
    """Write what the two are, what decides, what they share, and how a scan finds them."""
    out.writelines(f"{line}\n" for line in _names(explanation, style))
    for paragraph in (_verdict(explanation), _shared(explanation), _found(explanation)):
        out.write("\n")
        lines = wrap([(" ".join(paragraph), "plain")], style.width)
        out.writelines(paint(line, color=style.color) + "\n" for line in lines)


def _names(explanation: Explanation, style: Style) -> Iterator[str]:
    ids = (explanation.left, explanation.right)
    names = [one_line(article_id, only_ascii=style.ascii) for article_id in ids]
    widest = max(map(cell_len, names))
    for letter, name, words in zip("AB", names, explanation.words, strict=True):
        padded = name + " " * (widest - cell_len(name))
        start, *rest = flow([f"{letter}  {padded}", plural(words, "word")], style.width)
        yield start
        yield from (f"   {line}" for line in rest)


def _verdict(explanation: Explanation) -> Iterator[str]:
    """Yield whether they match, and which rule says so."""
    yield "A and B match." if explanation.matches else "A and B do not match."
    held = percent(explanation.containment)
    wanted = percent(explanation.min_containment)
    least = plural(explanation.min_shared_words, "word")
    shorter = f"{held} of the shingles of the shorter one stand in the other"
    ordered = f"{percent(explanation.aligned)} of all their words stand in the same order"
    enough = percent(explanation.min_aligned)
    match explanation.decision:
        case "empty":
            yield "One of them has no words."
        case "identical":
            yield "They are the same word for word."
        case "contained":
            yield f"{shorter}, and {wanted} are enough."
        case "rewritten":
            yield f"Only {shorter}, and {wanted} would be enough by themselves."
            yield f"But at a second look {ordered}, and {enough} make a rewritten report."
        case "too-few-words":
            yield f"{shorter}, but a match has at least {least} in common."
        case "too-different":
            yield f"Only {shorter}; {wanted} would be enough."
            yield f"At a second look {ordered}; {enough} would be enough."
        case "strangers":
            yield f"Only {shorter}; {wanted} would be enough."
            yield f"Below {percent(explanation.floor)} there is no second look."


def _shared(explanation: Explanation) -> Iterator[str]:
    """Yield what they have in common, counted in words and in shingles."""
    yield f"{percent(explanation.left_in_right)} of A's words stand in B,"
    yield f"and {percent(explanation.right_in_left)} of B's words in A."
    left, right = explanation.shingles
    shared = explanation.shared_shingles
    yield f"A has {plural(left, 'shingle')} (short runs of words), B has {right:,};"
    yield f"{shared:,} of them are the same:"
    yield f"{percent(explanation.containment)} of the shorter one's (containment),"
    yield f"{percent(explanation.resemblance)} of all that occur in either (resemblance)."


def _found(explanation: Explanation) -> Iterator[str]:
    """Yield by which channel a scan comes to compare them, and how likely it is for such a pair."""
    if explanation.decision == "empty":
        yield "A scan skips articles without words."
        return
    yield "A scan compares them:" if explanation.candidates else "A scan does not compare them:"
    left, right = explanation.anchors
    yield f"they share {plural(explanation.shared_anchors, 'anchor')} of {left:,} and {right:,},"
    yield "of which two are enough,"
    yield f"and {explanation.shared_bands:,} of {plural(explanation.bands, 'band')},"
    yield "of which one is enough."
    yield f"The chance that it is found, for a pair that shares as much, is {_chance(explanation)}:"
    yield f"{_share(explanation.anchor_chance)} by anchors,"
    yield f"{_share(explanation.band_chance)} by bands."


def _chance(explanation: Explanation) -> str:
    return _share(1.0 if explanation.decision == "identical" else explanation.chance)


def _share(chance: float) -> str:
    return "more than 99.9%" if _SURE < chance < 1 else percent(chance)
