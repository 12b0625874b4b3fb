"""The report as plain values, in the order and with the names of `report.schema.json`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from operator import attrgetter
from typing import Any

from dedupe_news.model import (
    Alignment,
    Boilerplate,
    Change,
    ChangeOp,
    Cluster,
    Counts,
    Member,
    Report,
    Skipped,
    Variant,
)

__all__ = [
    "SCHEMA",
    "boilerplate_value",
    "cluster_value",
    "settings_value",
    "skipped_value",
    "summary_value",
]

SCHEMA = "dedupe-news/1"
"""The version of the form, not of the program."""

_DIGITS = 4
_COUNTS = (
    "same",
    "edited",
    "merged",
    "split",
    "moved",
    "added",
    "removed",
    "boilerplate",
    "added_words",
    "removed_words",
    "merged_from",
    "split_into",
)
_MEMBER = ("id", "path", "title", "source", "date", "paragraphs", "words")
_of_member = attrgetter(*_MEMBER)
_MEASURED: frozenset[ChangeOp] = frozenset({"edited", "moved", "merged", "split"})
_QUOTED: frozenset[ChangeOp] = frozenset({"added", "removed", "boilerplate"})


def settings_value(settings: Mapping[str, str | float]) -> dict[str, Any]:
    """Return the settings of a report."""
    return {name: _plain(value) for name, value in settings.items()}


def summary_value(report: Report, shown: int) -> dict[str, Any]:
    """Return the counts; clusters that a limit or a filter hides are counted: none is lost.

    Args:
        report: All that was found.
        shown: How many clusters are written.
    """
    summary = report.summary
    hidden = max(summary.clusters - shown, 0)
    return {
        "articles": summary.articles,
        "clusters": summary.clusters,
        "clustered": summary.clustered,
        "unique": summary.unique,
        "skipped": summary.skipped,
        "left_out": dict(sorted(summary.left_out.items())),
        **({"clusters_not_shown": hidden} if hidden else {}),
    }


def cluster_value(cluster: Cluster, *, full: bool = False) -> dict[str, Any]:
    """Return one cluster with its members, variants and overlaps.

    Args:
        cluster: What to show.
        full: Whether members have their texts, as far as they were kept.
    """
    kept = (cluster.base_texts, *(variant.texts for variant in cluster.variants))
    texts = kept if full else ((),) * len(kept)
    members = zip(cluster.members, texts, strict=True)
    return {
        "id": cluster.id,
        "base": cluster.base,
        "base_reason": cluster.base_reason,
        "members": [_member(member, paragraphs) for member, paragraphs in members],
        "variants": [_variant(variant) for variant in cluster.variants],
        "overlaps": [
            {
                "id": overlap.id,
                "member": overlap.member,
                "member_in_article": _share(overlap.member_in_article),
                "article_in_member": _share(overlap.article_in_member),
            }
            for overlap in cluster.overlaps
        ],
    }


def skipped_value(skipped: Skipped) -> dict[str, Any]:
    """Return one input that could not take part."""
    return asdict(skipped)


def boilerplate_value(passage: Boilerplate) -> dict[str, Any]:
    """Return one passage that recurs in unrelated articles."""
    return asdict(passage)


def _member(member: Member, texts: Sequence[str]) -> dict[str, Any]:
    value: dict[str, Any] = dict(zip(_MEMBER, _of_member(member), strict=True))
    if member.url:
        value["url"] = member.url
    if member.lang:
        value["lang"] = member.lang
    return {**value, "texts": list(texts)} if texts else value


def _variant(variant: Variant) -> dict[str, Any]:
    value: dict[str, Any] = {
        "id": variant.id,
        "relation": variant.relation,
        "base_in_variant": _share(variant.base_in_variant),
        "variant_in_base": _share(variant.variant_in_base),
        "resemblance": _share(variant.resemblance),
    }
    if variant.via:
        value["via"] = variant.via
    if variant.alignment is not None:
        value |= _alignment(variant.alignment)
    return value


def _alignment(alignment: Alignment) -> dict[str, Any]:
    return {
        "shape": alignment.shape,
        "counts": _counts(alignment.counts),
        "numbers_changed": [asdict(number) for number in alignment.numbers_changed],
        "changes": [_change(change) for change in alignment.changes],
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {name: getattr(counts, name) for name in _COUNTS}


def _change(change: Change) -> dict[str, Any]:
    value: dict[str, Any] = {
        "op": change.op,
        "base": list(change.base),
        "variant": list(change.variant),
    }
    if change.op in _MEASURED:
        value["similarity"] = _share(change.similarity)
    if change.words:
        value["words"] = [list(run) for run in change.words]
    if change.op in _QUOTED:
        value["text"] = change.text
    return value


def _share(share: float) -> float:
    return round(float(share), _DIGITS)


def _plain(value: str | float) -> str | float:
    return _share(value) if isinstance(value, float) else value
