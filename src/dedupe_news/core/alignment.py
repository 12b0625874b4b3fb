"""What happened to each paragraph on the way from one article to another.

    texts -> words -> pairs that keep the order -> pairs that moved -> words inside each pair

Each step looks at both articles alike: what is found from A to B is found from B to A. Where
two readings are equally good, the same one is chosen either way, since the articles are put
into an order of their own before anything is compared.
"""

from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from itertools import accumulate

from dedupe_news.core.numbers import Figure, figures, replaced_figures
from dedupe_news.core.pairing import pair_paragraphs
from dedupe_news.core.pairs import Pair
from dedupe_news.core.reading import Page, Passage, marks
from dedupe_news.core.word_diff import Block
from dedupe_news.core.word_runs import settled, word_runs
from dedupe_news.model import Alignment, Change, ChangeOp, Counts, NumberChange

__all__ = ["align"]

_MARKS: dict[ChangeOp, str] = {
    "same": "=",
    "edited": "~",
    "added": "+",
    "merged": "&",
    "split": "/",
    "moved": ">",
    "boilerplate": "%",
}

Furniture = tuple[frozenset[int], frozenset[int]]


def align(
    base: Page | Sequence[str],
    variant: Page | Sequence[str],
    *,
    furniture: Furniture = (frozenset(), frozenset()),
) -> Alignment:
    """Return what happened to each paragraph, in the order of the variant.

    Every paragraph of both articles occurs in exactly one change. Paragraphs are `same` when
    their words are, after folding of case and typography, and the marks that change what is
    said (see `dedupe_news.core.reading.marks`). One without words is never `edited` or
    `moved`. Two that were cut anew at another place are each `edited`. What was put between
    the halves of a split is `added`, and what went from between two that were merged is
    `removed`, so the positions of those need not be consecutive.

    Args:
        base: The paragraphs of the base, or the page that they are on: it may be read
            beside many variants.
        variant: The paragraphs of the variant, or its page.
        furniture: Positions in the base and in the variant of paragraphs known to be site
            furniture: `boilerplate`, whatever else they would have been.
    """
    pages = _page(base), _page(variant)
    stayed, moved = _paired(*pages, furniture)
    found = [_change(*pages, pair) for pair in stayed]
    found += [_change(*pages, pair, moved=True) for pair in moved]
    changes = [change for change, _ in found]
    changes += _furniture(*pages, furniture)
    changes += _alone(*pages, changes)
    ordered = _ordered(changes)
    numbers = sorted(
        (number for _, some in found for number in some), key=lambda number: number.paragraph
    )
    return Alignment(
        tuple(ordered), _shape(ordered, len(pages[1])), _counts(*pages, ordered), tuple(numbers)
    )


def _page(article: Page | Sequence[str]) -> Page:
    return article if isinstance(article, Page) else Page(article)


