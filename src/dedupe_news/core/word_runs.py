"""The word diff as a person reads it: which words stay, go and come, with their blanks.

Words that were kept are shown as the variant writes them. Between two kept words, blanks,
quotes, dashes and ellipses may differ freely; other punctuation is shown apart from the
words, so that "Lom," against "Lom." changes the mark alone.
"""

import re
import unicodedata
from collections.abc import Container, Sequence

from dedupe_news.core.numbers import Figure
from dedupe_news.core.reading import Passage
from dedupe_news.core.word_diff import Block, stretches
from dedupe_news.model import WordRun

__all__ = ["settled", "word_runs"]

_FARTHEST = 64  # words that an addition is moved at most to stand at a better place
_PIECES = re.compile(r"\s+|\.{2,}|.", re.DOTALL)
_TYPOGRAPHY = re.compile(
    r"(?!(?<!\S)[-\u2212]\Z)"  # a minus, or what may be one
    r"(?:[\s\"'`\xb4\xab\xbb\u2018-\u201f\u2039\u203a\u2010-\u2015\u2026\u200b-\u200f\ufeff-]|\.{2,})"
)
_SENTENCE_END = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964]")


def settled(
    base: Passage,
    variant: Passage,
    blocks: Sequence[Block],
    found: tuple[Sequence[Figure], Sequence[Figure]],
) -> list[Block]:
    """Return the blocks with their borders where a reader expects them.

    What was only added, or only dropped, may often stand at several places: "A b. A c."
    against "A c." drops "A b." or "b. A". It goes where a paragraph, a sentence or a clause
    starts. A figure (1,900) is kept or replaced whole.

    Args:
        base: What was there; `left` in the blocks.
        variant: What is there now; `right` in the blocks.
        blocks: The words that were kept.
        found: The figures of both.
    """
    moved = list(blocks)
    for place in range(len(moved) - 1):
        moved[place], moved[place + 1] = _slid(base, variant, moved[place], moved[place + 1])
    return _with_whole_figures([block for block in moved if block.size], *map(_inside, found))


def word_runs(base: Passage, variant: Passage, blocks: Sequence[Block]) -> tuple[WordRun, ...]:
    """Return the word diff of two passages.

    Joined, the runs `=` and `+` are the variant's text; the runs `=` and `-` are the base's,
    but for the typography of what was kept.

    Args:
        base: What was there; `left` in the blocks.
        variant: What is there now; `right` in the blocks.
        blocks: The words that were kept.
    """
    runs = _Runs()
    lengths = (len(base.words), len(variant.words))
    for block, (left, right) in zip(
        [*blocks, Block(*lengths, 0)], stretches(blocks, lengths), strict=True
    ):
        _add_rewritten(runs, base, variant, left, right)
        _add_kept(runs, base, variant, block)
    return runs.done()


class _Runs:
    """Runs in the making: neighbours of one kind are joined, what goes stands first."""

    def __init__(self) -> None:
        self._runs: list[WordRun] = []
        self._kept: list[str] = []
        self._gone: list[str] = []
        self._come: list[str] = []

    def keep(self, text: str) -> None:
        if text:
            if self._gone or self._come:
                self._flush_change()
            self._kept.append(text)

    def change(self, gone: str, come: str) -> None:
        if (gone or come) and self._kept:
            self._runs.append(("=", "".join(self._kept)))
            self._kept = []
        if gone:
            self._gone.append(gone)
        if come:
            self._come.append(come)

    def done(self) -> tuple[WordRun, ...]:
        self._flush_change()
        if self._kept:
            self._runs.append(("=", "".join(self._kept)))
        return tuple(self._runs)

    def _flush_change(self) -> None:
        if self._gone:
            self._runs.append(("-", "".join(self._gone)))
        if self._come:
            self._runs.append(("+", "".join(self._come)))
        self._gone, self._come = [], []


def _add_kept(runs: _Runs, base: Passage, variant: Passage, block: Block) -> None:
    left, right, size = block
    if not size:
        return
    theirs = variant.text[variant.starts[right] : variant.ends[right + size - 1]]
    if theirs == base.text[base.starts[left] : base.ends[left + size - 1]]:
        runs.keep(theirs)
        return
    for step in range(size):
        if step:
            _add_gap(runs, base.gap(left + step), variant.gap(right + step))
        word = slice(variant.starts[right + step], variant.ends[right + step])
        runs.keep(variant.text[word])


def _add_gap(runs: _Runs, old: str, new: str) -> None:
    if old == new or _TYPOGRAPHY.sub("", old) == _TYPOGRAPHY.sub("", new):
        runs.keep(new)
    else:
        _add_trimmed(runs, (old, "", ""), (new, "", ""))


def _add_rewritten(
    runs: _Runs,
    base: Passage,
    variant: Passage,
    left: tuple[int, int],
    right: tuple[int, int],
) -> None:
    if left[0] == left[1] and right[0] == right[1]:
        _add_gap(runs, base.gap(left[0]), variant.gap(right[0]))
    else:
        _add_trimmed(runs, _parts(base, *left), _parts(variant, *right))


