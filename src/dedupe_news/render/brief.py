"""One line for each article of a cluster: for a glance, and for `grep`."""

from collections.abc import Iterator
from typing import TextIO

from rich.cells import cell_len

from dedupe_news.model import Alignment, Cluster, Member, Report, Variant
from dedupe_news.render.asked import asked_for
from dedupe_news.render.changes import MARKS
from dedupe_news.render.passages import passage_lines
from dedupe_news.render.phrases import percent, plural, siglum
from dedupe_news.render.prose import paint
from dedupe_news.render.safe import one_line, prose
from dedupe_news.render.style import Style
from dedupe_news.render.terminal import summary_phrases

__all__ = ["render"]

_DAY_END = 10


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write one line for each member of each cluster, then the totals in one line."""
    shown = report.clusters[: style.limit]
    for cluster in shown:
        out.writelines(f"{line}\n" for line in _cluster_lines(cluster, style))
    hidden = max(report.summary.clusters - len(shown), 0)
    more = [f"{plural(hidden, 'more cluster')} not shown"] if hidden else []
    out.write(f" {style.signs.dot} ".join([*summary_phrases(report), *more]) + "\n")
    asked = asked_for(report, only_ascii=style.ascii)
    if asked:
        out.write(f"{asked}\n")
    if style.boilerplate:
        out.writelines(paint(line, color=False) + "\n" for line in passage_lines(report, style))


def _cluster_lines(cluster: Cluster, style: Style) -> Iterator[str]:
    names = [one_line(member.id, only_ascii=style.ascii) for member in cluster.members]
    width = max(map(cell_len, names))
    told = [_told(cluster, index, style) for index in range(len(names))]
    relations = max(len(relation) for relation, _ in told)
    counts = max(len(str(member.paragraphs)) for member in cluster.members)
    sigla = len(siglum(len(names) - 1))
    for index, (member, name, (relation, facts)) in enumerate(
        zip(cluster.members, names, told, strict=True)
    ):
        start = cluster.id if index == 0 else " " * len(cluster.id)
        padded = name + " " * (width - cell_len(name))
        size = f"{member.paragraphs:>{counts}} {style.signs.paragraphs}"
        line = (
            f"{start}  {siglum(index):<{sigla}} {padded}  {relation:<{relations}}  {size}  {facts}"
        )
        yield line.rstrip()


def _told(cluster: Cluster, index: int, style: Style) -> tuple[str, str]:
    """Return what a member is, and the facts of it."""
    if index == 0:
        return "base", _base_facts(cluster.members[0], style)
    variant = cluster.variants[index - 1]
    return variant.relation, _variant_facts(variant)


def _base_facts(member: Member, style: Style) -> str:
    facts = (
        prose(member.source, only_ascii=style.ascii).strip(),
        one_line(member.date[:_DAY_END], only_ascii=style.ascii),
    )
    return "  ".join(fact for fact in facts if fact)


def _variant_facts(variant: Variant) -> str:
    share = f"{percent(variant.base_in_variant)} of A"
    if variant.alignment is None:
        return share
    return "  ".join(filter(None, (_marks(variant.alignment), share, variant.alignment.shape)))


def _marks(alignment: Alignment) -> str:
    """Return how often each mark occurs that means a difference, such as `+4 ~2 &1`."""
    counts = alignment.counts
    figures = (
        (MARKS["added"], counts.added),
        (MARKS["removed"], counts.removed),
        (MARKS["edited"], counts.edited),
        (MARKS["merged"], counts.merged),
        (MARKS["split"], counts.split),
        (MARKS["moved"], counts.moved),
    )
    return " ".join(f"{mark}{count}" for mark, count in figures if count)
