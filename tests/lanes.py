"""A cluster in memory: what the stages ask of Spark, in a few lines, with rows in random order.

Spark promises nothing about order but what the stages ask for; this one breaks every other.
"""

import pickle
import random
from collections import defaultdict
from functools import partial
from itertools import product

from dedupe_news.engines.spark import pieces
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.plan import Run
from dedupe_news.engines.spark.rows import Row
from dedupe_news.settings import Settings
from dedupe_news.sources import in_batches

__all__ = ["MemoryTasks", "run_in_memory"]


class MemoryTasks:
    """Rows in lists; each lane is one task."""

    def __init__(self, lanes, seed=0):
        self.lanes = lanes
        self._chance = random.Random(seed)

    def work(self, parts, step):
        return self.each([Row(0, "piece", b"", 0, data) for data in parts], step)

    def each(self, frame, step):
        rows = [*frame]
        self._chance.shuffle(rows)
        cut = self._chance.randint(0, len(rows))
        return [made for some in (rows[:cut], rows[cut:]) if some for made in step(iter(some))]

    def in_lanes(self, frames, step):
        return [made for rows in self._lanes_of(frames) for made in step(iter(rows))]

    def shelve(self, frame):
        return [
            row for rows in self._lanes_of([frame]) for row in sorted(rows, key=lambda row: row.key)
        ]

    def beside(self, frames, shelved, step):
        kept = defaultdict(list)
        for row in shelved:
            kept[row.lane].append(row)
        made = []
        for lane, rows in enumerate(self._lanes_of(frames)):
            made += step(iter([*rows, *kept[lane]]))
        return made

    def joined(self, left, right, step):
        return [
            *step(
                (one, other)
                for one, other in product(left, right)
                if one.number == other.number and one.kind[:4] == other.kind[:4]
            )
        ]

    def together(self, frames):
        return [row for frame in frames for row in frame]

    def pick(self, frame, *kinds):
        return [row for row in frame if row.kind in kinds]

    def keep(self, frame):
        return pickle.loads(pickle.dumps(frame))

    save = keep

    def totals(self, frame):
        counts = defaultdict(lambda: (0, 0))
        for row in frame:
            rows, numbers = counts[row.lane, row.kind]
            counts[row.lane, row.kind] = rows + 1, numbers + row.number
        return dict(counts)

    def collect(self, frame):
        return list(frame)

    def stream(self, frame):
        yield from frame

    def _lanes_of(self, frames):
        lanes = [[] for _ in range(self.lanes)]
        for frame in frames:
            for row in frame:
                lanes[row.lane].append(row)
        for rows in lanes:
            self._chance.shuffle(rows)
        return lanes


def run_in_memory(items, lanes=3, chance=0, **settings):
    """Return a run on articles, none of which has been worked on yet."""
    tasks = MemoryTasks(lanes, chance)
    course = Course(Settings(**settings), lanes)
    parts = [pickle.dumps(batch) for batch in in_batches(items)]
    loaded = tasks.work(parts, partial(pieces.read_pieces, course=course))
    return Run(tasks, loaded, course)
