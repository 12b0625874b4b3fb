import io

from dedupe_news.cli import pager
from dedupe_news.cli.pager import paged


def test_without_a_terminal_for_keys_the_text_is_not_paged(monkeypatch):
    """A pager that cannot be told to go on would wait for ever."""
    monkeypatch.setattr(pager, "_KEYS", "/no/terminal")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setenv("PAGER", "cat")
    out = io.StringIO()

    with paged(out) as pages:
        assert pages is out
