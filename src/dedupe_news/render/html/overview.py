"""All clusters at a glance: counts, how much was kept, who published when, who has it from whom."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dedupe_news.model import Cluster, Variant
from dedupe_news.render.findings import findings
from dedupe_news.render.html.timeline import OTHERS, Timeline, busiest, source_of, timeline
from dedupe_news.render.phrases import percent

__all__ = ["Bar", "Cell", "Flow", "Matrix", "Overview", "overview"]

_BINS = 10
_MOST_SOURCES = 16
_MOST_FLOWS = 9
_HEATS = 5

Flow = tuple[str, str]
"""Whose article it was first, and who printed it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram: its bounds in words, its count, its height in percent."""

    label: str
    count: int
    height: float


@dataclass(frozen=True, slots=True)
class Cell:
    """How often it happened; its heat, from 0 to 5; and whether a source meets itself here."""

    count: int
    heat: int
    own: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """How often a source (column) has an article whose base is another source's (row).

    Attributes:
        columns: Names of those that have variants of others' articles.
        rows: Each with the name of a base's source, and a cell for each column.
        flows: The most frequent pairs of two sources, each with its count.
        variants: How many variants that are.
        dated: Of how many the base was chosen by its date: only these tell who had it first.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    flows: tuple[tuple[Flow, int], ...]
    variants: int
    dated: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures and the data of the charts.

    Attributes:
        shown: How many clusters the page shows.
        added: Paragraphs that variants added.
        figures: Figures that changed.
        relations: How many variants of each relation, the most frequent first.
        kept: How much of its base a variant has.
        new: How much of a variant is not in its base.
        time: Who published when.
        matrix: Who has it from whom; None if fewer than two sources are known.
    """

    shown: int
    added: int
    figures: int
    relations: tuple[tuple[str, int], ...]
    kept: tuple[Bar, ...]
    new: tuple[Bar, ...]
    time: Timeline
    matrix: Matrix | None


def overview(shown: Sequence[Cluster]) -> Overview:
    """Return what the clusters come to that are shown."""
    variants = [variant for cluster in shown for variant in cluster.variants]
    alignments = [variant.alignment for variant in variants if variant.alignment]
    relations = Counter(variant.relation for variant in variants)
    return Overview(
        len(shown),
        sum(alignment.counts.added for alignment in alignments),
        sum(len(alignment.numbers_changed) for alignment in alignments),
        tuple(sorted(relations.items(), key=lambda found: (-found[1], found[0]))),
        _histogram(variant.base_in_variant for variant in variants),
        _histogram(_new(variant) for variant in variants),
        timeline(shown),
        _matrix(shown),
    )


def _new(variant: Variant) -> float:
    return 1 - variant.variant_in_base


def _histogram(shares: Iterable[float]) -> tuple[Bar, ...]:
    bins = Counter(min(_BINS - 1, max(0, int(share * _BINS))) for share in shares)
    most = max(bins.values(), default=1)
    return tuple(
        Bar(
            f"{percent(place / _BINS)} to {percent((place + 1) / _BINS)}",
            bins[place],
            round(100 * bins[place] / most, 1),
        )
        for place in range(_BINS)
    )


def _matrix(clusters: Sequence[Cluster]) -> Matrix | None:
    found = tuple(findings(clusters))
    pairs = Counter((source_of(finding.base), source_of(finding.member)) for finding in found)
    names = busiest((name for pair in pairs.elements() for name in pair), _MOST_SOURCES)
    if len(names) < 2:  # noqa: PLR2004 - nobody can copy from another
        return None
    kept = set(names)
    counts: Counter[Flow] = Counter()
    for (base, copier), count in pairs.items():
        counts[(base if base in kept else OTHERS, copier if copier in kept else OTHERS)] += count
    bases = [name for name in names if any(counts[name, other] for other in names)]
    columns = [name for name in names if any(counts[other, name] for other in names)]
    between = (count for flow, count in counts.items() if _is_between(flow) and OTHERS not in flow)
    most = max(between, default=0)
    rows = (
        (base, tuple(_cell((base, copier), counts[base, copier], most) for copier in columns))
        for base in bases
    )
    dated = sum(finding.cluster.base_reason == "earliest" for finding in found)
    return Matrix(tuple(columns), tuple(rows), _flows(pairs), len(found), dated)


def _cell(flow: Flow, count: int, most: int) -> Cell:
    """Return a cell, as hot as it is frequent among those between two named sources."""
    heat = math.ceil(_HEATS * math.sqrt(count / max(most, _HEATS**2)))
    own = not _is_between(flow) and OTHERS not in flow
    return Cell(count, 0 if OTHERS in flow else min(heat, _HEATS), own)


def _flows(pairs: Counter[Flow]) -> tuple[tuple[Flow, int], ...]:
    between = [(flow, count) for flow, count in pairs.items() if _is_between(flow)]
    return tuple(sorted(between, key=lambda found: (-found[1], found[0]))[:_MOST_FLOWS])


def _is_between(flow: Flow) -> bool:
    base, copier = flow
    return base != copier
