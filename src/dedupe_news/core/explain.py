"""Why two articles do or do not match, in numbers that a person can check."""

import numpy as np

from dedupe_news.core.candidates import OwnAnchors, candidates_of
from dedupe_news.core.columns import Columns, Recipe, columns_of
from dedupe_news.core.holders import holders_of, in_crowds
from dedupe_news.core.pair_counts import count_pairs, pairs_in_bands
from dedupe_news.core.ragged import shared_values
from dedupe_news.core.shared_words import aligned_words, word_shares
from dedupe_news.core.shingles import shingles_of
from dedupe_news.core.sketches import Bands, anchor_bounds, anchor_levels
from dedupe_news.core.text import words_of
from dedupe_news.core.verify import Rule, compare
from dedupe_news.model import Article, Decision, Explanation

__all__ = ["explain_pair"]


def explain_pair(left: Article, right: Article, recipe: Recipe, rule: Rule) -> Explanation:
    """Return how far two articles get on the way to a match, and what decides.

    They are looked at by themselves: what a corpus would call boilerplate still counts.

    Args:
        left: An article.
        right: Another.
        recipe: How texts become columns.
        rule: When two articles match.
    """
    texts = [recipe.matched(left), recipe.matched(right)]
    columns, words = columns_of(texts, recipe), words_of(texts, recipe.unit)
    one, other = np.array([0]), np.array([1])
    seen = compare(columns.shingles, one, other, rule)
    containment, resemblance = float(seen.containment[0]), float(seen.resemblance[0])
    aligned = int(aligned_words(words, one, other, rule)[0])
    aligned_share = 2 * aligned / max(len(words.values), 1)
    shingles = shingles_of(words, rule.shingle_words)
    left_in_right, right_in_left = word_shares(words, shingles, one, other, rule)[0].tolist()
    bands = Bands.leaning_to_recall(recipe.num_perm)
    sample = _sample_sizes(columns)
    return Explanation(
        left=left.id,
        right=right.id,
        words=(len(words[0]), len(words[1])),
        shingles=(len(columns.shingles[0]), len(columns.shingles[1])),
        shared_shingles=int(shared_values(columns.shingles, one, other)[0]),
        containment=containment,
        resemblance=resemblance,
        left_in_right=left_in_right,
        right_in_left=right_in_left,
        aligned=aligned_share,
        anchors=sample,
        shared_anchors=len(np.intersect1d(columns.anchors[0], columns.anchors[1])),
        bands=bands.bands,
        shared_bands=int((columns.bands[0] == columns.bands[1]).sum()),
        candidates=_are_candidates(columns, rule),
        anchor_chance=_two_in_sample(min(sample), containment),
        band_chance=bands.chance(resemblance),
        decision=_decision(columns, bool(seen.matches[0]), containment, aligned, rule),
        min_containment=rule.containment,
        min_shared_words=rule.shared_words,
        min_aligned=rule.aligned,
        floor=rule.floor,
    )


def _are_candidates(columns: Columns, rule: Rule) -> bool:
    if (columns.digests[0] == columns.digests[1]).all():
        return bool(columns.words.all())
    anchors, lengths = columns.anchors, columns.shingles.lengths
    holders, own = holders_of(anchors), OwnAnchors.of(anchors)
    channels = count_pairs(holders, 2), own, lengths, pairs_in_bands(columns.bands)
    found = candidates_of(*channels, np.arange(2), rule.floor, in_crowds(holders, 2))
    return len(found) > 0


def _decision(
    columns: Columns,
    matches: bool,  # noqa: FBT001 - one of several facts
    containment: float,
    aligned: int,
    rule: Rule,
) -> Decision:
    if not columns.words.all():
        return "empty"
    if (columns.digests[0] == columns.digests[1]).all():
        return "identical"
    if matches:
        return "contained"
    if containment < rule.floor:
        return "strangers"
    if containment >= rule.containment or aligned < rule.shared_words:
        return "too-few-words"
    share = 2 * aligned / int(columns.words.sum())
    return "rewritten" if share >= rule.aligned else "too-different"


def _sample_sizes(columns: Columns) -> tuple[int, int]:
    """Return how many anchors each has under the bound that is common to both."""
    bound = anchor_bounds(anchor_levels(columns.shingles.lengths)).min()
    one, other = ((row <= bound).sum() for row in columns.anchors)
    return int(one), int(other)


def _two_in_sample(size: int, share: float) -> float:
    """Return the chance that at least two of `size` anchors are common, each with `share`."""
    none = (1 - share) ** size
    single = size * share * (1 - share) ** max(size - 1, 0)
    return max(0.0, 1 - none - single)
