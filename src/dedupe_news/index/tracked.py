"""Corpora that git tracks, all files of which are looked at.

A draft that nobody has added neither fails a check nor helps it. What counts is the file on
the disk; where what is staged is asked for, that counts, and it is read from git.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dedupe_news.index.asking import Asked, Record
from dedupe_news.index.git import Repository, State, parse_difference, parse_staged, parse_tree
from dedupe_news.index.listing import Changes, Listed, among, changes_between, stamped
from dedupe_news.index.rows import FileRow, FileRows
from dedupe_news.model import LeftOut, Skipped
from dedupe_news.sources.formats import format_of
from dedupe_news.sources.ignore import Selection
from dedupe_news.sources.names import shown_path
from dedupe_news.sources.options import ReadOptions

__all__ = ["Rules", "Tracked", "left_out"]


@dataclass(frozen=True)
class Rules:
    """What belongs to a corpus, and how its files are opened."""

    repository: Repository
    paths: tuple[str, ...]
    options: ReadOptions
    folder: str

    @property
    def scope(self) -> bytes:
        """Which files are meant, on one line."""
        return repr((self.paths, self.options.include, self.options.exclude)).encode()

    @cached_property
    def reason(self) -> Callable[[bytes, State | None], str]:
        """Tells why a file is passed over, as a walk would; empty if it is taken or not there."""
        selection = Selection.of(self.options.include, self.options.exclude)

        def reason(path: bytes, state: State | None) -> str:
            if state is None:
                return ""
            why = _reason(os.fsdecode(path), self.paths, selection)
            return why or ("" if state.regular else "other-format")

        return reason

    def take(self, path: bytes, state: State | None, *, check_out: bool = False) -> Listed | None:
        """Return a file, if it is one of the corpus.

        Args:
            path: From the working folder.
            state: What git says of it.
            check_out: Whether it is read from what `check_out` wrote.
        """
        if state is None or self.reason(path, state):
            return None
        name = os.fsdecode(path)
        shown = shown_path(name)
        if state.object:
            place = os.fsdecode(self.repository.to_root(path)) if check_out else ""
            opened = f"{self.folder}/{place}" if check_out else name
            return Listed(opened, FileRow(shown, -1, 0, state.object))
        return Listed(name, stamped(name, shown, "")) if os.path.lexists(name) else None

    def check_out(self, listed: Iterable[bytes]) -> None:
        """Write what is staged of some files where `take` expects it."""
        if paths := list(listed):
            self.repository.check_out(paths, self.folder)


class Tracked:
    """A corpus in git, all files of which are known."""

    def __init__(
        self,
        files: Mapping[str, Listed],
        notes: Sequence[Skipped | LeftOut],
        record: Record,
        *,
        is_lost: bool = False,
    ) -> None:
        """Take note of all files, by path as shown, and of what was passed over."""
        self.files = files
        self.notes = notes
        self.record = record.dump()
        self.is_lost = is_lost

    @classmethod
    def heard(cls, corpus: Rules, asked: Asked, *, is_lost: bool = False) -> "Tracked":
        """Return the corpus that git tells of.

        Args:
            corpus: What belongs to it.
            asked: The questions that were put.
            is_lost: Whether an index remembers what git has forgotten.

        Raises:
            GitError: If it says no.
        """
        answers = {name: run.answer() for name, run in asked.runs.items()}
        states = _states(asked, answers)
        apart = _apart(asked, answers) if asked.staged else set()
        counts: Counter[str] = Counter()
        files = {}
        for path, state in states.items():
            reason = corpus.reason(path, state)
            if reason:
                counts[reason] += 1
            elif listed := corpus.take(path, state, check_out=path in apart):
                files[listed.row.path] = listed
        corpus.check_out(path for path in sorted(apart) if path in states and states[path].object)
        told = answers.get("now", b"") if asked.commit else b""
        record = Record(corpus.scope, asked.commit, told)
        return cls(files, left_out(counts), record, is_lost=is_lost)

    @property
    def is_empty(self) -> bool:
        """Whether there is no file."""
        return not self.files

    def within(self, names: Sequence[str]) -> set[str]:
        """Return the paths of the files that are named, or are in folders that are."""
        return among(self.files, names)

    def changes(self, rows: FileRows) -> Changes:
        """Return which files have changed, come or gone since they were read."""
        return changes_between(rows.files(), self.files)

    def touched(self, rows: FileRows) -> set[str]:
        """Return the paths of files that have changed since they were read."""
        return {listed.row.path for listed in self.changes(rows).fresh}


def _states(asked: Asked, answers: Mapping[str, bytes]) -> dict[bytes, State]:
    """Return what git says of all files."""
    here = asked.repository.from_root
    if not asked.commit:
        states = parse_staged(answers["staged"])
        dirty = () if asked.staged else map(here, answers["dirty"].split(b"\0")[:-1])
        return states | {path: states[path]._replace(object="") for path in dirty}
    states = parse_tree(answers["tree"])
    for path, (_, now) in parse_difference(answers["now"]).items():
        if now is None:
            states.pop(here(path), None)
        else:
            states[here(path)] = now
    return states


def _apart(asked: Asked, answers: Mapping[str, bytes]) -> set[bytes]:
    """Return the paths of what is not on the disk as it is staged."""
    here = asked.repository.from_root
    if not asked.commit:
        return set(map(here, answers["dirty"].split(b"\0")[:-1]))
    disk, staged = (
        {path: now for path, (_, now) in parse_difference(answers[name]).items()}
        for name in ("disk", "now")
    )
    paths = disk.keys() | staged.keys()
    # what only the disk has as it is in the commit is not told of the disk
    return {here(path) for path in paths if disk.get(path, ...) != staged.get(path, ...)}


def left_out(counts: Counter[str]) -> tuple[LeftOut, ...]:
    """Return how many files were passed over, by reason; those taken are counted under none."""
    kept = {reason: count for reason, count in counts.items() if reason and count}
    return tuple(LeftOut(reason, count) for reason, count in sorted(kept.items()))


def _reason(path: str, paths: Iterable[str], selection: Selection) -> str:
    """Return why a file is passed over, as a walk would; empty if it is taken."""
    inner = _inner(path, paths)
    if not inner:
        return "" if selection.takes_file(path) else "excluded"  # it was named
    if inner.startswith(".") or "/." in inner:
        return "hidden"
    if not selection.takes_file(path, inner):
        return "excluded"
    return "" if format_of(path) else "other-format"


def _inner(path: str, paths: Iterable[str]) -> str:
    """Return a path inside the folder that was named; empty if the file itself was."""
    best = path
    for top in map(os.path.normpath, paths):
        if path == top:
            return ""
        if path.startswith(f"{top}/"):
            best = min(best, path[len(top) + 1 :], key=len)
    return best
