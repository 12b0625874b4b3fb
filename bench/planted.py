"""Scores on planted variants: the recall of each kind, and whether paragraphs are named right."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from dedupe_news import Article, Settings, scan
from dedupe_news.core.alignment import align
from dedupe_news.model import Alignment
from labelled import DataError, LabelledSet, Pair
from metrics import (
    Label,
    PairScore,
    containment,
    joined,
    labels_of,
    removed_of,
    score_pairs,
    share,
    shingle_set,
)
from results import Cell, Table
from stock import Stock
from variants import KINDS, SCANNED, Group, Truth, plant

__all__ = [
    "USUAL_GROUPS",
    "character_table",
    "kind_table",
    "label_error_table",
    "pair_error_table",
    "plant_all",
    "scored_groups",
    "set_table",
]

USUAL_GROUPS = 1530
"""Ninety of each kind."""

_CHARACTERS = (5, 8, 12, 16)  # per shingle, for misread text
_COMPANY = 3  # stories among which each scanned pair must be found


def plant_all(sets: Sequence[LabelledSet], count: int | None, seed: int) -> list[Group]:
    """Return groups from the stories of all sets, from each by its share of the stories.

    Args:
        sets: Where the stories come from.
        count: How many groups in all; None makes the usual number, or as many as there are
            stories for.
        seed: Decides every choice.

    Raises:
        DataError: If there are too few stories for so many groups, or for any.
    """
    stocks = [
        Stock(one.name, (article.paragraphs for article in one.articles), seed) for one in sets
    ]
    stories = sum(stock.stories for stock in stocks)
    wanted = count or USUAL_GROUPS
    groups: list[Group] = []
    for stock in stocks:
        share = round(wanted * stock.stories / max(stories, 1))
        planted = plant(stock, share, seed)
        groups += planted if count else _while_stories_last(planted)
    if not groups:
        msg = f"no story to plant variants of in {', '.join(one.name for one in sets)}"
        raise DataError(msg)
    return groups


def scored_groups(groups: Iterable[Group]) -> list[Group]:
    """Return the groups whose words can be compared: all but the scanned ones."""
    return [group for group in groups if group.kind != SCANNED]


def kind_table(groups: Sequence[Group]) -> Table:
    """Return, for each kind, what is found and what is said of the paragraphs."""
    pairs = _found(scored_groups(groups), Settings(diff=False))
    by_kind = _grouped(groups, lambda group: group.kind)
    order = {kind: place for place, kind in enumerate(KINDS)}
    kinds = sorted(by_kind, key=lambda kind: (order.get(kind, order["strangers"]), kind))
    rows = [_kind_row(kind, by_kind[kind], pairs) for kind in kinds]
    return Table(
        title="Planted variants, by kind",
        columns=(
            *("kind", "groups", "pairs", "recall", "wrongly joined", "of"),
            *("labels right", "ops right", "removed right"),
        ),
        rows=tuple(rows),
        notes=(_summary(groups, pairs), _LABELS_NOTE),
    )


def set_table(groups: Sequence[Group]) -> Table:
    """Return the same scores for each set that gave its stories."""
    pairs = _found(scored_groups(groups), Settings(diff=False))
    rows = []
    for name, some in _grouped(groups, _set_of).items():
        score = _score(scored_groups(some), {ids for ids in pairs if _home(ids[0]) == name})
        rows.append((name, len(some), score.precision, score.recall, *_label_cells(some)))
    return Table(
        title="Planted variants, by set",
        columns=(
            *("set", "groups", "precision", "recall"),
            *("labels right", "ops right", "removed right"),
        ),
        rows=tuple(rows),
    )


def character_table(groups: Sequence[Group]) -> Table:
    """Return how scanned variants are found among other stories by their characters."""
    scanned = [group for group in groups if group.kind == SCANNED]
    others = (group.articles[0] for group in groups if group.kind != SCANNED)
    company = [Group("alone", (one,)) for one, _ in zip(others, scanned * _COMPANY, strict=False)]
    rows = []
    for name, settings in _character_settings():
        score = _score([*scanned, *company], _found([*scanned, *company], settings))
        rows.append((name, score.precision, score.recall, score.found, score.missed, score.wrong))
    return Table(
        title="Scanned variants: 5% of letters misread",
        columns=("shingles", "precision", "recall", "found", "missed", "wrong"),
        rows=tuple(rows),
        notes=(f"{len(scanned):,} pairs among {len(company):,} other stories.",),
    )


def pair_error_table(groups: Sequence[Group], limit: int) -> Table:
    """Return pairs of planted articles that the default settings get wrong.

    Args:
        groups: The groups.
        limit: How many missed and how many wrong pairs to list at most.
    """
    groups = scored_groups(groups)
    pairs = _found(groups, Settings(diff=False))
    texts = {one.id: "\n".join(one.paragraphs) for group in groups for one in group.articles}
    together = {ids for group in groups for ids in group.together}
    unscored = {ids for group in groups for ids in group.unscored}
    errors = {"missed": together - pairs, "wrong": pairs - together - unscored}
    rows = [
        (error, containment(*(shingle_set(texts[one]) for one in ids)), *ids)
        for error, wrong in errors.items()
        for ids in sorted(wrong)[:limit]
    ]
    return Table(
        title="Planted variants: errors at the default settings",
        columns=("error", "containment", "left", "right"),
        rows=tuple(rows),
        notes=(f"{len(errors['missed']):,} missed and {len(errors['wrong']):,} wrong in all.",),
    )


def label_error_table(groups: Sequence[Group], limit: int) -> Table:
    """Return paragraphs that are called something else than what was done to them.

    Args:
        groups: The groups.
        limit: How many rows of each kind at most.
    """
    errors = {
        kind: [row for group in some for row in _label_errors(group)]
        for kind, some in _grouped(groups, lambda group: group.kind).items()
    }
    return Table(
        title="Planted variants: paragraphs called something else",
        columns=("kind", "variant", "position", "done", "called", "start"),
        rows=tuple(row for rows in errors.values() for row in rows[:limit]),
        notes=(f"{sum(map(len, errors.values())):,} in all.",),
        quotes=True,
    )


_LABELS_NOTE = (
    "Labels right: share of the variants' paragraphs with the right change and the right base "
    "positions; ops right: the change alone; removed right: share of variants whose removed "
    "paragraphs are exactly those that were taken out."
)


def _summary(groups: Sequence[Group], pairs: Collection[Pair]) -> str:
    score = _score(scored_groups(groups), pairs)
    articles = sum(len(group.articles) for group in groups)
    facts = (
        f"{len(groups):,} groups of {articles:,} articles in one scan",
        f"precision {score.precision:.4f}",
        f"recall {score.recall:.4f}",
        f"{score.wrong:,} wrong pairs",
        f"{_between(groups, pairs):,} of them between groups",
    )
    return ", ".join(facts) + "."


def _while_stories_last(groups: Iterator[Group]) -> Iterator[Group]:
    try:
        yield from groups
    except DataError:
        return


def _kind_row(kind: str, groups: Sequence[Group], pairs: Collection[Pair]) -> tuple[Cell, ...]:
    ids = {article.id for group in groups for article in group.articles}
    score = _score(groups, {two for two in pairs if ids.issuperset(two)})
    total = score.found + score.missed
    apart = 0 if total else sum(map(_pairs_apart, groups))
    recall = float("nan") if kind == SCANNED else score.recall
    return (kind, len(groups), total, recall, score.wrong, apart, *_label_cells(groups))


def _label_cells(groups: Iterable[Group]) -> tuple[float, float, float]:
    labels = ops = paragraphs = removed = variants = 0
    for truth, alignment in _alignments(groups):
        called = labels_of(alignment)
        labels += sum(called[place] == label for place, label in enumerate(truth.labels))
        ops += sum(called[place][0] == label[0] for place, label in enumerate(truth.labels))
        paragraphs += len(truth.labels)
        removed += removed_of(alignment) == truth.removed
        variants += 1
    return share(labels, paragraphs), share(ops, paragraphs), share(removed, variants)


def _label_errors(group: Group) -> Iterator[tuple[Cell, ...]]:
    texts = _paragraphs(group)
    for truth, alignment in _alignments([group]):
        called = labels_of(alignment)
        for place, label in enumerate(truth.labels):
            if called[place] != label:
                start = " ".join(texts[truth.variant][place].split())[:40]
                yield (group.kind, truth.variant, place, _said(label), _said(called[place]), start)
        if removed_of(alignment) != truth.removed:
            done, said = sorted(truth.removed), sorted(removed_of(alignment))
            yield (group.kind, truth.variant, -1, f"removed {done}", f"removed {said}", "")


def _said(label: Label) -> str:
    return f"{label[0]} {list(label[1])}"


def _alignments(groups: Iterable[Group]) -> Iterator[tuple[Truth, Alignment]]:
    for group in groups:
        texts = _paragraphs(group)
        for truth in group.truths:
            yield truth, align(texts[truth.base], texts[truth.variant])


def _paragraphs(group: Group) -> Mapping[str, tuple[str, ...]]:
    return {article.id: article.paragraphs for article in group.articles}


def _found(groups: Iterable[Group], settings: Settings) -> set[Pair]:
    articles: list[Article] = [article for group in groups for article in group.articles]
    return joined(scan(articles, settings))


def _score(groups: Iterable[Group], pairs: Collection[Pair]) -> PairScore:
    groups = list(groups)
    together = {ids for group in groups for ids in group.together}
    unscored = {ids for group in groups for ids in group.unscored}
    return score_pairs(pairs, together, unscored)


def _between(groups: Iterable[Group], pairs: Iterable[Pair]) -> int:
    home = {article.id: number for number, group in enumerate(groups) for article in group.articles}
    return sum(home[left] != home[right] for left, right in pairs)


def _pairs_apart(group: Group) -> int:
    size = len(group.articles)
    return size * (size - 1) // 2 - len(group.together) - len(group.unscored)


def _character_settings() -> Iterator[tuple[str, Settings]]:
    yield "words, default", Settings(diff=False)
    for size in _CHARACTERS:
        yield (
            f"{size} characters",
            Settings(shingle_unit="char", shingle_words=size, diff=False),
        )


def _grouped(groups: Iterable[Group], key: Callable[[Group], str]) -> dict[str, list[Group]]:
    found: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        found[key(group)].append(group)
    return found


def _set_of(group: Group) -> str:
    return _home(group.articles[0].id)


def _home(article_id: str) -> str:
    """Return the name of the set: ids are its name, a stroke, and the name of the group."""
    return article_id.partition("/")[0]
