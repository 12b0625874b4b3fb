"""The report as JUnit reads it: a suite for each cluster, a failed test for each variant."""

import re
from collections.abc import Iterator
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from dedupe_news.model import Cluster, Report, Skipped
from dedupe_news.render.findings import findings, more_clusters, name_of, sentence
from dedupe_news.render.phrases import plural
from dedupe_news.render.safe import one_line
from dedupe_news.render.style import Style

__all__ = ["render"]

_NO_XML = re.compile("[\ufffe\uffff]")  # what XML cannot hold and a terminal does not mind
_PROGRAM = "dedupe-news"


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write the clusters, and a suite of its own for the run as a whole."""
    shown = report.clusters[: style.limit]
    failures = sum(len(cluster.variants) for cluster in shown)
    unread = sum(skipped.unread for skipped in report.skipped)
    tests = sum(len(cluster.members) for cluster in shown) + len(report.skipped) + 1
    counts = {"tests": tests, "failures": failures, "errors": unread}
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    out.write(f"<testsuites{_attributes(name=_PROGRAM, **counts)}>\n")
    for cluster in shown:
        out.writelines(f"{line}\n" for line in _suite(cluster))
    out.writelines(f"{line}\n" for line in _run_suite(report, len(shown), unread))
    out.write("</testsuites>\n")


def _suite(cluster: Cluster) -> Iterator[str]:
    counts = {"tests": len(cluster.members), "failures": len(cluster.variants), "errors": 0}
    suite = f"cluster {cluster.id}"
    yield f"  <testsuite{_attributes(name=suite, **counts)}>"
    yield f"    <testcase{_attributes(classname=suite, name=name_of(cluster.members[0]))}/>"
    for finding in findings([cluster]):
        yield f"    <testcase{_attributes(classname=suite, name=name_of(finding.member))}>"
        told = sentence(finding)
        marks = _attributes(type=finding.variant.relation, message=told)
        shape = finding.variant.alignment.shape if finding.variant.alignment else ""
        see = f"shape {shape}\n" if shape else ""
        yield f"      <failure{marks}>{_text(see)}base {_text(name_of(finding.base))}</failure>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _run_suite(report: Report, shown: int, unread: int) -> Iterator[str]:
    """Yield what is not about a cluster: the totals, and what could not be read."""
    counts = {"tests": len(report.skipped) + 1, "failures": 0, "errors": unread}
    skipped = len(report.skipped) - unread
    yield f"  <testsuite{_attributes(name='run', **counts, skipped=skipped)}>"
    yield f"    <testcase{_attributes(classname='run', name=_totals(report))}/>"
    for skip in report.skipped:
        yield from _skipped(skip)
    more = more_clusters(report, shown)
    if more:
        yield f"    <system-out>{_text(more)}</system-out>"
    yield "  </testsuite>"


def _totals(report: Report) -> str:
    summary = report.summary
    return f"{plural(summary.articles, 'article')}, {plural(summary.clusters, 'cluster')}"


def _skipped(skipped: Skipped) -> Iterator[str]:
    kind = "error" if skipped.unread else "skipped"
    marks = _attributes(type=skipped.code, message=one_line(skipped.message))
    yield f"    <testcase{_attributes(classname='run', name=one_line(skipped.id))}>"
    yield f"      <{kind}{marks}>{_text(one_line(skipped.hint))}</{kind}>"
    yield "    </testcase>"


def _attributes(**values: str | int) -> str:
    return "".join(f" {name}={quoteattr(_held(str(value)))}" for name, value in values.items())


def _text(text: str) -> str:
    return escape(_held(text))


def _held(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
