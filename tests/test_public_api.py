"""What `import dedupe_news` offers, and that each of it says what it does."""

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest

import dedupe_news
from dedupe_news import errors

MODULES = sorted(
    module.name
    for module in walk_packages(dedupe_news.__path__, "dedupe_news.")
    if not module.name.endswith("__main__")
)


def _defined(name: str) -> list[tuple[str, object]]:
    """Return the public classes and functions of a module, as far as it defines them itself."""
    module = import_module(name)
    found = [(each, getattr(module, each)) for each in getattr(module, "__all__", ())]
    return [
        (each, value)
        for each, value in found
        if (inspect.isroutine(value) or inspect.isclass(value)) and value.__name__ == each
    ]


def test_the_package_offers_the_three_verbs_and_their_values():
    """Whoever reads the README finds the names it uses."""
    names = {"scan", "diff", "read", "Settings", "Article", "Report", "Skipped"}

    assert names <= set(dedupe_news.__all__)


def test_every_error_can_be_caught_from_the_package():
    """A caller need not know in which module an error lives."""
    assert set(errors.__all__) <= set(dedupe_news.__all__)


@pytest.mark.parametrize("name", ["dedupe_news", *MODULES])
def test_the_names_a_module_makes_public_exist_once(name):
    """`__all__` neither promises what is not there nor repeats itself."""
    module = import_module(name)
    public = list(getattr(module, "__all__", ()))

    assert len(set(public)) == len(public)
    assert not [each for each in public if not hasattr(module, each)]


@pytest.mark.parametrize("name", ["dedupe_news", *MODULES])
def test_every_public_object_has_a_docstring(name):
    """The first line is a sentence of its own."""
    assert (import_module(name).__doc__ or "").strip()
    for each, value in _defined(name):
        first = (inspect.getdoc(value) or "").split("\n", 1)[0]
        assert first.endswith((".", "?")), f"{name}.{each}: {first!r}"
        assert not first.startswith(f"{each}("), f"{name}.{each} has no docstring of its own"


def test_the_package_ships_its_types():
    """Type checkers look for this file."""
    assert Path(dedupe_news.__file__).with_name("py.typed").exists()


def test_importing_the_package_is_cheap():
    """What costs time to import is imported when it is needed."""
    heavy = ("datasketch", "scipy", "rich", "click")
    code = f"import dedupe_news, sys; print([name for name in {heavy} if name in sys.modules])"

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "[]"
