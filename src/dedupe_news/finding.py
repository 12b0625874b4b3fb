"""The stages between a corpus and its clusters: boilerplate, candidates, matches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt

from dedupe_news.core.boilerplate import Furniture, learn_boilerplate
from dedupe_news.core.candidates import Candidates, OwnAnchors, candidates_of
from dedupe_news.core.clusters import Clustering, grow_clusters
from dedupe_news.core.components import side_by_side
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import Holders, holders_of, in_crowds, without_keys
from dedupe_news.core.insight import Insight
from dedupe_news.core.pair_counts import PairCounts, count_pairs, pairs_in_bands
from dedupe_news.core.suspects import Evidence, weigh
from dedupe_news.core.verify import Comparisons, Rule
from dedupe_news.corpus import Corpus
from dedupe_news.looks import Look
from dedupe_news.recipes import rule_of
from dedupe_news.settings import Settings

__all__ = [
    "Findings",
    "Progress",
    "find",
    "silent",
]

Progress = Callable[[str, int, int | None], None]
"""Called with the stage (`read`, `compare`, `align`), how much is done, and of how much."""

_SLICE = 1 << 16  # pairs that are verified before those of them that matter are kept


def silent(stage: str, done: int, total: int | None) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a corpus comes to before it is described.

    Attributes:
        furniture: The boilerplate that was learned.
        holders: Who holds each anchor that several do.
        evidence: What boilerplate was judged by.
        pairs: All pairs that match; by rank.
        clustering: Which wordings belong together.
        insight: What was found out besides about pairs that were verified.
        doubts: Further pairs that may match; it makes no difference to the clusters.
    """

    furniture: Furniture
    holders: Holders
    evidence: Evidence
    pairs: Comparisons
    clustering: Clustering
    insight: Insight = field(default_factory=partial(Insight.concatenate, ()))
    doubts: Comparisons = field(default_factory=partial(Comparisons.concatenate, ()))


def find(corpus: Corpus, settings: Settings, progress: Progress = silent) -> Findings:
    """Return the boilerplate, matches and clusters of a corpus.

    Args:
        corpus: All articles.
        settings: What to look for.
        progress: Called now and then with what has been done.
    """
    rule, count = rule_of(settings), len(corpus.columns)
    holders = holders_of(corpus.columns.anchors, corpus.engine.in_threads)
    alike = corpus.engine.beside(partial(pairs_in_bands, corpus.columns.bands))
    furniture, evidence, proposed = _proposed(corpus, holders, alike, rule)
    look = corpus.look(furniture.shingles, rule, telling=not settings.diff, doubting=True)
    pairs, doubts = _verified(corpus, proposed, look, progress), look.doubts()
    clustering = grow_clusters(pairs, count, look.compare, rule.floor, doubts)
    while len(clustering.asked):
        asked = doubts.take(clustering.asked)
        decided = corpus.look(furniture.shingles, rule).verify(asked.left, asked.right)
        pairs = _in_order([pairs, decided.take(decided.matches)])
        doubts = doubts.without(clustering.asked)
        clustering = grow_clusters(pairs, count, look.compare, rule.floor, doubts)
    return Findings(furniture, holders, evidence, pairs, clustering, look.insight(), doubts)


def _proposed(
    corpus: Corpus, holders: Holders, alike: Callable[[], PairCounts], rule: Rule
) -> tuple[Furniture, Evidence, Candidates]:
    """Return what is boilerplate, what that was judged by, and all candidates without it."""
    anchors, count = corpus.columns.anchors, len(corpus.columns)
    shared = count_pairs(holders, count)
    evidence = weigh(holders, shared, anchors)
    size, run = rule.shingle_words, corpus.engine.map
    furniture = learn_boilerplate(holders, evidence, anchors, corpus.words_later, size, run)
    besides = corpus.engine.beside(partial(_besides, holders, shared, furniture.shingles, count))
    own = OwnAnchors.of(anchors, furniture.shingles, corpus.engine.in_threads)
    shared, crowded = besides()
    channels = shared, own, corpus.columns.shingles.lengths, alike()
    proposed = candidates_of(*channels, evidence.stories, rule.floor, crowded)
    return furniture, evidence, proposed


def _besides(
    holders: Holders, shared: PairCounts, furniture: UInt64s, count: int
) -> tuple[PairCounts, npt.NDArray[np.bool_]]:
    """Return the anchors that pairs share besides boilerplate, and who is in a crowd of them.

    Args:
        holders: Who holds each anchor.
        shared: How many anchors pairs share, boilerplate among them.
        furniture: Hashes of boilerplate.
        count: Number of articles.
    """
    own = without_keys(holders, furniture)
    if len(furniture):  # else all that is shared has been counted
        shared = count_pairs(own, count)
    return shared, in_crowds(own, count)


def _verified(corpus: Corpus, pairs: Candidates, look: Look, progress: Progress) -> Comparisons:
    """Return all candidates that match, as far as they are not in doubt."""
    allowed = np.flatnonzero(corpus.allow(pairs.left, pairs.right))
    left, right = pairs.left[allowed], pairs.right[allowed]
    # so that whoever is in several pairs is read once for most of them
    allowed = allowed[side_by_side(left, right, len(corpus.columns))]
    parts = []
    for start in range(0, len(allowed), _SLICE):
        progress("compare", start, len(allowed))
        chosen = allowed[start : start + _SLICE]
        seen = look.verify(pairs.left[chosen], pairs.right[chosen])
        parts.append(seen.take(seen.matches))
    progress("compare", len(allowed), len(allowed))
    return _in_order(parts)


def _in_order(parts: Sequence[Comparisons]) -> Comparisons:
    pairs = Comparisons.concatenate(parts)
    return pairs.take(np.lexsort((pairs.right, pairs.left)))
