"""The report in the form of GitLab's code quality: a list of findings as JSON."""

import hashlib
from collections.abc import Iterator
from typing import Any, TextIO

from dedupe_news.model import Report, Skipped
from dedupe_news.render.findings import Finding, findings, more_clusters, name_of, sentence
from dedupe_news.render.json import dumps
from dedupe_news.render.safe import one_line
from dedupe_news.render.style import Style

__all__ = ["render"]

_SEVERITIES = {"warning": "minor", "note": "info"}


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write one object for each variant and for each input that could not take part."""
    lines = map(dumps, _objects(report, style))
    listed = ",\n  ".join(lines)
    out.write(f"[\n  {listed}\n]\n" if listed else "[]\n")


def _objects(report: Report, style: Style) -> Iterator[dict[str, Any]]:
    shown = report.clusters[: style.limit]
    yield from map(_finding, findings(shown))
    yield from map(_skipped, report.skipped)
    more = more_clusters(report, len(shown))
    if more:
        yield _object("not-shown", "info", ".", more)


def _finding(finding: Finding) -> dict[str, Any]:
    path = finding.member.path or name_of(finding.member)
    severity = _SEVERITIES[finding.weight]
    return _object(finding.variant.relation, severity, path, sentence(finding))


def _skipped(skipped: Skipped) -> dict[str, Any]:
    severity = "major" if skipped.unread else "info"
    message = one_line(f"{skipped.id}: {skipped.message}")
    return _object(skipped.code, severity, skipped.id, message)


def _object(check: str, severity: str, path: str, description: str) -> dict[str, Any]:
    """Return one entry; its fingerprint follows what is said, and where."""
    seen = f"{check}\0{path}\0{description}".encode("utf-8", "surrogatepass")
    return {
        "description": description,
        "check_name": check,
        "fingerprint": hashlib.sha256(seen).hexdigest()[:32],
        "severity": severity,
        "location": {"path": path, "lines": {"begin": 1}},
    }
