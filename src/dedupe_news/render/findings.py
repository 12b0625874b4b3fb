"""Each variant as one finding, said in one sentence: for forms that list what a tool found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dedupe_news.model import Cluster, Member, Relation, Report, Variant
from dedupe_news.render.phrases import percent, plural, relates
from dedupe_news.render.safe import one_line, prose

__all__ = [
    "MEANINGS",
    "Finding",
    "Weight",
    "findings",
    "more_clusters",
    "name_of",
    "sentence",
    "title_of",
]

Weight = Literal["warning", "note"]
"""How much a finding matters: text that is there twice, or text that merely grew out of another."""

MEANINGS: dict[Relation, str] = {
    "identical": "The article has the wording of another one.",
    "reprint": "The article repeats most of another one, and may add to it.",
    "update": "The article is a later version of another one from the same source.",
    "excerpt": "The article is a part of another one.",
    "overlap": "The article shares passages with another one, and each has more.",
    "recurring": "The article fills in the same form as another one.",
}
"""What each relation says of a variant."""

_WEIGHTS: dict[Relation, Weight] = {
    "identical": "warning",
    "reprint": "warning",
    "excerpt": "warning",
    "update": "note",
    "overlap": "note",
    "recurring": "note",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A variant with all that a sentence on it needs.

    Attributes:
        cluster: In which it stands.
        variant: Read against the base.
        member: What is known of the variant.
        base: What is known of the base.
    """

    cluster: Cluster
    variant: Variant
    member: Member
    base: Member

    @property
    def weight(self) -> Weight:
        """How much it matters."""
        return _WEIGHTS[self.variant.relation]


def findings(clusters: Sequence[Cluster]) -> Iterator[Finding]:
    """Yield one finding for each variant, in the order of the report."""
    for cluster in clusters:
        base, *others = cluster.members
        for variant, member in zip(cluster.variants, others, strict=True):
            yield Finding(cluster, variant, member, base)


def sentence(finding: Finding) -> str:
    """Return what was found, as `radio.txt reprints agency.txt: …`, on one line."""
    variant = finding.variant
    told = relates(variant.relation, name_of(finding.base))
    facts = [f"{percent(variant.base_in_variant)} of its words", *_changes(variant)]
    return f"{name_of(finding.member)} {told}: {', '.join(facts)}."


def name_of(member: Member) -> str:
    """Return the id of an article, harmless and on one line."""
    return one_line(member.id)


def title_of(member: Member) -> str:
    """Return the headline, harmless and on one line; empty if there is none."""
    return prose(member.title).strip()


def more_clusters(report: Report, shown: int) -> str:
    """Return how many clusters are not shown, in words; empty if all are.

    Args:
        report: All that was found.
        shown: How many clusters are written.
    """
    hidden = report.summary.clusters - shown
    return f"{plural(hidden, 'more cluster')} not shown" if hidden > 0 else ""


def _changes(variant: Variant) -> Iterator[str]:
    """Yield what an editor asks first: what came, what went, which figures changed."""
    if variant.alignment is None:
        return
    counts = variant.alignment.counts
    if counts.added:
        words = plural(counts.added_words, "word")
        yield f"{plural(counts.added, 'paragraph')} added ({words})"
    if counts.removed:
        yield f"{counts.removed} removed"
    if counts.edited:
        yield f"{counts.edited} edited"
    figures = len(variant.alignment.numbers_changed)
    if figures:
        yield f"{plural(figures, 'number')} changed"
