"""From batches of input to articles that know their lane and their place in it."""

import pickle
import struct
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from math import isnan

import numpy as np

from dedupe_news.core.hashing import UInt64s
from dedupe_news.core.sketches import digests_of
from dedupe_news.core.text import words_of
from dedupe_news.corpus import without_words
from dedupe_news.engines.scratch import packed
from dedupe_news.engines.spark.course import Course
from dedupe_news.engines.spark.rows import Row
from dedupe_news.engines.spark.sheaves import loose
from dedupe_news.model import Article, Skipped
from dedupe_news.sources import Item

__all__ = [
    "DIGEST",
    "days_of",
    "digests_of_keys",
    "id_of",
    "item_rows",
    "twins",
    "unusable",
    "with_id",
]

DIGEST = 16
"""Bytes of a key that are equal for equal wordings; then follow the date and the id."""

_DAY = struct.Struct(">Q")
_ID = DIGEST + _DAY.size
_SIGN = 1 << 63
_HASH = 8  # bytes of the hash of an id


def item_rows(items: Iterable[Item], course: Course) -> Iterator[Row]:
    """Yield items as rows; an article that cannot be worked on becomes a skip that names it.

    Args:
        items: Articles, skips, and what was left out.
        course: How the run goes; knows the settings and the lanes only.

    Yields:
        Rows `article`, each with a row `id`, for a lane of all that have the same; rows `skipped`
        and `left-out`.
    """
    articles: list[Article] = []
    for item in items:
        if isinstance(item, Article):
            articles.append(item)
        else:
            kind = "skipped" if isinstance(item, Skipped) else "left-out"
            yield Row(0, kind, b"", 1, pickle.dumps(item))
    try:
        yield from _article_rows(articles, course)
    except Exception:  # noqa: BLE001 - one hostile article must not take the others down
        for article in articles:
            yield from _one_by_one(article, course)


def twins(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield a row if two articles seem to have the same id.

    Args:
        rows: Rows `id` of some lanes.
    """
    hashes = [row.number for row in loose(rows)]
    if found := len(hashes) - len(set(hashes)):
        yield Row(0, "twins", b"", found, b"")


def unusable(article: Article, error: Exception) -> Skipped:
    """Return the row for an article on which a task failed."""
    reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    hint = "look at the article; please report this, for it should not happen"
    return Skipped(article.id, "unusable", f"the article cannot be worked on: {reason}", hint)


def digests_of_keys(keys: Iterable[bytes]) -> UInt64s:
    """Return what tells wordings apart, given the keys of articles; shape (keys, 2), uint64."""
    joined = b"".join(key[:DIGEST] for key in keys)
    return np.frombuffer(joined, ">u8").astype(np.uint64).reshape(-1, 2)


def id_of(key: bytes) -> str:
    """Return the id in the key of an article."""
    return key[_ID : -1 - _DAY.size].decode()


def with_id(key: bytes, id_: str) -> bytes:
    """Return the key of an article under another id."""
    return key[:_ID] + id_.encode() + key[-1 - _DAY.size :]


def days_of(key: bytes) -> tuple[float, float]:
    """Return the first and last day in the key of an article; NaN when not known."""
    return _day(key[DIGEST:_ID]), _day(key[-_DAY.size :])


def _one_by_one(article: Article, course: Course) -> Iterator[Row]:
    try:
        yield from list(_article_rows([article], course))
    except Exception as error:  # noqa: BLE001 - it is named, and the others go on
        yield Row(0, "skipped", b"", 1, pickle.dumps(unusable(article, error)))


def _article_rows(articles: list[Article], course: Course) -> list[Row]:
    recipe = course.recipe
    words = words_of([recipe.matched(article) for article in articles], recipe.unit)
    digests = digests_of(words)
    days = course.scope.places(articles).days.tolist()
    lengths = words.lengths.tolist()
    rows = []
    columns = zip(articles, digests.tolist(), days, lengths, packed(articles), strict=True)
    for article, digest, (first, last), length, data in columns:
        if not length:
            rows.append(Row(0, "skipped", b"", 1, pickle.dumps(without_words(article))))
            continue
        key = b"".join(
            (
                struct.pack(">QQ", *digest),
                *(_ordered(first), article.id.encode(), b"\0", _ordered(last)),
            )
        )
        rows.append(Row(course.of_digest(digest[0]), "article", key, 0, data))
        id_ = int.from_bytes(blake2b(article.id.encode(), digest_size=_HASH).digest(), "little")
        rows.append(Row(id_ % course.lanes, "id", b"", id_, b""))
    return rows


def _ordered(day: float) -> bytes:
    """Return a day as bytes that sort as days do, unknown ones first."""
    if isnan(day):
        return _DAY.pack(0)
    bits = int(np.float64(day).view(np.uint64))
    return _DAY.pack(bits | _SIGN if bits < _SIGN else ~bits & (2**64 - 1))


def _day(data: bytes) -> float:
    (bits,) = _DAY.unpack(data)
    if not bits:
        return float("nan")
    value = bits & ~_SIGN if bits & _SIGN else ~bits & (2**64 - 1)
    return float(np.uint64(value).view(np.float64))
