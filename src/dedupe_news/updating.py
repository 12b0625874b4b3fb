"""Keeping an index: made once, then brought up to date with what has changed.

What is remembered always comes from the same stages as a scan: an update reads the changed
files and lets the stages run on the numbers of all. The result is that of a fresh scan.

An index gets its name when it is whole. So one that was killed while it was made is not there,
and one that is made anew serves until its successor takes its place.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dedupe_news.core.ragged import Ragged
from dedupe_news.derived import Derived, load_derived, save_derived
from dedupe_news.engines.local import Serial
from dedupe_news.errors import IndexUnusableError
from dedupe_news.finding import Findings, find
from dedupe_news.index.database import is_damage
from dedupe_news.index.followed import Followed
from dedupe_news.index.listing import Changes, Listing
from dedupe_news.index.lock import locked
from dedupe_news.index.store import Store
from dedupe_news.intake import sorted_skips
from dedupe_news.model import LeftOut, Skipped
from dedupe_news.recall import Recalled, recall
from dedupe_news.recipes import recipe_of, scope_of
from dedupe_news.settings import Settings
from dedupe_news.stamp import require_match, stamp_of
from dedupe_news.storing import Intake
from dedupe_news.upkeep import Upkeep

__all__ = ["Kept", "bring_up_to_date", "make_anew", "recalled", "upkept"]

_SUFFIX = ".sqlite"  # only a file with this may be replaced because there is no sense in it

State = tuple[Recalled, Findings]


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done to an index.

    Attributes:
        changes: What was read again and what was forgotten.
        articles: How many it holds now.
        skipped: What of the corpus took no part, by id.
    """

    changes: Changes
    articles: int
    skipped: tuple[Skipped, ...]


def bring_up_to_date(path: Path, listing: Listing, keeping: Upkeep) -> Kept:
    """Make an index say what the corpus says now, and return what was done.

    It is made if it is not there, and made anew if the file is damaged: everything in it can
    be read again.

    Args:
        path: The index.
        listing: The corpus as it is now.
        keeping: How it is kept.

    Raises:
        IndexLockedError: If another process writes to it.
        IndexUnusableError: If it was made in another way, or the disk is full.
    """
    with upkept(path, listing, keeping) as (kept, _):
        return kept


@contextlib.contextmanager
def upkept(
    path: Path, listing: Listing, keeping: Upkeep
) -> Iterator[tuple[Kept, Callable[[], State]]]:
    """Do what `bring_up_to_date` does; yield that, and what tells what the index comes to.

    Args:
        path: The index.
        listing: The corpus as it is now.
        keeping: How it is kept.

    Raises:
        IndexLockedError: If another process writes to it.
        IndexUnusableError: If it was made in another way, or the disk is full.
    """
    with _ours(path, keeping), contextlib.ExitStack() as stack:
        done = None if _is_empty(path) else _mended(path, listing, keeping, stack)
        yield done or _built(path, listing, keeping, stack)


def make_anew(path: Path, listing: Listing, keeping: Upkeep) -> Kept:
    """Make an index from the corpus alone, whatever index there is in its place.

    Args:
        path: The index.
        listing: The corpus as it is now.
        keeping: How it is kept.

    Raises:
        IndexLockedError: If another process writes to it.
        IndexUnusableError: If what is there is somebody else's.
    """
    with _ours(path, keeping), contextlib.ExitStack() as stack:
        if not _is_empty(path):
            _require_index(path)
        return _built(path, listing, keeping, stack)[0]


def recalled(store: Store, listing: Listing, settings: Settings) -> State:
    """Return the corpus and the findings that are remembered, without reading a file.

    Args:
        store: An index that is up to date.
        listing: The corpus as it is now.
        settings: What the index was made with.
    """
    recipe = recipe_of(settings)
    notes = [*listing.notes, *store.notes()]
    derived, fresh = load_derived(store, recipe), Derived.nothing(recipe).columns
    corpus = recall(store, notes, derived, fresh, recipe, scope_of(settings), Serial())
    return corpus, find(corpus, settings)


@contextlib.contextmanager
def _ours(path: Path, keeping: Upkeep) -> Iterator[None]:
    """Hold the lock of an index, in a folder that git passes over."""
    new = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    if new:
        (path.parent / ".gitignore").write_text("*\n", "utf-8")
    with locked(path.with_name(f"{path.name}.lock"), keeping.patience):
        yield


def _is_empty(path: Path) -> bool:
    return not path.exists() or path.stat().st_size == 0


