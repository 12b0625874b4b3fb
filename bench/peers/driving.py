"""What every driver does: read articles, run a peer at some thresholds, write clusters.

A driver runs in the environment of its peer, so nothing here needs more than Python.
"""

import argparse
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

__all__ = ["Find", "components", "drive", "jaccard", "rows_for", "shingles"]

Find = Callable[[Mapping[str, str], float], Iterable[Sequence[str]]]
"""Returns the clusters among texts by id, at a threshold."""

_WORD = re.compile(r"\w+")
_SHINGLE_WORDS = 5


def drive(find: Find, *, reuses: bool = False) -> None:
    """Run a peer as the command line says: `INPUT OUTPUT THRESHOLD...`.

    Args:
        find: Runs the peer; it is timed as a whole, at each threshold anew.
        reuses: Whether later thresholds use what the first found, so that each of them is
            charged with the time of the first.
    """
    first = 0.0
    parser = argparse.ArgumentParser()
    parser.add_argument("input", type=Path, help="JSON Lines with id and text")
    parser.add_argument("output", type=Path, help="JSON Lines with threshold, seconds, clusters")
    parser.add_argument("thresholds", type=float, nargs="+")
    options = parser.parse_args()
    with options.input.open(encoding="utf-8") as file:
        texts = {row["id"]: row["text"] for row in map(json.loads, file)}
    with options.output.open("w", encoding="utf-8") as file:
        for threshold in options.thresholds:
            start = time.perf_counter()
            clusters = [sorted(ids) for ids in find(texts, threshold)]
            seconds = max(first, time.perf_counter() - start)
            first = seconds if reuses else 0.0
            row = {"threshold": threshold, "seconds": seconds, "clusters": sorted(clusters)}
            file.write(json.dumps(row) + "\n")
            file.flush()


def shingles(text: str) -> frozenset[str]:
    """Return the five-word shingles of a text; a shorter text is one shingle."""
    words = _WORD.findall(text.casefold())
    count = max(len(words) - _SHINGLE_WORDS + 1, min(len(words), 1))
    return frozenset(" ".join(words[start : start + _SHINGLE_WORDS]) for start in range(count))


def jaccard(left: frozenset[str], right: frozenset[str]) -> float:
    """Return the resemblance of two sets, in [0, 1]."""
    shared = len(left & right)
    return shared / (len(left) + len(right) - shared) if shared else 0.0


def components(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the groups of ids that pairs connect, directly or through others."""
    parents: dict[str, str] = {}

    def root(one: str) -> str:
        while parents.setdefault(one, one) != one:
            parents[one] = parents[parents[one]]
            one = parents[one]
        return one

    for left, right in pairs:
        parents[root(left)] = root(right)
    groups: dict[str, list[str]] = defaultdict(list)
    for one in list(parents):
        groups[root(one)].append(one)
    return list(groups.values())


def rows_for(threshold: float, num_perm: int) -> int:
    """Return how many values a band should hold so that its curve is steepest at the threshold."""
    return min(range(1, 33), key=lambda rows: abs((rows / num_perm) ** (1 / rows) - threshold))
