"""The golden files show whole reports; run this file to write them anew, and read the change."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from dedupe_news.model import Change, Member
from dedupe_news.render import Style, renderer
from reports import CROWD, EMPTY, FERRY, HARBOUR, RICH, one_change

GOLDEN = Path(__file__).with_name("golden")
WIDTHS = (40, 80, 100, 160)
LOOKS = {"": {}, "-color": {"color": True}, "-ascii": {"ascii": True}}
CASES = {
    "ferry-full": (FERRY, "text", Style(full=True)),
    "ferry-without-diff": (HARBOUR, "text", Style()),
    "rich-limit-full": (RICH, "text", Style(limit=1, full=True)),
    "rich-boilerplate": (RICH, "brief", Style(boilerplate=True, width=40)),
    "rich-brief": (RICH, "brief", Style()),
    "rich-json": (RICH, "json", Style()),
    "rich-jsonl": (RICH, "jsonl", Style()),
    **{
        f"{name}-{width}{look}": (report, "text", Style(width=width, **how))
        for name, report in (("ferry", FERRY), ("rich", RICH), ("crowd", CROWD))
        for width in WIDTHS
        for look, how in LOOKS.items()
    },
}


def shown(report, form="text", style=None):
    """Return what a renderer writes."""
    out = io.StringIO()
    renderer(form)(report, out, style or Style())
    return out.getvalue()


@pytest.mark.parametrize("name", CASES)
def test_a_whole_report_looks_as_it_was_last_read_and_approved(name):
    """Any change in the look of a report is seen by a person."""
    assert shown(*CASES[name]) == (GOLDEN / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("width", [24, 40, 60, 80, 100, 160])
@pytest.mark.parametrize(
    "report", [FERRY, RICH, HARBOUR, CROWD], ids=["ferry", "rich", "harbour", "crowd"]
)
def test_no_line_is_wider_than_the_page(report, width):
    """Prose, titles and facts wrap; only a path may be wider, for it is never cut."""
    lines = shown(report, style=Style(width=width)).splitlines()

    assert [line for line in lines if cell_len(line) > width and "/" not in line] == []


def test_a_long_path_is_never_cut():
    """A path is there to be copied, even where it is wider than the page."""
    path = "archive/" + "very-long-folder/" * 8 + "story.txt"
    cluster = FERRY.clusters[0]
    member = replace(cluster.members[0], id=path)
    report = replace(FERRY, clusters=(replace(cluster, members=(member, cluster.members[1])),))

    assert f"A  {path}\n" in shown(report, style=Style(width=40))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (Change("moved", (8,), (0,)), "    9   1 > moved from 9, wording unchanged: The ferry"),
        (Change("moved", (8,), (0,), 0.5, (("+", "x"),)), "    9   1 > moved from 9: {+x+}"),
        (Change("split", (0,), (1, 2)), "    1 2+3 / split, wording unchanged: "),
        (Change("split", (0,), (1, 2), 0.9, (("=", "a\nb"),)), "    1 2+3 / split: a ¶ b"),
        (Change("merged", (0, 1), (0,), 0.9, (("-", "a"),)), "  1+2   1 & merged: [-a-]"),
        (Change("removed", (4,), (), 0, (), "Gone [sic]."), "    5     - Gone [sic]."),
        (Change("added", (), (4,), 0, (), ":smile: [/red]"), "        5 + :smile: [/red]"),
        (Change("added", (), (4,), 0, (), "\x1b]0;pwn\x07"), "        5 + ␛]0;pwn␇"),
        (Change("boilerplate", (2,), (1,), 1, (), "Foot."), "    3   2 % boilerplate: Foot."),
        (Change("edited", (0,), (0,)), "    1   1 ~ edited"),
        (Change("same", (1,), (1,)), "    2   2 = unchanged"),
        (Change("added", (), (199_999,), 0, (), "Late."), "     200000 + Late."),
    ],
)
def test_each_kind_of_change_has_its_line(change, line):
    """Places in both articles, a mark, and the words."""
    assert line in shown(one_change(change))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (Change("moved", (8,), (0,)), "> moved from 9, wording unchanged\n"),
        (Change("split", (0,), (1, 2)), "/ split, wording unchanged\n"),
        (Change("merged", (0, 1), (0,)), "& merged, wording unchanged\n"),
    ],
)
def test_a_report_without_texts_is_shown_all_the_same(change, line):
    """A report that was read from JSON has no unchanged text to quote."""
    report = one_change(change, base_texts=())
    variant = replace(report.clusters[0].variants[0], texts=())
    bare = replace(report, clusters=(replace(report.clusters[0], variants=(variant,)),))

    assert line in shown(bare)


def test_two_articles_without_a_paragraph_have_nothing_to_show():
    """Not even a row."""
    report = one_change(Change("same", (0,), (0,)))
    variant = report.clusters[0].variants[0]
    none = replace(variant, alignment=replace(variant.alignment, changes=()))
    text = shown(replace(report, clusters=(replace(report.clusters[0], variants=(none,)),)))

    assert "    A   B\n\n" in text


def test_boilerplate_is_never_shown_as_an_addition():
    """Site furniture has a mark of its own, and no green."""
    change = Change("boilerplate", (), (3,), 0, (), "All rights reserved.")
    lines = shown(one_change(change), style=Style(color=True)).splitlines()

    assert [line for line in lines if "All rights" in line] == [
        "        4 % \x1b[2mboilerplate: All rights reserved.\x1b[0m"
    ]


@pytest.mark.parametrize("form", ["text", "brief"])
def test_learned_boilerplate_is_listed_when_that_is_asked_for(form):
    """With how many articles have it, as a count and as a share, and the whole text."""
    listed = shown(RICH, form, Style(boilerplate=True))

    assert "% 12 articles (39%), 3 words: All rights reserved.\n" in listed
    assert "All rights reserved." not in shown(replace(RICH, clusters=()), form)


@pytest.mark.parametrize("width", [32, 40, 80])
@pytest.mark.parametrize(
    ("kept", "old", "new"),
    [
        ("أَعْلَنَ مُدِيرُ الْمِينَاءِ أَنَّ الْعَبَّارَةَ سَتَتَوَقَّفُ ", "11", "12"),
        ("הודיע מנהל הנמל כי המעבורת ", "תעמוד", "תפליג"),
    ],
    ids=["Arabic", "Hebrew"],
)
def test_text_from_right_to_left_keeps_its_order_and_its_width(kept, old, new, width):
    """The terminal turns it; points above the letters take no column, nothing is put in."""
    words = (("=", kept), ("-", old), ("+", new))
    printed = shown(one_change(Change("edited", (0,), (0,), 0.8, words)), style=Style(width=width))
    body = printed.partition("   1 ~ ")[2].partition("\n\n")[0]
    text = " ".join(line.strip() for line in body.splitlines())

    assert text == f"{kept}[-{old}-]{{+{new}+}}"
    assert all(cell_len(line) <= width for line in body.splitlines())


def test_an_added_paragraph_in_arabic_is_printed_as_it_stands():
    """With its own question mark and quotes, and an English name inside."""
    text = "«هل تعود العبّارة؟» سأل مراسل Radio Kust."

    assert f"+ {text}\n" in shown(one_change(Change("added", (), (3,), 0, (), text)))


def test_brief_has_its_columns_below_each_other_where_letters_are_two():
    """The twenty-seventh member is AA."""
    [cluster] = CROWD.clusters
    rows = shown(CROWD, "brief").splitlines()[: len(cluster.members)]
    names = {row.index(member.id) for row, member in zip(rows, cluster.members, strict=True)}

    assert len(names) == 1


def test_a_hostile_title_and_path_cannot_drive_the_terminal():
    """What is made visible in text is made visible everywhere."""
    evil = Member("a\x1b[2J.txt", "", "T\x07itle\u202e", "S\nource", "20\x1b[H24", 1, 1)
    cluster = FERRY.clusters[0]
    report = replace(FERRY, clusters=(replace(cluster, members=(evil, cluster.members[1])),))

    for form in ("text", "brief"):
        assert not {"\x1b", "\x07", "\u202e"} & set(shown(report, form))


def test_links_are_written_only_for_terminals_and_for_files():
    """The name of a member opens its file; an article without a file has no link."""
    linked = shown(RICH, style=Style(links=True))
    bare = replace(RICH, clusters=(one_change(Change("same", (0,), (0,))).clusters[0],))

    assert "\x1b]8;;file:///" in linked
    assert "/np-ferry.txt\x1b\\np-ferry.txt\x1b]8;;\x1b\\" in linked
    assert "\x1b]8" not in shown(bare)


def test_an_article_that_shares_nothing_is_not_called_an_overlap():
    """A comparison that was asked for may find nothing."""
    cluster = RICH.clusters[0]
    stranger = replace(cluster.variants[2], base_in_variant=0.0, relation="overlap")
    variants = (*cluster.variants[:2], stranger)

    assert "D has no wording in common with A." in shown(
        replace(RICH, clusters=(replace(cluster, variants=variants),))
    )


def test_without_a_diff_the_table_says_it_all():
    """Only who belongs through another needs a line of its own."""
    cluster = RICH.clusters[0]
    bare = tuple(replace(variant, alignment=None) for variant in cluster.variants)
    text = shown(replace(RICH, clusters=(replace(cluster, variants=bare),)))

    assert "B updates A.    C reprints A.    D is an excerpt of A." in text
    assert text.count("D is here through B") == 1
    assert "C has 97%" not in text
    assert "paragraphs added" not in text


def test_clusters_that_are_not_shown_are_told_with_the_reason():
    """A limit is another one than a question."""
    part = replace(RICH, settings={"only_relations": "update"}, clusters=RICH.clusters[:1])

    assert "1 more cluster not shown; --limit sets how many are.\n" in shown(
        RICH, style=Style(limit=1)
    )
    assert "--limit" not in shown(part)
    assert "Only these variants are shown: update.\n1 other cluster not shown.\n" in shown(part)


def test_no_cluster_is_said_in_one_calm_line():
    """Nothing found is an answer, and says among how many."""
    for form in ("text", "brief"):
        assert shown(EMPTY, form) == "No variants among 5 articles.\n"


def test_two_renderings_are_equal():
    """The look depends on the report alone."""
    assert shown(RICH) == shown(RICH)


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, case in CASES.items():
        (GOLDEN / f"{name}.txt").write_text(shown(*case), "utf-8")
