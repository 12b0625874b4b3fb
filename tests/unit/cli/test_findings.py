from dataclasses import replace

import pytest

from dedupe_news.baseline import Accepted
from dedupe_news.cli.findings import finding_lines
from dedupe_news.judgement import Finding, Judgement
from dedupe_news.model import Alignment, Change, Counts
from dedupe_news.render import Style
from reports import FERRY, HARBOUR, RICH

PAIR = Accepted("a", "b", "left", "right")
MIXED = RICH.clusters[0]
WIDE = Style()


def finding(cluster, number=0, *, changed=False):
    """Return one of the variants of a cluster as a finding."""
    return Finding(cluster, cluster.members[0], cluster.variants[number], PAIR, changed)


def lines(*findings, accepted=0, style=WIDE, **typed):
    """Return what is said of some findings."""
    return list(finding_lines(Judgement(RICH, findings, accepted), style, **typed))


def adding(*texts):
    """Return a finding whose variant adds some paragraphs."""
    changes = (Change("added", (), (place,), text=text) for place, text in enumerate(texts))
    alignment = Alignment(tuple(changes), "+" * len(texts), Counts(added=len(texts)))
    variant = replace(MIXED.variants[0], alignment=alignment)
    return Finding(MIXED, MIXED.members[0], variant, PAIR, changed=False)


def added(*texts, **how):
    """Return what is said of paragraphs that were added."""
    return [line[2:] for line in lines(adding(*texts), **how) if line.startswith("  + ")]


def test_without_findings_nothing_is_said():
    """Whatever was accepted earlier."""
    assert lines(accepted=3) == []


def test_a_finding_says_who_repeats_whom_and_what_to_type():
    """The commands can be pasted."""
    assert lines(finding(FERRY.clusters[0])) == [
        "radiokust-ferry.txt repeats np-ferry.txt",
        "  reprint: 97% of its words, 4 paragraphs added (100 words), 2 edited, 1 number changed",
        "  + Island council leader Per Aune told Radio Kust he had learned of the …",
        "  + Season tickets stay valid on the replacement boats, and bicycles travel …",
        "  + The county said the hospital in Havenrik would keep a rescue helicopter on …",
        "  + 1 more",
        "  see:    dedupe-news diff np-ferry.txt radiokust-ferry.txt",
        "  accept: dedupe-news accept 3f9c1a52 --reason '...'",
        "1 new near-duplicate",
    ]


FACTS = [
    (finding(HARBOUR.clusters[0]), "  reprint: 97% of its words"),
    (finding(MIXED), "  update: 100% of its words, 1 paragraph added (9 words)"),
    (
        finding(MIXED, 2),
        "  excerpt: 99% of it stands there, 2 removed, by way of np-ferry-2.txt",
    ),
]


@pytest.mark.parametrize(("told", "line"), FACTS)
def test_the_facts_are_those_that_are_not_nothing(told, line):
    """An excerpt is measured by what it took, all else by what it kept."""
    assert lines(told)[1] == line


def test_of_what_was_added_the_beginnings_are_shown():
    """Of three paragraphs; each takes one line, and ends with a word."""
    assert added("Short.") == ["+ Short."]
    assert added("A", "B", "C") == ["+ A", "+ B", "+ C"]
    assert added("A", "B", "C", "D", "E") == ["+ A", "+ B", "+ C", "+ 2 more"]
    assert added("one two three four five", style=Style(width=24)) == ["+ one two three four …"]
    assert added("one two three four fives", style=Style(width=28)) == [
        "+ one two three four fives"
    ]
    assert added("w" * 30, style=Style(width=24)) == [f"+ {'w' * 18} …"]


def test_what_was_added_cannot_command_the_terminal():
    """An article is hostile until shown otherwise."""
    assert added("red\x1b[31m\n text") == ["+ red␛[31m text"]
    assert added("red\x1b[31m text", style=Style(ascii=True)) == ["+ red<U+001B>[31m text"]
    assert added("one two three four five", style=Style(width=24, ascii=True)) == [
        "+ one two three ..."
    ]


def test_what_is_found_elsewhere_is_accepted_there():
    """Else the command would look at the disk."""
    told = lines(finding(MIXED), again=["--staged", "--config", "a b"], root="..")

    assert (
        told[-2]
        == f"  accept: dedupe-news accept {MIXED.id} --staged --config 'a b' --reason '...'"
    )


def test_an_edited_article_is_told_from_a_new_one():
    """Somebody looked at it once."""
    told = lines(finding(MIXED, changed=True), finding(MIXED, 1), accepted=1200)

    assert told[0] == "np-ferry-2.txt repeats np-ferry.txt (changed since accepted)"
    assert told[-1] == "2 new near-duplicates (1,200 accepted earlier)"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("it's.txt", "'it'\"'\"'s.txt'"),
        ("a b.txt", "'a b.txt'"),
        ("plain.txt", "plain.txt"),
        ("-f.txt", "-- -f.txt"),
    ],
)
def test_names_are_quoted_for_the_shell(name, typed):
    """Names of files hold anything."""
    cluster = MIXED
    base = replace(cluster.members[0], id=name)
    told = lines(Finding(cluster, base, cluster.variants[0], PAIR, changed=False))

    assert told[-3] == f"  see:    dedupe-news diff {typed} np-ferry-2.txt"


def test_a_name_cannot_command_the_terminal():
    """Signs of control are written out."""
    base = replace(MIXED.members[0], id="a\x1b[31m\n.txt")

    told = lines(Finding(MIXED, base, MIXED.variants[0], PAIR, changed=False))

    assert not {"\x1b", "\n"} & set("".join(told))
