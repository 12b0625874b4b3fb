"""Markdown: read back by a parser, so that what looks escaped is."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from hostile import CROWD as HOSTILE_CROWD
from hostile import HOSTILE, PAYLOADS, visible
from reports import CROWD, FERRY, HARBOUR, RICH

OURS = {"<del>", "</del>", "<ins>", "</ins>", "<br>"}


@pytest.fixture
def tokens(written):
    """Return a function that returns all tokens, with those inside of others."""
    parser = MarkdownIt("gfm-like", {"linkify": False, "html": True})

    def read(report, **style):
        found = parser.parse(written("markdown", report, **style))
        return [inner for token in found for inner in (token, *(token.children or ()))]

    return read


def _text(tokens):
    return "".join(each.content for each in tokens if each.type in {"text", "code_inline"})


def test_hostile_text_makes_no_markup(tokens):
    """The only tags are ours; there is no link, no image, no block of HTML."""
    found = [*tokens(HOSTILE), *tokens(HOSTILE_CROWD)]

    assert {each.content for each in found if each.type.startswith("html")} <= OURS
    assert not [each for each in found if each.type in {"link_open", "image"}]
    assert not [each for each in found if each.type == "fence"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_survives(tokens, payload):
    """Parsed, it is the text that was there."""
    assert visible(payload) in _text(tokens(HOSTILE))


def test_added_text_is_there_in_full(tokens):
    """It is what the reader came for."""
    text = _text(tokens(FERRY))

    assert "Timetables will be published on 20 May." in text
    assert "number changed" in text


@pytest.mark.parametrize(
    ("report", "shown"),
    [
        (FERRY, "<del>at</del> <ins>in</ins> Lom"),
        (FERRY, "`&` merged ¶ 3+4 → 3: wording unchanged"),
        (FERRY, "- **number changed** in ¶ 6: 40 → 30"),
        (RICH, "### D: excerpt, through `np-ferry-2.txt`"),
        (RICH, "`>` moved ¶ 9 → 1: wording unchanged"),
        (RICH, "- `page.html`: needs the html extra (pip install trafilatura)"),
        (RICH, "- in 12 articles: All rights reserved."),
    ],
)
def test_what_a_reader_looks_for(written, report, shown):
    """Each kind of fact, in its form."""
    assert shown in written("markdown", report)


def test_without_a_diff_there_is_only_the_table(written):
    """No section for a variant of which nothing is known."""
    assert "### " not in written("markdown", HARBOUR)


def test_a_limit_is_told(written):
    """Nothing is hidden silently."""
    assert "1 more cluster not shown." in written("markdown", RICH, limit=1)


def test_a_variant_that_is_here_through_another_says_so_without_a_diff(written):
    """Its shares with the base alone would look like a mistake."""
    cluster = HARBOUR.clusters[0]
    variants = (replace(cluster.variants[0], via="np-ferry-2.txt"),)
    report = replace(HARBOUR, clusters=(replace(cluster, variants=variants),))

    assert "B is here, through `np-ferry-2.txt`; it does not" in written("markdown", report)


def test_many_variants_are_told_by_what_they_have_in_common(written):
    """Each addition once; with `full` each variant for itself."""
    text = written("markdown", CROWD)
    full = written("markdown", CROWD, full=True)

    assert "### 20 of 40: C, E, G, I," in text
    assert "- `~` edited ¶ 6: Replacement boats will sail from <ins>Lom</ins>\n" in text
    assert "- **number changed**: 40 → 30\n" in text
    assert "### AN alone: reprint, through `press/lom-courier-1.txt`\n" in text
    assert text.count("Season tickets stay valid") == 1
    assert full.count("Season tickets stay valid") == 20
