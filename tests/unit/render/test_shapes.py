from dataclasses import replace

import pytest
from rich.cells import cell_len

from dedupe_news.render import Style
from dedupe_news.render.prose import paint
from dedupe_news.render.shapes import shape_table
from reports import CROWD, RICH

CLUSTER = CROWD.clusters[0]


def table(cluster, **style):
    """Return the lines of the table."""
    return [paint(line, color=False) for line in shape_table(cluster, Style(**style))]


def named(cluster, name):
    """Return a cluster whose members are called something with a number."""
    members = [replace(m, id=name.format(n), path="") for n, m in enumerate(cluster.members)]
    return replace(cluster, members=tuple(members))


@pytest.mark.parametrize(
    ("width", "head"),
    [
        (160, "source date ¶ words relation of A new shape"),
        (100, "source date relation of A new shape"),
        (90, "source date of A new shape"),
        (80, "date of A new shape"),
        (60, "of A new shape"),
    ],
)
def test_the_shape_is_there_at_any_width_and_the_rest_as_it_fits(width, head):
    """What a table leaves out of its columns is counted above it."""
    shown = table(CLUSTER, width=width)
    heads = [line for line in shown if line.rstrip().endswith("shape")]

    assert [" ".join(line.split()) for line in heads] == [head]
    assert all(variant.alignment.shape in " ".join(shown) for variant in CLUSTER.variants)
    assert ("29 reprint, 11 identical" in shown) == ("relation" not in head)
    assert max(map(cell_len, shown)) <= width


def test_names_are_cut_where_they_differ_if_that_makes_room():
    """The part that is cut is said once."""
    shown = table(named(CLUSTER, "archive/2024/may/news.jsonl#{}"), width=80)

    assert "names begin with archive/2024/may/news.jsonl#" in shown
    assert [line for line in shown if line.startswith("AO  40  ")]


def test_names_that_begin_in_different_ways_are_never_cut():
    """Nor is anything cut but whole folders and files."""
    other = replace(CLUSTER.members[0], id="elsewhere/np-ferry.txt")
    cluster = replace(CLUSTER, members=(other, *CLUSTER.members[1:]))

    assert "names begin" not in "\n".join(table(cluster, width=60))
    assert "names begin" not in "\n".join(table(named(CLUSTER, f"{'long' * 20}{{}}"), width=60))


def test_where_no_table_fits_each_member_has_lines_of_its_own():
    """Its name in full, who and when, its shape and its shares."""
    shown = table(CLUSTER, width=40)

    assert shown[:7] == [
        "29 reprint, 11 identical",
        "A   press/np-ferry.txt",
        "    Norden Press  2024-05-14 09:12",
        "    base",
        "B   press/lom-courier-1.txt",
        "    Lom Courier 1  2024-05-14 10:30",
        "    =========  98% of A, 0% new",
    ]


def test_a_shape_that_is_wider_than_the_page_goes_on_below():
    """No paragraph of it is lost."""
    variant = CLUSTER.variants[0]
    long = replace(variant, alignment=replace(variant.alignment, shape="=+" * 100))
    shown = table(replace(CLUSTER, variants=(long, *CLUSTER.variants[1:])), width=80)

    at = shown.index("B   press/lom-courier-1.txt")
    assert "".join("".join(shown[at + 2 : at + 5]).split()) == "=+" * 100
    assert max(map(cell_len, shown)) <= 80


def test_columns_in_which_nobody_has_anything_are_left_out():
    """No date, no source: no column."""
    bare = [replace(member, source="", date="") for member in CLUSTER.members]
    shown = table(replace(CLUSTER, members=tuple(bare)), width=80)

    assert shown[0].split() == ["¶", "words", "relation", "of", "A", "new", "shape"]


def test_without_changes_there_is_no_shape():
    """The rest is known all the same."""
    bare = tuple(replace(variant, alignment=None) for variant in CLUSTER.variants)
    shown = table(replace(CLUSTER, variants=bare), width=160)

    assert shown[0].split()[-2:] == ["A", "new"]


def test_names_are_links_where_the_terminal_has_links():
    """A short name leads to the same file."""
    [line] = [
        "".join(text for text, _ in line)
        for line in shape_table(RICH.clusters[0], Style(links=True))
        if "radiokust" in "".join(text for text, _ in line)
    ]

    assert line.count("\x1b]8;;") == 2
