"""Corpora in git of which an index is kept: only what has changed is looked at."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from dedupe_news.index.asking import Asked, Record, ask_git
from dedupe_news.index.git import GitError, Repository, State, parse_difference, parse_tree
from dedupe_news.index.listing import Changes, Listed, Listing, among, walked
from dedupe_news.index.rows import FileRow, FileRows
from dedupe_news.index.store import Store, readable
from dedupe_news.index.tracked import Rules, Tracked, left_out
from dedupe_news.model import LeftOut, Skipped
from dedupe_news.sources.names import shown_path
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.walk import require_paths

__all__ = ["Followed", "list_corpus", "look"]

_FAR_BEHIND = 1000  # files, from which on it is worth while to start from another commit


def list_corpus(
    paths: Sequence[str],
    options: ReadOptions,
    *,
    asked: Asked | None = None,
    rows: FileRows | None = None,
    record: Record | None = None,
    folder: str = "",
) -> Listing:
    """Return the files in some paths.

    Args:
        paths: Files and folders, relative to the working folder or absolute.
        options: What is left out.
        asked: What `ask_git` returned for these paths, if it was called already.
        rows: The files that an index knows.
        record: What it remembers of git.
        folder: An empty folder, for what is staged and not on the disk.

    Raises:
        PathError: If a path does not exist, or git does not work.
    """
    require_paths(paths)
    asked = asked or ask_git(paths)
    if asked is None:
        return walked(paths, options)
    corpus = Rules(asked.repository, tuple(paths), options, folder)
    if asked.of_all:
        return Tracked.heard(corpus, asked)
    followed = _followed(corpus, asked, rows, record)
    same = record is not None and record.scope == corpus.scope
    return followed or Tracked.heard(corpus, asked.again(), is_lost=same)


def look(
    stack: ExitStack,
    paths: Sequence[str],
    options: ReadOptions,
    index: Path | None = None,
    asked: Asked | None = None,
) -> tuple[Listing, Store | None]:
    """Return the files in some paths, and the index of them as it is, if it can be read.

    Args:
        stack: On its end the index is closed, git let go, and what was checked out is gone.
        paths: Files and folders, relative to the working folder or absolute.
        options: What is left out.
        index: The index, if there may be one: only what differs from it is looked at.
        asked: What `ask_git` returned, if it was called already.

    Raises:
        PathError: If a path does not exist, or git does not work.
    """
    store = readable(index, stack) if index else None
    record = Record.parse(store.blob("git")) if store else None
    if asked is None and (asked := ask_git(paths, record.commit if record else "")):
        stack.callback(asked.end)
    folder = stack.enter_context(TemporaryDirectory()) if asked and asked.staged else ""
    listing = list_corpus(paths, options, asked=asked, rows=store, record=record, folder=folder)
    return listing, store


class Followed:
    """A corpus in git of which an index is kept: only what has changed is looked at."""

    def __init__(
        self, corpus: Rules, asked: Asked, told: bytes, rows: FileRows, then: Record
    ) -> None:
        """Find out what has changed.

        Args:
            corpus: What belongs to the corpus.
            asked: Whom to ask for all files, if somebody needs them.
            told: In what the files are not as the commit of `then` has them.
            rows: The files that the index knows.
            then: What it remembers of git.

        Raises:
            KeyError: If that cannot be found out without a look at all files.
        """
        self._corpus = corpus
        self._asked = asked
        self._rows = rows
        self._serial = rows.serial
        self.record = Record(corpus.scope, then.commit, told).dump()
        self._states = states = _moves(corpus.repository, then.told, told)
        self.is_far_behind = len(states) > _FAR_BEHIND
        unsure = rows.unsure_files()
        looked = {path for path, (old, new) in states.items() if old != new or _on_disk(new)}
        looked |= self._unsure(unsure, states)
        self._changes = self._compared(looked, states)
        self.notes = self._noted(states)
        self.is_empty = rows.file_count + len(self._changes.fresh) == len(self._changes.gone)

    @property
    def files(self) -> Mapping[str, Listed]:
        """All files, by path as shown: git is asked for them."""
        return self.whole.files

    @cached_property
    def whole(self) -> Tracked:
        """The same corpus, all files of which are known."""
        return Tracked.heard(self._corpus, self._asked.again())

    def within(self, names: Sequence[str]) -> set[str]:
        """Return the paths of the files that are named, or are in folders that are."""
        paths = [shown_path(name) for name in names]
        found = {*self._rows.files_of(paths)}
        found |= self._rows.files_under({*paths} - found)
        fresh = among((listed.row.path for listed in self._changes.fresh), paths)
        return (found - {*self._changes.gone}) | fresh

    def changes(self, rows: FileRows) -> Changes:
        """Return which files have changed, come or gone since they were read."""
        if rows.serial == self._serial:
            return self._changes
        return self.whole.changes(rows)  # somebody has written to the index meanwhile

    def touched(self, rows: FileRows) -> set[str]:
        """Return the paths of files that differ from the commit, or from what was read."""
        names = {shown_path(os.fsdecode(path)) for path in self._states}
        there = rows.files_of(names).keys() - {*self.changes(rows).gone}
        return there | {listed.row.path for listed in self.changes(rows).fresh}

    def _unsure(
        self,
        unsure: Mapping[str, FileRow],
        states: dict[bytes, tuple[State | None, State | None]],
    ) -> set[bytes]:
        """Return the paths of files that git did not vouch for, whose states are known then."""
        shown = {shown_path(os.fsdecode(path)): path for path in states}
        lost = [path for path in unsure if path not in shown]
        if any("\\" in path for path in lost):
            raise KeyError(lost)  # it may stand for a sign that cannot be shown
        if lost:
            commit = Record.parse(self.record).commit
            repository = self._corpus.repository._replace(paths=tuple(lost))
            for path, state in parse_tree(repository.tree(commit).answer()).items():
                states[path] = state, state
                shown[shown_path(os.fsdecode(path))] = path
        return {shown.get(path, os.fsencode(path)) for path in unsure}

    def _compared(
        self, looked: set[bytes], states: Mapping[bytes, tuple[State | None, State | None]]
    ) -> Changes:
        staged = self._asked.staged
        names = {path: shown_path(os.fsdecode(path)) for path in sorted(looked)}
        known = self._rows.files_of(names.values())
        gone, fresh, apart = [], [], []
        for path, shown in names.items():
            state = states.get(path, (None, None))[1]
            listed, row = self._corpus.take(path, state, check_out=staged), known.get(shown)
            if listed and row and row.is_same(listed.row):
                continue
            gone += [shown] if row else []
            fresh += [listed] if listed else []
            apart += [path] if staged and listed and listed.row.object else []
        self._corpus.check_out(apart)
        return Changes(tuple(gone), tuple(fresh))

    def _noted(
        self, states: Mapping[bytes, tuple[State | None, State | None]]
    ) -> Sequence[Skipped | LeftOut]:
        """Return how many files are passed over, given how many were."""
        counts = Counter(self._rows.passed_over)
        for path, (old, new) in states.items():
            counts[self._corpus.reason(path, old)] -= 1
            counts[self._corpus.reason(path, new)] += 1
        return left_out(counts)


def _followed(
    corpus: Rules, asked: Asked, rows: FileRows | None, record: Record | None
) -> Followed | None:
    """Return the corpus as far as it has changed; None if all of it has to be looked at."""
    if rows is None or record is None:
        return None
    if (record.scope, record.commit) != (corpus.scope, asked.commit):
        return None
    try:
        return Followed(corpus, asked, asked.runs["now"].answer(), rows, record)
    except (GitError, KeyError):
        return None  # the commit may be gone


def _moves(
    repository: Repository, before: bytes, now: bytes
) -> dict[bytes, tuple[State | None, State | None]]:
    """Return what files were and what they are, given in what both differ from one commit."""
    here = repository.from_root
    old = {here(path): states for path, states in parse_difference(before).items()}
    new = {here(path): states for path, states in parse_difference(now).items()}
    return {
        path: (
            old[path][1] if path in old else new[path][0],
            new[path][1] if path in new else old[path][0],
        )
        for path in old.keys() | new.keys()
    }


def _on_disk(state: State | None) -> bool:
    """Whether only the disk has the content of a file."""
    return state is not None and not state.object
