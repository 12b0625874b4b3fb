"""The vocabulary of the trade, as frozen values that every layer may pass on.

An `Article` has paragraphs. Articles that say the same form a `Cluster`: one is its base,
the others are variants, and a variant has one `Change` for whatever happened to its
paragraphs. A `Report` is all of that for one run, and all that a renderer may show.

Positions start at 0. Similarities are floats in [0, 1]. Dates are ISO 8601 texts, which may
stop at the month or the year.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, ClassVar, Literal, Self, get_args

from dedupe_news.paragraphs import split_paragraphs

__all__ = [
    "CHANGE_OPS",
    "RELATIONS",
    "Alignment",
    "Article",
    "Boilerplate",
    "Change",
    "ChangeOp",
    "Cluster",
    "Counts",
    "Decision",
    "Explanation",
    "LeftOut",
    "Member",
    "NumberChange",
    "Overlap",
    "Relation",
    "Report",
    "Skipped",
    "Summary",
    "Variant",
    "WordRun",
]

ChangeOp = Literal["same", "edited", "moved", "merged", "split", "added", "removed", "boilerplate"]
Relation = Literal["identical", "reprint", "update", "excerpt", "overlap", "recurring"]
Decision = Literal[
    "empty", "identical", "contained", "rewritten", "too-few-words", "too-different", "strangers"
]
CHANGE_OPS: tuple[ChangeOp, ...] = get_args(ChangeOp)
RELATIONS: tuple[Relation, ...] = get_args(Relation)

WordRun = tuple[Literal["=", "-", "+"], str]
"""A stretch of words: kept, only in the base, or only in the variant, with its blanks."""


class _Value:
    """What is sent between processes by the thousand: pickled in one step, not field by field."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]]

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return self.__class__, tuple([getattr(self, name) for name in self.__match_args__])


@dataclass(frozen=True, slots=True)
class Article(_Value):
    """One text as published.

    Attributes:
        id: What tells this article from all others of a run: a path, `path#record`, or
            whatever the caller uses.
        paragraphs: The texts of its paragraphs, as written, in their order.
        title: The headline where it is not a paragraph of the text; may be empty.
        source: The publisher, agency or folder it came from; may be empty.
        date: ISO 8601, from a year alone to the second with offset; empty when unknown.
        author: As given; may be empty.
        url: As given; may be empty.
        lang: A BCP 47 language tag; may be empty.
        path: The file that held it, with `/`; empty for an article made in memory.
    """

    id: str
    paragraphs: tuple[str, ...]
    title: str = ""
    source: str = ""
    date: str = ""
    author: str = ""
    url: str = ""
    lang: str = ""
    path: str = ""

    @classmethod
    def from_text(cls, id: str, text: str, **metadata: str) -> Self:  # noqa: A002 - the field's name
        """Return an article whose paragraphs are cut from one text.

        Args:
            id: What tells this article from all others of a run.
            text: The whole text; see `dedupe_news.paragraphs` for how it is cut.
            **metadata: Any further field of an article, by name.

        Raises:
            TypeError: If a name is not a field of an article.
        """
        return cls(id, split_paragraphs(text), **metadata)


@dataclass(frozen=True, slots=True)
class Skipped(_Value):
    """An input that could not take part.

    Attributes:
        id: The path, `path#record` or article id that is meant.
        code: Why, as one word with hyphens: `unreadable`, `bad-json`, `bad-row`,
            `bad-encoding`, `missing-field`, `missing-extra`, `empty`.
        message: Why, as a sentence for a person.
        hint: What to do about it.
    """

    id: str
    code: str
    message: str
    hint: str

    @property
    def unread(self) -> bool:
        """Whether something may be lost: an empty article was read, and holds nothing."""
        return self.code != "empty"


