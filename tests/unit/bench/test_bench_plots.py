"""A picture is drawn from a table of thresholds."""

from xml.etree import ElementTree as ET

from plots import threshold_picture
from results import Table

COLUMNS = ("min containment", "default", "precision", "recall", "F1")
ROWS = ((0.4, "", 0.9, 1.0, 0.95), (0.6, "yes", 1.0, 0.8, 0.9), (0.8, "", 1.0, 0.7, 0.8))
TABLE = Table("Pairs & more", COLUMNS, ROWS)
SVG = "{http://www.w3.org/2000/svg}"


def _panels(*tables):
    return ET.fromstring(threshold_picture(tables)).findall(f"{SVG}g")


def test_each_table_has_a_panel_with_its_title():
    """Titles are text: a sign that means something in XML stays itself."""
    panels = _panels(TABLE, TABLE)

    assert [panel.findtext(f"{SVG}text") for panel in panels] == ["Pairs & more"] * 2
    assert [panel.get("transform") for panel in panels] == [
        "translate(0 0)",
        "translate(420 0)",
    ]


def test_a_line_has_a_point_for_each_threshold_and_more_is_higher():
    """Recall falls from the top edge to the lowest of all points."""
    (panel,) = _panels(TABLE)
    lines = [line.get("points").split() for line in panel.findall(f"{SVG}polyline")]
    recall = [tuple(map(float, point.split(","))) for point in lines[2]]

    assert [x for x, _ in recall] == [60.0, 232.5, 405.0]
    assert [y for _, y in recall] == sorted(y for _, y in recall)
    assert recall[0][1] == 50.0


def test_figures_that_are_all_perfect_still_make_a_picture():
    """A scale from one to one would divide by nothing."""
    perfect = Table("Pairs", COLUMNS, ((0.4, "yes", 1.0, 1.0, 1.0), (0.6, "", 1.0, 1.0, 1.0)))

    (panel,) = _panels(perfect)

    assert ",50.0 " in panel.find(f"{SVG}polyline").get("points")