def _paired(left: Page, right: Page, fixed: Furniture) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs that stayed and that moved, the same whichever article comes first."""
    if _comes_first(left, right, fixed):
        return pair_paragraphs(left, right, fixed)
    stayed, moved = pair_paragraphs(right, left, (fixed[1], fixed[0]))
    return [pair.flipped() for pair in stayed], [pair.flipped() for pair in moved]


def _comes_first(left: Page, right: Page, fixed: Furniture) -> bool:
    """Whether the left article stands before the right one in an order of their own."""
    lengths = (left.offsets[-1], len(left)), (right.offsets[-1], len(right))
    if lengths[0] != lengths[1]:
        return lengths[0] < lengths[1]
    return (left.texts, sorted(fixed[0])) <= (right.texts, sorted(fixed[1]))


def _change(
    base: Page, variant: Page, pair: Pair, *, moved: bool = False
) -> tuple[Change, list[NumberChange]]:
    """Return what a pair of paragraphs is, and the figures that were replaced in it."""
    op = _op(pair, moved=moved)
    if pair.blocks is None:
        return Change(op, pair.left, pair.right), []
    old, new = base.passage(pair.left), variant.passage(pair.right)
    if old.words == new.words and marks(old.text) == marks(new.text):
        return Change(op, pair.left, pair.right), []
    found = figures(old), figures(new)
    blocks = settled(old, new, pair.blocks, found)
    change = Change(
        op, pair.left, pair.right, round(pair.similarity, 4), word_runs(old, new, blocks)
    )
    return change, _numbers(variant, pair.right, (old, new), blocks, found)


def _op(pair: Pair, *, moved: bool) -> ChangeOp:
    if len(pair.left) > 1:
        return "merged"
    if len(pair.right) > 1:
        return "split"
    if moved:
        return "moved"
    return "same" if pair.blocks is None else "edited"


def _numbers(
    variant: Page,
    positions: Sequence[int],
    passages: tuple[Passage, Passage],
    blocks: Sequence[Block],
    found: tuple[Sequence[Figure], Sequence[Figure]],
) -> list[NumberChange]:
    if not all(found):
        return []
    ends = list(accumulate(len(variant.texts[place]) + 1 for place in positions))
    return [
        NumberChange(before.text, after.text, positions[bisect_right(ends, after.start)])
        for before, after in replaced_figures(*passages, blocks, found)
    ]


def _furniture(base: Page, variant: Page, fixed: Furniture) -> list[Change]:
    """Return the site furniture: with both sides where they agree, otherwise one by one."""
    if not fixed[0] and not fixed[1]:
        return []
    waiting: defaultdict[object, deque[int]] = defaultdict(deque)
    for place in sorted(fixed[0]):
        waiting[base.key(place)].append(place)
    changes = []
    for place in sorted(fixed[1]):
        twins = waiting[variant.key(place)]
        both = (twins.popleft(),) if twins else ()
        changes.append(Change("boilerplate", both, (place,), text=variant.paragraphs[place]))
    left = sorted(place for places in waiting.values() for place in places)
    return changes + [
        Change("boilerplate", (place,), (), text=base.paragraphs[place]) for place in left
    ]


def _alone(base: Page, variant: Page, changes: Sequence[Change]) -> list[Change]:
    """Return as removed and added what no change holds yet."""
    old = {place for change in changes for place in change.base}
    new = {place for change in changes for place in change.variant}
    removed = [
        Change("removed", (place,), (), 0.0, text=text)
        for place, text in enumerate(base.paragraphs)
        if place not in old
    ]
    added = [
        Change("added", (), (place,), 0.0, text=text)
        for place, text in enumerate(variant.paragraphs)
        if place not in new
    ]
    return removed + added


def _ordered(changes: Sequence[Change]) -> list[Change]:
    """Return the changes in the order of the variant, what is gone where it was.

    That is behind the change that holds the nearest base paragraph before it which did not
    move.
    """
    standing = sorted((change for change in changes if change.variant), key=lambda c: c.variant)
    holder = {place: change for change in changes for place in change.base}
    behind: defaultdict[tuple[int, ...], list[Change]] = defaultdict(list)
    anchor: tuple[int, ...] = ()  # nothing stands before the first paragraph
    for place in sorted(holder):
        change = holder[place]
        if not change.variant:
            behind[anchor].append(change)
        elif change.op != "moved":
            anchor = change.variant
    ordered = behind[()]
    for change in standing:
        ordered += [change, *behind[change.variant]]
    return ordered


def _shape(changes: Iterable[Change], length: int) -> str:
    shape = [""] * length
    for change in changes:
        for place in change.variant:
            shape[place] = _MARKS[change.op]
    return "".join(shape)


def _counts(base: Page, variant: Page, changes: Sequence[Change]) -> Counts:
    ops = Counter(change.op for change in changes)
    return Counts(
        same=ops["same"],
        edited=ops["edited"],
        merged=ops["merged"],
        split=ops["split"],
        moved=ops["moved"],
        added=ops["added"],
        removed=ops["removed"],
        boilerplate=ops["boilerplate"],
        added_words=sum(
            variant.lengths[place]
            for change in changes
            if change.op == "added"
            for place in change.variant
        ),
        removed_words=sum(
            base.lengths[place]
            for change in changes
            if change.op == "removed"
            for place in change.base
        ),
        merged_from=sum(len(change.base) for change in changes if change.op == "merged"),
        split_into=sum(len(change.variant) for change in changes if change.op == "split"),
    )
