"""What a variant is to its base."""

import re
from datetime import timedelta
from functools import cached_property

from dedupe_news.core.dates import moment_of
from dedupe_news.core.text import words_of
from dedupe_news.model import Article, Relation

__all__ = ["Relations"]

_WHOLE = 0.5  # a share of the words from which the base may be said to be in the variant
_EXCERPT = 0.75  # share of the base's length up to which a variant may be an excerpt of it
_SAME_OCCASION = timedelta(hours=20)  # figures that change sooner are corrected, not reissued
_OTHER_OCCASION = timedelta(days=20)  # and much later they belong to another occasion
_REISSUED = 0.6  # share of the words of both that a notice keeps from one occasion to the next
_ALL_BUT_FIGURES = 0.7  # least share of words that texts have in common which differ in figures
_FIGURE = re.compile(r"\d+(?:[.,:/\u00a0\u202f ]\d+)*")


class Relations:
    """What variants are to one base."""

    def __init__(self, base: Article) -> None:
        """Take the base, which is looked at once for all of its variants."""
        self._base = base
        self._source = base.source.casefold()
        self._moment = moment_of(base.date)

    def to(
        self, variant: Article, shares: tuple[float, float], lengths: tuple[int, int]
    ) -> Relation:
        """Return what a variant is to the base, for two whose words are not all equal.

        Args:
            variant: The variant.
            shares: Share of the base's words in the variant, and of the variant's in the base.
            lengths: Number of words of the base and of the variant.
        """
        base_in_variant, variant_in_base = shares
        if self._is_recurring(variant, shares, lengths):
            return "recurring"
        shortened = lengths[1] <= _EXCERPT * lengths[0]
        if variant_in_base >= _WHOLE and (shortened or base_in_variant < _WHOLE):
            return "excerpt"
        if base_in_variant < _WHOLE:
            return "overlap"
        return "update" if self._is_later_from_there(variant) else "reprint"

    def _is_later_from_there(self, variant: Article) -> bool:
        if not self._source or self._source != variant.source.casefold():
            return False
        first, second = self._moment, moment_of(variant.date)
        return first is not None and second is not None and first < second

    def _is_recurring(
        self, variant: Article, shares: tuple[float, float], lengths: tuple[int, int]
    ) -> bool:
        """Whether a notice was issued again for another occasion.

        Either nothing but figures differs, and not within the hours in which figures are
        corrected; or it is mostly the same, with other figures, and much later.
        """
        least = min(shares)
        if least < _REISSUED:
            return False
        first, second = self._moment, moment_of(variant.date)
        gap = first.gap(second) if first and second else None
        if gap is not None and gap < _SAME_OCCASION:
            return False
        much_later = gap is not None and gap >= _OTHER_OCCASION
        if not much_later and (least < _ALL_BUT_FIGURES or lengths[0] != lengths[1]):
            return False
        text = "\n".join(variant.paragraphs)
        if self._figures == _figures(text):
            return False
        return much_later or self._differs_in_figures_alone(text)

    @cached_property
    def _text(self) -> str:
        return "\n".join(self._base.paragraphs)

    @cached_property
    def _figures(self) -> list[str]:
        return _figures(self._text)

    def _differs_in_figures_alone(self, text: str) -> bool:
        bare, other_bare = words_of([_FIGURE.sub("0", one) for one in (self._text, text)])
        return bool(len(bare) == len(other_bare) and (bare == other_bare).all())


def _figures(text: str) -> list[str]:
    """Return the figures of a text; one that has none is told so at once."""
    if text.isascii() and not any(digit in text for digit in "0123456789"):
        return []
    return _FIGURE.findall(text)
