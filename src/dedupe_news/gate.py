"""The gate: which articles in focus nearly repeat others.

Some articles are in focus, and the whole corpus is the other side. So a check that is cut
into several calls may tell a finding twice, but never loses one.
"""

import os
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from dedupe_news.core.columns import columns_of
from dedupe_news.core.hashing import UInt64s
from dedupe_news.corpus import Corpus, gather, loaded
from dedupe_news.errors import IndexLockedError, IndexUnusableError, PathError
from dedupe_news.families import copies_alone
from dedupe_news.finding import Findings, find
from dedupe_news.glance import glance
from dedupe_news.index.git import parse_difference, repository
from dedupe_news.index.listing import Listing
from dedupe_news.index.store import Store
from dedupe_news.index.tracked import Tracked
from dedupe_news.intake import digest_bytes
from dedupe_news.model import Article, Report
from dedupe_news.recipes import recipe_of, scope_of
from dedupe_news.reporting import report_on
from dedupe_news.sources.names import shown_path
from dedupe_news.sources.reading import batch_files, batches
from dedupe_news.stamp import opened, require_match, stamp_of
from dedupe_news.upkeep import Upkeep

__all__ = ["Examined", "Focus", "examine", "focus_since"]


class Focus(NamedTuple):
    """Which articles a check is about.

    Attributes:
        files: Paths of the files that hold them, as shown; None for all of the corpus.
        known: Digests of articles that are no news, in hexadecimal digits.
    """

    files: frozenset[str] | None = None
    known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Examined:
    """What was found about the articles in focus.

    Attributes:
        report: Its clusters are those that touch the focus.
        digests: Digest of each member of these clusters, by id.
        focus: Ids of the articles in focus; None for all of the corpus.
        wordings: Digests of the wordings that were looked at, shape (n, 2), uint64.
        notice: What the user should know of how it was found; mostly empty.
    """

    report: Report
    digests: Mapping[str, str]
    focus: frozenset[str] | None
    wordings: UInt64s
    notice: str = ""

    @cached_property
    def present(self) -> frozenset[str]:
        """The same digests, in hexadecimal digits."""
        return frozenset(map(_hexadecimal, self.wordings))


def examine(
    listing: Listing,
    focus: Focus,
    keeping: Upkeep,
    index: Path | None = None,
    store: Store | None = None,
) -> Examined:
    """Return the clusters that articles in focus form with the whole corpus.

    With an index that is there, it is brought up to date and used; the result is the same.

    Args:
        listing: The corpus.
        focus: Which articles it is about.
        keeping: How to read and compare.
        index: Where the index is, if there may be one.
        store: The same index, if it is open already.

    Raises:
        IndexUnusableError: If the index was made with other settings.
    """
    notice = ""
    if index is not None and index.exists():
        try:
            seen = _glanced(listing, focus, keeping, index, store)
            return seen or _kept(listing, focus, keeping, index)
        except (IndexLockedError, PermissionError) as error:
            notice = f"the index is not used: {error}"
    recipe, scope = recipe_of(keeping.settings), scope_of(keeping.settings)
    files = (listed.file() for listed in listing.files.values())
    pieces = batch_files([*files, *listing.notes], keeping.reading)
    parts = loaded(pieces, recipe, scope, keeping.engine)
    corpus = gather(parts, recipe, scope, keeping.engine)
    found = find(corpus, keeping.settings, keeping.progress)
    return replace(_reported(corpus, found, focus, keeping), notice=notice)


def focus_since(ref: str, paths: Sequence[str], keeping: Upkeep, *, staged: bool = False) -> Focus:
    """Return what is new since a commit: changed files, without the articles that were there.

    Args:
        ref: Any name of a commit of git.
        paths: The corpus.
        keeping: How to read.
        staged: Whether what is staged counts, rather than what is on the disk.

    Raises:
        PathError: If there is no such commit.
    """
    where = repository(paths)
    if where is None:
        msg = f"{', '.join(paths)} is not in one git repository"
        raise PathError(msg, hint="--since names a commit of git")
    changed = parse_difference(where.compare(ref, staged=staged).answer())
    before = {path: old.object for path, (old, _) in changed.items() if old and old.regular}
    held = dict(zip(before, where.contents([*before.values()]), strict=True))
    recipe = recipe_of(keeping.settings)
    texts = [recipe.matched(article) for article in _articles_in(held, keeping)]
    files = (shown_path(os.fsdecode(where.from_root(path))) for path in changed)
    return Focus(frozenset(files), frozenset(map(_hexadecimal, columns_of(texts, recipe).digests)))


