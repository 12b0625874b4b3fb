# ruff: noqa: PTH109, PTH118, PTH120, S607
"""What git knows of a corpus. It is asked early, and works while the program loads.

A commit never changes. So of a corpus it is enough to remember a commit, and in what it was
not as that commit has it: git tells the difference from then on, and nobody looks at the rest.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dedupe_news.errors import PathError

__all__ = [
    "Difference",
    "GitError",
    "Repository",
    "Run",
    "State",
    "parse_difference",
    "parse_staged",
    "parse_tree",
    "repository",
]

Difference = Mapping[bytes, "tuple[State | None, State | None]"]
"""What a file is in a commit and what it is now, by path; None where it is not there."""

_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE")
"""What git tells a hook in a further worktree, and would take for a word on any other folder."""

_REGULAR = (b"100644", b"100755")
_ABSENT = b"000000"
_CONFLICT = b"U"
_DIFF = (
    *("diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-color"),
    "--ignore-submodules=dirty",
)
"""Not `diff-index`: of a file that was only touched, this one says that it is the same."""


class GitError(PathError):
    """Git was asked, and says no."""


class State(NamedTuple):
    """A file as git sees it.

    Attributes:
        object: Name of its content; empty when only the disk has it.
        regular: Whether it is a file at all, and no link to one.
    """

    object: str
    regular: bool = True


class Run(NamedTuple):
    """A question that git is working on."""

    process: "subprocess.Popen[bytes]"
    name: str

    def answer(self, given: bytes | None = None) -> bytes:
        """Wait for the answer, and return it.

        Args:
            given: What git reads before.

        Raises:
            GitError: If git says no.
        """
        out, told = self.process.communicate(given)
        if self.process.returncode:
            first = told.decode("utf-8", "replace").strip().partition("\n")[0]
            msg = f"git {self.name} failed: {first}"
            hint = "see what git status says, and check the name of the commit"
            raise GitError(msg, hint=hint)
        return out

    def end(self) -> None:
        """Let git go, whether it was heard out or not."""
        self.process.kill()
        self.process.communicate()


class Repository(NamedTuple):
    """A git repository, some of whose files are a corpus.

    Attributes:
        inner: Path from its root to the working folder; empty, or with `/` at its end.
        paths: The files and folders of the corpus, relative to the working folder.
    """

    inner: bytes
    paths: tuple[str, ...]

    def head(self) -> str:
        """Return the name of the present commit; empty if there is none yet."""
        run = _started("rev-parse", "--quiet", "--verify", "HEAD^{commit}")
        out, _ = run.process.communicate()
        return out.decode("ascii").strip()

    def compare(self, commit: str, *, staged: bool = False) -> Run:
        """Ask what is not as a commit has it: on the disk, or among what is staged."""
        cached = ("--cached",) if staged else ()
        return _started(*_DIFF, *cached, commit, "--", *self.paths)

    def tree(self, commit: str) -> Run:
        """Ask which files a commit has."""
        return _started("ls-tree", "-r", "-z", commit, "--", *self.paths)

    def staged(self) -> Run:
        """Ask which files are staged."""
        return _started("ls-files", "--stage", "-z", "--", *self.paths)

    def dirty(self) -> Run:
        """Ask which of these are not on the disk as they are staged."""
        return _started("diff-files", "--name-only", "-z", "--", *self.paths)

    def contents(self, names: Sequence[str]) -> list[bytes]:
        """Return contents by their names, as git keeps them.

        Raises:
            GitError: If git does not have one.
        """
        run = _started("cat-file", "--batch", takes_input=True)
        out = run.answer("".join(f"{name}\n" for name in names).encode("ascii"))
        return list(_cut(out, names))

    def check_out(self, paths: Sequence[bytes], folder: str) -> None:
        """Write what is staged of some paths to a folder, each under its path from the root.

        Raises:
            GitError: If one is not staged.
        """
        run = _started("checkout-index", "-z", "--stdin", f"--prefix={folder}/", takes_input=True)
        run.answer(b"".join(path + b"\0" for path in paths))

    def to_root(self, path: bytes) -> bytes:
        """Return a path from the working folder as one from the root."""
        return os.path.normpath(self.inner + path) if self.inner else path

    def from_root(self, path: bytes) -> bytes:
        """Return a path from the root as one from the working folder."""
        if path.startswith(self.inner):
            return path[len(self.inner) :]
        return os.path.relpath(path, self.inner)


def repository(paths: Sequence[str]) -> Repository | None:
    """Return the git repository that some paths are in; None if they are not in one.

    Args:
        paths: Files and folders, relative to the working folder, which is in it too.
    """
    here = os.path.realpath(os.getcwd())
    top = _top(here)
    if not top or any(_top(os.path.realpath(path)) != top for path in paths):
        return None
    inner = "" if here == top else f"{os.path.relpath(here, top)}/"
    return Repository(os.fsencode(inner), tuple(paths))


def parse_difference(data: bytes) -> Difference:
    """Return what `git diff --raw -z` tells, by path from the root."""
    fields = iter(data.split(b"\0"))
    found: dict[bytes, tuple[State | None, State | None]] = {}
    for head, path in zip(fields, fields, strict=False):  # after the last comes nothing
        old_mode, new_mode, old, new, status = head[1:].split(b" ")
        now = State("") if status == _CONFLICT else _state(new_mode, new)
        found[path] = _state(old_mode, old), now
    return found


def parse_tree(data: bytes) -> dict[bytes, State]:
    """Return what `git ls-tree -z` tells, by path from the working folder."""
    found = {}
    for line in data.split(b"\0")[:-1]:
        head, _, path = line.partition(b"\t")
        mode, _kind, name = head.split(b" ")
        found[path] = State(name.decode("ascii"), mode in _REGULAR)
    return found


def parse_staged(data: bytes) -> dict[bytes, State]:
    """Return what `git ls-files --stage -z` tells, by path from the working folder."""
    found: dict[bytes, State] = {}
    for line in data.split(b"\0")[:-1]:
        head, _, path = line.partition(b"\t")
        mode, name, _stage = head.split(b" ")
        known = "" if path in found else name.decode("ascii")  # twice there is in conflict
        found[path] = State(known, mode in _REGULAR)
    return found


def _state(mode: bytes, name: bytes) -> State | None:
    if mode == _ABSENT:
        return None
    return State(name.decode("ascii") if name.strip(b"0") else "", mode in _REGULAR)


def _cut(data: bytes, names: Sequence[str]) -> Iterator[bytes]:
    """Yield the contents in what `git cat-file --batch` tells."""
    start = 0
    for name in names:
        end = data.index(b"\n", start)
        size = data[start:end].rpartition(b" ")[2]
        if not size.isdigit():
            msg = f"git does not have the content {name}"
            raise GitError(msg, hint="fetch it, such as with git fetch --unshallow")
        start = end + 1 + int(size)
        yield data[end + 1 : start]
        start += 1


def _started(*words: str, takes_input: bool = False) -> Run:
    try:
        process = subprocess.Popen(  # noqa: S603 - a list of words, no shell
            ["git", "--literal-pathspecs", *words],
            stdin=subprocess.PIPE if takes_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if name not in _OF_A_HOOK},
        )
    except OSError as error:
        msg = f"git cannot be run: {error}"
        hint = "install git, or take the corpus out of the repository"
        raise PathError(msg, hint=hint) from None
    return Run(process, words[0])


def _top(path: str) -> str:
    """Return the root of the git repository that a path is in; empty if it is in none."""
    folder = os.path.realpath(path)
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder
