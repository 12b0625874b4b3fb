"""Keeping an index: made once, then brought up to date with what has changed.

What is remembered always comes from the same stages as a scan: an update reads the changed
files and lets the stages run on the numbers of all. The result is that of a fresh scan.
"""

import contextlib
import json
import os
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib import metadata
from pathlib import Path

from dedupe_news.core.columns import Columns, Recipe
from dedupe_news.core.sketches import Bands, digests_of
from dedupe_news.core.text import words_of
from dedupe_news.engines.local import Engine
from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.listing import Listed, Listing, Tracked
from dedupe_news.index.lock import locked
from dedupe_news.index.store import SCHEMA_VERSION, FileRow, Store, is_damage
from dedupe_news.intake import FILES_AT_ONCE, cut_listed, read_portion
from dedupe_news.model import LeftOut, Skipped
from dedupe_news.pipeline import Findings, Progress, find, recipe_of, scope_of, silent
from dedupe_news.recall import (
    Derived,
    Recalled,
    digest_bytes,
    load_derived,
    recall,
    save_derived,
)
from dedupe_news.settings import Settings
from dedupe_news.sources import ReadOptions
from dedupe_news.sources.names import shown_path

__all__ = [
    "Changes",
    "Kept",
    "Upkeep",
    "bring_up_to_date",
    "changes_of",
    "make_anew",
    "notes_of",
    "opened",
    "recalled",
    "require_match",
    "stamp_of",
    "upkept",
]

_SAMPLE = ("Straße co-op 1,000.50 x",)  # its hashes tell whether words are made as they were
_FACTS = (
    "finished",
    "articles",
    "told-apart",
    "passed-over",
)  # of the stamp, that tell nothing of how it was made
_NOT_MATCHING = ("keep", "diff")  # settings that shape a report and not what is remembered

State = tuple[Recalled, Findings]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is not as it was when the index was written.

    Attributes:
        gone: Numbers of files that are gone, or are to be read again.
        fresh: Files to be read.
    """

    gone: tuple[int, ...]
    fresh: tuple[Listed, ...]

    def __len__(self) -> int:
        return len(self.gone) + len(self.fresh)


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


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How an index is kept.

    Attributes:
        settings: What is looked for.
        reading: How files are read.
        engine: Where the work is done.
        progress: Called now and then with what has been done.
        patience: How many seconds to wait for another writer.
    """

    settings: Settings
    reading: ReadOptions
    engine: Engine
    progress: Progress = silent
    patience: float = 30.0


def opened(path: Path, keeping: Upkeep) -> Store:
    """Return an index that is there, whole, and made as is asked for.

    Raises:
        IndexUnusableError: If it is not.
    """
    store = Store(path)
    try:
        require_match(store, stamp_of(keeping.settings, keeping.reading))
        _require_finished(store)
    except IndexUnusableError:
        store.close()
        raise
    return store


