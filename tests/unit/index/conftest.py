import pytest

from repositories import git


@pytest.fixture
def repo(tmp_path, monkeypatch):
    """An empty repository in the working folder."""
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet")
    return tmp_path
