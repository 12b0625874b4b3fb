"""Labelled sets: folders of articles for which it is known what belongs together.

A set is any folder with `articles.jsonl` and `clusters.tsv` or `positives.tsv`. What else it
may hold: `ignore_pairs.tsv` (pairs that are neither right nor wrong), `hard_negatives.tsv`
(pairs that only look alike) and `paragraphs.tsv` (what became of each paragraph between two
versions). Nothing here knows a set by its name.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from dedupe_news.model import Article

__all__ = ["DataError", "LabelledSet", "Pair", "Versions", "blank_line_cut", "find_sets", "pair"]

Pair = tuple[str, str]
"""Two different article ids, the lesser first."""

_BLANK_LINES = re.compile(r"\n\s*\n")
_METADATA = ("title", "source", "date", "lang")


class DataError(Exception):
    """The data folder is not what it should be; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Versions:
    """An older and a newer version of one article, with labels for the newer.

    Attributes:
        older: Id of the older version.
        newer: Id of the newer version.
        states: For positions in the newer, cut at blank lines: `same`, `edited`,
            `resplit` or `new`. Paragraphs without a label are left out.
    """

    older: str
    newer: str
    states: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Articles, and what is known of them.

    Attributes:
        name: Name of the folder.
        articles: In the order of the file.
        texts: The same, by id, as they stand in the file.
        truth: Pairs that belong together, and of what kind each is.
        ignored: Pairs that are left out of every score.
        negatives: Pairs that look alike and do not belong together.
        versions: Labelled paragraphs; empty when the set has none.
        strays: How many labels name an article that the set does not hold.
    """

    name: str
    articles: tuple[Article, ...]
    texts: Mapping[str, str]
    truth: Mapping[Pair, str]
    ignored: frozenset[Pair]
    negatives: frozenset[Pair]
    versions: tuple[Versions, ...]
    strays: int


def pair(left: str, right: str) -> Pair:
    """Return the two ids in the order that makes them one key."""
    return (left, right) if left < right else (right, left)


def blank_line_cut(text: str) -> tuple[str, ...]:
    """Return the text cut at blank lines, as the paragraph labels count positions."""
    return tuple(_BLANK_LINES.split(text))


def find_sets(folder: Path) -> list[LabelledSet]:
    """Return every labelled set in the folder or below it, by path.

    Raises:
        DataError: If there is no such folder, or no set in it.
    """
    if not folder.is_dir():
        msg = f"no data folder at {folder}: set DATA=... to a folder of labelled sets"
        raise DataError(msg)
    homes = sorted(path.parent for path in folder.rglob("articles.jsonl"))
    sets = [_read_set(home) for home in homes if _is_labelled(home)]
    if not sets:
        needs = "articles.jsonl and clusters.tsv or positives.tsv"
        msg = f"no labelled set in {folder}: a set is a folder with {needs}"
        raise DataError(msg)
    return sets


def _is_labelled(home: Path) -> bool:
    return any((home / name).is_file() for name in ("clusters.tsv", "positives.tsv"))


def _read_set(home: Path) -> LabelledSet:
    rows = list(_rows(home / "articles.jsonl"))
    texts = {row["id"]: row["text"] for row in rows}
    truth = {**_clustered(home / "clusters.tsv"), **_pairs(home / "positives.tsv")}
    ignored = frozenset(_pairs(home / "ignore_pairs.tsv"))
    negatives = frozenset(_pairs(home / "hard_negatives.tsv"))
    versions = _versions(home / "paragraphs.tsv")
    named = [*truth, *ignored, *negatives, *((both.older, both.newer) for both in versions)]
    strays = [ids for ids in named if ids[0] not in texts or ids[1] not in texts]
    gone = frozenset(strays)
    return LabelledSet(
        name=home.name,
        articles=tuple(_article(row) for row in rows),
        texts=texts,
        truth={ids: kind for ids, kind in truth.items() if ids not in ignored | gone},
        ignored=ignored,
        negatives=negatives - gone,
        versions=tuple(both for both in versions if (both.older, both.newer) not in gone),
        strays=len(strays),
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a file of articles: each with an id of its own, and a text."""
    seen = set()
    for number, line in enumerate(_lines(path), 1):
        try:
            row = json.loads(line)
            fresh = row["id"] not in seen and isinstance(row["text"], str)
        except (ValueError, KeyError, TypeError):
            fresh = False
        if not fresh:
            msg = f"{path}:{number}: each line must hold an id of its own and a text"
            raise DataError(msg)
        seen.add(row["id"])
        yield row


def _article(row: Mapping[str, str]) -> Article:
    metadata = {name: row[name] for name in _METADATA if isinstance(row.get(name), str)}
    return Article.from_text(row["id"], row["text"], **metadata)


def _clustered(path: Path) -> dict[Pair, str]:
    members: dict[str, list[str]] = defaultdict(list)
    for row in _table(path, "cluster", "id"):
        members[row["cluster"]].append(row["id"])
    return {pair(*two): "cluster" for ids in members.values() for two in combinations(ids, 2)}


def _pairs(path: Path) -> dict[Pair, str]:
    rows = _table(path, "id_a", "id_b")
    return {pair(row["id_a"], row["id_b"]): row.get("kind") or "pair" for row in rows}


def _versions(path: Path) -> list[Versions]:
    states: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for row in _table(path, "older_id", "newer_id", "paragraph_index_in_newer", "state"):
        position = int(row["paragraph_index_in_newer"])
        states[row["older_id"], row["newer_id"]][position] = row["state"]
    return [Versions(older, newer, found) for (older, newer), found in states.items()]


def _table(path: Path, *columns: str) -> Iterator[dict[str, str]]:
    if not path.is_file():
        return
    rows = csv.DictReader(_lines(path), delimiter="\t", quoting=csv.QUOTE_NONE)
    lacking = set(columns) - set(rows.fieldnames or ())
    if lacking:
        msg = f"{path}: the first line names no column {', '.join(sorted(lacking))}"
        raise DataError(msg)
    yield from rows


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from file
