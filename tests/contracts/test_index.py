"""What every index must hold to: its report is that of a fresh scan, byte for byte."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dedupe_news.engines.local import Processes
from dedupe_news.errors import IndexUnusableError
from dedupe_news.index.store import SCHEMA_VERSION
from dedupe_news.settings import Settings
from dedupe_news.sources import ReadOptions
from invented import prose
from kept import INDEX, KEEPING, as_json, indexed, put, scanned, story, updated

FOOTER = prose(30, 990)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A corpus with reprints, copies, a chain, a footer, records and things that do not fit."""
    monkeypatch.chdir(tmp_path)
    put("agency/a.txt", story(1, 2, 3))
    put("paper/b.txt", story(1, 2, 3, 4))
    put("paper/copy.txt", story(1, 2, 3))
    put("chain/1.txt", story(10, 11, 12))
    put("chain/2.txt", story(11, 12, 13))
    put("chain/3.txt", story(12, 13, 14))
    for number in range(7):
        put(f"site/{number}.txt", story(20 + number, footer=FOOTER))
    put(
        "feed.jsonl",
        records(("x", story(1)), ("x", story(5))) + '{"id": 3}',
    )
    put("empty.txt", "")
    put("binary.txt", "a\0b")
    put("picture.jpg", "no text")
    return tmp_path


def records(*articles):
    """Return JSON Lines of articles, each given by id and text."""
    return "".join(json.dumps({"id": id_, "text": text}) + "\n" for id_, text in articles)


def same():
    """Whether the index, brought up to date, says what a scan says."""
    updated()
    return as_json(indexed()) == as_json(scanned())


def renamed():
    """Move a file."""
    Path("agency/a.txt").rename("agency/z.txt")


def removed():
    """Delete a file."""
    Path("paper/copy.txt").unlink()


def footer_lost():
    """Leave the footer under too few articles to be one."""
    for number in range(4):
        put(f"site/{number}.txt", story(20 + number))


def footer_spread():
    """Put the footer under more articles than are paired all with all."""
    for number in range(40, 80):
        put(f"site/{number}.txt", story(number, footer=FOOTER))


def everything_gone():
    """Delete all texts."""
    for path in Path().rglob("*.txt"):
        path.unlink()


EDITS = {
    "nothing": lambda: None,
    "a file is edited": lambda: put("agency/a.txt", story(1, 2, 9)),
    "a file is edited to the same size": lambda: put("agency/a.txt", story(1, 2, 3)[:-1] + "x"),
    "a file comes": lambda: put("late/c.txt", story(2, 3)),
    "a copy comes": lambda: put("late/c.txt", story(10, 11, 12)),
    "a file goes": removed,
    "a file is renamed": renamed,
    "two files swap": lambda: (
        put("chain/1.txt", story(12, 13, 14)),
        put("chain/3.txt", story(10, 11, 12)),
    ),
    "a record goes": lambda: put("feed.jsonl", records(("x", story(5)))),
    "a record is broken": lambda: put("feed.jsonl", "{"),
    "an empty file gets words": lambda: put("empty.txt", story(1, 2)),
    "a file loses its words": lambda: put("agency/a.txt", ""),
    "boilerplate is no longer": footer_lost,
    "boilerplate becomes a crowd": footer_spread,
    "all texts go": everything_gone,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_update_gives_the_report_of_a_fresh_scan(edit):
    """Whatever happened to the files."""
    assert same()
    edit()

    assert same()


def test_an_update_reads_only_what_has_changed():
    """All else is remembered."""
    updated()
    put("agency/a.txt", story(1, 2, 9))

    assert [listed.path for listed in updated().changes.fresh] == ["agency/a.txt"]
    assert len(updated().changes) == 0


@pytest.mark.parametrize(
    "settings",
    [
        Settings(shingle_words=3),
        Settings(shingle_unit="char"),
        Settings(min_containment=0.3, num_perm=32, seed=7),
        Settings(within_days=2),
        Settings(across="folder"),
        Settings(ignore_text=("zaba.*",)),
        Settings(keep=("longest",), diff=False),
    ],
    ids=str,
)
def test_all_settings_give_the_report_of_a_fresh_scan(settings):
    """An index knows no setting that a scan does not know."""
    keeping = replace(KEEPING, settings=settings)
    updated(keeping)
    put("late/c.txt", story(2, 3))
    updated(keeping)

    assert as_json(indexed(keeping)) == as_json(scanned(keeping))


def test_many_processes_make_the_same_index():
    """Where the work is done does not show."""
    engine = Processes(2)
    try:
        updated(replace(KEEPING, engine=engine))
    finally:
        engine.close()

    assert as_json(indexed()) == as_json(scanned())


def test_a_large_file_is_read_in_parts(monkeypatch):
    """Its articles are all there, and forgotten together."""
    monkeypatch.setattr("dedupe_news.sources.reading.BLOCK", 2000)
    monkeypatch.setattr("dedupe_news.sources.json_lines.BLOCK", 2000)
    lines = records(*((seed, prose(60, seed)) for seed in (*range(100, 140), 105))).splitlines()
    put("large.jsonl", "\n".join(lines))

    assert same()
    put("large.jsonl", "\n".join(lines[:3]))
    assert same()


OTHERWISE = [
    (Settings(shingle_words=6), ReadOptions(), "shingle-words 5, and this run has 6"),
    (Settings(min_containment=0.7), ReadOptions(), "min-containment 0.6, and this run has 0.7"),
    (Settings(seed=2), ReadOptions(), "seed 1, and this run has 2"),
    (Settings(within_days=3), ReadOptions(), "within-days none, and this run has 3"),
    (Settings(), ReadOptions(fields={"text": "body"}), "field text none, and this run has body"),
    (Settings(), ReadOptions(encoding="cp1252"), "encoding none, and this run has cp1252"),
]


@pytest.mark.parametrize(("settings", "reading", "told"), OTHERWISE)
def test_an_index_of_other_settings_is_refused(settings, reading, told):
    """The error names both sides and both ways out."""
    updated()
    keeping = replace(KEEPING, settings=settings, reading=reading)

    with pytest.raises(IndexUnusableError, match=told) as caught:
        updated(keeping)

    assert "index rebuild" in caught.value.hint
    assert "go back to" in caught.value.hint


def test_an_index_of_another_version_is_refused(monkeypatch):
    """Another tokenizer makes other numbers of the same words."""
    updated()
    monkeypatch.setattr("dedupe_news.stamp.SCHEMA_VERSION", 99)

    with pytest.raises(IndexUnusableError, match=f"schema {SCHEMA_VERSION}, and this run has 99"):
        indexed()


def test_how_a_report_is_shown_does_not_belong_to_an_index():
    """The base and the diff are worked out when they are asked for."""
    updated()

    updated(replace(KEEPING, settings=Settings(keep=("longest",), diff=False)))
    assert INDEX.exists()


def test_git_passes_over_the_index():
    """Its folder says so itself."""
    updated()

    assert (INDEX.parent / ".gitignore").read_text("utf-8") == "*\n"
