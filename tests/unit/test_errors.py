"""The errors of a run."""

import pytest

from dedupe_news import errors
from dedupe_news.errors import DedupeNewsError

NAMES = [name for name in errors.__all__ if name != "DedupeNewsError"]


@pytest.mark.parametrize("name", errors.__all__)
def test_an_error_says_what_happened_and_what_to_type_next(name):
    """Whoever shows it needs no table of messages."""
    error = getattr(errors, name)("the disk is full", hint="make room")

    assert (str(error), error.hint) == ("the disk is full", "make room")


@pytest.mark.parametrize("name", NAMES)
def test_every_error_is_caught_by_the_one_name(name):
    """A caller who wants no details catches the root."""
    assert issubclass(getattr(errors, name), DedupeNewsError)


def test_a_hint_may_be_missing():
    """Not every failure has a cure."""
    assert DedupeNewsError("it is gone").hint == ""


@pytest.mark.parametrize("name", errors.__all__)
def test_the_tree_in_the_docstring_shows_every_error(name):
    """The file starts with the whole picture."""
    assert name in errors.__doc__


def test_every_error_that_is_defined_is_public():
    """None is raised that a caller could not name."""
    defined = {name for name, one in vars(errors).items() if isinstance(one, type)}

    assert defined == set(errors.__all__)