def bring_up_to_date(path: Path, listing: Listing, keeping: Upkeep) -> Kept:
    """Make an index say what the corpus says now, and return what was done.

    It is made if it is not there, finished if a build was interrupted, and made anew if the
    file is damaged: everything in it can be read again.

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
        try:
            found = _brought_up_to_date(path, listing, keeping, stack)
        except IndexUnusableError as error:
            if not is_damage(error):
                raise
            stack.close()
            _remove(path)
            found = _brought_up_to_date(path, listing, keeping, stack)
        yield found


def make_anew(path: Path, listing: Listing, keeping: Upkeep) -> Kept:
    """Make an index from the corpus alone, whatever there is in its place.

    Args:
        path: The index.
        listing: The corpus as it is now.
        keeping: How it is kept.

    Raises:
        IndexLockedError: If another process writes to it.
    """
    with _ours(path, keeping), contextlib.ExitStack() as stack:
        _remove(path)
        return _brought_up_to_date(path, listing, keeping, stack)[0]


def changes_of(store: Store, listing: Listing) -> Changes:
    """Return which files have changed, come or gone since the index was written."""
    if isinstance(listing, Tracked):
        names, unsure = listing.changed_names(store.raw_listing()), store.unsure_files()
        as_shown = not any("\\" in row.path for row in unsure.values())  # may stand for a byte
        if names is not None and as_shown:
            return _changes_among(store, listing, names, unsure)
    known = {row.path: (number, row) for number, row in store.files().items()}
    same = {
        path
        for path, listed in listing.files.items()
        if path in known and known[path][1].is_same(listed.row)
    }
    return Changes(
        tuple(number for path, (number, _) in known.items() if path not in same),
        tuple(listed for path, listed in listing.files.items() if path not in same),
    )


def _changes_among(
    store: Store, listing: Tracked, names: Collection[bytes], unsure: Mapping[int, FileRow]
) -> Changes:
    """Return which of some paths, and of files that git did not vouch for, have changed."""
    all_names = sorted({*names, *(os.fsencode(row.path) for row in unsure.values())})
    known = {row.path: (number, row) for number, row in unsure.items()}
    known |= store.files_of(shown_path(os.fsdecode(name)) for name in all_names)
    gone, fresh = [], []
    for name in all_names:
        listed = listing.one(name)
        number, row = known.get(shown_path(os.fsdecode(name)), (0, None))
        if listed and row and row.is_same(listed.row):
            continue
        gone += [number] if row else []
        fresh += [listed] if listed else []
    return Changes(tuple(gone), tuple(fresh))


def notes_of(store: Store, listing: Listing) -> Sequence[Skipped | LeftOut]:
    """Return what was passed over on the way to the corpus, without a look at all of it."""
    if not isinstance(listing, Tracked):
        return listing.notes
    before = json.loads(store.stamp["passed-over"])
    notes = [LeftOut(reason, count) for reason, count in before.items()]
    return listing.notes_since(store.raw_listing(), notes)


def recalled(store: Store, listing: Listing, settings: Settings) -> State:
    """Return the corpus and the findings that are remembered, without reading a file.

    Args:
        store: An index that is up to date.
        listing: The corpus as it is now.
        settings: What the index was made with.
    """
    recipe, scope = recipe_of(settings), scope_of(settings)
    fresh = _no_columns(recipe)
    notes = [*listing.notes, *store.notes()]
    derived = load_derived(store)
    corpus = recall(store, store.articles(), notes, derived, fresh, recipe, scope)
    return corpus, find(corpus, settings)


def stamp_of(settings: Settings, reading: ReadOptions) -> dict[str, str]:
    """Return what must be equal of an index and of the run that uses it, in plain words."""
    values = {name: value for name, value in asdict(settings).items() if name not in _NOT_MATCHING}
    stamp = {name.replace("_", "-"): _plain(value) for name, value in values.items()}
    stamp |= {f"field {name}": key for name, key in reading.fields.items()}
    words = words_of(_SAMPLE)
    return stamp | {
        "encoding": reading.encoding,
        "schema": str(SCHEMA_VERSION),
        "tool": _version(),
        "minhash": "affine32",
        "tokenizer": f"{unicodedata.unidata_version} {digest_bytes(digests_of(words)[0]).hex()}",
    }


def require_match(store: Store, stamp: dict[str, str]) -> None:
    """Check that an index was made as is asked for now.

    Raises:
        IndexUnusableError: Naming what differs, and what each side says.
    """
    made = {name: value for name, value in store.stamp.items() if name not in _FACTS}
    for name in sorted({*made, *stamp} if made else ()):
        was, wanted = made.get(name, ""), stamp.get(name, "")
        if was != wanted:
            was, wanted = was or "none", wanted or "none"
            msg = f"{store.path} was made with {name} {was}, and this run has {wanted}"
            hint = f"dedupe-news index rebuild makes it anew; or go back to {name} {was}"
            raise IndexUnusableError(msg, hint=hint)


def _require_finished(store: Store) -> None:
    if not store.finished:
        msg = f"{store.path} is unfinished: the build was interrupted"
        raise IndexUnusableError(msg, hint="dedupe-news index update finishes it")


@contextlib.contextmanager
def _ours(path: Path, keeping: Upkeep) -> Iterator[None]:
    """Hold the lock of an index, in a folder that git passes over."""
    new = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    if new:
        (path.parent / ".gitignore").write_text("*\n", "utf-8")
    with locked(path.with_name(f"{path.name}.lock"), keeping.patience):
        yield


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _brought_up_to_date(
    path: Path, listing: Listing, keeping: Upkeep, stack: contextlib.ExitStack
) -> tuple[Kept, Callable[[], State]]:
    store = stack.enter_context(Store(path, fresh=True))
    stamp = stamp_of(keeping.settings, keeping.reading)
    require_match(store, stamp)
    if not store.stamp:
        with store.writing():
            store.clear(stamp)
    changes = changes_of(store, listing)
    if store.finished and not changes:
        return _kept(store, changes, listing), partial(recalled, store, listing, keeping.settings)
    fresh = _Fresh(store, keeping)
    if store.finished:
        with store.writing():
            fresh.take(changes)
            state = fresh.work_out(listing)
    else:
        for portion in _portions(changes):
            with store.writing():
                fresh.take(portion)
        with store.writing():
            state = fresh.work_out(listing)
    store.tidy()
    return _kept(store, changes, listing), lambda: state


def _kept(store: Store, changes: Changes, listing: Listing) -> Kept:
    notes = [note for note in (*listing.notes, *store.notes()) if isinstance(note, Skipped)]
    skipped = tuple(sorted(notes, key=lambda skip: (skip.id, skip.code, skip.message)))
    return Kept(changes, store.counts()["articles"], skipped)


def _portions(changes: Changes) -> Iterator[Changes]:
    """Yield changes in portions, each of which is written down by itself."""
    yield Changes(changes.gone, ())
    step = FILES_AT_ONCE * 8
    for start in range(0, len(changes.fresh), step):
        yield Changes((), changes.fresh[start : start + step])


class _Fresh:
    """What is read in one run, on its way into the index."""

    def __init__(self, store: Store, keeping: Upkeep) -> None:
        self._store = store
        self._keeping = keeping
        self._recipe = recipe_of(keeping.settings)
        self._columns: list[Columns] = []
        self._read = 0

    def take(self, changes: Changes) -> None:
        """Forget what is gone, and read what is new."""
        store = self._store
        store.drop_files(changes.gone)
        work = partial(read_portion, recipe=self._recipe)
        files: dict[str, int] = {}
        notes: defaultdict[int, list[Skipped | LeftOut]] = defaultdict(list)
        portions = cut_listed(changes.fresh, self._keeping.reading)
        for read in self._keeping.engine.map(work, portions):
            self._read += read.size
            self._keeping.progress("read", self._read, None)
            self._columns.append(read.columns)
            store.learn([article for _, told in read.files for article, _, _ in told])
            for row, articles in read.files:
                if row.path not in files:
                    files[row.path] = store.add_file(row)
                number = files[row.path]
                store.add_articles(number, articles)
                notes[number] += row.notes
        for number, told in notes.items():
            store.note_file(number, told)

    def work_out(self, listing: Listing) -> State:
        """Let the stages run over all, write down what they find, and return it."""
        store, settings = self._store, self._keeping.settings
        scope = scope_of(settings)
        derived = load_derived(store) if store.finished else Derived.nothing(self._recipe)
        bands = Bands.leaning_to_recall(self._recipe.num_perm).bands
        fresh = Columns.concatenate(self._columns, bands)
        notes = [*listing.notes, *store.notes()]
        rows = store.articles()
        corpus = recall(store, rows, notes, derived, fresh, self._recipe, scope)
        found = find(corpus, settings, self._keeping.progress)
        save_derived(store, corpus, found)
        store.put_raw_listing(listing.raw if isinstance(listing, Tracked) else b"")
        told_apart = "yes" if corpus.ids != [row.id for row in rows] else "no"
        passed_over = {
            note.reason: note.count for note in listing.notes if isinstance(note, LeftOut)
        }
        store.note({"passed-over": json.dumps(passed_over, sort_keys=True)})
        facts = {"articles": str(len(rows)), "told-apart": told_apart, "finished": "yes"}
        store.note(facts)
        return corpus, found


def _no_columns(recipe: Recipe) -> Columns:
    return Columns.concatenate([], Bands.leaning_to_recall(recipe.num_perm).bands)


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def _version() -> str:
    try:
        return metadata.version("dedupe-news")
    except metadata.PackageNotFoundError:
        return "0"
