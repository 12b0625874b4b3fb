"""Measure other ways to make clusters of the same verified pairs.

python bench/cluster_rules.py --data DIR [--seed N] [--write]

All rules get the matches that a scan finds, and differ only in what they join. They are run
on the labelled sets, on planted variants, and on round-ups: five stories, each with a reprint,
and one article that prints all five whole.
"""

import argparse
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from dedupe_news import Article, Settings, scan
from dedupe_news.core.acquaintance import Compare
from dedupe_news.core.clusters import Clustering, grow_clusters
from dedupe_news.core.components import component_labels, components
from dedupe_news.core.verify import Comparisons
from labelled import DataError, LabelledSet, Pair, find_sets, pair
from metrics import joined, score_pairs
from planted import plant_all, scored_groups
from results import Cell, Table, as_text, write_results
from stock import Stock

__all__ = ["RULES", "main", "rule_table"]

Rule = Callable[[Comparisons, int, Compare, float], Clustering]
Trial = tuple[str, Sequence[Article], Collection[Pair], Collection[Pair]]
"""Name, articles, pairs that belong together, pairs that are left out of the score."""

_RESULTS = Path(__file__).parent / "results"
_ROUND_UPS = 20  # of each set
_STORIES = 5  # in a round-up
_MATCH = 3  # floors: where the first look calls two articles a match


def reachable(pairs: Comparisons, count: int, _compare: Compare, _floor: float) -> Clustering:
    """Return the connected components: who can be reached by matches is in."""
    matches = pairs.take(pairs.matches)
    return Clustering(tuple(map(tuple, _components(matches, count))), ())


def _components(matches: Comparisons, count: int) -> Iterator[list[int]]:
    found = components(component_labels(matches.left, matches.right, count))
    return (found[row].tolist() for row in range(len(found)))


def star(pairs: Comparisons, _count: int, _compare: Compare, _floor: float) -> Clustering:
    """Return stars: the article with the strongest matches, and all who match it directly."""
    strengths: dict[int, dict[int, float]] = {}
    for left, right, strength in pairs.take(pairs.matches).strengths():
        strengths.setdefault(left, {})[right] = strength
        strengths.setdefault(right, {})[left] = strength
    clusters, left_over = [], set(strengths)
    for centre in sorted(strengths, key=lambda rank: (-sum(strengths[rank].values()), rank)):
        members = {centre, *(left_over & set(strengths[centre]))}
        if centre in left_over and len(members) > 1:
            clusters.append(tuple(sorted(members)))
            left_over -= members
    return Clustering(tuple(sorted(clusters)), ())


def average_link(share: float) -> Rule:
    """Return the rule that joins the closest groups while they are close on average.

    Args:
        share: Of the containment of a match, what the mean over all pairs must reach.
    """

    def rule(pairs: Comparisons, count: int, compare: Compare, floor: float) -> Clustering:
        matches = pairs.take(pairs.matches)
        matched = set(zip(matches.left.tolist(), matches.right.tolist(), strict=True))
        least = _MATCH * floor
        clusters: list[tuple[int, ...]] = []
        for members in _components(matches, count):
            two = list(combinations(members, 2))
            left, right = np.array(two, np.int64).T
            values = compare(left, right).containment
            second = np.array([one in matched for one in two])  # some only at a second look
            values = np.where(second, np.maximum(values, least), values)
            clusters += _joined_by_means(members, values, share * least)
        return Clustering(tuple(sorted(clusters)), ())

    return rule