def _glanced(
    listing: Listing, focus: Focus, keeping: Upkeep, index: Path, store: Store | None
) -> Examined | None:
    """Return what the index says without being brought up to date, if that is sure."""
    if focus.files is None or (isinstance(listing, Tracked) and listing.is_lost):
        return None
    try:
        if store is None:
            with opened(index, keeping) as fresh, fresh.reading():
                return _looked(listing, focus, focus.files, keeping, fresh)
        require_match(store, stamp_of(keeping.settings, keeping.reading))
        return _looked(listing, focus, focus.files, keeping, store)
    except IndexUnusableError:
        return None  # who brings it up to date mends it, or says why not


def _looked(
    listing: Listing, focus: Focus, files: frozenset[str], keeping: Upkeep, store: Store
) -> Examined | None:
    part = glance(store, listing.changes(store), listing.notes, files, keeping)
    if part is None:
        return None
    examined = _reported(part.corpus, part.found, focus, keeping)
    summary = examined.report.summary
    unique = part.articles - summary.clustered
    summary = replace(summary, articles=part.articles, unique=unique)
    return replace(examined, report=replace(examined.report, summary=summary))


def _kept(listing: Listing, focus: Focus, keeping: Upkeep, index: Path) -> Examined:
    """Return what the index says after it was brought up to date."""
    from dedupe_news.updating import upkept  # noqa: PLC0415 - a glance is enough, mostly

    with upkept(index, listing, keeping) as (_, state):
        return _reported(*state(), focus, keeping)


def _reported(corpus: Corpus, found: Findings, focus: Focus, keeping: Upkeep) -> Examined:
    """Return the report on the clusters that touch the focus."""
    ids = _ids(corpus, focus)
    report = report_on(
        found,
        corpus,
        keeping.settings,
        engine=keeping.engine,
        focus=ids,
        progress=keeping.progress,
    )
    members = {member.id for cluster in report.clusters for member in cluster.members}
    clustering = found.clustering
    digests = {
        corpus.ids[number]: _hexadecimal(corpus.columns.digests[rank])
        for ranks in chain(clustering.clusters, copies_alone(clustering, corpus))
        for rank in ranks
        for number in corpus.copies[rank].tolist()
        if corpus.ids[number] in members
    }
    report = replace(report, boilerplate=())  # of the whole corpus: no finding about the focus
    return Examined(report, digests, ids, corpus.columns.digests)


def _ids(corpus: Corpus, focus: Focus) -> frozenset[str] | None:
    """Return the ids of the articles in focus."""
    if focus.files is None:
        return None
    return frozenset(
        corpus.ids[number]
        for rank, numbers in enumerate(corpus.copies)
        for number in numbers.tolist()
        if _may_be_in(corpus.ids[number], focus.files)
        and corpus.shelf.get(number).path in focus.files
        and _hexadecimal(corpus.columns.digests[rank]) not in focus.known
    )


def _may_be_in(id_: str, files: Collection[str]) -> bool:
    """Whether an article of this id can come from one of some files."""
    if id_ in files:
        return True
    places = [place for place, sign in enumerate(id_) if sign in "#~"]
    return any(id_[:place] in files for place in places)


def _articles_in(contents: Mapping[bytes, bytes], keeping: Upkeep) -> Iterator[Article]:
    """Yield the articles that files held, given what was in them."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (path, data) in enumerate(contents.items()):
            place = Path(folder, str(number), os.fsdecode(path.rpartition(b"/")[2]))
            place.parent.mkdir()
            place.write_bytes(data)
        for batch in batches([folder], replace(keeping.reading, include=(), exclude=())):
            yield from (item for item in batch.load() if isinstance(item, Article))


def _hexadecimal(digest: UInt64s) -> str:
    return digest_bytes(digest).hex()
