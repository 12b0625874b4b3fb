"""Files to read, and short ways to read them."""

import pytest

from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.sources import ReadOptions, batches


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return an empty folder that is the working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(folder):
    """Return a function that writes a file below the working folder."""

    def _write(name, content=""):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return _write


@pytest.fixture
def loaded(folder):
    """Return a function that reads paths and gives all that came of it."""

    def _loaded(*paths, **options):
        found = batches(paths or ["."], ReadOptions(**options))
        return [item for batch in found for item in batch.load()]

    return _loaded


@pytest.fixture
def texts(loaded):
    """Return a function that reads paths and gives paragraphs by article id."""

    def _texts(*paths, **options):
        items = loaded(*paths, **options)
        assert not [item for item in items if isinstance(item, Skipped)]
        return {item.id: item.paragraphs for item in items if isinstance(item, Article)}

    return _texts


@pytest.fixture
def skips(loaded):
    """Return a function that reads paths and gives codes of what was skipped, by id."""

    def _skips(*paths, **options):
        items = loaded(*paths, **options)
        return {item.id: item.code for item in items if isinstance(item, Skipped)}

    return _skips


@pytest.fixture
def left_out(loaded):
    """Return a function that reads paths and gives the counts of what was passed over."""

    def _left_out(*paths, **options):
        items = loaded(*paths, **options)
        return {item.reason: item.count for item in items if isinstance(item, LeftOut)}

    return _left_out
