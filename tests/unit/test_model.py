"""The values that every layer passes on."""

from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

from dedupe_news import model
from dedupe_news.model import (
    CHANGE_OPS,
    RELATIONS,
    Article,
    Cluster,
    Explanation,
    Member,
    Report,
    Skipped,
    Summary,
    Variant,
)

CLASSES = [one for name in model.__all__ if is_dataclass(one := getattr(model, name))]
EMPTY = Skipped("a", "empty", "no words", "")
BROKEN = Skipped("b", "bad-json", "broken", "mend it")


@pytest.mark.parametrize("kind", CLASSES)
def test_values_cannot_be_changed(kind):
    """What a stage was given is what the next one sees."""
    value = object.__new__(kind)

    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(kind)[0].name, None)


@pytest.mark.parametrize("kind", CLASSES)
def test_every_attribute_that_needs_words_has_them(kind):
    """The docstring is the glossary of the model."""
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")


def test_an_article_is_made_from_one_text():
    """Paragraphs are cut, and all else is named."""
    article = Article.from_text("a", "One.\n\nTwo.\n", title="Head", date="2017")

    assert article == Article("a", ("One.", "Two."), title="Head", date="2017")


def test_an_unknown_field_of_an_article_is_refused():
    """A misspelled name must not lose what it carries."""
    with pytest.raises(TypeError, match="titel"):
        Article.from_text("a", "One.", titel="Head")


@pytest.mark.parametrize(
    ("skipped", "complete"), [((), True), ((EMPTY,), True), ((EMPTY, BROKEN), False)]
)
def test_a_report_is_complete_when_every_input_was_read(skipped, complete):
    """An empty article was read, and holds nothing; a broken line may hold something."""
    report = Report({}, Summary(0, 0, 0, 0, len(skipped)), (), skipped)

    assert report.complete is complete


def test_texts_do_not_tell_clusters_apart():
    """They are kept for views that quote them, and a report without them is the same report."""
    member = Member("a", "", "", "", "", 1, 1)
    one, other = (
        Cluster(
            "0", "a", "id", (member,), (Variant("b", "reprint", 1, 1, 1, texts=texts),), (), texts
        )
        for texts in ((), ("Text.",))
    )

    assert one == other
    assert "Text." not in repr(other)


def test_each_kind_of_change_and_relation_is_listed_once():
    """Renderers and documentation are tested against these lists."""
    assert len(CHANGE_OPS) == len(set(CHANGE_OPS)) == 8
    assert len(RELATIONS) == len(set(RELATIONS)) == 6


def explanation(decision, anchor_chance=0.5, band_chance=0.5):
    """Return an explanation of which only the outcome matters."""
    known = {field.name: 0 for field in fields(Explanation)}
    chances = {"anchor_chance": anchor_chance, "band_chance": band_chance}
    return Explanation(**known | {"decision": decision} | chances)


@pytest.mark.parametrize("decision", ["identical", "contained", "rewritten"])
def test_three_decisions_are_a_match(decision):
    """The others say why not."""
    assert explanation(decision).matches


def test_a_pair_is_found_when_either_channel_finds_it():
    """Chances of independent channels."""
    assert explanation("contained").chance == pytest.approx(0.75)
