"""What a gate says: who repeats whom, how much of it, and what to type next."""

import shlex
from collections.abc import Iterator

from dedupe_news.judgement import Finding, Judgement
from dedupe_news.model import Counts, NumberChange
from dedupe_news.render.phrases import percent, plural
from dedupe_news.render.safe import one_line

__all__ = ["finding_lines"]


def finding_lines(judgement: Judgement) -> Iterator[str]:
    """Yield the findings, and how many there are; nothing if there are none."""
    for finding in judgement.findings:
        yield from _lines(finding)
    if judgement.findings:
        accepted = f" ({judgement.accepted:,} accepted earlier)" if judgement.accepted else ""
        yield f"{plural(len(judgement.findings), 'new near-duplicate')}{accepted}"


def _lines(finding: Finding) -> Iterator[str]:
    base, variant = finding.base.id, finding.variant.id
    changed = " (changed since accepted)" if finding.changed else ""
    yield f"{one_line(variant)} repeats {one_line(base)}{changed}"
    yield f"  {', '.join(_facts(finding))}"
    yield f"  see:    dedupe-news diff {_typed(base, variant)}"
    yield f"  accept: dedupe-news accept {finding.cluster.id} --reason '...'"


def _facts(finding: Finding) -> Iterator[str]:
    variant = finding.variant
    if variant.relation == "excerpt":
        yield f"excerpt: {percent(variant.variant_in_base)} of it stands there"
    else:
        yield f"{variant.relation}: {percent(variant.base_in_variant)} of its words"
    if variant.alignment:
        yield from _changes(variant.alignment.counts, variant.alignment.numbers_changed)
    if variant.via:
        yield f"by way of {one_line(variant.via)}"


def _changes(counts: Counts, numbers: tuple[NumberChange, ...]) -> Iterator[str]:
    if counts.added:
        yield f"{plural(counts.added, 'paragraph')} added ({plural(counts.added_words, 'word')})"
    for count, what in ((counts.edited, "edited"), (counts.removed, "removed")):
        if count:
            yield f"{count:,} {what}"
    if numbers:
        yield f"{plural(len(numbers), 'number')} changed"


def _typed(*names: str) -> str:
    """Return names as they can be pasted into a shell; none of them is taken for an option."""
    end = ["--"] if any(name.startswith("-") for name in names) else []
    return shlex.join([*end, *map(one_line, names)])
