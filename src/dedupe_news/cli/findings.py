"""What a gate says: who repeats whom, how much of it, what is new in it, and what to type next."""

import os
import shlex
from collections.abc import Iterable, Iterator, Sequence

from dedupe_news.judgement import Finding, Judgement
from dedupe_news.model import Change, Counts, NumberChange
from dedupe_news.render.phrases import percent, plural
from dedupe_news.render.safe import one_line, prose
from dedupe_news.render.style import Style

__all__ = ["finding_lines"]

_QUOTED = 3  # paragraphs that were added, of each of which the beginning is shown


def finding_lines(
    judgement: Judgement, style: Style, *, root: str = "", again: Sequence[str] = ()
) -> Iterator[str]:
    """Yield the findings, and how many there are; nothing if there are none.

    Args:
        judgement: What was found.
        style: How wide a line is, and with which signs.
        root: The folder that names are relative to, from where commands are typed; empty if there.
        again: The options without which `accept` would look elsewhere.
    """
    for finding in judgement.findings:
        yield from _lines(finding, style, root, again)
    if judgement.findings:
        accepted = f" ({judgement.accepted:,} accepted earlier)" if judgement.accepted else ""
        yield f"{plural(len(judgement.findings), 'new near-duplicate')}{accepted}"


def _lines(finding: Finding, style: Style, root: str, again: Sequence[str]) -> Iterator[str]:
    base, variant = finding.base.id, finding.variant.id
    changed = " (changed since accepted)" if finding.changed else ""
    yield f"{one_line(variant)} repeats {one_line(base)}{changed}"
    yield f"  {', '.join(_facts(finding))}"
    if finding.variant.alignment:
        yield from _added(finding.variant.alignment.changes, style)
    yield f"  see:    dedupe-news diff {_typed(root, base, variant)}"
    yield f"  accept: dedupe-news accept {shlex.join([finding.cluster.id, *again])} --reason '...'"


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


def _added(changes: Iterable[Change], style: Style) -> Iterator[str]:
    """Yield the beginnings of what was added."""
    added = [change.text for change in changes if change.op == "added"]
    for text in added[:_QUOTED]:
        yield f"  + {_beginning(text, style)}"
    if len(added) > _QUOTED:
        yield f"  + {len(added) - _QUOTED:,} more"


def _beginning(text: str, style: Style) -> str:
    """Return as much of a text as a line has room for."""
    text = prose(text, only_ascii=style.ascii).strip()
    room = style.width - len("  + ")
    if len(text) <= room:
        return text
    start = text[: room - len(style.signs.dots)]
    return (start.rpartition(" ")[0] or start[:-1]) + f" {style.signs.dots}"


def _typed(root: str, *names: str) -> str:
    """Return names as they can be pasted into a shell; none of them is taken for an option."""
    paths = [os.path.join(root, name) for name in names]  # noqa: PTH118 - an id is no path
    end = ["--"] if any(path.startswith("-") for path in paths) else []
    return shlex.join([*end, *map(one_line, paths)])