def _joined_by_means(
    members: list[int], values: npt.NDArray[np.float64], least: float
) -> Iterator[tuple[int, ...]]:
    size = len(members)
    means = np.full((size, size), -1.0)
    means[np.triu_indices(size, 1)] = values
    means = np.maximum(means, means.T)
    groups = [[member] for member in members]
    while means.max() >= least:
        one, other = divmod(int(means.argmax()), size)
        ours, theirs = len(groups[one]), len(groups[other])
        row = (ours * means[one] + theirs * means[other]) / (ours + theirs)
        row[(means[one] < 0) | (means[other] < 0)] = -1.0  # gone, or itself
        means[one], means[:, one] = row, row
        means[other], means[:, other] = -1.0, -1.0
        groups[one] += groups[other]
        groups[other] = []
    yield from (tuple(sorted(group)) for group in groups if len(group) > 1)


RULES: dict[str, Rule] = {
    "ours: grown, strangers kept out": grow_clusters,
    "all who are reachable": reachable,
    "star: who matches the centre": star,
    "average link, as close as a match": average_link(1.0),
    "average link, half as close": average_link(0.5),
}


def rule_table(trial: Trial) -> Table:
    """Return the pair scores of every rule on one set of articles."""
    name, articles, together, ignored = trial
    rows: list[tuple[Cell, ...]] = []
    for rule_name, rule in RULES.items():
        with patch("dedupe_news.finding.grow_clusters", _without_doubts(rule)):
            report = scan(articles, Settings(diff=False))
        score = score_pairs(joined(report), together, ignored)
        largest = max((len(cluster.members) for cluster in report.clusters), default=0)
        counts = (score.found, score.missed, score.wrong, len(report.clusters), largest)
        rows.append((rule_name, score.precision, score.recall, *counts))
    columns = ("rule", "precision", "recall", "found", "missed", "wrong", "clusters", "largest")
    return Table(f"{name}: cluster rules", columns, tuple(rows), (f"{len(articles):,} articles.",))


def _without_doubts(rule: Rule) -> Callable[..., Clustering]:
    """Return the rule that asks for all pairs in doubt, which are left out until it is told."""

    def asking(
        pairs: Comparisons, count: int, compare: Compare, floor: float, doubts: Comparisons
    ) -> Clustering:
        return replace(rule(pairs, count, compare, floor), asked=np.arange(len(doubts)))

    return asking


def _trials(sets: Sequence[LabelledSet], seed: int) -> Iterator[Trial]:
    for one in sets:
        yield one.name, one.articles, one.truth, one.ignored
    groups = scored_groups(plant_all(sets, None, seed))
    articles = [article for group in groups for article in group.articles]
    together = {two for group in groups for two in group.together}
    yield "Planted variants", articles, together, {two for one in groups for two in one.unscored}
    for one in sets:
        yield _round_ups(one, seed)


def _round_ups(labelled: LabelledSet, seed: int) -> Trial:
    stock = Stock(labelled.name, (article.paragraphs for article in labelled.articles), seed)
    articles: list[Article] = []
    together, unscored = set(), set()
    for number in range(_ROUND_UPS):
        stories = stock.stories_of(_STORIES)
        whole = Article(f"{number}/all", tuple(text for story in stories for text in story))
        for place, story in enumerate(stories):
            base = Article(f"{number}/{place}/base", story)
            reprint = Article(f"{number}/{place}/reprint", (*story, *stock.paragraphs(2)))
            articles += base, reprint
            together.add(pair(base.id, reprint.id))
            unscored |= {pair(whole.id, base.id), pair(whole.id, reprint.id)}
        articles.append(whole)
    return f"Round-ups of {labelled.name}", articles, together, unscored


def main(arguments: list[str] | None = None) -> int:
    """Print a table for each set, and return an exit code.

    Args:
        arguments: The command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled sets")
    parser.add_argument("--seed", type=int, default=1, help="of what is planted")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {_RESULTS}")
    options = parser.parse_args(arguments)
    tables = []
    try:
        for trial in _trials(find_sets(options.data), options.seed):
            tables.append(rule_table(trial))
            print(as_text(tables[-1]), flush=True)
    except DataError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.write:
        for path in write_results(_RESULTS, "cluster-rules", tables):
            print(f"written: {path}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
