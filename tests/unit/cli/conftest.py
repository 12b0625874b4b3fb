import pytest

from dedupe_news.__main__ import main
from kept import put, story


@pytest.fixture
def run(capsys, monkeypatch):
    """A function that runs the program in this process: its code, stdout and stderr."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("DEDUPE_NEWS_JOBS", "1")

    def run(*words):
        code = main(words)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """A folder with a report, a longer reprint and a stranger, in which the program runs."""
    monkeypatch.chdir(tmp_path)
    put("news/agency.txt", story(1, 2, 3))
    put("news/paper.txt", story(1, 2, 3, 4))
    put("news/other.txt", story(7, 8))
    put("dedupe-news.toml", 'paths = ["news"]\n')
    return tmp_path
