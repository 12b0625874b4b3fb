"""The stages between a corpus and its clusters: boilerplate, candidates, matches."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from dedupe_news.core.among import without
from dedupe_news.core.boilerplate import Furniture, learn_boilerplate
from dedupe_news.core.candidates import (
    Candidates,
    Holders,
    PairCounts,
    candidates_of,
    count_pairs,
    holders_of,
    in_crowds,
    pairs_in_bands,
    without_keys,
)
from dedupe_news.core.clusters import Clustering, grow_clusters
from dedupe_news.core.components import component_labels
from dedupe_news.core.insight import Insight
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

_SLICE = 1 << 14  # pairs that one task verifies


def silent(stage: str, done: int, total: int | None) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What a corpus comes to before it is described.

    Attributes:
        furniture: The boilerplate that was learned.
        holders: Who holds each anchor that several do.
        evidence: What boilerplate was judged by.
        pairs: All pairs that share something, compared; by rank.
        clustering: Which wordings belong together.
        insight: What was found out besides about pairs that were verified.
    """

    furniture: Furniture
    holders: Holders
    evidence: Evidence
    pairs: Comparisons
    clustering: Clustering
    insight: Insight = field(default_factory=partial(Insight.concatenate, ()))


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
    look = corpus.look(furniture.shingles, rule, telling=not settings.diff)
    pairs = _verified(corpus, proposed, look, rule, progress)
    clustering = grow_clusters(pairs, count, look.compare, rule.floor)
    return Findings(furniture, holders, evidence, pairs, clustering, look.insight())


def _proposed(
    corpus: Corpus, holders: Holders, alike: Callable[[], PairCounts], rule: Rule
) -> tuple[Furniture, Evidence, Candidates]:
    """Return what is boilerplate, what that was judged by, and all candidates without it."""
    anchors, count = corpus.columns.anchors, len(corpus.columns)
    shared = count_pairs(holders, count)
    evidence = weigh(holders, shared, anchors)
    size, run = rule.shingle_words, corpus.engine.map
    furniture = learn_boilerplate(holders, evidence, anchors, corpus.words_later, size, run)
    strange = corpus.engine.beside(partial(without, anchors, furniture.shingles))
    own = without_keys(holders, furniture.shingles)
    if len(furniture.shingles):  # else all that is shared has been counted
        shared = count_pairs(own, count)
    channels = shared, strange(), corpus.columns.shingles.lengths, alike()
    crowded = in_crowds(own, count)
    proposed = candidates_of(*channels, evidence.stories, rule.floor, crowded)
    return furniture, evidence, proposed


def _verified(
    corpus: Corpus, pairs: Candidates, look: Look, rule: Rule, progress: Progress
) -> Comparisons:
    """Return all candidates that share something, compared."""
    allowed = np.flatnonzero(corpus.allow(pairs.left, pairs.right))
    # Side by side stand those who may belong together, and of them the pairs of one article with
    # the first few of a crowd: so whoever is in several pairs is read once for most of them.
    left, right = pairs.left[allowed], pairs.right[allowed]
    allowed = allowed[np.lexsort((right, component_labels(left, right, len(corpus.columns))[left]))]
    parts = []
    for start in range(0, len(allowed), _SLICE):
        progress("compare", start, len(allowed))
        chosen = allowed[start : start + _SLICE]
        seen = look.verify(pairs.left[chosen], pairs.right[chosen])
        parts.append(seen.take(seen.matches | (seen.containment >= rule.floor)))
    progress("compare", len(allowed), len(allowed))
    seen = Comparisons.concatenate(parts)
    return seen.take(np.lexsort((seen.right, seen.left)))