@dataclass(frozen=True, slots=True)
class LeftOut(_Value):
    """Files that a walk passed over on purpose.

    Attributes:
        reason: `hidden`, `ignored` (by a .gitignore), `binary` or `other-format`.
        count: How many files; a hidden or ignored folder counts as one.
    """

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class NumberChange(_Value):
    """A figure that differs between base and variant where the words around it agree.

    Attributes:
        base: The figure as the base writes it.
        variant: The figure as the variant writes it.
        paragraph: Position of the paragraph in the variant.
    """

    base: str
    variant: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class Change(_Value):
    """What happened to one or several paragraphs on the way from base to variant.

    Attributes:
        op: `same`, `edited`, `moved`, `merged`, `split`, `added`, `removed`, or
            `boilerplate` for site furniture, on either side.
        base: Positions in the base, ascending; empty for `added`.
        variant: Positions in the variant, ascending; empty for `removed`.
        similarity: Share of words in common, in [0, 1]; 1.0 when the wording is unchanged.
        words: The word diff, empty when the wording is unchanged. Joined, the runs marked
            `=` and `+` are the variant's paragraphs, separated by a line feed.
        text: What was added, removed, or is boilerplate, as written; otherwise empty.
    """

    op: ChangeOp
    base: tuple[int, ...]
    variant: tuple[int, ...]
    similarity: float = 1.0
    words: tuple[WordRun, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Counts(_Value):
    """How many changes of each kind, and how many words came and went.

    `merged` and `split` count the changes; `merged_from` counts the base paragraphs that
    were merged and `split_into` the variant paragraphs that were split off.
    """

    same: int = 0
    edited: int = 0
    merged: int = 0
    split: int = 0
    moved: int = 0
    added: int = 0
    removed: int = 0
    boilerplate: int = 0
    added_words: int = 0
    removed_words: int = 0
    merged_from: int = 0
    split_into: int = 0


@dataclass(frozen=True, slots=True)
class Alignment(_Value):
    """A variant read against its base, paragraph by paragraph.

    Attributes:
        changes: In the order of the variant; a removed paragraph stands where it was.
            Every paragraph of both articles occurs in exactly one change.
        shape: One mark for each paragraph of the variant: `=` same, `~` edited, `+` added,
            `&` merged, `/` split, `>` moved, `%` boilerplate.
        counts: The changes, counted.
        numbers_changed: Figures that differ, in the order of the variant.
    """

    changes: tuple[Change, ...]
    shape: str
    counts: Counts
    numbers_changed: tuple[NumberChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Member(_Value):
    """What a report says of an article in a cluster; `paragraphs` and `words` are counts."""

    id: str
    path: str
    title: str
    source: str
    date: str
    paragraphs: int
    words: int
    url: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Variant(_Value):
    """A member of a cluster, read against the base.

    Attributes:
        id: The article's id.
        relation: What it is to the base.
        base_in_variant: Share of the base's words that stand in the variant.
        variant_in_base: Share of the variant's words that stand in the base.
        resemblance: Jaccard similarity of their shingle sets.
        via: Id of the member through which it belongs here, when it does not match the
            base itself; otherwise empty.
        alignment: The changes; None when they were not asked for.
        texts: Its paragraphs as written, for views that quote them; empty when not kept.
    """

    id: str
    relation: Relation
    base_in_variant: float
    variant_in_base: float
    resemblance: float
    via: str = ""
    alignment: Alignment | None = None
    texts: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def _repr_html_(self) -> str:
        """Return the changes for a notebook, which asks for them by this name."""
        return str(_notebook().variant_html(self))


@dataclass(frozen=True, slots=True)
class Overlap(_Value):
    """An article outside a cluster that matches a member of it, such as a digest.

    Attributes:
        id: The article's id.
        member: Id of the member that it has most in common with.
        member_in_article: Share of the member's words that stand in the article, in [0, 1].
        article_in_member: Share of the article's words that stand in the member, in [0, 1].
    """

    id: str
    member: str
    member_in_article: float
    article_in_member: float


@dataclass(frozen=True, slots=True)
class Cluster(_Value):
    """Articles joined by matches.

    Attributes:
        id: Eight hexadecimal digits that depend on the members' texts only.
        base: Id of the member that the others are read against.
        base_reason: Which rule chose it: `earliest`, `most-contained`, `longest`, …, `id`.
        members: All of them, the base first, then in the order of `variants`.
        variants: The others: by date, then by id.
        overlaps: Articles outside that match a member, by id.
        base_texts: The base's paragraphs as written, as `Variant.texts`.
    """

    id: str
    base: str
    base_reason: str
    members: tuple[Member, ...]
    variants: tuple[Variant, ...]
    overlaps: tuple[Overlap, ...] = ()
    base_texts: tuple[str, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A passage that recurs in articles which share nothing else.

    Attributes:
        text: The passage, as one of the articles writes it.
        articles: In how many articles it was seen.
        words: Its length.
    """

    text: str
    articles: int
    words: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two articles do or do not match.

    Attributes:
        left: Id of the one.
        right: Id of the other.
        words: Number of words of each.
        shingles: Number of different shingles of each.
        shared_shingles: How many of them both have.
        containment: Share of the smaller set that the larger has, in [0, 1].
        resemblance: Jaccard similarity of the sets, in [0, 1].
        left_in_right: Share of the words of the one that stand in the other, in [0, 1].
        right_in_left: The same the other way round.
        aligned: Share of the words of both that stand in the same order, in [0, 1].
        anchors: Number of anchors of each, under the bound that both have.
        shared_anchors: How many of them both have.
        bands: Into how many bands a signature is cut.
        shared_bands: How many are equal.
        candidates: Whether a scan compares the two at all.
        anchor_chance: Chance that a pair of this containment shares two anchors, in [0, 1].
        band_chance: Chance that a pair of this resemblance shares a band, in [0, 1].
        decision: What decides: `empty` (one has no words), `identical`, `contained`,
            `rewritten` (the second look), `too-few-words`, `too-different`, `strangers`.
        min_containment: Containment that makes a match.
        min_shared_words: Words in common that a match needs.
        min_aligned: Aligned share that makes a match at the second look.
        floor: Containment below which there is no second look.
    """

    left: str
    right: str
    words: tuple[int, int]
    shingles: tuple[int, int]
    shared_shingles: int
    containment: float
    resemblance: float
    left_in_right: float
    right_in_left: float
    aligned: float
    anchors: tuple[int, int]
    shared_anchors: int
    bands: int
    shared_bands: int
    candidates: bool
    anchor_chance: float
    band_chance: float
    decision: Decision
    min_containment: float
    min_shared_words: int
    min_aligned: float
    floor: float

    @property
    def matches(self) -> bool:
        """Whether the two are variants of each other."""
        return self.decision in ("identical", "contained", "rewritten")

    @property
    def chance(self) -> float:
        """Chance, in [0, 1], that such a pair is found by either channel."""
        return 1 - (1 - self.anchor_chance) * (1 - self.band_chance)


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a run; `clustered + unique == articles`."""

    articles: int
    clusters: int
    clustered: int
    unique: int
    skipped: int
    left_out: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run: all that a renderer may show.

    Attributes:
        settings: What shaped the result, by name, as plain values for print.
        summary: The counts.
        clusters: By size, largest first, then by base id.
        skipped: By id.
        boilerplate: What was learned, most frequent first; empty when nothing recurs.
    """

    settings: Mapping[str, str | int | float | bool]
    summary: Summary
    clusters: tuple[Cluster, ...]
    skipped: tuple[Skipped, ...] = ()
    boilerplate: tuple[Boilerplate, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every input was read; a script should not call an incomplete run clean."""
        return not any(skip.unread for skip in self.skipped)

    def to_pandas(self) -> Any:  # noqa: ANN401 - a frame of a package that may be missing
        """Return one row for each member, overlap and skipped input.

        Raises:
            MissingExtraError: If pandas is not installed.
        """
        return _notebook().to_pandas(self)

    def to_polars(self) -> Any:  # noqa: ANN401 - a frame of a package that may be missing
        """Return one row for each member, overlap and skipped input.

        Raises:
            MissingExtraError: If polars is not installed.
        """
        return _notebook().to_polars(self)

    def _repr_html_(self) -> str:
        """Return the report for a notebook, which asks for it by this name."""
        return str(_notebook().report_html(self))


def _notebook() -> Any:  # noqa: ANN401 - a module
    """Return what shows these values in notebooks: of no use, and slow to load, elsewhere."""
    return import_module("dedupe_news.render.notebook")