def _parts(passage: Passage, start: int, end: int) -> tuple[str, str, str]:
    """Return the gap before a stretch, its words, and the gap behind it."""
    if start == end:
        return passage.gap(start), "", ""
    words = passage.text[passage.starts[start] : passage.ends[end - 1]]
    return passage.gap(start), words, passage.gap(end)


def _add_trimmed(runs: _Runs, old: tuple[str, str, str], new: tuple[str, str, str]) -> None:
    """Add a replacement, without the blanks and marks that both sides start or end with.

    Where a side has no words, its one gap is the first part, and may serve either end.
    """
    if old[0] == new[0] and (old[2] == new[2] or not old[1] or not new[1]):
        _add_between(runs, old, new)  # as most are
        return
    old_head, old_tail = _heads_and_tails(old)
    new_head, new_tail = _heads_and_tails(new)
    start = _agreement(old_head, new_head)
    if not old[1]:
        old_tail = old_tail[start:]
    if not new[1]:
        new_tail = new_tail[start:]
    end = _agreement(old_tail[::-1], new_tail[::-1])
    runs.keep("".join(new_head[:start]))
    runs.change(
        _middle(old, old_head[:start], old_tail[len(old_tail) - end :]),
        _middle(new, new_head[:start], new_tail[len(new_tail) - end :]),
    )
    runs.keep("".join(new_tail[len(new_tail) - end :]))


def _add_between(runs: _Runs, old: tuple[str, str, str], new: tuple[str, str, str]) -> None:
    """Add a replacement after the same gap; behind words on both sides there is the same, too."""
    runs.keep(new[0])
    if old[1] and new[1]:
        runs.change(old[1], new[1])
        runs.keep(new[2])
    else:
        runs.change(old[1] + old[2], new[1] + new[2])


def _heads_and_tails(parts: tuple[str, str, str]) -> tuple[list[str], list[str]]:
    head = _PIECES.findall(parts[0])
    return head, _PIECES.findall(parts[2]) if parts[1] else head


def _middle(parts: tuple[str, str, str], head: Sequence[str], tail: Sequence[str]) -> str:
    text = "".join(parts)
    return text[len("".join(head)) : len(text) - len("".join(tail))]


def _agreement(first: Sequence[str], second: Sequence[str]) -> int:
    """Return how many pieces agree from the start."""
    count = 0
    while count < min(len(first), len(second)) and _kind(first[count]) == _kind(second[count]):
        count += 1
    return count


def _kind(piece: str) -> str:
    """Return what a piece of punctuation is compared as.

    Hyphens stay apart from dashes here: between letters they join, so that one in the place
    of the other would make one word of two.
    """
    if piece.isspace():
        return " "
    if piece == "\u2026" or piece.startswith(".."):
        return "\u2026"
    if piece in "\u2012\u2013\u2014\u2015":
        return "\u2014"
    if piece in '"\xab\xbb\u201c\u201d\u201e\u201f':
        return '"'
    return "'" if piece in "'`\xb4\u2018\u2019\u201a\u201b\u2039\u203a" else piece


def _slid(base: Passage, variant: Passage, before: Block, behind: Block) -> tuple[Block, Block]:
    """Return two blocks with what stands between them moved to its best place."""
    left, right = before.left + before.size, before.right + before.size
    if left == behind.left and right < behind.right:
        passage, start, end = variant, right, behind.right
    elif right == behind.right and left < behind.left:
        passage, start, end = base, left, behind.left
    else:
        return before, behind
    words = passage.words
    least, most = -min(before.size, _FARTHEST), min(behind.size, _FARTHEST)
    shifts = [0]
    while shifts[0] > least and words[start + shifts[0] - 1] == words[end + shifts[0] - 1]:
        shifts.insert(0, shifts[0] - 1)
    while shifts[-1] < most and words[start + shifts[-1]] == words[end + shifts[-1]]:
        shifts.append(shifts[-1] + 1)
    if len(shifts) == 1:
        return before, behind
    by = max(shifts, key=lambda shift: (_break(passage, start + shift), -abs(shift), -shift))
    size = before.size + by
    return (
        Block(before.left, before.right, size),
        Block(behind.left + by, behind.right + by, behind.size - by),
    )


def _break(passage: Passage, word: int) -> int:
    """Return how clearly something new starts with a word."""
    gap = passage.gap(word)
    if not word or "\n" in gap:
        return 3
    if _SENTENCE_END.search(gap):
        return 2
    return int(any(unicodedata.category(sign)[0] == "P" for sign in gap))


def _with_whole_figures(
    blocks: list[Block], left: Container[int], right: Container[int]
) -> list[Block]:
    if not left and not right:
        return blocks
    whole = [_trimmed(block, left, right) for block in blocks]
    return [block for block in whole if block.size]


def _trimmed(block: Block, left: Container[int], right: Container[int]) -> Block:
    """Return a block without the parts of figures at its two ends."""
    start, end = 0, block.size
    while start < end and (block.left + start in left or block.right + start in right):
        start += 1
    while start < end and (block.left + end in left or block.right + end in right):
        end -= 1
    return Block(block.left + start, block.right + start, end - start)


def _inside(found: Sequence[Figure]) -> set[int]:
    """Return the words that continue a figure."""
    return {word for figure in found for word in range(figure.first + 1, figure.last + 1)}
