"""What every renderer keeps to; a new one is tested by standing in the table of formats."""

import io
from dataclasses import replace

import pytest

from dedupe_news.model import Report, Summary
from dedupe_news.render import FORMATS, TEXT_FORMATS, Style, renderer
from reports import EMPTY, FERRY, HARBOUR, RICH

NOTHING = Report({}, Summary(0, 0, 0, 0, 0), ())
REPORTS = {"ferry": FERRY, "rich": RICH, "empty": EMPTY, "no-diff": HARBOUR, "nothing": NOTHING}

any_form = pytest.mark.parametrize("form", FORMATS)
any_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


def written(form, report, **style):
    """Return all that a renderer writes."""
    out = io.StringIO()
    renderer(form)(report, out, Style(**style))
    return out.getvalue()


@any_form
@any_report
def test_output_is_whole_lines_without_blanks_at_their_ends(form, report):
    """Files end with a line feed, and a diff of two outputs shows nothing but content."""
    text = written(form, report)

    assert text.endswith("\n")
    assert [line for line in text.splitlines() if line != line.rstrip()] == []


@any_form
@any_report
def test_output_depends_on_nothing_but_the_report(form, report):
    """Twice the same report is twice the same text."""
    assert written(form, report) == written(form, replace(report))


@any_form
def test_every_member_is_named(form):
    """Whoever reads any of the forms can find the articles."""
    text = written(form, RICH)

    assert [m.id for c in RICH.clusters for m in c.members if m.id not in text] == []


@any_form
def test_a_limit_hides_clusters_and_says_so(form):
    """The second cluster is gone, and something tells that one is missing."""
    text = written(form, RICH, limit=1)

    assert "77aa0b1c" not in text
    assert "1 more cluster" in text or '"clusters_not_shown": 1' in text


@any_form
def test_no_escape_sequence_is_written_without_colour(form):
    """A pipe gets text."""
    assert "\x1b" not in written(form, RICH)


@pytest.mark.parametrize("form", TEXT_FORMATS)
@any_report
def test_plain_signs_are_ascii(form, report):
    """The signs between the words fit every terminal; these articles are ASCII themselves."""
    assert written(form, report, ascii=True).isascii()


@any_form
def test_data_and_text_take_lone_surrogates(form):
    """A half of a code point in an article must not end the run."""
    cluster = FERRY.clusters[0]
    broken = replace(cluster.members[0], title="half \ud83d", source="\udc80")
    report = replace(FERRY, clusters=(replace(cluster, members=(broken, cluster.members[1])),))

    written(form, report).encode("utf-8")


def test_an_unknown_form_is_refused():
    """The table is the only place that knows the forms."""
    with pytest.raises(KeyError):
        renderer("tea-leaves")
