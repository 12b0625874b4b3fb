"""Who may import whom, and who may talk to the world: read from the source, never from memory."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "dedupe_news"

LAYERS = (
    {"__main__"},
    {"cli"},
    {"__init__"},
    {"judgement", "query"},
    {"gate", "keeping"},
    {"glance"},
    {"engines.spark"},
    {"newcomers", "updating"},
    {"evidence", "storing"},
    {"stamp", "wordings", "recall"},
    {"derived", "intake", "upkeep"},
    {"pipeline"},
    {"reporting"},
    {"families", "finding"},
    {"corpus", "replay"},
    {"looks", "recipes"},
    {"sources", "engines", "index", "baseline", "render"},
    {"core"},
    {"model", "settings", "errors", "garbage", "paragraphs", "version"},
)
"""Top to bottom; a unit imports from the layers below it and from nothing else."""

NEIGHBOURS = {
    "model": {"paragraphs"},  # an article made from one text must be cut like any other
    "settings": {"errors"},  # a setting out of range says what to type next
    "engines": {"sources"},  # the process that works on a batch also loads it
    "index": {"sources"},  # what is remembered of a file must be known by what reads it
}
"""Imports within a layer that are meant."""

GROUND = {"among", "hashing", "kernel", "ragged"}
"""Arithmetic, arrays and compiled loops, which every stage of core may use."""

CORE = {
    "hashing": set(),
    "kernel": set(),
    "ragged": set(),
    "among": set(),
    "dates": set(),
    # texts to numbers
    "signs": set(),
    "spans": {"signs"},
    "alphabets": {"signs", "spans"},
    "text": {"alphabets", "signs", "spans"},
    "shingles": set(),
    "sketches": set(),
    "columns": {"shingles", "sketches", "text"},
    # numbers to clusters
    "scope": {"dates"},
    "holders": set(),
    "pair_counts": {"holders"},
    "candidates": {"pair_counts", "sketches"},
    "components": set(),
    "verify": set(),
    "shared_words": {"shingles", "verify"},
    "doubts": {"components", "shared_words", "verify"},
    "suspects": {"components", "holders", "pair_counts", "verify"},
    "boilerplate": {"holders", "shingles", "suspects"},
    "furniture": {"shingles"},
    "acquaintance": {"verify"},
    "growth": {"acquaintance", "verify"},
    "clusters": {"acquaintance", "components", "growth", "verify"},
    # two articles side by side
    "reading": {"signs", "text"},
    "word_diff": set(),
    "numbers": {"reading", "word_diff"},
    "word_runs": {"numbers", "reading", "word_diff"},
    "equals": {"reading"},
    "likeness_in_bulk": {"equals", "reading", "shingles"},
    "likeness": {"equals", "likeness_in_bulk", "reading"},
    "pairs": {"equals", "likeness", "reading", "word_diff"},
    "pairing": {"equals", "pairs", "reading", "word_diff"},
    "alignment": {"numbers", "pairing", "pairs", "reading", "word_diff", "word_runs"},
    # a cluster as a reader sees it
    "bases": {"dates"},
    "relations": {"dates", "text"},
    "wording": {"furniture", "shingles", "text"},
    "crowds": {"bases"},
    "vias": {"crowds"},
    "insight": {"shared_words", "verify", "wording"},
    "facts": {"columns", "crowds", "shared_words", "sketches", "verify", "wording"},
    "describe": {
        *("alignment", "bases", "columns", "crowds", "dates", "facts", "furniture", "reading"),
        *("relations", "shared_words", "text", "verify", "vias", "wording"),
    },
    "explain": {
        *("candidates", "columns", "holders", "pair_counts", "shared_words", "shingles"),
        *("sketches", "text", "verify"),
    },
}
"""Which stages of core build on which; all others hand data on through their caller."""

HEAVY = ("datasketch", "scipy", "pyspark", "pyarrow", "trafilatura")
"""Slow to import, or optional: one file for each at most, and inside a function."""

PURE = {"os.environ", "os.path.commonprefix", "pathlib.PurePosixPath"}
"""Names that deal with text only, though their modules do not; and the switch of the kernel."""

SILENT = [layer for layer in LAYERS if not layer & {"cli", "__main__"}]


class Import(NamedTuple):
    """One import of `name` from `module`; `lazy` when it stands inside a function."""

    module: str
    name: str
    lazy: bool
    line: int


def _files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _unit(path: Path) -> str:
    return unit_of([part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts])


def unit_of(parts: Sequence[str]) -> str:
    """Return the unit that a module belongs to; a cluster runs stages, so it stands above them."""
    nested = ".".join(parts[:2])
    return nested if nested in chain.from_iterable(LAYERS) else parts[0]


def imports(path: Path) -> Iterator[Import]:
    """Yield what a file imports, `from x import y` as `x.y` where that is a module of ours."""
    tree = ast.parse(path.read_text("utf-8"))
    lazy = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, "", id(node) in lazy, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(path)}:{node.lineno}: relative import"
            for alias in node.names:
                module = _module(node.module or "", alias.name)
                yield Import(module, alias.name, id(node) in lazy, node.lineno)


def _module(package: str, member: str) -> str:
    inner = PACKAGE.parent.joinpath(*package.split("."), member)
    return f"{package}.{member}" if inner.is_dir() or inner.with_suffix(".py").exists() else package


def own(path: Path) -> Iterator[tuple[Import, list[str]]]:
    """Yield the imports of our own modules, each with its path below the package."""
    for found in imports(path):
        top, *below = found.module.split(".")
        if top == PACKAGE.name:
            yield found, below or ["__init__"]


def _rank(unit_name: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if unit_name in layer)


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and dotted name of whatever is called or raised by name in a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)
        elif isinstance(node, ast.Raise) and node.exc is not None:
            yield node.lineno, ast.unparse(node.exc).partition("(")[0]


@pytest.mark.parametrize("path", _files(), ids=_name)
def test_every_file_belongs_to_a_layer(path):
    """A new unit must be given its place before anything may be written in it."""
    assert any(_unit(path) in layer for layer in LAYERS)


@pytest.mark.parametrize("path", _files(), ids=_name)
def test_imports_point_downwards(path):
    """A unit imports from itself, from lower layers, and from the neighbours named above."""
    me = _unit(path)
    allowed = {me} | NEIGHBOURS.get(me, set()) | set().union(*LAYERS[_rank(me) + 1 :])

    wrong = [
        f"line {found.line}: {found.module}"
        for found, to in own(path)
        if unit_of(to) not in allowed
    ]

    assert not wrong


def test_the_stages_of_core_build_on_each_other_as_the_table_says():
    """The table is the map of core: an import that is not in it, or no longer there, fails."""
    actual = {
        path.stem: {to[1] for _, to in own(path) if to[0] == "core" and len(to) > 1} - GROUND
        for path in sorted((PACKAGE / "core").glob("*.py"))
        if path.stem != "__init__"
    }

    assert actual == CORE


@pytest.mark.parametrize("package", HEAVY)
def test_a_heavy_package_is_imported_in_one_file_and_when_it_is_needed(package):
    """Start-up must not pay for it, and only one file must change if it goes."""
    found = [
        (_name(path), each.lazy)
        for path in _files()
        for each in imports(path)
        if each.module.split(".")[0] == package
    ]

    assert len({file for file, _ in found}) <= 1
    assert all(lazy for _, lazy in found)


def test_nothing_is_imported_that_is_not_declared():
    """Packages beyond the standard library are those of pyproject.toml, and no others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = chain.from_iterable(project.get("optional-dependencies", {}).values())
    wanted = [*project["dependencies"], *extras]
    declared = {re.split(r"[^\w.]", want)[0].lower() for want in wanted} | {PACKAGE.name}

    used = {each.module.split(".")[0] for path in _files() for each in imports(path)}

    assert used - sys.stdlib_module_names <= declared


@pytest.mark.parametrize(
    "path", [path for path in _files() if any(_unit(path) in layer for layer in SILENT)], ids=_name
)
def test_the_library_neither_prints_nor_exits(path):
    """Only the command line talks to the terminal and ends the process."""
    forbidden = {"print", "input", "exit", "quit", "sys.exit", "os._exit", "SystemExit"}

    assert not [found for found in calls(path) if found[1] in forbidden]


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").glob("*.py")), ids=_name)
def test_core_does_no_input_or_output(path):
    """Core is pure functions on batches: any engine may run them anywhere."""
    world = {"io", "logging", "os", "pathlib", "shutil", "socket", "subprocess", "sys", "time"}
    used = {f"{each.module}.{each.name}" for each in imports(path)} - PURE

    assert not world & {name.split(".")[0] for name in used}
    assert "open" not in {called for _, called in calls(path)}


@pytest.mark.parametrize("path", _files(), ids=_name)
def test_no_file_is_a_drawer(path):
    """A file is named after what it does."""
    assert path.stem not in {"utils", "util", "helpers", "misc", "common"}
