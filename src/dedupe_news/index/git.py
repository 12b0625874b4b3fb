# ruff: noqa: PTH109, PTH118, PTH120, S607
"""What git knows of a corpus. It is asked early, and works while the program loads."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from dedupe_news.errors import PathError

__all__ = ["GitRuns", "ask_git", "run_git"]


@dataclass(frozen=True, slots=True)
class GitRuns:
    """Two questions that git is working on."""

    tracked: "subprocess.Popen[bytes]"
    changed: "subprocess.Popen[bytes]"

    def listing(self) -> bytes:
        """Return what is tracked: mode, name of the content and stage, a tab and the path."""
        return _answer(self.tracked, "ls-files")

    def dirty(self) -> list[bytes]:
        """Return the paths that are not on the disk as git has them."""
        return [name for name in _answer(self.changed, "diff-files").split(b"\0") if name]

    def end(self) -> None:
        """Let git go, whether it was heard out or not."""
        for run in (self.tracked, self.changed):
            run.kill()
            run.communicate()


def ask_git(paths: Sequence[str]) -> GitRuns | None:
    """Ask git for the files in some paths; None if these are not in one repository.

    Args:
        paths: Files and folders, in the repository of the working folder.

    Raises:
        PathError: If git is not there.
    """
    top = _top(os.getcwd())
    if not top or any(_top(os.path.realpath(path)) != top for path in paths):
        return None
    return GitRuns(
        _started("ls-files", "--stage", "-z", "--", *paths),
        _started("diff-files", "--name-only", "--relative", "-z", "--", *paths),
    )


def run_git(*words: str) -> bytes:
    """Return what git prints.

    Raises:
        PathError: If git is not there, or says no.
    """
    return _answer(_started(*words), words[0])


def _started(*words: str) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 - a list of words, no shell
            ["git", "--literal-pathspecs", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        msg = f"git cannot be run: {error}"
        hint = "install git, or take the corpus out of the repository"
        raise PathError(msg, hint=hint) from None


def _answer(run: "subprocess.Popen[bytes]", name: str) -> bytes:
    out, told = run.communicate()
    if run.returncode:
        first = told.decode("utf-8", "replace").strip().partition("\n")[0]
        msg = f"git {name} failed: {first}"
        raise PathError(msg, hint="see what git status says, and check the name of the commit")
    return out


def _top(path: str) -> str:
    """Return the root of the git repository that a path is in; empty if it is in none."""
    folder = os.path.realpath(path)
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder
