"""The invented corpus is endless, repeatable, and like a real one in what matters."""

import json
from statistics import mean

from corpus import Invented, main

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
