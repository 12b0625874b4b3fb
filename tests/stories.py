"""A small corpus in which everything happens that may make a report depend on chance."""

import io

from dedupe_news import scan
from dedupe_news.model import Article, LeftOut, Skipped
from dedupe_news.render import Style, renderer
from dedupe_news.settings import Settings
from invented import article, prose

__all__ = ["corpus", "json_of", "json_report"]

_FOOTER = prose(25, 9999)


def corpus():
    """Return articles and what was skipped: families, copies, a digest, strangers, equal ids."""
    families = [member for seed in range(8) for member in _family(f"{seed}", seed * 100)]
    digest = article("digest", *(seed * 100 + part for seed in range(5) for part in (0, 1)))
    strangers = [article(f"s{seed}", seed, _FOOTER) for seed in range(5000, 5012)]
    equal = [
        Article("same-id", (prose(40, 7000),), date="2017"),
        Article("same-id", (prose(40, 7000).title(),), date="2016"),
        Article("same-id", (prose(40, 7001),)),
    ]
    ignored = [Skipped("x", "bad-row", "2", ""), Skipped("x", "bad-row", "1", ""), LeftOut("b", 1)]
    return [*families, digest, *strangers, *equal, Article("empty", ()), *ignored]


def _family(name, seed):
    report = [seed, seed + 1, seed + 2, seed + 3]
    return [
        article(f"{name}-report", *report, date="2017-01-20", source="NP"),
        article(f"{name}-copy", *report),
        article(f"{name}-brief", *report[:3]),
        article(f"{name}-longer", seed + 10, *report, seed + 11, date="2017-01-21"),
        article(f"{name}-turned", *report[::-1], _FOOTER),
        article(f"{name}-chain", seed, seed + 11, seed + 10, seed + 12),
    ]


def json_of(report):
    """Return a report as one JSON document."""
    out = io.StringIO()
    renderer("json")(report, out, Style())
    return out.getvalue()


def json_report(items=None, jobs=1, **settings):
    """Return the report on some articles, or on the planted ones."""
    return json_of(scan(corpus() if items is None else items, Settings(**settings), jobs=jobs))
