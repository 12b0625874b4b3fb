"""Bars are drawn from a table of tools, and the picture in use is that of the last run."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

from bars import bar_picture
from results import Table

ROOT = Path(__file__).parents[3]
SVG = "{http://www.w3.org/2000/svg}"
TABLE = Table(
    "Time & memory",
    ("tool", "/ plain loop", "peak MB", "recall"),
    (
        ("plain loop", 1.0, 10, float("nan")),
        ("dedupe-news, 1 worker", 2.0, 50, 1.0),
        ("other", 4.0, 200, 0.5),
    ),
)


def _bars(table):
    found = ET.fromstring(bar_picture(table)).findall(f"{SVG}rect")[1:]
    return [(float(bar.get("x")), float(bar.get("width")), bar.get("fill")) for bar in found]


def test_a_bar_is_as_long_as_its_share_of_the_longest():
    """Time, memory and recall have a scale each."""
    lengths = [length for _, length, _ in _bars(TABLE)]

    assert lengths == [32.5, 65.0, 130.0, 6.5, 32.5, 130.0, 130.0, 65.0]


def test_what_has_no_figure_has_no_bar():
    """The plain loop finds nothing: that is no recall of zero, and kept as null."""
    kept = Table(TABLE.title, TABLE.columns, (("plain loop", 1.0, 10, None),))

    assert len(_bars(TABLE)) == 8
    assert len(_bars(kept)) == 2


def test_our_bars_stand_out_and_names_are_text():
    """A sign that means something in XML stays itself."""
    words = [each.text for each in ET.fromstring(bar_picture(TABLE)).iter(f"{SVG}text")]

    assert [fill for *_, fill in _bars(TABLE)][:3] == ["#9a9a9a", "#1f6feb", "#9a9a9a"]
    assert words[:4] == ["Time & memory", "plain loop", "dedupe-news, 1 worker", "other"]


def test_the_picture_in_the_readme_is_that_of_the_last_results():
    """A picture from last year would be a lie."""
    last = max((ROOT / "bench" / "results").glob("*-speed.json"))
    tables = json.loads(last.read_text("utf-8"))["tables"]
    table = next(one for one in tables if "/ plain loop" in one["columns"])

    drawn = bar_picture(Table(table["title"], tuple(table["columns"]), tuple(table["rows"])))

    assert drawn == (ROOT / "docs" / "img" / "speed.svg").read_text("utf-8")
    assert "docs/img/speed.svg" in (ROOT / "README.md").read_text("utf-8")
