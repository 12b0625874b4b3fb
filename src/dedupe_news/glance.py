"""A check at a glance: what an index knows is still true when a few files have changed.

What a scan finds depends on the whole corpus, but most of it on little: whoever joins a crowd
changes nothing between the others, and a passage is judged by its first witnesses. So a few
changed articles are held against those that share a key with them, and all else stands.
Where that cannot be shown, because a crowd gets another representative, stories are joined or
parted, or a passage gets another witness, there is no glance and the whole is worked out.

The corpus is then cut down to the articles in focus and to all that they are linked with by
matches. These go through the last stages of a scan as if they were alone: matches do not lead
out of them, so nothing that is left out could change what is found.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedupe_news.core.boilerplate import Furniture
from dedupe_news.core.clusters import grow_clusters
from dedupe_news.core.columns import Columns, Recipe, columns_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.holders import Holders
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.scope import Places, Scope
from dedupe_news.core.sketches import Bands
from dedupe_news.core.suspects import Evidence
from dedupe_news.core.verify import Comparisons
from dedupe_news.corpus import Corpus
from dedupe_news.evidence import require_unchanged
from dedupe_news.finding import Findings
from dedupe_news.index.listing import Changes
from dedupe_news.index.store import Store
from dedupe_news.intake import (
    counted,
    cut_listed,
    digest_bytes,
    digests_from,
    read_portion,
    sorted_skips,
)
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.newcomers import candidates_of_newcomers
from dedupe_news.recipes import recipe_of, rule_of, scope_of
from dedupe_news.upkeep import Upkeep
from dedupe_news.wordings import Circle, UncertainError, Wordings, ranks_among

__all__ = ["MOST_CHANGES", "Part", "glance"]

MOST_CHANGES = 256
"""Files up to which it is worth while to look at the changed ones alone."""

_MOST_MOVED = 128  # wordings that stay, and are looked at as if they went and came

Tags = npt.NDArray[np.int64]


class Part(NamedTuple):
    """The part of a corpus that a check is about.

    Attributes:
        corpus: The articles in focus, and all that matches lead to.
        found: What was found about them.
        articles: How many articles the whole corpus has.
    """

    corpus: Corpus
    found: Findings
    articles: int


def glance(
    store: Store,
    changes: Changes,
    notes: Sequence[Skipped | LeftOut],
    files: Collection[str],
    keeping: Upkeep,
) -> Part | None:
    """Return what a scan would find about the articles of some files.

    Args:
        store: The index.
        changes: What has changed since it was written.
        notes: What was passed over on the way to the corpus.
        files: Paths of the files in focus, as shown.
        keeping: How to read and compare.

    Returns:
        None if that cannot be told without working out the whole.
    """
    few = len(changes) <= MOST_CHANGES and len(files) <= MOST_CHANGES
    plain = scope_of(keeping.settings) == Scope() and store.facts["told-apart"] == "no"
    if not few or not plain or any("#" in listed.row.path for listed in changes.fresh):
        return None
    try:
        return _Glance(store, changes, notes, keeping).part(files)
    except UncertainError:
        return None


class _Glance:
    """One glance."""

    def __init__(
        self,
        store: Store,
        changes: Changes,
        notes: Sequence[Skipped | LeftOut],
        keeping: Upkeep,
    ) -> None:
        self._store = store
        self._keeping = keeping
        self._recipe = recipe_of(keeping.settings)
        self._rule = rule_of(keeping.settings)
        self._gone_rows = store.articles_of(changes.gone)
        self._gone_files = set(changes.gone)
        self._fresh: list[Article] = []
        self._notes: list[Skipped | LeftOut] = [*notes, *store.notes(self._gone_files)]
        self._columns = self._read(changes)
        self._wordings = self._stock(())

    def part(self, files: Collection[str]) -> Part:
        """Return the part of the corpus that some files are in."""
        fresh = self._fresh_pairs()
        focus = self._focus(files)
        tags, pairs = self._linked(focus, fresh)
        corpus = self._corpus(tags)
        order = {tag: rank for rank, tag in enumerate(tags.tolist())}
        pairs = _ranked(pairs, order)
        furniture = Furniture(self._store.column("furniture").whole(), ())
        look = corpus.look(furniture.shingles, self._rule)
        clustering = grow_clusters(pairs, len(tags), look.compare, self._rule.floor)
        found = Findings(furniture, *_nothing(), pairs, clustering)
        before = int(self._store.facts["articles"])
        return Part(corpus, found, before - len(self._gone_rows) + len(self._fresh))

    def _read(self, changes: Changes) -> Columns:
        """Read the changed files, and return the columns of their articles."""
        parts = []
        for portion in cut_listed(changes.fresh, self._keeping.reading):
            read = read_portion(portion, self._recipe)
            parts.append(read.columns)
            for row, articles in read.files:
                self._notes += row.notes
                self._fresh += articles
        ids = [article.id for article in self._fresh]
        if len(set(ids)) < len(ids):
            raise UncertainError  # who keeps the id depends on more than is known here
        return Columns.concatenate(parts, self._bands())

    def _bands(self) -> int:
        return Bands.leaning_to_recall(self._recipe.num_perm).bands

    def _stock(self, moved: Collection[int]) -> Wordings:
        """Return the wordings that are there, that come and that go.

        Args:
            moved: Ranks of wordings that stay, but are looked at as if they went and came.
        """
        columns = self._columns
        digests = self._store.column("digests")
        new = np.flatnonzero(ranks_among(digests, columns.digests) < 0)
        numbers = self._copies(sorted(moved))
        stay = self._store.matched(numbers.values[numbers.starts].tolist(), self._recipe)
        texts = [self._recipe.matched(self._fresh[row]) for row in new.tolist()]
        texts += stay
        parts = [columns.take(new), columns_of(texts[len(new) :], self._recipe)]
        all_columns = Columns.concatenate(parts, self._bands())
        order = np.lexsort((all_columns.digests[:, 1], all_columns.digests[:, 0]))
        sorted_digests = all_columns.digests[order]
        other = np.ones(len(order), np.bool_)
        other[1:] = (sorted_digests[1:] != sorted_digests[:-1]).any(axis=1)
        rows = order[other]
        return Wordings(
            self._store,
            self._recipe,
            all_columns.take(rows),
            [texts[row] for row in rows.tolist()],
            [*self._gone(), *moved],
        )

    def _copies(self, ranks: Sequence[int]) -> Ragged:
        return self._store.ragged("copies").rows(np.array(ranks, np.int64))

    def _gone(self) -> list[int]:
        """Return the wordings that no article has any more."""
        digests = self._store.column("digests")
        ranks = ranks_among(digests, self._columns.digests)
        left = dict(zip(*np.unique(ranks[ranks >= 0], return_counts=True), strict=True))
        rows = digests_from(b"".join(row.digest for row in self._gone_rows))
        gone, counts = np.unique(ranks_among(digests, rows), return_counts=True)
        if (gone < 0).any():
            raise UncertainError  # the index does not know what it should
        sizes = self._copies(gone.tolist()).lengths
        return [
            rank
            for rank, size, count in zip(
                gone.tolist(), sizes.tolist(), counts.tolist(), strict=True
            )
            if size - count + int(left.get(rank, 0)) == 0
        ]

    def _fresh_pairs(self) -> Comparisons:
        """Return the matches of the newcomers, by tags."""
        pairs: list[tuple[int, int]] = []
        if self._wordings.newcomers or self._wordings.gone:
            anchors, bands = self._circles()
            stories = require_unchanged(self._wordings, anchors)
            floor = self._rule.floor
            pairs = candidates_of_newcomers(self._wordings, anchors, bands, floor, stories)
        return self._compared(pairs) if pairs else Comparisons.concatenate([])

    def _circles(self) -> tuple[Circle, Circle]:
        """Return who holds the keys of those who come or go.

        Who becomes one of the first few of a crowd, or is it no more, or is in what becomes a
        crowd, meets others than before though it stays. It is looked at as if it went and came.
        """
        for _ in range(2):
            anchors, bands = (Circle(kind, self._wordings) for kind in ("anchor", "band"))
            moved = anchors.moved() | bands.moved()
            if not moved:
                return anchors, bands
            if len(moved) > _MOST_MOVED:
                break
            self._wordings = self._stock(moved)
        raise UncertainError

    def _compared(self, pairs: Sequence[tuple[int, int]]) -> Comparisons:
        """Return those of the pairs that match."""
        place = self._wordings.place
        sorted_pairs = [tuple(sorted(pair, key=place)) for pair in pairs]
        tags = self._wordings.in_order({tag for pair in pairs for tag in pair})
        corpus = self._corpus(tags)
        order = {tag: rank for rank, tag in enumerate(tags.tolist())}
        ends = np.array([[order[tag] for tag in pair] for pair in sorted_pairs], np.int64)
        left, right = ends.reshape(-1, 2).T
        furniture = self._store.column("furniture").whole()
        seen = corpus.look(furniture, self._rule).verify(left, right)
        seen = replace(seen, left=tags[left], right=tags[right])
        return seen.take(seen.matches)

    def _focus(self, files: Collection[str]) -> list[int]:
        """Return the tags of the wordings of all articles in some files."""
        rows = self._store.articles_of(path for path in files if path not in self._gone_files)
        digests = [digests_from(b"".join(row.digest for row in rows))]
        inside = [row for row, article in enumerate(self._fresh) if article.path in files]
        tags: list[int] = self._tags(
            np.concatenate([*digests, self._columns.digests[inside]])
        ).tolist()
        return tags

    def _tags(self, digests: UInt64s) -> Tags:
        old = ranks_among(self._store.column("digests"), digests)
        fresh = {digest_bytes(one): tag for tag, one in enumerate(self._wordings.fresh.digests)}
        found = (fresh.get(digest_bytes(one), -1) for one in digests)
        new = np.fromiter(found, np.int64, len(digests))
        return np.where(new >= 0, new + self._wordings.count, old)

    def _linked(self, focus: Iterable[int], fresh: Comparisons) -> tuple[Tags, Comparisons]:
        """Return some wordings and all that matches lead to, by rank, and these matches."""
        near = _neighbours(fresh)
        inside: set[int] = set()
        waiting = set(focus)
        pairs: set[int] = set()
        while waiting:
            inside |= waiting
            links = self._links(waiting)
            pairs.update(pair for _, pair in links)
            reached = {other for other, _ in links}
            waiting = reached.union(*(near.get(tag, ()) for tag in waiting)) - inside
        among = np.array([tag in inside for tag in fresh.left.tolist()], np.bool_)
        known = self._known(sorted(pairs))
        return self._wordings.in_order(inside), Comparisons.concatenate([known, fresh.take(among)])

    def _links(self, tags: Iterable[int]) -> list[list[int]]:
        """Return whom some wordings match that are there still, and the number of each pair."""
        old = np.array([tag for tag in tags if tag < self._wordings.count], np.int64)
        links = self._store.ragged("links").rows(old).values.reshape(-1, 2).tolist()
        return [link for link in links if link[0] not in self._wordings.gone]

    def _known(self, numbers: Sequence[int]) -> Comparisons:
        """Return matches that the index knows."""
        rows = np.array(numbers, np.int64)
        names = ("left", "right", "containment", "resemblance", "matches")
        return Comparisons(*(self._store.column(name).take(rows) for name in names))

    def _corpus(self, tags: Tags) -> Corpus:
        """Return some wordings as a corpus of their own."""
        gone = {row.number for row in self._gone_rows}
        fresh: dict[int, list[Article]] = {}
        for tag, article in zip(
            self._tags(self._columns.digests).tolist(), self._fresh, strict=True
        ):
            fresh.setdefault(tag, []).append(article)
        self._wordings.read(tags.tolist())
        ranks = [self._wordings.reborn.get(tag, tag) for tag in tags.tolist()]
        old = [rank for rank in ranks if rank < self._wordings.count]
        numbers = dict(zip(old, self._copies(old), strict=True))
        there = [n for row in numbers.values() for n in row.tolist() if n not in gone]
        known = dict(zip(there, self._store.get_all(there), strict=True))
        articles: list[Article] = []
        copies = []
        for tag, rank in zip(tags.tolist(), ranks, strict=True):
            before = numbers[rank].tolist() if rank in numbers else []
            here = [known[number] for number in before if number in known]
            here = sorted([*here, *fresh.get(tag, [])], key=lambda article: article.id)
            copies.append(list(range(len(articles), len(articles) + len(here))))
            articles += here
        return self._alone(tags, articles, Ragged.of_lists(copies))

    def _alone(self, tags: Tags, articles: list[Article], copies: Ragged) -> Corpus:
        ids = [article.id for article in articles]
        if len(set(ids)) < len(ids):
            raise UncertainError
        parts = [self._wordings.columns(tag) for tag in tags.tolist()]
        return Corpus(
            Columns.concatenate(parts, self._bands()),
            copies,
            ids,
            sorted_skips(self._notes),
            counted(self._notes),
            _Shelf(articles),
            self._recipe,
            Places.unknown(len(tags)),
            Scope(),
        )


class _Shelf(NamedTuple):
    """A few articles, in memory."""

    articles: Sequence[Article]

    def get(self, number: int) -> Article:
        return self.articles[number]

    def later(self, numbers: Sequence[int]) -> Callable[[], Sequence[Article]]:
        return partial(tuple, [self.articles[number] for number in numbers])

    def matched_later(self, numbers: Sequence[int], recipe: Recipe) -> Callable[[], list[str]]:
        return partial(list, [recipe.matched(self.articles[number]) for number in numbers])


def _neighbours(pairs: Comparisons) -> dict[int, set[int]]:
    near: dict[int, set[int]] = {}
    for left, right in zip(pairs.left.tolist(), pairs.right.tolist(), strict=True):
        near.setdefault(left, set()).add(right)
        near.setdefault(right, set()).add(left)
    return near


def _ranked(pairs: Comparisons, order: dict[int, int]) -> Comparisons:
    """Return pairs of tags as pairs of ranks, ascending."""
    left = np.array([order[tag] for tag in pairs.left.tolist()], np.int64)
    right = np.array([order[tag] for tag in pairs.right.tolist()], np.int64)
    return replace(pairs, left=left, right=right).take(np.lexsort((right, left)))


def _nothing() -> tuple[Holders, Evidence]:
    """Return what boilerplate was judged by: nothing, for it was known."""
    none = np.empty(0, np.int64)
    rows = Ragged.from_lengths(none, none)
    return Holders(rows, np.empty(0, np.uint64), np.uint64(0)), Evidence(none, none)
