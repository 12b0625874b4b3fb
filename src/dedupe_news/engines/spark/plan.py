"""The order of the stages on a cluster, as `pipeline` has it for one machine."""

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Generic, TypeVar

import numpy as np

from dedupe_news.core.boilerplate import Furniture, furniture_of
from dedupe_news.engines.spark import (
    candidates,
    components,
    describing,
    keys,
    names,
    stories,
    tables,
    verifying,
)
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.tasks import Tasks, Totals
from dedupe_news.model import Boilerplate, Cluster, LeftOut, Report, Skipped, Summary
from dedupe_news.recipes import shown_settings
from dedupe_news.render.document import SCHEMA, boilerplate_value, settings_value, summary_value
from dedupe_news.render.json import dumps

__all__ = ["Run"]

Frame = TypeVar("Frame")

_ONE_TASK = 1 << 20  # edges of which one task finds the components


@dataclass(frozen=True)
class _Learned:
    """What was learned from the corpus as a whole."""

    course: Course
    shown: tuple[Boilerplate, ...]


class Run(Generic[Frame]):
    """One run: each stage is worked on when something that comes of it is first asked for.

    Args:
        tasks: The cluster.
        loaded: Rows `article`, `skipped` and `left-out`, as `reading` makes them.
        course: How the run goes; knows the settings and the lanes only.
    """

    def __init__(self, tasks: Tasks[Frame], loaded: Frame, course: Course) -> None:
        self._tasks = tasks
        self._loaded = loaded
        self._plain = course
        self._as_found: Frame | None = None  # clusters, once somebody has asked for them
        self._in_lines: Frame | None = None  # the same as lines

    @cached_property
    def shelved(self) -> Frame:
        """All articles, skips and what was left out, in their lanes; no two ids are equal."""
        shelved, totals = self._shelved
        return self._told_apart(shelved, totals) if _rows(self._key_totals)["twins"] else shelved

    @cached_property
    def _shelved(self) -> tuple[Frame, Totals]:
        """The same under the ids that they came with, which nobody has compared."""
        shelved = self._tasks.shelve(self._loaded)
        return shelved, self._tasks.totals(shelved)

    @cached_property
    def articles(self) -> Frame:
        """The articles in their lanes, by wording."""
        return self._tasks.pick(self.shelved, "article")

    @cached_property
    def _placed(self) -> Course:
        return _with_starts(self._plain, self._shelved[1])

    @cached_property
    def _keys(self) -> Frame:
        """Anchors, keys, and who was left out of crowds; ids change none of them."""
        step = partial(keys.make_keys, course=self._placed)
        articles = self._tasks.pick(self._shelved[0], "id", "article")
        return self._tasks.keep(self._tasks.beside([], articles, step))

    @cached_property
    def _course(self) -> Course:
        """The course with all that is needed to count keys."""
        return replace(self._placed, wordings=_counted(self._key_totals)["anchors"])

    @cached_property
    def _key_totals(self) -> Totals:
        return self._tasks.totals(self._keys)

    @cached_property
    def _left_out(self) -> Frame | None:
        """Holders left out of crowds, if there are any."""
        kinds = {kind for _, kind in self._key_totals} & {"anchor-left", "band-left"}
        return self._tasks.pick(self._keys, *sorted(kinds)) if kinds else None

    @cached_property
    def _held(self) -> Frame:
        """Who holds the same: pairs, keys of many holders, crowds."""
        picked = self._tasks.pick(self._keys, "anchor", "band", "anchor-more", "band-more")
        step = partial(keys.hold, course=self._course)
        return self._tasks.keep(self._tasks.in_lanes([picked], step))

    def _crowded(self, crowds: Frame, course: Course) -> list[Frame]:
        """Return the pairs of those that were left out of crowds."""
        if self._left_out is None:
            return []
        step = partial(keys.pair_left_out, course=course)
        return [self._tasks.keep(self._tasks.joined(self._left_out, crowds, step))]

    @cached_property
    def _paired(self) -> list[Frame]:
        """Pairs that hold the same, before boilerplate is known."""
        crowds = self._tasks.pick(self._held, "anchor-crowd", "band-crowd")
        return [self._held, *self._crowded(crowds, self._course)]

    @cached_property
    def _told(self) -> Frame:
        """Pairs that tell one story, and how many keys first holders share."""
        tasks = self._tasks
        paired = [tasks.pick(frame, "pair", "first") for frame in self._paired]
        return tasks.keep(tasks.in_lanes(paired, partial(stories.tell, course=self._course)))

    @cached_property
    def _stories(self) -> Frame:
        """The story of each article that tells one with others."""
        edges = self._tasks.pick(self._told, "edge")
        return self._tasks.keep(self._labels(edges, self._told, self._course))

    @cached_property
    def learned(self) -> _Learned:
        """The boilerplate, and the course that knows it."""
        tasks, course = self._tasks, self._course
        suspected = tasks.in_lanes(
            [tasks.pick(self._held, "asked"), tasks.pick(self._told, "several")],
            partial(stories.suspect, course=course),
        )
        step = partial(stories.stand, course=course)
        standing = tasks.in_lanes([suspected, self._stories], step)
        asked = tasks.in_lanes([standing], partial(stories.bear_witness, course=course))
        asked = tasks.keep(asked)
        texts = tasks.beside(
            [tasks.pick(asked, "wanted")], self.articles, partial(verifying.fetch, course=course)
        )
        found = tasks.in_lanes(
            [tasks.pick(asked, "suspect"), texts], partial(stories.look, course=course)
        )
        return _learned(course, tasks.collect(found))

    @cached_property
    def matches(self) -> Frame:
        """Rows `match`."""
        tasks, course = self._tasks, self.learned.course
        again = tasks.each(tasks.pick(self._held, "held"), partial(keys.hold_again, course=course))
        crowds = tasks.pick(self._held, "anchor-crowd")
        pairs = [again, *self._crowded(crowds, course)]
        anchors = tasks.pick(self._keys, "anchors")
        traits = tasks.keep(tasks.each(anchors, partial(candidates.size_up, course=course)))
        added = tasks.in_lanes(
            [
                *(tasks.pick(frame, "pair", "crowded") for frame in pairs),
                *(tasks.pick(frame, "alike") for frame in self._paired),
                *(self._stories, traits),
            ],
            partial(candidates.add_up, course=course),
        )
        sent = tasks.beside(
            [added, self._stories, traits],
            self.articles,
            partial(verifying.send_candidates, course=course),
        )
        step = partial(verifying.verify, course=course)
        return tasks.keep(tasks.beside([sent], self.articles, step))

    @cached_property
    def clusters(self) -> Frame:
        """Rows `cluster`, in no order."""
        return self._tasks.pick(self._described, "cluster")

    @property
    def lines(self) -> list[Frame]:
        """Clusters and skips as lines of JSON Lines.

        If they have not been described before they become lines at once, and nothing else.
        """
        tasks = self._tasks
        if self._in_lines is None:
            # kept, for whoever sorts them looks at them before, to see how they spread
            self._in_lines = tasks.keep(
                self._describe(tables.as_line)
                if self._as_found is None
                else tasks.each(self._as_found, tables.lines)
            )
        if not self._kinds["skipped"]:
            return [self._in_lines]
        return [self._in_lines, tasks.each(self.skipped_early, tables.lines)]

    @property
    def _described(self) -> Frame:
        """Clusters, and articles that could not be aligned."""
        if self._as_found is None:
            self._as_found = self._tasks.keep(self._describe(describing.as_found))
        return self._as_found

    def _describe(self, tell: describing.Teller) -> Frame:
        tasks, course = self._tasks, self.learned.course
        edges = tasks.each(self.matches, partial(verifying.edges, course=course))
        labels = self._labels(edges, self.matches, course)
        links = tasks.each(self.matches, partial(verifying.by_lesser, course=course))
        sent = tasks.beside(
            [labels, links], self.articles, partial(describing.send_members, course=course)
        )
        step = partial(describing.describe_components, course=course, tell=tell)
        return tasks.in_lanes([sent], step)

    @property
    def skipped_early(self) -> Frame:
        """Rows `skipped`: inputs that could not be read, or had no words."""
        return self._tasks.pick(self.shelved, "skipped")

    @property
    def skipped_late(self) -> int:
        """How many articles could not be worked on any further."""
        return self._found["skipped"]

    @cached_property
    def skips(self) -> Frame:
        """Rows `skipped`: inputs that could not take part."""
        tasks = self._tasks
        return tasks.together([self.skipped_early, tasks.pick(self._described, "skipped")])

    @cached_property
    def named_matches(self) -> Frame:
        """Rows `named`: matches by the ids of the first copies."""
        tasks, course = self._tasks, self.learned.course
        links = tasks.each(self.matches, partial(verifying.by_lesser, course=course))
        half = tasks.beside([links], self.articles, partial(tables.name_lesser, course=course))
        return tasks.beside([half], self.articles, partial(tables.name_greater, course=course))

    def report(self) -> Report:
        """Return the whole report, which must be small enough to be held here."""
        rows = self._tasks.stream(self.clusters)
        clusters: list[Cluster] = [pickle.loads(row.data) for row in rows]  # noqa: S301 - written by tasks of this run
        clusters.sort(key=lambda cluster: (-len(cluster.members), cluster.base))
        return Report(
            shown_settings(self._plain.settings),
            self.summary(),
            tuple(clusters),
            tuple(sorted(self.skipped(), key=_by_id)),
            self.learned.shown,
        )

    @property
    def count(self) -> int:
        """How many articles there are."""
        return _counted(self._shelved[1])["article"]

    def frame_lines(self) -> Iterator[Row]:
        """Yield the lines of a report that are not of a cluster or a skip, as rows `line`."""
        summary = self.summary()
        bare = Report(shown_settings(self._plain.settings), summary, ())
        yield _line(b"0", "settings", {"schema": SCHEMA, **settings_value(bare.settings)})
        for place, passage in enumerate(self.learned.shown):
            yield _line(b"3%08d" % place, "boilerplate", boilerplate_value(passage))
        yield _line(b"4", "summary", summary_value(bare, summary.clusters))

    def skipped(self) -> list[Skipped]:
        """Return all inputs that could not take part."""
        if not (self._kinds["skipped"] or self._found["skipped"]):
            return []
        rows = self._tasks.collect(self.skips)
        return [pickle.loads(row.data) for row in rows]  # noqa: S301 - written by tasks of this run

    def summary(self) -> Summary:
        """Return the counts."""
        articles, clustered = self.count, _counted(self._described_totals)["cluster"]
        return Summary(
            articles=articles,
            clusters=self._found["cluster"],
            clustered=clustered,
            unique=articles - clustered,
            skipped=self._kinds["skipped"] + self._found["skipped"],
            left_out=self._passed() if self._kinds["left-out"] else {},
        )

    @property
    def _kinds(self) -> Counter[str]:
        """How many rows of each kind were read."""
        return _rows(self._shelved[1])

    @property
    def _found(self) -> Counter[str]:
        """How many rows of each kind were made of them."""
        return _rows(self._described_totals)

    @cached_property
    def _described_totals(self) -> Totals:
        return self._tasks.totals(self._described if self._in_lines is None else self._in_lines)

    def _passed(self) -> dict[str, int]:
        left: Counter[str] = Counter()
        for row in self._tasks.collect(self._tasks.pick(self.shelved, "left-out")):
            item: LeftOut = pickle.loads(row.data)  # noqa: S301 - written by tasks of this run
            left[item.reason] += item.count
        return dict(sorted(left.items()))

    def _labels(self, edges: Frame, counted: Frame, course: Course) -> Frame:
        """Return the component of each rank that has one, as rows `label`.

        The edges of a lane make a forest. Where all lanes together can have no more than one task
        takes, nobody counts them.

        Args:
            edges: Rows `edge`.
            counted: Rows whose numbers are how many edges there are, among others.
            course: How the run goes.
        """
        tasks = self._tasks
        if course.wordings * tasks.lanes <= _ONE_TASK or _edges(tasks.totals(counted)) <= _ONE_TASK:
            return tasks.in_lanes([edges], partial(components.label_whole, course=course))
        check = -1
        while True:
            tossed = tasks.each(edges, partial(components.toss, course=course))
            large = tasks.in_lanes([tossed], partial(components.large_star, course=course))
            spread = tasks.each(large, partial(components.spread, course=course))
            step = partial(components.small_star, course=course)
            edges = tasks.save(tasks.in_lanes([spread], step))
            before, check = check, _counted(tasks.totals(edges))["edge"]
            if before == check:
                return tasks.each(edges, partial(components.label_stars, course=course))

    def _told_apart(self, shelved: Frame, totals: Totals) -> Frame:
        """Return the articles under ids of which no two are equal."""
        tasks = self._tasks
        course = _with_starts(self._plain, totals)
        articles = tasks.pick(shelved, "article")
        claims = tasks.beside([], articles, partial(names.claim, course=course))
        contested = tasks.keep(tasks.in_lanes([claims], partial(names.contest, course=course)))
        wanted = tasks.pick(contested, "wanted")
        texts = tasks.beside([wanted], articles, partial(verifying.fetch, course=course))
        contests = tasks.pick(contested, "contest")
        renamed = tasks.in_lanes([contests, texts], partial(names.rename, course=course))
        step = partial(names.under_new_names, course=course)
        others = tasks.pick(shelved, "skipped", "left-out")
        return tasks.shelve(tasks.together([tasks.beside([renamed], articles, step), others]))


