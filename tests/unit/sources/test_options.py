"""What the user may say about how to read."""

import pickle

import pytest

from dedupe_news.errors import SettingsError
from dedupe_news.sources import ReadOptions


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        ({"fields": {"txt": "body"}}, "no field 'txt'", "did you mean text?"),
        ({"fields": {"zzz": "body"}}, "no field 'zzz'", "known are text, title"),
        ({"fields": {"text": ""}}, "no key is given", "text=KEY"),
        ({"encoding": "utf-9"}, "no text encoding 'utf-9'", "did you mean utf-8?"),
        ({"encoding": "base64"}, "no text encoding", "known are"),
        ({"encoding": "a\0b"}, "no text encoding", "known are"),
        ({"exclude": ("a", "!")}, "no pattern: '!'", "gitignore"),
        ({"include": ("!",)}, "no pattern: '!'", "gitignore"),
    ],
)
def test_what_is_wrong_is_told_at_once(options, message, hint):
    """The error names the word, and what was probably meant."""
    with pytest.raises(SettingsError, match=message) as caught:
        ReadOptions(**options)
    assert hint in caught.value.hint


def test_options_travel_to_other_processes():
    """Batches carry them."""
    options = ReadOptions(fields={"text": "body"}, encoding="cp1252", exclude=("drafts/",))

    assert pickle.loads(pickle.dumps(options)) == options
