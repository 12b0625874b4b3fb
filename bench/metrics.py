"""How right a result is: pairs of articles, and labels of paragraphs.

Everything here is arithmetic on ids and positions; nothing runs what is measured.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from dedupe_news.model import Alignment, Report
from labelled import Pair, pair

__all__ = [
    "Label",
    "PairScore",
    "clustered_pairs",
    "confusion",
    "containment",
    "direct_pairs",
    "joined",
    "labels_of",
    "removed_of",
    "score_pairs",
    "share",
    "shingle_set",
]

_WORD = re.compile(r"\w+")

Label = tuple[str, tuple[int, ...]]
"""What happened to a paragraph of the variant, and the base paragraphs it came from."""


@dataclass(frozen=True, slots=True)
class PairScore:
    """Pairs, counted.

    Attributes:
        found: Right pairs that were reported.
        missed: Right pairs that were not.
        wrong: Reported pairs that are not right.
    """

    found: int
    missed: int
    wrong: int

    @property
    def recall(self) -> float:
        """Share of the right pairs that were reported; nan when there are none."""
        return share(self.found, self.found + self.missed)

    @property
    def precision(self) -> float:
        """Share of the reported pairs that are right; nan when none was reported."""
        return share(self.found, self.found + self.wrong)

    @property
    def f1(self) -> float:
        """Harmonic mean of both, as a share; nan when there is nothing to find or judge."""
        return share(2 * self.found, 2 * self.found + self.missed + self.wrong)


def share(part: int, whole: int) -> float:
    """Return the part over the whole, in [0, 1]; nan when the whole is nothing."""
    return part / whole if whole else float("nan")


def clustered_pairs(clusters: Iterable[Iterable[str]]) -> set[Pair]:
    """Return all pairs of ids that stand in one cluster."""
    return {pair(*two) for ids in clusters for two in combinations(ids, 2)}


def joined(report: Report) -> set[Pair]:
    """Return all pairs of articles that the report puts into one cluster."""
    return clustered_pairs([member.id for member in one.members] for one in report.clusters)


def direct_pairs(report: Report) -> set[Pair]:
    """Return the pairs of a base and a variant that matches it without a third between."""
    return {
        pair(cluster.base, variant.id)
        for cluster in report.clusters
        for variant in cluster.variants
        if not variant.via
    }


def score_pairs(
    predicted: Collection[Pair], truth: Collection[Pair], ignored: Collection[Pair] = ()
) -> PairScore:
    """Return how many pairs are found, missed and wrong; ignored pairs count nowhere."""
    wanted = set(truth) - set(ignored)
    reported = set(predicted) - set(ignored)
    return PairScore(len(wanted & reported), len(wanted - reported), len(reported - wanted))


def labels_of(alignment: Alignment) -> dict[int, Label]:
    """Return the label of each paragraph of the variant, by position."""
    return {
        position: (change.op, change.base)
        for change in alignment.changes
        for position in change.variant
    }


def removed_of(alignment: Alignment) -> frozenset[int]:
    """Return the positions of the base paragraphs that are called removed."""
    gone = (change.base for change in alignment.changes if change.op == "removed")
    return frozenset(position for base in gone for position in base)


def confusion(states: Mapping[int, str], alignment: Alignment) -> Counter[tuple[str, str]]:
    """Return how often a labelled state met each kind of change, paragraph by paragraph."""
    called = labels_of(alignment)
    return Counter((state, called[position][0]) for position, state in states.items())


def shingle_set(text: str, size: int = 5) -> frozenset[tuple[str, ...]]:
    """Return the word shingles of a text by the plainest rule there is.

    What is measured must not be its own judge, so this shares no code with it.
    """
    words = _WORD.findall(text.casefold())
    count = max(len(words) - size + 1, min(len(words), 1))
    return frozenset(tuple(words[start : start + size]) for start in range(count))


def containment(left: Collection[object], right: Collection[object]) -> float:
    """Return the share of the smaller set that stands in the other; 0.0 if it is empty."""
    least = min(len(left), len(right))
    return len(set(left) & set(right)) / least if least else 0.0
