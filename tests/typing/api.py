"""How a caller uses the package, for the type checker; never run."""

from collections.abc import Iterable, Iterator
from typing import Literal, assert_type

from dedupe_news import (
    Alignment,
    Article,
    Cluster,
    DedupeNewsError,
    NumberChange,
    Report,
    Settings,
    Skipped,
    diff,
    read,
    scan,
)
from dedupe_news.model import LeftOut


def a_folder_becomes_a_report() -> Report:
    """What `read` yields goes into `scan` as it is."""
    return assert_type(scan(read("corpus/", "more.jsonl")), Report)


def articles_may_come_from_anywhere(articles: Iterable[Article]) -> Report:
    """A list, a generator, a queue: anything that can be looped over, with settings or without."""
    settings = Settings(min_containment=0.7, keep=("earliest", "source:Norden Press"))
    assert_type(scan([Article.from_text("a", "One."), Article("b", ("Two.",))]), Report)
    return scan(articles, settings, jobs=2)


def two_texts_are_compared() -> Report:
    """The first is the base; any number may follow."""
    base = Article.from_text("a", "One.", title="First", date="2024-05")
    return assert_type(diff(base, Article("b", ("Two.",)), Article("c", ())), Report)


def skipped_inputs_are_told_from_articles(
    items: Iterator[Article | Skipped | LeftOut],
) -> list[str]:
    """Nothing is lost silently: who reads must say what to do with what could not be read."""
    return [item.hint for item in items if isinstance(item, Skipped)]


def a_report_is_read(report: Report) -> Iterator[NumberChange]:
    """Every step from a report to a figure has a type; an alignment may not have been asked for."""
    for cluster in report.clusters:
        assert_type(cluster, Cluster)
        for variant in cluster.variants:
            assert_type(variant.alignment, Alignment | None)
            if variant.relation == "update" and variant.alignment:
                yield from variant.alignment.numbers_changed


def an_error_has_a_hint(error: DedupeNewsError) -> str:
    """One base class catches all, and says what to type next."""
    return assert_type(error.hint, str)


def a_wrong_word_is_found_by_the_checker() -> tuple[Settings, Literal["char"]]:
    """The unit is one of two words, and a typing error in it is an error of types."""
    Settings(shingle_unit="letter")  # type: ignore[arg-type]
    return Settings(shingle_unit="char"), "char"
