"""What git is asked of a corpus, and what an index remembers of its answers.

It is asked first of all, and works while the rest of the program loads.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from dedupe_news.index.git import Repository, Run, repository

__all__ = ["Asked", "Record", "ask_git", "remembered"]


class Record(NamedTuple):
    """What an index remembers of git.

    Attributes:
        scope: Which files were meant.
        commit: A commit; empty if there was none.
        told: In what they were not as that commit has them, as git told it.
    """

    scope: bytes
    commit: str
    told: bytes

    @classmethod
    def parse(cls, data: bytes) -> "Record":
        """Return what `dump` made bytes of; of none, a record of nothing."""
        scope, _, rest = data.partition(b"\n")
        commit, _, told = rest.partition(b"\n")
        return cls(scope, commit.decode("ascii"), told)

    def dump(self) -> bytes:
        """Return the record as bytes."""
        return b"\n".join((self.scope, self.commit.encode("ascii"), self.told))


class Asked(NamedTuple):
    """Questions that git is working on.

    Attributes:
        repository: Where.
        commit: What the answers are compared with; empty if there is no commit yet.
        runs: The questions, by name.
        staged: Whether what is staged counts, rather than what is on the disk.
    """

    repository: Repository
    commit: str
    runs: Mapping[str, Run]
    staged: bool = False

    @property
    def of_all(self) -> bool:
        """Whether all files were asked for, and not only the difference."""
        return len(self.runs) > 1

    def again(self) -> "Asked":
        """Ask for all files, whatever was asked before."""
        self.end()
        return _asked(self.repository, "", staged=self.staged)

    def end(self) -> None:
        """Let git go, whether it was heard out or not."""
        for run in self.runs.values():
            run.end()


def remembered(index: Path) -> str:
    """Return the commit that an index remembers; empty if there is none, whatever the reason."""
    if not index.is_file():
        return ""
    try:
        with closing(sqlite3.connect(f"{index.absolute().as_uri()}?mode=rw", uri=True)) as opened:
            rows = opened.execute("SELECT data FROM blob WHERE name = 'git'").fetchall()
    except sqlite3.Error:
        return ""
    return Record.parse(rows[0][0]).commit if rows else ""


def ask_git(paths: Sequence[str], commit: str = "", *, staged: bool = False) -> Asked | None:
    """Ask git for the files in some paths; None if these are not in one repository.

    Args:
        paths: Files and folders, in the repository of the working folder.
        commit: One that an index remembers, to ask for the difference to it alone.
        staged: Whether what is staged counts, rather than what is on the disk.

    Raises:
        PathError: If git is not there.
    """
    found = repository(paths)
    return _asked(found, commit, staged=staged) if found else None


def _asked(found: Repository, commit: str, *, staged: bool) -> Asked:
    if commit:
        return Asked(found, commit, {"now": found.compare(commit, staged=staged)}, staged)
    commit = found.head()
    if not commit:
        return Asked(found, "", {"staged": found.staged(), "dirty": found.dirty()}, staged)
    runs = {"tree": found.tree(commit), "now": found.compare(commit, staged=staged)}
    if staged:
        runs["disk"] = found.compare(commit)
    return Asked(found, commit, runs, staged)
