"""A corpus with one article of each cluster."""

import gzip
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dedupe_news import keeping
from dedupe_news.errors import NoArticlesError, PathError
from dedupe_news.keeping import MANIFEST, keep
from dedupe_news.reporting import report_on
from dedupe_news.settings import Settings
from kept import KEEPING, put, story


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Two clusters, one of them inside a file of several articles."""
    monkeypatch.chdir(tmp_path)
    put("in/a.txt", "Date: 2020-01-02\n\n" + story(1, 2, 3))
    put("in/sub/b.txt", "Date: 2020-01-01\n\n" + story(1, 2, 3, 4))
    put("in/z.txt", story(7, 8))
    lines = [
        {"id": "x", "text": story(9)},
        {"id": "y", "text": story(9)},
        {"id": "w", "text": story(5)},
    ]
    put("in/feed.jsonl", "\n".join(map(json.dumps, lines)))
    put("in/empty.txt", "")


def kept(*paths, rule="earliest"):
    """Keep with a rule, and return the files that were written."""
    keep(paths or ["in"], Path("out"), replace(KEEPING, settings=Settings(keep=(rule,))))
    return sorted(
        path.relative_to("out").as_posix() for path in Path("out").rglob("*.*") if path.is_file()
    )


@pytest.mark.parametrize(
    ("rule", "name"),
    [("earliest", "in/sub/b.txt"), ("latest", "in/a.txt"), ("longest", "in/sub/b.txt")],
)
def test_the_rule_chooses_who_stays(rule, name):
    """The other is left out; what is in no cluster stays."""
    assert kept(rule=rule) == sorted([MANIFEST, "in/feed.jsonl", name, "in/z.txt"])


def test_what_is_kept_whole_is_copied_byte_for_byte():
    """With its head, its blanks and its encoding."""
    kept()

    assert Path("out/in/sub/b.txt").read_bytes() == Path("in/sub/b.txt").read_bytes()


def test_of_a_file_of_several_articles_the_kept_ones_are_written():
    """As JSON Lines that can be read again."""
    kept()
    rows = [json.loads(line) for line in Path("out/in/feed.jsonl").read_text("utf-8").splitlines()]

    assert [row["id"] for row in rows] == ["x", "w"]
    assert rows[1]["text"] == story(5)


ONE, TWO = story(1), story(2)
KEPT = ((1, "x", ONE), (4, "z", TWO))
FEEDS = {
    "a.jsonl": (
        [
            f'{{"id": 1,  "tags": ["t"], "text": "{ONE}"}}',
            *('{"n": 1}', "", f'{{"text": "{ONE}"}}', '{"text": ""}'),
            f'{{"text": "{TWO}", "n": {{"x": null}}}}\r',
            "{",
        ],
        [
            f'{{"id": 1,  "tags": ["t"], "text": "{ONE}"}}',
            f'{{"text": "{TWO}", "n": {{"x": null}}}}',
        ],
    ),
    "a.json": (
        [
            f'[{{"id": 1, "n": 2, "text": "{ONE}"}},',
            f'{{"text": "{ONE}"}}, 3, {{"text": "{TWO}"}}]',
        ],
        [f'{{"id": 1, "n": 2, "text": "{ONE}"}}', f'{{"text": "{TWO}"}}'],
    ),
    "a.csv": (
        ["id;label;text", f"1;x;{ONE}", f"2;{ONE}", f"3;y;{ONE}", f"4;z;{TWO}"],
        [f'{{"id": "{id_}", "label": "{label}", "text": "{text}"}}' for id_, label, text in KEPT],
    ),
}
"""Lines of files, and of what is kept of them."""


@pytest.mark.parametrize("name", FEEDS)
def test_records_that_are_kept_have_all_that_was_in_them(name):
    """Labels and tags are what a corpus is for; a number stays a number."""
    given, expected = FEEDS[name]
    put(f"feeds/{name}", "\n".join(given))
    kept("feeds", rule="id")
    [written] = Path("out/feeds").iterdir()

    assert written.read_text("utf-8").splitlines() == expected


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.ndjson", "a.NDJSON.GZ"])
def test_json_lines_stay_what_they_are_called(name):
    """Whoever looks for such files finds them, and the same bytes each time."""
    lines = "\n".join(FEEDS["a.jsonl"][0]).encode()
    pack, unpack = (gzip.compress, gzip.decompress) if name[-2:].lower() == "gz" else (bytes, bytes)
    Path("feeds").mkdir()
    Path("feeds", name).write_bytes(pack(lines))
    kept("feeds", rule="id")
    written = Path("out/feeds", name).read_bytes()

    assert unpack(written).decode().splitlines() == FEEDS["a.jsonl"][1]
    shutil.rmtree("out")
    kept("feeds", rule="id")
    assert Path("out/feeds", name).read_bytes() == written


def test_names_that_cannot_be_shown_are_kept_as_they_are():
    """They are called otherwise in reports, and opened by what they are."""
    put("odd/a\nb.txt", story(20))

    assert kept("odd") == [MANIFEST, "odd/a\nb.txt"]


def test_what_cannot_be_read_twice_is_refused():
    """It would be gone before it could be written anew."""
    os.mkfifo("pipe.jsonl")

    with pytest.raises(PathError, match=r"pipe\.jsonl cannot be kept"):
        kept("pipe.jsonl")


def test_a_file_that_changes_meanwhile_is_told(monkeypatch):
    """What is written must be what was compared."""

    def report_late(*given, **options):
        put("in/feed.jsonl", '{"text": "gone"}')
        return report_on(*given, **options)

    monkeypatch.setattr(keeping, "report_on", report_late)

    with pytest.raises(PathError, match=r"feed\.jsonl has changed"):
        kept()


def test_the_manifest_names_what_was_left_out_and_why():
    """And what could not take part."""
    kept()
    manifest = json.loads(Path("out", MANIFEST).read_text("utf-8"))

    left = {
        row["id"]: (row["kept"], row["relation"], row["rule"])
        for row in manifest["articles_left_out"]
    }
    assert left == {
        "in/a.txt": ("in/sub/b.txt", "excerpt", "earliest"),
        "in/feed.jsonl#y": ("in/feed.jsonl#x", "identical", "id"),
    }
    assert (manifest["articles"], manifest["kept"], manifest["left_out"]) == (6, 4, 2)
    assert [skip["id"] for skip in manifest["skipped"]] == ["in/empty.txt"]


def test_the_input_is_not_touched():
    """Not even its times."""
    before = {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in Path("in").rglob("*.*")
    }
    kept()

    assert before == {
        path: (path.stat().st_mtime_ns, path.read_bytes()) for path in Path("in").rglob("*.*")
    }


def test_what_was_kept_has_no_variants_left():
    """Kept again, it stays as it is."""
    kept()
    report, aside = keep(["out"], Path("again"), KEEPING)

    assert (report.clusters, aside) == ((), [])


@pytest.mark.parametrize("name", ["out", "in/out", "in", "out/file"])
def test_the_folder_must_be_new_and_elsewhere(name):
    """Nothing is ever written over."""
    put("out/file", "something")

    with pytest.raises(PathError):
        keep(["in"], Path(name), KEEPING)


def test_paths_that_lead_elsewhere_stay_inside():
    """And two of one name get two."""
    put("../outside/a.txt", story(30))
    put("outside/a.txt", story(31))

    assert kept("../outside", "outside") == [MANIFEST, "outside/2-a.txt", "outside/a.txt"]


def test_without_an_article_nothing_is_written():
    """An empty folder would look like a clean one."""
    with pytest.raises(NoArticlesError):
        keep(["in/empty.txt"], Path("out"), KEEPING)

    assert not Path("out").exists()
