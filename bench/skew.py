"""Measure corpora that are all alike somewhere, beside ordinary ones of the same lengths.

    python bench/skew.py [--articles N] [--case NAME...] [--write]

What is shared by very many articles tempts a tool to compare all with all. Each case is a
corpus in which something is; its ordinary twin has texts of the same numbers of words, of
which every fifth is an edited copy of the one before.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan, nan
from pathlib import Path

from corpus import Invented, line_of, written
from processes import Cost, ProcessError, in_turn, middle
from results import Cell, Table, as_text, write_results
from whole import scan_command

__all__ = ["CASES", "case_file", "main", "ordinary_twin", "skew_table"]

_RESULTS = Path(__file__).parent / "results"
_CORPUS = Invented(seed=2)
_WORDS = 330
_SHARED = 60  # words of the paragraph that all share
_SENTENCE = 12  # words of the sentence that half of them share: eight shingles
_LIGHT, _HEAVY = 0.03, 0.2  # of the words of an edited variant
_COPIES = 5  # every fifth ordinary article is a copy
_MOST = 2.0  # times the time or the memory of the ordinary twin

Paragraphs = Sequence[str]
Case = Callable[[int], Paragraphs]
"""Returns the article of a number."""


def _identical(_number: int) -> Paragraphs:
    return _CORPUS.story(0, _WORDS)


def _one_paragraph(number: int) -> Paragraphs:
    own = _CORPUS.story(number + 1, _WORDS - _SHARED)
    return [*own, _shared(_SHARED)]


def _one_sentence_in_half(number: int) -> Paragraphs:
    own = _CORPUS.story(number + 1, _WORDS)
    return own if number % 2 else [f"{own[0]} {_shared(_SENTENCE)}", *own[1:]]


def _one_frame_in_half(number: int) -> Paragraphs:
    if number % 2:
        return _CORPUS.story(number + 1, _WORDS)
    frame = _CORPUS.story(0, _WORDS // 2)
    own = _CORPUS.story(number + 1, _WORDS // 2)
    return [*frame[:2], *own, *frame[2:]]


def _added_variants(number: int) -> Paragraphs:
    body = _CORPUS.reworded(_CORPUS.story(0, _WORDS), number, _LIGHT)
    place = number % (len(body) + 1)
    return [*body[:place], *_CORPUS.story(number + 1, _SHARED), *body[place:]]


def _edited_variants(number: int, share: float) -> Paragraphs:
    if number == 0:
        return _CORPUS.story(0, _WORDS)  # the dispatch: heavily edited, two share next to nothing
    return _CORPUS.reworded(_CORPUS.story(0, _WORDS), number, share)


CASES: dict[str, Case] = {
    "identical articles": _identical,
    "one paragraph in all": _one_paragraph,
    "one sentence in half": _one_sentence_in_half,
    "one frame around half": _one_frame_in_half,
    "variants of one dispatch, own paragraph": _added_variants,
    "variants of one dispatch, 3 % edited": partial(_edited_variants, share=_LIGHT),
    "variants of one dispatch, 20 % edited": partial(_edited_variants, share=_HEAVY),
}
"""The cases, from the plainest; each makes article after article."""


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    case: Cost  # of nan when the scan failed
    twin: Cost

    @property
    def time(self) -> float:
        return self.case.processor / self.twin.processor

    @property
    def memory(self) -> float:
        return self.case.megabytes / self.twin.megabytes


def main(arguments: list[str] | None = None) -> int:
    """Print the table of cases, and return 1 if a scan failed.

    Args:
        arguments: The command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=20_000, help="of each corpus")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--case", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--write", action="store_true", help=f"keep the table in {_RESULTS}")
    options = parser.parse_args(arguments)
    table = skew_table(options.case, options.articles, options.rounds)
    print(as_text(table))
    if options.write:
        for path in write_results(_RESULTS, "skew", [table]):
            print(f"written: {path}", file=sys.stderr)
    return int(any(row[-1] == "failed" for row in table.rows))


def skew_table(names: Sequence[str], count: int, rounds: int = 1) -> Table:
    """Return one row for each case, as ratios to its ordinary twin.

    Args:
        names: Of the cases.
        count: How many articles each corpus has.
        rounds: How often each scan runs, in turn; the median counts.
    """
    found = [_measured(name, count, rounds) for name in names]
    rows = tuple(_row(one, count) for one in found)
    short = [str(row[0]) for row in rows if row[-1] != "yes"]
    return Table(
        title=f"Skew: whole scans of {count:,} articles without alignment, one worker",
        columns=(
            *("case", "µs per article", "ordinary, µs", "time, ratio"),
            *("peak MB", "ordinary, MB", "memory, ratio", "within 2"),
        ),
        rows=rows,
        notes=(
            "Times are of the processor. Ordinary: other articles of the same numbers of words.",
            f"Failed, or more than twice the ordinary: {'; '.join(short) or 'nowhere'}.",
        ),
    )


def ordinary_twin(case: Case) -> Case:
    """Return articles as long as those of a case, strangers but for every fifth."""

    def article(number: int) -> Paragraphs:
        words = sum(len(text.split()) for text in case(number))
        if number % _COPIES == _COPIES - 1:
            # copied at the length of this one: neighbours may differ in theirs
            return _CORPUS.reworded(_stranger(number - 1, words), number, _LIGHT)
        return _stranger(number, words)

    return article


def _measured(name: str, count: int, rounds: int) -> _Found:
    case = CASES[name]
    paths = [case_file(case, count), case_file(ordinary_twin(case), count)]
    try:
        costs = in_turn(rounds, [scan_command(path) for path in paths])
    except ProcessError as error:
        print(f"error: {name}: {error}", file=sys.stderr)
        return _Found(name, *[Cost(*[nan] * len(Cost._fields))] * 2)
    print(f"{name}: {costs[0][0].processor:.1f} s", file=sys.stderr, flush=True)
    return _Found(name, *map(middle, costs))


def _row(found: _Found, count: int) -> tuple[Cell, ...]:
    each = 1e6 / count
    return (
        found.name,
        *(round(found.case.processor * each, 1), round(found.twin.processor * each, 1)),
        *(found.time, found.case.megabytes, found.twin.megabytes, found.memory, _verdict(found)),
    )


def _verdict(found: _Found) -> str:
    if isnan(found.time):
        return "failed"
    return "yes" if max(found.time, found.memory) <= _MOST else "no"


def case_file(case: Case, count: int) -> Path:
    """Return a file of so many articles of a case."""
    return written("skew", count, _lines(case, count))


def _lines(case: Case, count: int) -> Iterator[str]:
    return (line_of(f"{number:09}", case(number), "") for number in range(count))


def _shared(words: int) -> str:
    return " ".join(_cut(_CORPUS.story(0, words), words))


def _stranger(number: int, words: int) -> list[str]:
    return _cut(_CORPUS.story(-1 - number, words), words)


def _cut(paragraphs: Paragraphs, words: int) -> list[str]:
    """Return the first words of the paragraphs, at most so many."""
    kept = []
    for text in paragraphs:
        some = text.split(" ")[:words]
        words -= len(some)
        if some:
            kept.append(" ".join(some))
    return kept


if __name__ == "__main__":
    sys.exit(main())