def _line(key: bytes, kind: str, value: Mapping[str, Any]) -> Row:
    return Row(0, "line", key, 1, dumps({"type": kind, **value}).encode())


def _rows(totals: Totals) -> Counter[str]:
    """Return how many rows of each kind there are."""
    counts: Counter[str] = Counter()
    for (_, kind), (rows, _) in totals.items():
        counts[kind] += rows
    return counts


def _counted(totals: Totals) -> Counter[str]:
    """Return the sum of the numbers of each kind."""
    counts: Counter[str] = Counter()
    for (_, kind), (_, number) in totals.items():
        counts[kind] += number
    return counts


def _edges(totals: Totals) -> int:
    """Return how many edges there are, given as such or as matches."""
    counts = _counted(totals)
    return counts["edge"] + counts["match"]


def _with_starts(course: Course, totals: Totals) -> Course:
    sizes = np.zeros(course.lanes, np.int64)
    for (lane, kind), (_, number) in totals.items():
        sizes[lane] += number * (kind == "article")
    return replace(course, starts=np.concatenate(([0], np.cumsum(sizes))))


def _learned(course: Course, rows: Iterable[Row]) -> _Learned:
    found = [pickle.loads(row.data) for row in rows]  # noqa: S301 - written by tasks of this run
    furniture: Furniture = furniture_of([each for each, _ in found])
    shown = {each.passage: text for each, text in found}
    return _Learned(
        replace(course, furniture=furniture.shingles),
        tuple(shown[passage] for passage in furniture.passages),
    )


def _by_id(skip: Skipped) -> tuple[str, str, str]:
    return (skip.id, skip.code, skip.message)
