"""The report as Markdown that reads well on a forge, in a comment or a job summary.

Article text is escaped: nothing in it becomes markup, a link or a heading.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TextIO

from dedupe_news.model import Change, ChangeOp, Cluster, Member, NumberChange, Report, Variant
from dedupe_news.render.asked import asked_for
from dedupe_news.render.changes import MARKS
from dedupe_news.render.crowd import is_crowd, who
from dedupe_news.render.findings import more_clusters, title_of
from dedupe_news.render.phrases import count_phrases, minute, percent, places, plural, siglum
from dedupe_news.render.readings import Reading, groups
from dedupe_news.render.safe import one_line, prose
from dedupe_news.render.style import Style
from dedupe_news.render.words import word_spans

__all__ = ["render"]

_SIGNS = re.compile(r"[\\`*_\[\]<>|~#&$]|:(?=//)")
_TICKS = re.compile("`+")
_HEAD = ("", "article", "source", "date", "¶", "words", "of A", "new", "relation", "shape")
_RULE = ("---", "---", "---", "---", "--:", "--:", "--:", "--:", "---", "---")
_COLORED = Style(color=True)
"""Makes `word_spans` tell by tone what came and what went."""
_TAGS = {"deleted": "del", "inserted": "ins"}
_QUIET: frozenset[ChangeOp] = frozenset({"same", "boilerplate"})


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write a heading with the totals, then a section for each cluster."""
    out.writelines(f"{line.rstrip()}\n" for line in _lines(report, style))


def _lines(report: Report, style: Style) -> Iterator[str]:
    shown = report.clusters[: style.limit]
    summary = report.summary
    yield "# Variants among news articles"
    yield ""
    found = plural(summary.clusters, "cluster")
    yield f"{found}, {summary.clustered:,} of {plural(summary.articles, 'article')} in clusters."
    asked = asked_for(report)
    if asked:
        yield from ("", _escaped(asked))
    for cluster in shown:
        yield from _cluster_lines(cluster, full=style.full)
    more = more_clusters(report, len(shown))
    if more:
        yield from ("", f"{more}.")
    yield from _skipped_lines(report)
    yield from _boilerplate_lines(report)


def _cluster_lines(cluster: Cluster, *, full: bool) -> Iterator[str]:
    yield from ("", f"## Cluster {cluster.id}", "", _row(_HEAD), _row(_RULE))
    for index, member in enumerate(cluster.members):
        variant = cluster.variants[index - 1] if index else None
        yield _row((f"**{siglum(index)}**", *_known(member), *_measured(variant, cluster)))
    if is_crowd(cluster) and not full:
        yield from _crowd_lines(cluster)
    else:
        for index, variant in enumerate(cluster.variants, 1):
            yield from _variant_lines(variant, siglum(index))
    for overlap in cluster.overlaps:
        shares = f"{percent(overlap.member_in_article)} of it, {percent(overlap.article_in_member)}"
        names = f"{_code(overlap.id)} shares a part with {_code(overlap.member)}"
        yield from ("", f"{names} ({shares} of the article).")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _known(member: Member) -> tuple[str, ...]:
    title = title_of(member)
    name = f"{_code(member.id)}<br>{_escaped(title)}" if title else _code(member.id)
    date = _escaped(minute(member.date))
    counts = (f"{member.paragraphs:,}", f"{member.words:,}")
    return (name, _escaped(member.source), date, *counts)


def _measured(variant: Variant | None, cluster: Cluster) -> tuple[str, ...]:
    if variant is None:
        return ("", "", f"base ({_escaped(cluster.base_reason)})", "")
    shape = _code(variant.alignment.shape) if variant.alignment else ""
    shares = (percent(variant.base_in_variant), percent(1 - variant.variant_in_base))
    return (*shares, variant.relation, shape)


def _variant_lines(variant: Variant, letter: str) -> Iterator[str]:
    via = f", through {_code(variant.via)}" if variant.via else ""
    if variant.alignment is None:
        if via:
            yield from ("", f"{letter} is here{via}; it does not match A itself.")
        return
    told = " · ".join(count_phrases(variant.alignment.counts))
    yield from ("", f"### {letter}: {variant.relation}{via}", "", f"{told}", "")
    for change in variant.alignment.changes:
        if change.op not in _QUIET:
            yield f"- {_code(MARKS[change.op])} {_place(change)}: {_body(change)}"
    for number in variant.alignment.numbers_changed:
        yield f"- **number changed** in ¶ {number.paragraph + 1}: {_figures(number)}"


def _crowd_lines(cluster: Cluster) -> Iterator[str]:
    """Yield what several variants have in common, then what each has alone, or through whom."""
    found = groups(cluster)
    for group in found:
        if len(group.witnesses) > 1:
            yield from ("", f"### {who(group, len(cluster.variants))}", "")
            yield from _reading_lines(group.readings)
    alone = {group.witnesses[0]: group.readings for group in found if len(group.witnesses) == 1}
    for place, variant in enumerate(cluster.variants, 1):
        if place in alone or variant.via:
            via = f", through {_code(variant.via)}" if variant.via else ""
            yield from ("", f"### {siglum(place)} alone: {variant.relation}{via}", "")
            yield from _reading_lines(alone.get(place, ()))


def _reading_lines(readings: Sequence[Reading]) -> Iterator[str]:
    for each in readings:
        change = each.change
        where = f" ¶ {places(change.base)}" if change.base else ""
        yield f"- {_code(MARKS[change.op])} {change.op}{where}: {_body(change)}"
        for number in each.numbers:
            yield f"- **number changed**: {_figures(number)}"


def _figures(number: NumberChange) -> str:
    return f"{_escaped(number.base)} → {_escaped(number.variant)}"


def _place(change: Change) -> str:
    """Return where a change stands, counted as a reader counts: `¶ 3+4 → 3`."""
    sides = (places(change.base), places(change.variant))
    return f"{change.op} ¶ {' → '.join(side for side in sides if side)}"


def _body(change: Change) -> str:
    if change.text:
        return _escaped(change.text)
    if not change.words:
        return "wording unchanged"
    return "".join(_tagged(text, tone) for text, tone in word_spans(change.words, _COLORED)).strip()


def _tagged(text: str, tone: str) -> str:
    """Return words inside their tag, and the blanks at their ends outside of it."""
    tag = _TAGS.get(tone)
    inner = text.strip()
    if not tag or not inner:
        return _masked(text)
    before, after = text[: text.index(inner)], text[text.index(inner) + len(inner) :]
    return f"{before}<{tag}>{_masked(inner)}</{tag}>{after}"


def _skipped_lines(report: Report) -> Iterator[str]:
    if report.skipped:
        yield from ("", "## Inputs that took no part", "")
    for skipped in report.skipped:
        told = f"{_code(skipped.id)}: {_escaped(skipped.message)}"
        yield f"- {told} ({_escaped(skipped.hint)})"


def _boilerplate_lines(report: Report) -> Iterator[str]:
    if report.boilerplate:
        yield from ("", "## Passages that recur in unrelated articles", "")
    for passage in report.boilerplate:
        yield f"- in {plural(passage.articles, 'article')}: {_escaped(passage.text)}"


def _escaped(text: str) -> str:
    return _masked(prose(text).strip())


def _masked(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", text)


def _code(text: str) -> str:
    """Return a name as code, in a fence longer than any in it; bars would end a table's cell."""
    shown = one_line(text).replace("|", r"\|")
    longest = max((len(found) for found in _TICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
