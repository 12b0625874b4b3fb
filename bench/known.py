"""Scores on labelled sets: which pairs are found, and what paragraphs are called."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from dedupe_news import Report, Settings, scan
from dedupe_news.core.alignment import align
from dedupe_news.model import CHANGE_OPS, Alignment
from labelled import LabelledSet, Pair, Versions, blank_line_cut
from metrics import (
    PairScore,
    confusion,
    containment,
    direct_pairs,
    joined,
    labels_of,
    score_pairs,
    share,
    shingle_set,
)
from results import Cell, Table

__all__ = [
    "THRESHOLDS",
    "error_table",
    "paragraph_error_table",
    "paragraph_table",
    "threshold_table",
]

THRESHOLDS = (0.4, 0.45, 0.5, 0.55, 0.6, 0.7)
"""Least containments that the figures are shown at, around the default."""

_STATES = ("same", "edited", "resplit", "new")
_RIGHT = {"same": ("same", "moved"), "new": ("added",)}  # the firm labels

_THRESHOLD_COLUMNS = ("min containment", "default")
_PAIRS_NOTE = (
    "Pairs: all pairs of articles in one cluster. Direct: only base and variant, where the "
    "variant matches the base itself."
)
_PARAGRAPHS_NOTE = (
    "Right: `same` called same or moved, `new` called added; the border between the other two "
    "labels is soft."
)


def threshold_table(labelled: LabelledSet) -> Table:
    """Return the pair scores of one set at the default threshold and at its neighbours."""
    default = Settings().min_containment
    rows = []
    for threshold in sorted({*THRESHOLDS, default}):
        report = scan(labelled.articles, Settings(min_containment=threshold, diff=False))
        mark = "yes" if threshold == default else ""
        rows.append((threshold, mark, *_pair_cells(labelled, report)))
    kinds = sorted(set(labelled.truth.values()))
    columns = (*_THRESHOLD_COLUMNS, "precision", "recall", "F1", "found", "missed", "wrong")
    more = (*(f"recall: {kind}" for kind in kinds), "ignored joined", "negatives joined")
    direct = ("direct precision", "direct found", "clusters")
    return Table(
        title=f"{labelled.name}: pairs",
        columns=(*columns, *more, *direct),
        rows=tuple(rows),
        notes=(_size(labelled), _PAIRS_NOTE),
    )


def error_table(labelled: LabelledSet, limit: int) -> Table:
    """Return the pairs that the default settings get wrong, the clearest errors first.

    Args:
        labelled: The set.
        limit: How many missed and how many wrong pairs to list at most.
    """
    report = scan(labelled.articles, Settings(diff=False))
    reported, truth = joined(report) - labelled.ignored, set(labelled.truth)
    missed = _listed("missed", truth - reported, labelled, limit)
    wrong = _listed("wrong", reported - truth, labelled, limit)
    return Table(
        f"{labelled.name}: errors at the default settings",
        ("error", "containment", "left", "right", "cluster base"),
        tuple((*row, _base_of(report, row[2:])) for row in (*missed, *wrong)),
        ("Missed pairs from the highest containment down, wrong ones from the lowest up.",),
    )


def paragraph_table(labelled: LabelledSet) -> Table:
    """Return what the labelled paragraphs of all version pairs were called."""
    counts: Counter[tuple[str, str]] = Counter()
    for both in labelled.versions:
        counts += confusion(both.states, _aligned(labelled, both))
    states = sorted({state for state, _ in counts}, key=_state_order)
    rows: list[tuple[Cell, ...]] = [
        (state, *_called(counts, state), _right(counts, state)) for state in states
    ]
    ops = tuple(op for op in CHANGE_OPS if op != "removed")
    return Table(
        title=f"{labelled.name}: paragraphs",
        columns=("labelled", *ops, "right"),
        rows=tuple(rows),
        notes=(f"{len(labelled.versions):,} pairs of versions.", _PARAGRAPHS_NOTE),
    )


def paragraph_error_table(labelled: LabelledSet, limit: int) -> Table:
    """Return labelled paragraphs that are called something else, in the order of the set."""
    rows = []
    for both in labelled.versions:
        newer = blank_line_cut(labelled.texts[both.newer])
        called = labels_of(_aligned(labelled, both))
        for position, state in sorted(both.states.items()):
            op, base = called[position]
            if op not in _RIGHT.get(state, (op,)):
                start = " ".join(newer[position].split())[:60]
                rows.append((state, op, str(base), both.newer, position, start))
    return Table(
        title=f"{labelled.name}: paragraphs called something else",
        columns=("labelled", "called", "older positions", "newer", "position", "start"),
        rows=tuple(rows[:limit]),
        notes=(f"{len(rows):,} in all.",),
        quotes=True,
    )


def _aligned(labelled: LabelledSet, both: Versions) -> Alignment:
    older, newer = labelled.texts[both.older], labelled.texts[both.newer]
    return align(blank_line_cut(older), blank_line_cut(newer))


def _pair_cells(labelled: LabelledSet, report: Report) -> tuple[Cell, ...]:
    pairs, direct = joined(report), direct_pairs(report)
    score = score_pairs(pairs, labelled.truth, labelled.ignored)
    close = score_pairs(direct, labelled.truth, labelled.ignored)
    return (
        score.precision,
        score.recall,
        score.f1,
        score.found,
        score.missed,
        score.wrong,
        *(one.recall for one in _by_kind(labelled, pairs)),
        len(pairs & labelled.ignored),
        len(pairs & labelled.negatives),
        close.precision,
        close.found,
        len(report.clusters),
    )


def _by_kind(labelled: LabelledSet, pairs: Collection[Pair]) -> Iterator[PairScore]:
    for kind in sorted(set(labelled.truth.values())):
        yield score_pairs(pairs, {ids for ids, what in labelled.truth.items() if what == kind})


def _listed(
    error: str, pairs: Iterable[Pair], labelled: LabelledSet, limit: int
) -> list[tuple[str, float, str, str]]:
    rows = [(error, _overlap(labelled, ids), *ids) for ids in pairs]
    return sorted(rows, key=lambda row: (row[1], row[2:]), reverse=error == "missed")[:limit]


def _overlap(labelled: LabelledSet, ids: Pair) -> float:
    left, right = (shingle_set(labelled.texts[one]) for one in ids)
    return containment(left, right)


def _base_of(report: Report, ids: Collection[str]) -> str:
    """Return the bases of the clusters that hold the ids: a wrong pair often meets there."""
    bases = {
        cluster.base
        for cluster in report.clusters
        if any(member.id in ids for member in cluster.members)
    }
    return ", ".join(sorted(bases)) or "none"


def _size(labelled: LabelledSet) -> str:
    sizes = (
        f"{len(labelled.articles):,} articles",
        f"{len(labelled.truth):,} true pairs",
        f"{len(labelled.ignored):,} ignored pairs",
        f"{len(labelled.negatives):,} hard negatives",
        f"{labelled.strays:,} labels that name no article of the set",
    )
    return ", ".join(sizes) + "."


def _state_order(state: str) -> int:
    return _STATES.index(state) if state in _STATES else len(_STATES)


def _called(counts: Counter[tuple[str, str]], state: str) -> tuple[int, ...]:
    return tuple(counts[state, op] for op in CHANGE_OPS if op != "removed")


def _right(counts: Counter[tuple[str, str]], state: str) -> float:
    if state not in _RIGHT:
        return float("nan")
    whole = sum(count for (labelled, _), count in counts.items() if labelled == state)
    return share(sum(counts[state, op] for op in _RIGHT[state]), whole)
