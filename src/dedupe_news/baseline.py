"""What somebody has looked at and accepted: a text file that lives beside the corpus, in git.

One accepted pair a line, sorted by what the articles say, and nothing that changes by itself:
two branches that accept different pairs merge. Articles are known by the digest of their
words, so a renamed file stays accepted and an edited one does not. The ids are for people;
they also tell how many articles of one wording were accepted, so that a further copy is new.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from dedupe_news.errors import ConfigError

__all__ = ["SCHEMA", "Accepted", "Baseline"]

SCHEMA = "dedupe-news-baseline/1"
_FIELDS = ("left_digest", "right_digest", "left", "right", "reason")


@dataclass(frozen=True, slots=True, order=True)
class Accepted:
    """A pair of articles that may both be kept.

    Attributes:
        left_digest: Digest of the words of the one, in hexadecimal digits.
        right_digest: That of the other, never smaller.
        left: Id of the one when it was accepted.
        right: Id of the other.
        reason: Why, in somebody's words.
    """

    left_digest: str
    right_digest: str
    left: str
    right: str
    reason: str = ""

    @classmethod
    def of(cls, one: tuple[str, str], other: tuple[str, str], reason: str) -> Self:
        """Return the pair of two articles, each given as digest and id."""
        (left_digest, left), (right_digest, right) = sorted((one, other))
        return cls(left_digest, right_digest, left, right, reason)

    @property
    def digests(self) -> tuple[str, str]:
        """The two digests, ascending."""
        return (self.left_digest, self.right_digest)

    @property
    def ids(self) -> frozenset[str]:
        """The two ids."""
        return frozenset((self.left, self.right))


@dataclass(frozen=True, slots=True)
class Baseline:
    """All accepted pairs, in any order."""

    pairs: tuple[Accepted, ...] = ()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return the baseline in a file; an empty one if there is none.

        Raises:
            ConfigError: If the file is no baseline, saying where it goes wrong.
        """
        try:
            values = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        except ValueError as error:
            raise _broken(path, f"is no JSON: {error}") from error
        if not isinstance(values, list) or not values or values[-1] != {"schema": SCHEMA}:
            raise _broken(path, f"does not end with the schema {SCHEMA}")
        return cls(tuple(_accepted(path, number, row) for number, row in enumerate(values[:-1], 2)))

    def dumps(self) -> str:
        """Return the text of the file: one pair a line, sorted, the schema last.

        The last line is always the same, so that none that is added changes the one before it.
        """
        rows = [{name: getattr(pair, name) for name in _FIELDS} for pair in sorted(set(self.pairs))]
        lines = [json.dumps(row, ensure_ascii=False) + "," for row in rows]
        return "\n".join(["[", *lines, json.dumps({"schema": SCHEMA}), "]", ""])

    def capacities(self) -> dict[str, int]:
        """Return how many articles of each digest were accepted."""
        ids: defaultdict[str, set[str]] = defaultdict(set)
        for pair in self.pairs:
            ids[pair.left_digest].add(pair.left)
            ids[pair.right_digest].add(pair.right)
        return {digest: len(names) for digest, names in ids.items()}

    def partners(self) -> dict[str, set[str]]:
        """Return for each digest those that were accepted beside it."""
        partners: defaultdict[str, set[str]] = defaultdict(set)
        for pair in self.pairs:
            partners[pair.left_digest].add(pair.right_digest)
        return dict(partners)

    def of_ids(self) -> Mapping[frozenset[str], Accepted]:
        """Return the pairs by their ids."""
        return {pair.ids: pair for pair in self.pairs}

    def replaced(self, new: Iterable[Accepted]) -> "Baseline":
        """Return a baseline with new pairs, which take the place of older ones of the same ids."""
        added = list(new)
        again = {pair.ids for pair in added}
        return Baseline((*(pair for pair in self.pairs if pair.ids not in again), *added))


def _accepted(path: Path, line: int, row: object) -> Accepted:
    if not isinstance(row, dict) or any(not isinstance(row.get(name), str) for name in _FIELDS[:4]):
        raise _broken(path, f"holds no accepted pair in line {line}")
    pair = Accepted.of((row["left_digest"], row["left"]), (row["right_digest"], row["right"]), "")
    return Accepted(*pair.digests, pair.left, pair.right, str(row.get("reason", "")))


def _broken(path: Path, what: str) -> ConfigError:
    msg = f"{path} {what}"
    hint = "was it merged by hand? take one side, and accept what is then new again"
    return ConfigError(msg, hint=hint)
