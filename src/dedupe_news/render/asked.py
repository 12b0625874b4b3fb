"""What of a report was asked for, in words: a part must not be taken for the whole."""

from dedupe_news.model import Report
from dedupe_news.render.safe import prose

__all__ = ["asked_for"]

_CONDITIONS = {
    "only_relations": "{}",
    "only_sources": "source {}",
    "only_min_added_words": "{} words added or more",
    "only_since": "{} or later",
}
"""Settings that narrow a report down, and how each is told."""


def asked_for(report: Report, *, only_ascii: bool = False) -> str:
    """Return which variants are shown, as a sentence; nothing if all are.

    Args:
        report: Whose settings say it.
        only_ascii: As for `one_line`.
    """
    told = [
        form.format(prose(str(report.settings[name]), only_ascii=only_ascii).replace(",", " or "))
        for name, form in _CONDITIONS.items()
        if name in report.settings
    ]
    return f"Only these variants are shown: {', '.join(told)}." if told else ""
