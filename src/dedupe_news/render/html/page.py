"""The page: its templates, and what proves that it loads nothing."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined

from dedupe_news.model import Report
from dedupe_news.render.asked import asked_for
from dedupe_news.render.findings import more_clusters
from dedupe_news.render.html.clusters import cluster_view, index_of
from dedupe_news.render.html.overview import overview
from dedupe_news.render.json import dumps
from dedupe_news.render.phrases import plural
from dedupe_news.render.safe import one_line, prose
from dedupe_news.render.style import Style

__all__ = ["environment", "render"]

_INDENT = re.compile(r"\n\s*")
_SCRIPT_SIGNS = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"})


@cache
def environment() -> Environment:
    """Return the templates, which escape whatever they are given."""
    made = Environment(
        loader=PackageLoader("dedupe_news.render"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {"prose": prose, "one_line": one_line}
    made.globals |= {"plural": plural, "asked_for": asked_for}
    return made


def render(report: Report, out: TextIO, style: Style) -> None:
    """Write the page: the overview first, so that it is there while the rest is still read."""
    shown = report.clusters[: style.limit]
    css, script = _asset("report.css"), _asset("report.js")
    head, foot = _macro("report.html.j2", "head"), _macro("report.html.j2", "foot")
    cluster = _macro("cluster.html.j2", "cluster")
    out.write(_packed(head(report, overview(shown), css, _policy(css, script))) + "\n")
    out.writelines(_packed(cluster(cluster_view(each))) + "\n" for each in shown)
    index = dumps([index_of(each) for each in shown]).translate(_SCRIPT_SIGNS)
    out.write(_packed(foot(report, more_clusters(report, len(shown)), index, script)) + "\n")


def _macro(template: str, name: str) -> Callable[..., str]:
    """Return a part of a template as a function."""
    macro: Callable[..., str] = getattr(environment().get_template(template).module, name)
    return macro


def _asset(name: str) -> str:
    """Return a style sheet or a script, as it stands in the page."""
    return _packed((files("dedupe_news.render") / "templates" / name).read_text("utf-8"))


def _policy(css: str, script: str) -> str:
    """Return a policy that lets in these two texts, and nothing from anywhere."""
    allowed = f"style-src {_digest(css)}; script-src {_digest(script)}"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _packed(markup: str) -> str:
    """Return markup without the indents of the templates; no text of an article has lines."""
    return _INDENT.sub("\n", markup).strip()
