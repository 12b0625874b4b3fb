"""The report as commands of GitHub Actions: a note at each variant's file.

A command ends with its line, so line feeds in it are escaped: no article can start another.
"""

from collections.abc import Iterator
from typing import TextIO

from dedupe_news.model import Member, Report, Skipped
from dedupe_news.render.findings import Finding, findings, more_clusters, sentence
from dedupe_news.render.phrases import plural
from dedupe_news.render.safe import one_line
from dedupe_news.render.style import Style

__all__ = ["render"]

_COMMANDS = {"warning": "warning", "note": "notice"}
_ESCAPES = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_VALUE_ESCAPES = {**_ESCAPES, ":": "%3A", ",": "%2C"}


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write one command for each variant and for each input that could not take part."""
    shown = report.clusters[: style.limit]
    out.writelines(f"{_finding(finding)}\n" for finding in findings(shown))
    out.writelines(f"{_skipped(skipped)}\n" for skipped in report.skipped)
    out.writelines(f"{line}\n" for line in _totals(report, len(shown)))


def _finding(finding: Finding) -> str:
    title = f"{finding.variant.relation} (cluster {finding.cluster.id})"
    command = _COMMANDS[finding.weight]
    return _command(command, _place(finding.member), title, sentence(finding))


def _skipped(skipped: Skipped) -> str:
    message = f"{skipped.id}: {skipped.message}; {skipped.hint}"
    return _command("warning" if skipped.unread else "notice", {}, skipped.code, message)


def _totals(report: Report, shown: int) -> Iterator[str]:
    summary = report.summary
    found = f"{plural(summary.clusters, 'cluster')}, {summary.clustered:,} of"
    message = f"{found} {plural(summary.articles, 'article')} in clusters"
    yield _command("notice", {}, "dedupe-news", message)
    more = more_clusters(report, shown)
    if more:
        yield _command("notice", {}, "dedupe-news", more)


def _place(member: Member) -> dict[str, str]:
    return {"file": member.path, "line": "1"} if member.path else {}


def _command(name: str, place: dict[str, str], title: str, message: str) -> str:
    values = {**place, "title": title}
    listed = ",".join(f"{key}={_escaped(value, _VALUE_ESCAPES)}" for key, value in values.items())
    return f"::{name} {listed}::{_escaped(message, _ESCAPES).strip()}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(sign, sign) for sign in one_line(text))
