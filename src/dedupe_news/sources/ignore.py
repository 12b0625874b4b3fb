# ruff: noqa: PTH118, PTH120, PTH123
"""What a walk passes over: `.gitignore` files, and the patterns that the user gave."""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec  # slow to load, and there are no patterns mostly

__all__ = ["GitIgnores", "Selection", "is_pattern"]

_FILE = ".gitignore"


class GitIgnores(NamedTuple):
    """The `.gitignore` files that hold in a folder, the nearest first.

    Attributes:
        files: For each, its folder as an absolute path that ends in `/`, and its patterns.
    """

    files: "tuple[tuple[str, GitIgnoreSpec], ...]" = ()

    @classmethod
    def above(cls, folder: str) -> Self:
        """Return those of the folders above this one, up to the root of its git repository.

        A folder that they ignore was named by the user all the same: then they do not hold.

        Args:
            folder: An absolute path.
        """
        parents = list(_parents(folder))
        roots = [parent for parent in (folder, *parents) if os.path.lexists(f"{parent}/.git")]
        if not roots or roots[0] == folder:
            return cls()
        result = cls()
        for parent in reversed(parents[: parents.index(roots[0]) + 1]):
            result = result.inside(parent)
        return cls() if result.ignores(f"{folder}/") else result

    def inside(self, folder: str) -> Self:
        """Return these and the one in a folder, if it has one."""
        try:
            with open(
                os.path.join(folder, _FILE), encoding="utf-8", errors="surrogateescape"
            ) as file:
                text = file.read()
        except OSError:
            return self
        prefix = folder.rstrip("/") + "/"
        spec = _spec(text.splitlines())
        return type(self)(((prefix, spec), *self.files)) if spec else self

    def ignores(self, path: str) -> bool:
        """Return whether a path is ignored: the nearest file that names it decides.

        Args:
            path: Absolute; of a folder, with `/` at its end.
        """
        for prefix, spec in self.files:
            verdict = spec.check_file(path.removeprefix(prefix)).include
            if verdict is not None:
                return verdict
        return False


class Selection(NamedTuple):
    """The patterns that the user gave for what is read and what is not.

    A pattern is read as in a `.gitignore`, against the path as shown and against the path
    inside the folder that was named.
    """

    include: "GitIgnoreSpec | None"
    exclude: "GitIgnoreSpec | None"

    @classmethod
    def of(cls, include: Sequence[str], exclude: Sequence[str]) -> Self:
        """Return the selection by these patterns; without any, all is selected."""
        return cls(_spec(include), _spec(exclude))

    def __bool__(self) -> bool:
        return bool(self.include or self.exclude)

    def takes_folder(self, *paths: str) -> bool:
        """Return whether a folder, by its paths without `/` at the end, may be entered."""
        return not (self.exclude and any(self.exclude.match_file(f"{p}/") for p in paths))

    def takes_file(self, *paths: str) -> bool:
        """Return whether a file, by its paths, is to be read."""
        if self.exclude and any(map(self.exclude.match_file, paths)):
            return False
        return not self.include or any(map(self.include.match_file, paths))


def _parents(folder: str) -> Iterator[str]:
    while folder != os.path.dirname(folder):
        folder = os.path.dirname(folder)
        yield folder


def _spec(lines: Sequence[str]) -> "GitIgnoreSpec | None":
    """Return the patterns of these lines; as in git, a line that is no pattern counts not."""
    if not lines:
        return None
    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if is_pattern(line)])


def is_pattern(line: str) -> bool:
    """Return whether git would understand a line of a `.gitignore`."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