def _require_index(path: Path) -> None:
    """Check that what is to be replaced is an index, or the ruins of one.

    Raises:
        IndexUnusableError: If it is not.
    """
    try:
        with Store(path) as store:
            require_match(store, store.stamp)
    except IndexUnusableError as error:
        _require_ruins(path, error)


def _mended(
    path: Path, listing: Listing, keeping: Upkeep, stack: contextlib.ExitStack
) -> tuple[Kept, Callable[[], State]] | None:
    """Bring an index up to date that is there; return None if it is in ruins."""
    try:
        return _updated(path, listing, keeping, stack)
    except IndexUnusableError as error:
        _require_ruins(path, error)
        stack.close()
        return None


def _require_ruins(path: Path, error: IndexUnusableError) -> None:
    """Check that a file may be replaced, given why it cannot be used.

    Raises:
        IndexUnusableError: If it is no ruined index, as far as one can tell.
    """
    if not is_damage(error):
        raise error
    if path.suffix != _SUFFIX:
        hint = f"name a file that ends with {_SUFFIX}: no other one is ever replaced"
        raise IndexUnusableError(str(error), hint=hint) from error


def _updated(
    path: Path, listing: Listing, keeping: Upkeep, stack: contextlib.ExitStack
) -> tuple[Kept, Callable[[], State]]:
    store = stack.enter_context(Store(path, writes=True))
    require_match(store, stamp_of(keeping.settings, keeping.reading))
    if isinstance(listing, Followed) and listing.is_far_behind:
        listing = listing.whole
    changes = listing.changes(store)
    if not changes:
        if listing.record != store.blob("git"):
            with store.writing():
                _note(store, listing)
        return _kept(store, changes, listing), partial(recalled, store, listing, keeping.settings)
    with store.writing():
        intake = Intake(store, keeping.settings, keeping.reading)
        store.drop_files(changes.gone)
        intake.take(changes.fresh, keeping.engine, keeping.progress)
        derived = load_derived(store, recipe_of(keeping.settings))
        state = _worked_out(store, intake, derived, listing, keeping)
    store.tidy()
    return _kept(store, changes, listing), lambda: state


def _built(
    path: Path, listing: Listing, keeping: Upkeep, stack: contextlib.ExitStack
) -> tuple[Kept, Callable[[], State]]:
    """Make an index beside the place where it will be, and then put it there."""
    half = path.with_name(f"{path.name}.part")
    half.unlink(missing_ok=True)
    changes = Changes((), tuple(listing.files.values()))
    try:
        store = stack.enter_context(Store(half, fresh=True))
        with store.writing():
            intake = Intake(store, keeping.settings, keeping.reading)
            stamp = stamp_of(keeping.settings, keeping.reading)
            intake.begin(stamp, changes.fresh, keeping.engine, keeping.progress)
            nothing = Derived.nothing(recipe_of(keeping.settings))
            state = _worked_out(store, intake, nothing, listing, keeping)
        store.finish()
        _remove(path)
        half.replace(path)
    except BaseException:
        stack.close()
        half.unlink(missing_ok=True)
        raise
    store.reopen(path)
    return _kept(store, changes, listing), lambda: state


def _worked_out(
    store: Store, intake: Intake, derived: Derived, listing: Listing, keeping: Upkeep
) -> State:
    """Let the stages run over all, write down what they find, and return it."""
    settings = keeping.settings
    notes = [*listing.notes, *store.notes()]
    recipe, scope = recipe_of(settings), scope_of(settings)
    corpus = recall(store, notes, derived, intake.columns(), recipe, scope, keeping.engine)
    found = find(corpus, settings, keeping.progress)
    copies = Ragged(corpus.numbers[corpus.copies.values], corpus.copies.offsets)
    save_derived(store, corpus.columns, copies, found, corpus.compared)
    told_apart = "yes" if corpus.is_told_apart else "no"
    store.note_facts({"told-apart": told_apart, **{n: str(c) for n, c in store.count().items()}})
    _note(store, listing)
    return corpus, found


def _note(store: Store, listing: Listing) -> None:
    """Write down what was asked of git, and that the index is another one now."""
    store.put_blob("git", listing.record)
    passed_over = {note.reason: note.count for note in listing.notes if isinstance(note, LeftOut)}
    facts = {"passed-over": json.dumps(passed_over, sort_keys=True), "serial": os.urandom(8).hex()}
    store.note_facts(facts)


def _kept(store: Store, changes: Changes, listing: Listing) -> Kept:
    skipped = sorted_skips([*listing.notes, *store.notes()])
    return Kept(changes, int(store.facts["articles"]), skipped)


def _remove(path: Path) -> None:
    for suffix in ("-wal", "-shm", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
