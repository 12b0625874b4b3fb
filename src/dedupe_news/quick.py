"""What a check needs of a corpus of which an index is kept, when little has changed.

The corpus is cut down to the articles in focus and to all that they are linked with by
matches. These go through the last stages of a scan as if they were alone: matches do not lead
out of them, so nothing that is left out could change what is found.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dedupe_news.core.boilerplate import Evidence, Furniture
from dedupe_news.core.candidates import Holders
from dedupe_news.core.clusters import grow_clusters
from dedupe_news.core.columns import Columns, columns_of
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.scope import Places, Scope
from dedupe_news.core.sketches import Bands
from dedupe_news.core.verify import Comparisons
from dedupe_news.corpus import Corpus
from dedupe_news.glance import (
    Circle,
    UncertainError,
    Wordings,
    candidates_of_newcomers,
    require_unchanged,
)
from dedupe_news.index.listing import Listing
from dedupe_news.index.store import Store
from dedupe_news.intake import cut_listed, read_portion
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.pipeline import Findings, recipe_of, rule_of, scope_of
from dedupe_news.recall import counted, digests_from, ranks_of
from dedupe_news.upkeep import Changes, Upkeep, notes_of

__all__ = ["MOST_CHANGES", "Part", "quick_look"]

MOST_CHANGES = 64
"""Files up to which it is worth while to look at the changed ones alone."""

_MOST_MOVED = 32  # wordings that stay, and are looked at as if they went and came

Tags = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a corpus that a check is about.

    Attributes:
        corpus: The articles in focus, and all that matches lead to.
        found: What was found about them.
        articles: How many articles the whole corpus has.
    """

    corpus: Corpus
    found: Findings
    articles: int


def quick_look(
    store: Store, changes: Changes, listing: Listing, files: Collection[str], keeping: Upkeep
) -> Part | None:
    """Return what a scan would find about the articles of some files.

    Args:
        store: The index.
        changes: What has changed since it was written.
        listing: The corpus as it is now.
        files: Paths of the files in focus, as shown.
        keeping: How to read and compare.

    Returns:
        None if that cannot be told without working out the whole.
    """
    few = len(changes) <= MOST_CHANGES and len(files) <= MOST_CHANGES
    plain = scope_of(keeping.settings) == Scope() and store.stamp.get("told-apart") == "no"
    if not few or not plain or any("#" in listed.row.path for listed in changes.fresh):
        return None
    try:
        return _Quick(store, changes, listing, keeping).part(files)
    except UncertainError:
        return None


