"""A check that looks at changed files alone finds what a scan of everything finds."""

import random
from pathlib import Path

import pytest

from dedupe_news.core.holders import MAX_HOLDERS
from dedupe_news.glance import glance
from dedupe_news.index.followed import list_corpus
from dedupe_news.stamp import opened
from invented import prose
from kept import INDEX, KEEPING, examined, put, scanned, story, updated

FOOTERS = ("", "", prose(25, 980), prose(40, 981), prose(16, 982))
SIZES = (5, 12, 40, 120)  # the last two make crowds of a footer


def text(chance):
    """Return an article whose paragraphs are few enough to recur now and then."""
    parts = [
        chance.randint(1, 9) if chance.random() < 0.3 else chance.randint(100, 5000)
        for _ in range(chance.choice((1, 1, 2, 3)))
    ]
    return story(*parts, footer=chance.choice(FOOTERS))


def edit(chance, size):
    """Let a file come, change, grow or go."""
    path = Path(f"a/{chance.randrange(size + 4)}.txt")
    luck = chance.random()
    if luck < 0.65:
        put(path, text(chance))
    elif luck < 0.8:
        path.unlink(missing_ok=True)
    elif path.exists():
        put(path, f"{path.read_text('utf-8')}\n\n{prose(10, chance.randrange(9999))}")


def is_certain(path):
    """Whether a glance is enough to check a file."""
    listing = list_corpus(["."], KEEPING.reading)
    with opened(INDEX, KEEPING) as store, store.reading():
        return glance(store, listing.changes(store), listing.notes, {path}, KEEPING) is not None


def touching(report, path):
    """Return the clusters of a report that a file is in."""
    return [
        cluster
        for cluster in report.clusters
        if any(member.id == path for member in cluster.members)
    ]


def history(seed, steps=5):
    """Yield, after each of some edits, a file, what a check finds, what a scan finds, how."""
    chance = random.Random(seed)
    size = chance.choice(SIZES)
    for number in range(size):
        put(f"a/{number}.txt", text(chance))
    updated()
    for _ in range(steps):
        for _ in range(chance.choice((1, 1, 2, 3))):
            edit(chance, size)
        files = sorted(map(str, Path("a").glob("*.txt")))
        if files:
            path = chance.choice(files)
            certain = is_certain(path)
            yield examined(path).report, scanned(), path, certain


@pytest.mark.parametrize("seed", range(24))
def test_a_check_finds_what_a_scan_finds_about_its_file(seed, tmp_path, monkeypatch):
    """Every cluster of the one is one of the other, the same to the last word, and none is lost."""
    monkeypatch.chdir(tmp_path)

    for checked, full, path, _ in history(seed):
        assert list(checked.clusters) == touching(full, path)
        assert checked.summary.articles == full.summary.articles
        assert checked.skipped == full.skipped


def test_a_glance_is_mostly_enough(tmp_path, monkeypatch):
    """Else the test above would hold nothing but the slow way to its word."""
    seen = []
    for seed in range(200, 206):
        folder = tmp_path / str(seed)
        folder.mkdir()
        monkeypatch.chdir(folder)
        seen += [certain for *_, certain in history(seed)]

    assert sum(seen) > len(seen) / 3
    assert not all(seen)


@pytest.mark.parametrize("size", range(MAX_HOLDERS - 1, MAX_HOLDERS + 3))
@pytest.mark.parametrize("change", ["one comes", "two go", "one is another"])
def test_a_crowd_comes_or_goes(size, change, tmp_path, monkeypatch):
    """All of it have met each other, or meet each other now; a glance is enough to tell."""
    monkeypatch.chdir(tmp_path)
    for number in range(size):
        put(f"a/{number}.txt", story(100 + number, 300 + number, footer=FOOTERS[3]))
    updated()
    if change == "one comes":
        put("a/new.txt", story(900, 901, footer=FOOTERS[3]))
    else:
        put("a/3.txt", story(900, 901))
    if change == "two go":
        Path("a/5.txt").unlink()

    path = "a/new.txt" if change == "one comes" else "a/3.txt"

    assert is_certain(path)
    assert list(examined(path).report.clusters) == touching(scanned(), path)
