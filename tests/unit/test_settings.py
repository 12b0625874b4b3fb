"""What a run may be asked to do."""

from dataclasses import fields

import pytest

from dedupe_news.errors import SettingsError, UsageError
from dedupe_news.settings import KEEP_RULES, Settings


@pytest.mark.parametrize(
    "values",
    [
        {"shingle_words": 1},
        {"shingle_words": 64},
        {"num_perm": 2},
        {"num_perm": 1024},
        {"seed": 0},
        {"seed": 2**32 - 1},
        {"min_shared_words": 1},
        {"min_containment": 1e-9},
        {"min_containment": 1},
        {"keep": ()},
        {"keep": KEEP_RULES},
        {"keep": ("source:Norden Press",)},
        {"within_days": 0},
        {"across": "folder"},
        {"ignore_text": (r"Photo: \w+",)},
    ],
)
def test_values_at_their_bounds_are_taken(values):
    """What is allowed is kept as it was given."""
    settings = Settings(**values)

    assert {name: getattr(settings, name) for name in values} == values


@pytest.mark.parametrize(
    ("values", "message", "hint"),
    [
        ({"shingle_words": -1}, "shingle-words is -1", "from 1 to 64"),
        ({"shingle_words": 65}, "shingle-words is 65", "from 1 to 64"),
        ({"shingle_unit": "line"}, "shingle-unit is 'line'", "word, char"),
        ({"num_perm": 1}, "num-perm is 1", "from 2 to 1024"),
        ({"num_perm": 1025}, "num-perm is 1025", "from 2 to 1024"),
        ({"seed": -1}, "seed is -1", "from 0 to"),
        ({"seed": 2**32}, "seed is 4294967296", "from 0 to"),
        ({"min_shared_words": 0}, "min-shared-words is 0", "from 1 to"),
        ({"min_containment": 0}, "min-containment is 0", "above 0"),
        ({"min_containment": 1.01}, "min-containment is 1.01", "up to 1"),
        ({"min_containment": float("nan")}, "min-containment is nan", "up to 1"),
        ({"keep": ("oldest",)}, "no rule 'oldest'", "earliest, latest"),
        ({"keep": "latest"}, "keep is one text: 'latest'", "('latest',)"),
        ({"ignore_text": "Photo"}, "ignore-text is one text: 'Photo'", "('Photo',)"),
        ({"within_days": -1}, "within is -1 days", "such as 30"),
        ({"within_days": float("nan")}, "within is nan days", "such as 30"),
        ({"across": "title"}, "across is 'title'", "source, folder"),
        ({"ignore_text": ("(",)}, "ignore-text '('", "backslash"),
    ],
)
def test_a_value_out_of_range_is_named_with_what_to_give_instead(values, message, hint):
    """An error says which setting, which value, and what is allowed."""
    with pytest.raises(SettingsError, match=message.replace("(", r"\(")) as caught:
        Settings(**values)

    assert hint in caught.value.hint
    assert isinstance(caught.value, UsageError)


@pytest.mark.parametrize(("unit", "size"), [("word", 5), ("char", 8)])
def test_the_length_of_a_shingle_suits_its_unit(unit, size):
    """Unless it is given."""
    assert Settings(shingle_unit=unit).shingle_words == size
    assert Settings(shingle_unit=unit, shingle_words=3).shingle_words == 3


def test_the_names_are_those_of_the_fields():
    """Help, documentation and configuration are derived from this list."""
    assert Settings.names() == tuple(field.name for field in fields(Settings))
