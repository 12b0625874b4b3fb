"""Peers are scored as we are, and said to be better where they are."""

import json
import subprocess
import sys

import install
import pytest
from driving import components, drive, jaccard, rows_for, shingles

import rivals
from dedupe_news.model import Article
from labelled import find_sets
from metrics import PairScore
from rivals import Corpus, Run, rival_tables

TRUTH = {("a", "b"): "whole", ("c", "d"): "part"}
CORPUS = Corpus("any", tuple(Article(one, ("x",)) for one in "abcd"), TRUTH, frozenset())


@pytest.mark.parametrize(
    ("pairs", "wanted"),
    [
        ([("a", "b"), ("b", "c"), ("x", "y")], [{"a", "b", "c"}, {"x", "y"}]),
        ([("a", "b"), ("c", "d"), ("d", "a")], [{"a", "b", "c", "d"}]),
        ([], []),
    ],
)
def test_components_connect_through_others(pairs, wanted):
    """Groups are what pairs reach."""
    assert sorted(map(sorted, components(pairs))) == sorted(map(sorted, wanted))


def test_resemblance_is_of_five_word_shingles():
    """Six words share one of three shingles with a text that differs in the last."""
    left, right = shingles("a b c d e f"), shingles("a b c d e x")

    assert jaccard(left, right) == pytest.approx(1 / 3)
    assert jaccard(frozenset(), frozenset()) == 0.0
    assert shingles("two words") == {"two words"}


def test_a_higher_threshold_takes_longer_bands():
    """Rows per band grow with the threshold."""
    assert [rows_for(threshold, 128) for threshold in (0.3, 0.5, 0.8)] == [3, 5, 11]


def test_a_driver_writes_a_row_for_each_threshold(tmp_path, monkeypatch):
    """What a peer finds is read back from lines of JSON."""
    given, found = tmp_path / "in", tmp_path / "out"
    given.write_text('{"id": "b", "text": "x"}\n{"id": "a", "text": "y"}\n')
    monkeypatch.setattr(sys, "argv", ["driver", str(given), str(found), "0.3", "0.7"])

    drive(lambda texts, threshold: [list(texts)] if threshold < 0.5 else [])

    low, high = map(json.loads, found.read_text().splitlines())
    assert (low["threshold"], low["clusters"]) == (0.3, [["a", "b"]])
    assert (high["threshold"], high["clusters"]) == (0.7, [])


def test_work_that_is_used_again_is_charged_again(tmp_path, monkeypatch):
    """A peer that keeps its first comparison is not faster at the second threshold."""
    given, found = tmp_path / "in", tmp_path / "out"
    given.write_text('{"id": "b", "text": "x"}\n')
    monkeypatch.setattr(sys, "argv", ["driver", str(given), str(found), "0.3", "0.7"])
    monkeypatch.setattr("driving.time.perf_counter", iter([0.0, 9.0, 9.0, 9.1]).__next__)

    drive(lambda _texts, _threshold: [], reuses=True)

    assert [json.loads(line)["seconds"] for line in found.read_text().splitlines()] == [9.0, 9.0]


def test_a_corpus_scores_all_and_by_kind():
    """The recall of one kind leaves the other kinds out."""
    pairs = {("a", "b"), ("a", "c")}

    assert CORPUS.score(pairs) == PairScore(1, 1, 1)
    assert (CORPUS.recall(pairs, "whole"), CORPUS.recall(pairs, "part")) == (1.0, 0.0)


def _tables(monkeypatch, folder, *runs):
    monkeypatch.setattr(rivals, "install", lambda _peer: None)
    monkeypatch.setattr(rivals, "_all_runs", lambda _corpus, _peers: list(runs))
    return next(rival_tables(find_sets(folder), []))


def test_the_table_says_where_a_peer_is_better(labelled_folder, monkeypatch):
    """A peer that finds more at its best threshold, or is faster, is named."""
    good, none = frozenset({("a0", "a3")}), frozenset()
    table = _tables(
        monkeypatch,
        labelled_folder,
        Run("dedupe-news", 0.5, True, 2.0, none),
        Run("other", 0.7, True, 1.0, none),
        Run("other", 0.3, False, 1.0, good),
    )

    assert [row[:3] for row in table.rows] == [
        ("dedupe-news", "usual", "0.50"),
        ("dedupe-news", "best", "0.50"),
        ("other", "usual", "0.70"),
        ("other", "best", "0.30"),
    ]
    assert table.notes[1] == (
        "Where we lose: other at 0.30 has the higher F1; other is faster at 0.70, 0.30."
    )


def test_a_peer_that_is_not_better_is_not_named(labelled_folder, monkeypatch):
    """Losing nowhere is said as plainly."""
    good = frozenset({("a0", "a3")})
    runs = Run("dedupe-news", 0.5, True, 1.0, good), Run("other", 0.7, True, 2.0, good)

    assert _tables(monkeypatch, labelled_folder, *runs).notes[1] == "Where we lose: nowhere."


def test_a_sample_takes_together_what_belongs_together(labelled_folder):
    """A smaller corpus loses whole families, never one of a pair."""
    (labelled,) = find_sets(labelled_folder)
    for most in (1, 2, 3, 4):
        sample = rivals._sample(labelled, most)
        ids = {article.id for article in sample.articles}
        assert len(ids) >= most
        assert ("a0" in ids) == ("a3" in ids) == (("a0", "a3") in sample.truth)


def test_a_peer_that_cannot_be_installed_is_left_out_aloud(monkeypatch, capsys):
    """The others still run, and the reader learns why one is absent."""

    def fail(_peer):
        raise subprocess.CalledProcessError(1, ["pip"])

    monkeypatch.setattr(rivals, "install", fail)

    assert not rivals._installed(install.PEERS[0])
    assert "datasketch: not installed" in capsys.readouterr().err


def test_a_driver_that_fails_says_why(monkeypatch, capsys):
    """A peer's traceback reaches the reader, and what it had found still counts."""
    broken = install.Peer("broken", (), usual=0.5, megabytes=0)
    monkeypatch.setattr(install.Peer, "python", property(lambda _peer: sys.executable))

    assert list(rivals._peer_runs(CORPUS, broken)) == []
    assert "broken on any failed" in capsys.readouterr().err


def test_every_peer_has_a_driver(capsys):
    """What can be installed can be run."""
    assert all(peer.driver.is_file() for peer in install.PEERS)
    assert install.main(["--list", "rensa"]) == 0
    assert capsys.readouterr().out == "rensa: rensa==0.5.0, 30 MB\n"
    with pytest.raises(SystemExit):
        install.main(["ghost"])