class _Quick:
    """One quick look."""

    def __init__(self, store: Store, changes: Changes, listing: Listing, keeping: Upkeep) -> None:
        self._store = store
        self._keeping = keeping
        self._recipe = recipe_of(keeping.settings)
        self._rule = rule_of(keeping.settings)
        self._digests = store.array("digests").reshape(-1, 2)
        self._copies = Ragged.from_lengths(store.array("copies"), store.array("copies of"))
        self._gone_rows = store.articles_of(changes.gone)
        self._fresh: list[tuple[str, Article, bytes]] = []
        self._notes: list[Skipped | LeftOut] = [
            *notes_of(store, listing),
            *store.notes(set(changes.gone)),
        ]
        self._columns = self._read(changes)
        self._wordings = self._stock(())

    def part(self, files: Collection[str]) -> Part:
        """Return the part of the corpus that some files are in."""
        pairs = self._pairs()
        focus = self._focus(files)
        tags = self._linked(focus, pairs)
        corpus = self._corpus(tags)
        kept = pairs.take(np.isin(pairs.left, tags))
        order = {tag: rank for rank, tag in enumerate(tags.tolist())}
        pairs = _ranked(kept, order)
        furniture = Furniture(self._store.array("furniture"), ())
        look = corpus.look(furniture.shingles, self._rule)
        clustering = grow_clusters(pairs, len(tags), look.compare, self._rule.floor)
        found = Findings(furniture, *_nothing(), pairs, clustering)
        before = int(self._store.stamp["articles"])
        return Part(corpus, found, before - len(self._gone_rows) + len(self._fresh))

    def _read(self, changes: Changes) -> Columns:
        """Read the changed files, and return the columns of their articles."""
        parts = []
        for portion in cut_listed(changes.fresh, self._keeping.reading):
            read = read_portion(portion, self._recipe)
            parts.append(read.columns)
            for row, articles in read.files:
                self._notes += row.notes
                self._fresh += [(row.path, article, digest) for article, digest, _ in articles]
        ids = [article.id for _, article, _ in self._fresh]
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
        new = np.flatnonzero(ranks_of(columns.digests, self._digests) < 0)
        firsts = self._copies.values[self._copies.offsets[:-1]]
        stay = [self._store.get(int(firsts[rank])) for rank in sorted(moved)]
        texts = [self._recipe.matched(self._fresh[row][1]) for row in new.tolist()]
        texts += [self._recipe.matched(article) for article in stay]
        parts = [columns.take(new), columns_of(texts[len(new) :], self._recipe)]
        all_columns = Columns.concatenate(parts, self._bands())
        order = np.lexsort((all_columns.digests[:, 1], all_columns.digests[:, 0]))
        digests = all_columns.digests[order]
        other = np.concatenate(([True], (digests[1:] != digests[:-1]).any(axis=1)))[: len(order)]
        rows = order[other]
        return Wordings(
            self._store,
            self._recipe,
            all_columns.take(rows),
            [texts[row] for row in rows.tolist()],
            [*self._gone(), *moved],
            firsts,
        )

    def _gone(self) -> list[int]:
        """Return the wordings that no article has any more."""
        ranks = ranks_of(self._columns.digests, self._digests)
        left = dict(zip(*np.unique(ranks[ranks >= 0], return_counts=True), strict=True))
        digests = digests_from(b"".join(row.digest for row in self._gone_rows))
        gone, counts = np.unique(ranks_of(digests, self._digests), return_counts=True)
        sizes = self._copies.lengths
        return [
            rank
            for rank, count in zip(gone.tolist(), counts.tolist(), strict=True)
            if int(sizes[rank]) - count + int(left.get(rank, 0)) == 0
        ]

    def _pairs(self) -> Comparisons:
        """Return all matches, by tags, the one that ranks first on the left."""
        store = self._store
        fresh: list[tuple[int, int]] = []
        if self._wordings.newcomers or self._wordings.gone:
            anchors, bands = self._circles()
            stories = require_unchanged(store, self._wordings, anchors)
            fresh = candidates_of_newcomers(
                store, self._wordings, anchors, bands, self._rule.floor, stories
            )
        matches = np.flatnonzero(store.array("matches"))
        known = Comparisons(
            store.array("left")[matches].astype(np.int64),
            store.array("right")[matches].astype(np.int64),
            store.array("containment")[matches],
            store.array("resemblance")[matches],
            np.ones(len(matches), np.bool_),
        )
        gone = np.array(sorted(self._wordings.gone), np.int64)
        known = known.take(~(np.isin(known.left, gone) | np.isin(known.right, gone)))
        return Comparisons.concatenate([known, self._compared(fresh)]) if fresh else known

    def _circles(self) -> tuple[Circle, Circle]:
        """Return who holds the keys of those who come or go.

        Who becomes one of the first few of a crowd, or is it no more, meets others than before
        though it stays. It is looked at as if it went and came.
        """
        for _ in range(2):
            anchors = Circle(self._store, "anchor", self._wordings)
            bands = Circle(self._store, "band", self._wordings)
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
        seen = corpus.look(self._store.array("furniture"), self._rule).verify(left, right)
        seen = replace(seen, left=tags[left], right=tags[right])
        return seen.take(seen.matches)

    def _focus(self, files: Collection[str]) -> list[int]:
        """Return the tags of the wordings of all articles in some files."""
        changed = {path for path, _, _ in self._fresh}
        there = self._store.files_of(path for path in files if path not in changed)
        gone = {row.file for row in self._gone_rows}
        numbers = [number for number, _ in there.values() if number not in gone]
        rows = self._store.articles_of(numbers)
        digests = [row.digest for row in rows]
        digests += [digest for path, _, digest in self._fresh if path in files]
        return self._tags(digests)

    def _tags(self, digests: Sequence[bytes]) -> list[int]:
        found = digests_from(b"".join(digests))
        old = ranks_of(found, self._digests)
        new = ranks_of(found, self._wordings.fresh.digests)
        tags: list[int] = np.where(new >= 0, new + self._wordings.count, old).tolist()
        return tags

    def _linked(self, focus: Iterable[int], pairs: Comparisons) -> Tags:
        """Return some wordings and all that matches lead to, by rank."""
        inside = np.unique(np.array(list(focus), np.int64))
        while True:
            near = np.isin(pairs.left, inside) | np.isin(pairs.right, inside)
            more = np.unique(np.concatenate((inside, pairs.left[near], pairs.right[near])))
            if len(more) == len(inside):
                return self._wordings.in_order(inside.tolist())
            inside = more

    def _corpus(self, tags: Tags) -> Corpus:
        """Return some wordings as a corpus of their own."""
        gone = {row.number for row in self._gone_rows}
        fresh: dict[int, list[Article]] = {}
        for tag, (_, article, _) in zip(
            self._tags([digest for _, _, digest in self._fresh]), self._fresh, strict=True
        ):
            fresh.setdefault(tag, []).append(article)
        articles: list[Article] = []
        copies = []
        for tag in tags.tolist():
            rank = self._wordings.reborn.get(tag, tag)
            numbers = self._copies[rank].tolist() if rank < self._wordings.count else []
            here = [self._store.get(number) for number in numbers if number not in gone]
            here = sorted([*here, *fresh.get(tag, [])], key=lambda article: article.id)
            copies.append(list(range(len(articles), len(articles) + len(here))))
            articles += here
        return self._alone(tags, articles, Ragged.of_lists(copies))

    def _alone(self, tags: Tags, articles: list[Article], copies: Ragged) -> Corpus:
        ids = [article.id for article in articles]
        if len(set(ids)) < len(ids):
            raise UncertainError
        parts = [self._wordings.columns(tag) for tag in tags.tolist()]
        skipped = [note for note in self._notes if isinstance(note, Skipped)]
        return Corpus(
            Columns.concatenate(parts, self._bands()),
            copies,
            ids,
            tuple(sorted(skipped, key=lambda skip: (skip.id, skip.code, skip.message))),
            counted(self._notes),
            _Shelf(articles),
            self._recipe,
            Places(np.full((len(tags), 2), np.nan), np.full(len(tags), "", np.object_)),
            Scope(),
        )


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A few articles, in memory."""

    articles: Sequence[Article]

    def get(self, number: int) -> Article:
        return self.articles[number]


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
