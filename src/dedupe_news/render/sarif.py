"""The report as SARIF 2.1.0: what code scanning services and editors show beside a file."""

import hashlib
from collections.abc import Sequence
from typing import Any, TextIO
from urllib.parse import quote

from dedupe_news.model import Cluster, Member, Report, Skipped
from dedupe_news.render.findings import MEANINGS, Finding, findings, name_of, sentence, title_of
from dedupe_news.render.json import dumps
from dedupe_news.render.safe import one_line
from dedupe_news.render.style import Style

__all__ = ["render"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_RULES = list(MEANINGS)
_LINK_SIGNS = str.maketrans({"[": r"\[", "]": r"\]", "\\": r"\\"})
_SAFE_IN_URI = "/@!$&'()*+,;=~"


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write one run: a rule for each relation, a result for each variant."""
    shown = report.clusters[: style.limit]
    out.write(f'{{\n"$schema": {dumps(_SCHEMA)},\n"version": "2.1.0",\n"runs": [{{\n')
    out.write(f'"tool": {dumps({"driver": _driver()})},\n')
    out.write(f'"invocations": [{dumps(_invocation(report))}],\n')
    out.write(f'"properties": {dumps(_counts(report, shown))},\n')
    results = ",\n".join(dumps(_result(finding)) for finding in findings(shown))
    out.write(f'"results": [{results}]\n}}]\n}}\n')


def _driver() -> dict[str, Any]:
    rules = [
        {"id": relation, "shortDescription": {"text": meaning}}
        for relation, meaning in MEANINGS.items()
    ]
    return {"name": "dedupe-news", "rules": rules}


def _invocation(report: Report) -> dict[str, Any]:
    notes = [_notification(skipped) for skipped in report.skipped]
    return {"executionSuccessful": report.complete, "toolExecutionNotifications": notes}


def _notification(skipped: Skipped) -> dict[str, Any]:
    message = _message(one_line(f"{skipped.id}: {skipped.message}; {skipped.hint}"))
    level = "error" if skipped.unread else "note"
    return {"level": level, "descriptor": {"id": skipped.code}, "message": message}


def _counts(report: Report, shown: Sequence[Cluster]) -> dict[str, int]:
    summary = report.summary
    hidden = summary.clusters - len(shown)
    return {
        "articles": summary.articles,
        "clusters": summary.clusters,
        **({"clusters_not_shown": hidden} if hidden > 0 else {}),
    }


def _result(finding: Finding) -> dict[str, Any]:
    relation = finding.variant.relation
    related = {"id": 1, **_location(finding.base), "message": _message(_read_against(finding))}
    return {
        "ruleId": relation,
        "ruleIndex": _RULES.index(relation),
        "level": finding.weight,
        "message": _message(sentence(finding)),
        "locations": [_location(finding.member)],
        "relatedLocations": [related],
        "partialFingerprints": {"variantOfBase/v1": _fingerprint(finding)},
        "properties": {"cluster": finding.cluster.id, **_measures(finding)},
    }


def _read_against(finding: Finding) -> str:
    title = title_of(finding.base)
    return f"base: {title}" if title else "base"


def _location(member: Member) -> dict[str, Any]:
    """Return where an article stands: its file, and its id where the file holds several."""
    place: dict[str, Any] = {}
    if member.path:
        place["physicalLocation"] = {
            "artifactLocation": {"uri": _uri(member.path)},
            "region": {"startLine": 1},
        }
    if member.id != member.path:
        place["logicalLocations"] = [{"fullyQualifiedName": name_of(member)}]
    return place


def _uri(path: str) -> str:
    """Return a path as a reference that is relative where the path is."""
    quoted = quote(path.encode("utf-8", "surrogatepass"), safe=_SAFE_IN_URI)
    return f"file://{quoted}" if path.startswith("/") else quoted


def _message(text: str) -> dict[str, str]:
    """Return a message as plain text: brackets would make links of it."""
    return {"text": text.translate(_LINK_SIGNS)}


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same for two articles, whatever else comes into their cluster."""
    pair = f"{finding.base.id}\0{finding.variant.id}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(pair).hexdigest()[:32]


def _measures(finding: Finding) -> dict[str, float]:
    variant = finding.variant
    shares = (variant.base_in_variant, variant.variant_in_base, variant.resemblance)
    names = ("base_in_variant", "variant_in_base", "resemblance")
    return {name: round(share, 4) for name, share in zip(names, shares, strict=True)}
