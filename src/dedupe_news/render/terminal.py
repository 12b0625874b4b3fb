"""The report as a person reads it in a terminal."""

from collections.abc import Iterator
from typing import TextIO

from dedupe_news.model import Cluster, Report, Variant
from dedupe_news.render.asked import asked_for
from dedupe_news.render.changes import change_lines
from dedupe_news.render.crowd import crowd_lines, is_crowd
from dedupe_news.render.head import (
    heading,
    letter_of,
    member_lines,
    name_line,
    title_lines,
    via_note,
)
from dedupe_news.render.passages import passage_lines
from dedupe_news.render.phrases import count_phrases, percent, plural, siglum
from dedupe_news.render.prose import Line, flow, paint, sides, toned, wrap
from dedupe_news.render.safe import one_line
from dedupe_news.render.shapes import shape_table
from dedupe_news.render.style import Style

__all__ = ["render", "summary_phrases"]


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write each cluster with the paragraph view of its variants, then the totals."""
    lines = _report_lines(report, style)
    out.writelines(paint(line, color=style.color).rstrip() + "\n" for line in lines)


def summary_phrases(report: Report) -> list[str]:
    """Return the totals in words, such as `1 cluster`, `2 of 2 articles in it`."""
    summary = report.summary
    articles = plural(summary.articles, "article")
    if not summary.clusters:
        return [f"No variants among {articles}."]
    where = "it" if summary.clusters == 1 else "them"
    alignments = [
        variant.alignment
        for cluster in report.clusters
        for variant in cluster.variants
        if variant.alignment
    ]
    added = sum(alignment.counts.added for alignment in alignments)
    return [
        plural(summary.clusters, "cluster"),
        f"{summary.clustered:,} of {articles} in {where}",
        *([f"{plural(added, 'paragraph')} added"] if alignments else []),
    ]


def _report_lines(report: Report, style: Style) -> Iterator[Line]:
    shown = report.clusters[: style.limit]
    for index, cluster in enumerate(shown, 1):
        yield from heading(cluster, f"{index} of {len(report.clusters)}", style)
        yield from (shape_table if is_crowd(cluster) else member_lines)(cluster, style)
        yield from _cluster_lines(cluster, style)
        yield from _overlap_lines(cluster, style)
        yield []
    if report.clusters:
        yield [(style.signs.rule * style.width, "dim")]
    for note in _left_out(report, len(shown), style):
        yield from wrap([(note, "plain")], style.width)
    dot = f" {style.signs.dot} "
    yield from toned(flow(summary_phrases(report), style.width, dot), "strong")
    yield from passage_lines(report, style)


def _left_out(report: Report, shown: int, style: Style) -> Iterator[str]:
    """Yield how many clusters are not shown, and why."""
    cut = len(report.clusters) - shown
    if cut:
        yield f"{plural(cut, 'more cluster')} not shown; --limit sets how many are."
    yield from filter(None, [asked_for(report, only_ascii=style.ascii)])
    other = report.summary.clusters - len(report.clusters)
    if other > 0:
        yield f"{plural(other, 'other cluster')} not shown."


def _cluster_lines(cluster: Cluster, style: Style) -> Iterator[Line]:
    if is_crowd(cluster) and not style.full:
        yield from crowd_lines(cluster, style)
        return
    single = len(cluster.variants) == 1
    for index, variant in enumerate(cluster.variants, 1):
        if not single and not variant.alignment and not variant.via:
            continue  # the table has said it all
        yield []
        if not single:
            yield name_line(index, cluster.members[index], style)
            yield from title_lines(cluster.members[index], 3, style)
        yield from _variant_lines(cluster, variant, index, style)


def _variant_lines(cluster: Cluster, variant: Variant, index: int, style: Style) -> Iterator[Line]:
    letter = siglum(index)
    has = f"{letter} has {percent(variant.base_in_variant)} of A's words"
    new = f"{percent(1 - variant.variant_in_base)} of {letter} is new"
    alignment = variant.alignment
    shape: Line = [("shape ", "dim"), (alignment.shape, "plain")] if alignment else []
    yield from sides([(f"{has}; {new}.", "plain")], shape, style.width)
    if variant.via:
        through = letter_of(cluster, variant.via)
        yield from wrap([(via_note(letter, through), "plain")], style.width)
    if alignment:
        dot = f" {style.signs.dot} "
        yield from toned(flow(count_phrases(alignment.counts), style.width, dot), "plain")
        yield []
        yield from change_lines(cluster, variant, alignment, ("A", letter), style)


def _overlap_lines(cluster: Cluster, style: Style) -> Iterator[Line]:
    if cluster.overlaps:
        yield []
    for overlap in cluster.overlaps:
        letter = letter_of(cluster, overlap.member)
        name = one_line(overlap.id, only_ascii=style.ascii)
        held, own = percent(overlap.member_in_article), percent(overlap.article_in_member)
        note = f"Shares a part with {letter}: {name} ({held} of {letter}, {own} of it)"
        yield [(note, "plain")]
