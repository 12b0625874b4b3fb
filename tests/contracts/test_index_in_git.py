"""In a git repository too, what an index says is what the tracked files say."""

import random
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from dedupe_news.gate import Focus, examine
from dedupe_news.index.followed import look
from invented import prose
from kept import INDEX, KEEPING, as_json, examined, put, story, updated

FOOTER = prose(30, 990)


def git(*words):
    """Run git in the working folder."""
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A repository with reprints, a footer, drafts and other files."""
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet")
    put("a.txt", story(1, 2, 3))
    put("b.txt", story(1, 2, 3, 4))
    for number in range(7):
        put(f"site/{number}.txt", story(20 + number, footer=FOOTER))
    put("picture.jpg", "none")
    put(".hidden.txt", story(1, 2, 3))
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    put("draft.txt", story(1, 2, 3))


def compared(*files):
    """Return what is found with an index and without one, as JSON."""
    return [as_json(examined(*files, index=index).report) for index in (INDEX, None)]


EDITS = {
    "nothing": lambda: None,
    "a file is edited": lambda: put("a.txt", story(1, 2, 9)),
    "a file is edited and staged": lambda: (put("a.txt", story(1, 2, 9)), git("add", "a.txt")),
    "a file is edited and put back": lambda: (put("a.txt", "x"), git("checkout", "a.txt")),
    "a file comes": lambda: (put("c.txt", story(2, 3)), git("add", "c.txt")),
    "a draft is added": lambda: git("add", "draft.txt"),
    "a file is forgotten": lambda: git("rm", "--quiet", "--cached", "b.txt"),
    "a file is deleted": lambda: Path("b.txt").unlink(),
    "a file is renamed": lambda: git("mv", "b.txt", "z.txt"),
    "a file is renamed, and all is committed": lambda: (
        git("mv", "b.txt", "z.txt"),
        git("commit", "--quiet", "--all", "--message", "more"),
    ),
    "other files come": lambda: (put("x.jpg", ""), put(".y.txt", ""), git("add", ".")),
    "a name is odd": lambda: (put("é\n.txt", story(1, 2)), git("add", ".")),
}


@pytest.mark.parametrize("focus", [(), ("a.txt",), ("site/3.txt", "z.txt")], ids=str)
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_with_an_index_is_found_what_is_found_without(edit, focus):
    """However the files came to be what they are."""
    updated()
    edit()

    one, other = compared(*focus)
    assert one == other


@pytest.mark.parametrize("seed", range(6))
def test_dirty_and_clean_files_follow_each_other(seed):
    """A file that git did not vouch for may be vouched for later, and the other way round."""
    chance = random.Random(seed)
    updated()
    for _ in range(6):
        path = f"site/{chance.randrange(9)}.txt"
        put(path, story(chance.randrange(30), footer=chance.choice(("", FOOTER))))
        if chance.random() < 0.6:
            git("add", path)
        if chance.random() < 0.3:
            updated()
        one, other = compared(path)
        assert one == other


def test_other_paths_are_another_corpus():
    """What is remembered of one is brought up to date for the other."""
    updated()
    with ExitStack() as stack:
        listing, _ = look(stack, ["site"], KEEPING.reading, INDEX)

        found = [examine(listing, Focus(), KEEPING, index) for index in (INDEX, None)]

    assert as_json(found[0].report) == as_json(found[1].report)
