"""Two columns in which paragraphs stand across."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from strategies import families

from dedupe_news import Article, diff
from dedupe_news.model import Alignment, Change, Counts, Variant
from dedupe_news.render.html.rows import aligned, inline
from reports import FERRY, RICH


def rows(*changes, texts=()):
    """Return the rows of a variant with these changes."""
    alignment = Alignment(changes, "", Counts())
    return list(aligned(Variant("v", "reprint", 1, 1, 1, "", alignment, texts)))


def shown(paragraphs):
    """Return paragraphs with their marks."""
    return ["".join(f"{mark}{text}" for mark, text in p.runs) for p in paragraphs]


def test_neighbours_that_are_the_same_are_one_row():
    """Unless a place is skipped on either side."""
    found = rows(*(Change("same", (n,), (n + (n > 2),)) for n in range(5)))

    assert [(row.base, row.variant, row.count) for row in found] == [
        ("1-3", "1-3", 3),
        ("4-5", "5-6", 2),
    ]


def test_an_edited_paragraph_has_each_side_of_the_word_diff():
    """What went is on the left, what came is on the right, blanks stand outside of the marks."""
    words = (("=", "at "), ("-", "noon "), ("+", "night "), ("=", "said"))
    [row] = rows(Change("edited", (0,), (0,), 0.5, words))

    assert shown(row.left) == ["=at -noon= =said"]
    assert shown(row.right) == ["=at +night= =said"]


def test_the_side_that_has_several_paragraphs_is_cut():
    """A line feed parts them; on the side that has one it is a blank."""
    words = (("=", "one\ntwo"), ("+", " three"))
    [split] = rows(Change("split", (0,), (0, 1), 0.9, words))
    [merged] = rows(Change("merged", (0, 1), (0,), 0.9, words))

    assert shown(split.right) == ["=one", "=two= +three"]
    assert shown(split.left) == ["=one two"]
    assert len(merged.left) == 2


@pytest.mark.parametrize(
    ("op", "left", "right"),
    [("merged", [(0,), (1,)], [(0, 1)]), ("moved", [(0,), (1,)], [(0, 1)])],
)
def test_unchanged_wording_is_referred_to(op, left, right):
    """The base's text is written once, wherever it is shown."""
    row = rows(Change(op, (0, 1), (0,)))[-1]

    assert [paragraph.refs for paragraph in row.left] == left
    assert [paragraph.refs for paragraph in row.right] == right


def test_pieces_of_a_split_are_quoted_from_the_variant():
    """Where the cut was, only the variant tells."""
    [row] = rows(Change("split", (0,), (0, 1)), texts=("One.", "Two."))

    assert shown(row.right) == ["=One.", "=Two."]


def test_a_moved_paragraph_leaves_a_row_where_it_was():
    """Behind the paragraph that stands before it, and each names the other's place."""
    found = rows(
        Change("moved", (2,), (0,)),
        Change("same", (0,), (1,)),
        Change("same", (1,), (2,)),
        Change("same", (3,), (3,)),
    )

    assert [(row.op, row.base, row.variant) for row in found] == [
        ("moved", "3", "1"),
        ("same", "1-2", "2-3"),
        ("gone", "3", ""),
        ("same", "4", "4"),
    ]
    assert found[2].phrase == "moved to 1"


def test_a_first_paragraph_that_was_moved_leaves_the_first_row():
    """Nothing stood before it."""
    found = rows(Change("same", (1,), (0,)), Change("moved", (0,), (1,)))

    assert [row.op for row in found] == ["gone", "same", "moved"]


def test_a_figure_stands_in_the_row_of_its_paragraph():
    """And nowhere else."""
    found = [row.numbers for row in aligned(FERRY.clusters[0].variants[0])]

    assert [numbers for numbers in found if numbers] == [(("40", "30"),)]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Change("added", (), (0,), 0, (), " New. "), "=New."),
        (Change("merged", (0, 1), (0,)), ""),
        (
            Change("edited", (0,), (0,), 0.9, (("-", "at"), ("+", "in"), ("=", " Lom"))),
            "-at= +in= Lom",
        ),
        (Change("merged", (0, 1), (0,), 0.9, (("=", "a\nb "), ("-", "c"))), "=a ¶ b -c"),
        (Change("merged", (0, 1), (0,), 0.9, (("-", "a\nb"), ("=", " c"))), "-a ¶ b= c"),
    ],
)
def test_a_change_can_be_one_text(change, text):
    """What went before what came, with a blank between; a sign where paragraphs meet."""
    assert "".join(f"{mark}{part}" for mark, part in inline(change).runs) == text


def test_without_changes_there_are_no_rows():
    """They were not asked for."""
    variant = replace(RICH.clusters[0].variants[0], alignment=None)

    assert list(aligned(variant)) == []


def places(text):
    """Return the positions that a reader finds in a row, such as `3-5` or `3+4`."""
    first, _, last = text.partition("-")
    if last:
        return list(range(int(first), int(last) + 1))
    return [int(place) for place in text.split("+") if place]


@example((["the the the the"], ["the the", "", "the the"]))
@given(families())
def test_every_paragraph_of_both_stands_in_one_row(family):
    """Nothing is lost between the report and the page, and nothing is there twice."""
    base, variant = family
    report = diff(Article("a", tuple(base)), Article("b", tuple(variant)))
    found = list(aligned(report.clusters[0].variants[0]))

    left = sorted(place for row in found if row.op != "gone" for place in places(row.base))
    right = sorted(place for row in found for place in places(row.variant))
    assert left == list(range(1, len(base) + 1))
    assert right == list(range(1, len(variant) + 1))
    assert sum(row.op == "gone" for row in found) == sum(row.op == "moved" for row in found)
