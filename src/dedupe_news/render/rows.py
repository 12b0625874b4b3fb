"""The report as flat rows with the same columns throughout: for spreadsheets and data frames."""

from collections.abc import Iterator
from dataclasses import asdict

from dedupe_news.model import Cluster, Counts, Member, Overlap, Skipped, Variant

__all__ = ["COLUMNS", "Row", "cluster_rows", "skipped_row"]

Row = dict[str, str | int | float | None]
"""A value for each of `COLUMNS`; None where it does not apply."""

_MEMBER = ("id", "path", "title", "source", "date", "lang", "url", "paragraphs", "words")
_SHARES = ("base_in_variant", "variant_in_base", "resemblance")
_COUNTS = tuple(asdict(Counts()))
COLUMNS = (
    "cluster",
    "role",
    *_MEMBER,
    "base",
    "relation",
    "via",
    *_SHARES,
    "shape",
    *_COUNTS,
    "numbers_changed",
    "note",
)
"""Names of the columns. `role` is base, variant, overlap or skipped."""

_EMPTY: Row = dict.fromkeys(COLUMNS)
_DIGITS = 4


def cluster_rows(cluster: Cluster) -> Iterator[Row]:
    """Yield the base, the variants, and the articles outside that share a part with them."""
    start: Row = {**_EMPTY, "cluster": cluster.id, "base": cluster.base}
    base, *others = cluster.members
    yield {**start, **_known(base), "role": "base", "note": cluster.base_reason}
    for variant, member in zip(cluster.variants, others, strict=True):
        yield {**start, **_known(member), **_measured(variant), "role": "variant"}
    yield from ({**start, **_shared(overlap), "role": "overlap"} for overlap in cluster.overlaps)


def skipped_row(skipped: Skipped) -> Row:
    """Return an input that could not take part; the note says why."""
    note = f"{skipped.code}: {skipped.message}"
    return {**_EMPTY, "role": "skipped", "id": skipped.id, "note": note}


def _known(member: Member) -> Row:
    return {name: getattr(member, name) for name in _MEMBER}


def _shared(overlap: Overlap) -> Row:
    return {
        "id": overlap.id,
        "base": overlap.member,
        "base_in_variant": round(overlap.member_in_article, _DIGITS),
        "variant_in_base": round(overlap.article_in_member, _DIGITS),
    }


def _measured(variant: Variant) -> Row:
    row: Row = {name: round(float(getattr(variant, name)), _DIGITS) for name in _SHARES}
    row |= {"relation": variant.relation, "via": variant.via}
    if variant.alignment is None:
        return row
    alignment = variant.alignment
    changed = [f"{number.base} → {number.variant}" for number in alignment.numbers_changed]
    return {
        **row,
        **asdict(alignment.counts),
        "shape": alignment.shape,
        "numbers_changed": "; ".join(changed),
    }
