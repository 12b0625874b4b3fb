"""Sheaves: rows that carry one text each, bound together for the way.

To move a row costs Java about as much as to move a kilobyte. So texts travel some hundred to
a row, packed once, where they are bound: whoever moves, keeps or loads them afterwards deals
with fewer bytes as well. What works on texts takes them out one by one.

Articles of a lane are bound by the first bits of their digests. Sheaves that are sorted by
these bits need to be opened and put in order a few at a time only.
"""

import pickle
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from functools import wraps
from itertools import chain, groupby, repeat
from operator import attrgetter
from typing import ParamSpec

from dedupe_news.engines.scratch import Scratch, Whereabouts
from dedupe_news.engines.spark.arrow import squeezed, unsqueezed
from dedupe_news.engines.spark.rows import Row

__all__ = ["before_articles", "bound", "in_order", "in_sheaves", "loose", "numbered"]

_P = ParamSpec("_P")

_BOUND = frozenset({"article", "id", "member", "text"})
_SHEAF = 1 << 21  # bytes of one, about, before it is packed
_BEGUN = 1 << 25  # bytes of all that one task has begun
_IN_MEMORY = 1 << 26  # bytes of texts that are put in order, and need no disk
_SHARES = 2  # bits of the first byte of a key in which those of one sheaf may differ


def in_sheaves(step: Callable[_P, Iterable[Row]]) -> Callable[_P, Iterator[Row]]:
    """Return a step whose rows with a text come in sheaves."""

    @wraps(step)
    def bind(*args: _P.args, **kwargs: _P.kwargs) -> Iterator[Row]:
        return bound(step(*args, **kwargs))

    return bind


def bound(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows with a text in sheaves, one for each lane and kind; others at once.

    Args:
        rows: Rows of any kind.

    Yields:
        Rows as they come, or sheaves: their number tells how many rows they hold, their key, of
        articles, the first bits of the keys of all.
    """
    begun: defaultdict[tuple[int, str, bytes], list[Row]] = defaultdict(list)
    sizes: Counter[tuple[int, str, bytes]] = Counter()
    whole = 0
    for row in rows:
        if row.kind not in _BOUND:
            yield row
            continue
        share = bytes([row.key[0] >> _SHARES]) if row.kind == "article" else b""
        name = row.lane, row.kind, share
        begun[name].append(row)
        sizes[name] += len(row.data)
        whole += len(row.data)
        if sizes[name] >= _SHEAF:
            whole -= sizes.pop(name)
            yield _sheaf(name, begun.pop(name))
        elif whole >= _BEGUN:
            yield from (_sheaf(*each) for each in begun.items())
            begun.clear()
            sizes.clear()
            whole = 0
    yield from (_sheaf(*each) for each in begun.items())


def loose(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows that are in sheaves, and others as they are."""
    for row in rows:
        if row.kind in _BOUND:
            yield from map(Row, repeat(row.lane), repeat(row.kind), *_opened(row))
        else:
            yield row


def in_order(sheaves: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows that are in sheaves of one lane and kind, by key.

    All sheaves are opened before the first row can be given; texts wait in memory, and on disk if
    they are many.
    """
    lane, kind = 0, ""
    names: list[tuple[bytes, int]] = []
    here: list[bytes] = []
    size = 0
    with closing(Scratch(0)) as scratch:
        places = []
        for sheaf in sheaves:
            lane, kind = sheaf.lane, sheaf.kind
            keys, numbers, data = _opened(sheaf)
            names += zip(keys, numbers, strict=True)
            size += sum(map(len, data))
            if size <= _IN_MEMORY:
                here += data
            else:
                places.append(scratch.put(data))
        order = sorted(range(len(names)), key=names.__getitem__)
        away = [place - len(here) for place in order if place >= len(here)]
        found = scratch.get(Whereabouts.concatenate(places).take(away))
        for place in order:
            text = here[place] if place < len(here) else next(found)
            yield Row(lane, kind, *names[place], text)


def numbered(sheaves: Iterable[Row]) -> Iterator[Row]:
    """Yield the articles that were shelved, lane by lane and by key, numbered in that order."""
    for lane, rows in groupby(sheaves, key=attrgetter("lane")):
        shares = (in_order(share) for _, share in groupby(rows, key=attrgetter("key")))
        for number, (_, kind, key, _, data) in enumerate(chain.from_iterable(shares)):
            yield Row(lane, kind, key, number, data)


def before_articles(rows: Iterable[Row], kinds: Collection[str]) -> tuple[list[Row], Iterator[Row]]:
    """Return the rows of some kinds, which come first, and the articles behind them, in order.

    Raises:
        RuntimeError: While the others are read, if one of those kinds comes after one: the
            engine has broken its promise, and what was decided is worth nothing.
    """
    iterator = iter(rows)
    before: list[Row] = []
    for row in iterator:
        if row.kind not in kinds:
            return before, numbered(_others(row, iterator, kinds))
        before.append(row)
    return before, iter(())


def _others(first: Row, others: Iterable[Row], kinds: Collection[str]) -> Iterator[Row]:
    yield first
    for row in others:
        if row.kind in kinds:
            msg = f"a row {row.kind!r} comes after the articles of its lane"
            raise RuntimeError(msg)
        yield row


def _sheaf(name: tuple[int, str, bytes], rows: Sequence[Row]) -> Row:
    columns = tuple(zip(*((row.key, row.number, row.data) for row in rows), strict=True))
    return Row(*name, len(rows), squeezed(pickle.dumps(columns, pickle.HIGHEST_PROTOCOL)))


def _opened(sheaf: Row) -> tuple[Sequence[bytes], Sequence[int], Sequence[bytes]]:
    """Return the keys, numbers and data of the rows in a sheaf."""
    keys, numbers, data = pickle.loads(unsqueezed(sheaf.data))  # noqa: S301 - written by a task of this run
    return keys, numbers, data
