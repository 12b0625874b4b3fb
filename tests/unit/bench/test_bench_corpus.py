"""The invented corpus is endless, repeatable, and like a real one in what matters."""

import json
from statistics import mean

import corpus
from corpus import Invented, cached, main

CORPUS = Invented(seed=7)


def test_an_article_depends_on_the_seed_and_its_number_alone():
    """A part of the corpus can be made again without the rest."""
    assert list(Invented(seed=7).items(40))[37] == CORPUS.item(37)
    assert Invented(seed=8).item(37) != CORPUS.item(37)


def test_every_fifth_article_is_a_variant_of_an_earlier_story():
    """What is varied is an original itself, so no chain grows without end."""
    originals = [CORPUS.original(number) for number in range(500)]
    variants = [number for number, original in enumerate(originals) if original != number]

    assert len(variants) == 100
    assert len({originals[number] for number in variants}) > 70
    assert all(originals[originals[number]] == originals[number] < number for number in variants)


def test_articles_have_the_length_of_news():
    """About three thousand characters, with a long tail."""
    lengths = [len("\n\n".join(item.paragraphs)) for item in CORPUS.items(300)]

    assert 2000 < mean(lengths) < 4500
    assert max(lengths) > 3 * min(lengths)


def test_a_publisher_closes_all_its_articles_alike():
    """Lines under an article recur in strangers: that is what boilerplate is."""
    last: dict[str, set[str]] = {}
    for item in CORPUS.items(400):
        last.setdefault(item.source, set()).add(item.paragraphs[-1])

    assert {len(lines) for lines in last.values()} == {1}


def test_the_command_writes_one_article_a_line(tmp_path, capsys):
    """A file and standard output get the same lines."""
    assert main(["3", "--seed", "7", "-o", str(tmp_path / "a.jsonl")]) == 0
    assert main(["3", "--seed", "7"]) == 0

    written = (tmp_path / "a.jsonl").read_text()
    assert written == capsys.readouterr().out
    assert [json.loads(line)["id"] for line in written.splitlines()] == [
        "000000000",
        "000000001",
        "000000002",
    ]


def test_families_hold_each_story_that_has_variants():
    """Every variant stands in one family, with the story it was made from."""
    families = CORPUS.families(200)

    assert sorted(one for family in families for one in family[1:]) == list(range(4, 200, 5))
    assert all({CORPUS.original(one) for one in family} == {family[0]} for family in families)


def test_a_file_is_made_once_and_a_longer_one_lends_its_lines(tmp_path, monkeypatch):
    """What is in the cache is what the command would write."""
    monkeypatch.setattr(corpus, "CACHE", tmp_path / "cache")
    long = cached(70, seed=7)
    long.write_text(long.read_text().replace("}", " }"))  # to be told from one made anew

    short = cached(60, seed=7)

    assert cached(70, seed=7) == long
    assert short.read_text() == "".join(long.read_text().splitlines(keepends=True)[:60])
    assert (tmp_path / "cache" / ".gitignore").read_text() == "*\n"


def test_another_seed_has_another_file(tmp_path, monkeypatch):
    """A file is named by what it holds."""
    monkeypatch.setattr(corpus, "CACHE", tmp_path)

    assert cached(3, seed=7) != cached(3, seed=8)
    assert len(cached(3, seed=8).read_text().splitlines()) == 3


def test_a_rewording_changes_about_the_share_that_is_asked_for():
    """The number decides which words, the share how many."""
    story = CORPUS.story(3, 400)
    words = " ".join(story).split()

    changed = " ".join(CORPUS.reworded(story, 1, 0.2)).split()

    assert 0.1 < mean(a != b for a, b in zip(words, changed, strict=True)) < 0.3
    assert CORPUS.reworded(story, 2, 0.2) != CORPUS.reworded(story, 1, 0.2)
