"""Tables of figures, on the screen and kept."""

import json
from dataclasses import replace

from results import Table, as_text, write_results

TABLE = Table("Pairs", ("set", "recall", "found"), (("a|b", 0.5, 1200), ("c", float("nan"), 3)))


def test_columns_line_up_and_numbers_stand_to_the_right():
    """A table reads as text and as Markdown."""
    assert as_text(TABLE).splitlines() == [
        "### Pairs",
        "",
        "| set  | recall | found |",
        "| ---- | -----: | ----: |",
        "| a\\|b |  0.500 | 1,200 |",
        "| c    |      - |     3 |",
    ]


def test_a_kept_table_names_the_day_and_the_machine(tmp_path):
    """The page and the data hold the same table, and what it depends on."""
    page, data = write_results(tmp_path / "new", "accuracy", [TABLE])

    kept = json.loads(data.read_text())
    assert kept["tables"][0]["rows"][1] == ["c", None, 3]
    assert {"date", "machine", "python", "numpy"} <= kept["conditions"].keys()
    assert as_text(TABLE) in page.read_text()
    assert page.name == f"{kept['conditions']['date']}-accuracy.md"


def test_words_of_articles_are_never_kept(tmp_path):
    """What a table quotes may be seen by those who have the articles, and by nobody else."""
    page, data = write_results(tmp_path, "accuracy", [replace(TABLE, quotes=True)])

    assert json.loads(data.read_text())["tables"] == []
    assert "Pairs" not in page.read_text()
