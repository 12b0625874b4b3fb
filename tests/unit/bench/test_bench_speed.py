"""A scan is timed beside the plain loop and other tools, and misses of a target are named."""

import json
import math
import subprocess
import sys

import pytest

import check
import corpus
import scale
import skew
import speed
import stages
import whole
from metrics import PairScore, shingle_set
from processes import Cost, ProcessError
from scale import Step, scale_table
from skew import CASES, ordinary_twin, skew_table
from whole import Run, runs_on, side_by_side, target_table, whole_table


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache of invented articles."""
    monkeypatch.setattr(corpus, "CACHE", tmp_path / "cache")
    return tmp_path / "cache"


def _run(name, seconds, megabytes=100.0, recall=1.0):
    score = PairScore(round(10 * recall), round(10 - 10 * recall), 0)
    return Run(name, Cost(seconds, seconds, seconds, megabytes), seconds, score)


def _runs(*, ours=1.0, workers=0.5, rensa=5.0, gaoya_recall=0.5):
    return [
        Run("plain loop", Cost(1.0, 1.0, 1.0, 10.0), 1.0),
        _run("dedupe-news, 1 worker", ours),
        _run("dedupe-news, 1 worker, no kernel", 2.0),
        _run("dedupe-news, 2 workers", workers),
        _run("rensa", rensa, megabytes=1000.0),
        _run("gaoya", 9.0, recall=gaoya_recall),
    ]


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({}, "nowhere"),
        ({"ours": 1.01, "rensa": 6.0}, "scan / plain loop"),
        ({"workers": 0.6}, "1 worker / 2 workers, by the clock"),
        ({"rensa": 4.9}, "rensa / scan"),
    ],
)
def test_a_missed_target_is_named(changed, missed):
    """Nobody has to compare figures to see where the tool falls short."""
    table = target_table(_runs(**changed), 70_000)

    assert table.notes == (f"Short of the target: {missed}.",)
    assert ("no" in {row[-1] for row in table.rows}) == (missed != "nowhere")


def test_what_the_machine_has_for_several_processes_is_told():
    """Where two scans slow each other down, two workers cannot be twice as fast."""
    runs = [*_runs(workers=0.6), _run("2 scans at once", 1.25)]
    table = target_table(runs, 70_000)

    assert ("the most that 2 processes gain on this machine", 1.6, "-", "-") in table.rows
    assert "rented machines" in table.notes[-1]
    assert len(whole_table(runs, 70_000, 1).rows) == len(runs) - 1


@pytest.mark.parametrize(("code", "ended"), [("", True), ("exit(3)", False)])
def test_a_command_is_run_several_times_at_once(tmp_path, code, ended):
    """And all have to end well."""
    script = f"import os; open(f'{{os.getpid()}}', 'x'); {code}"
    command, _ = side_by_side(([sys.executable, "-c", script], {}), 3)
    run = subprocess.run(command, cwd=tmp_path, check=False)

    assert (run.returncode == 0) == ended
    assert len(list(tmp_path.iterdir())) == 3


def test_a_peer_that_finds_more_is_a_missed_target():
    """To be faster and find less is no success."""
    runs = [*_runs()[:1], _run("dedupe-news, 1 worker", 1.0, recall=0.4), *_runs()[2:]]

    assert "gaoya: recall of the scan less its own" in target_table(runs, 70_000).notes[0]


def test_a_smaller_run_says_that_the_targets_are_for_more():
    """The start of a process weighs more in a short run."""
    assert "for 70,000 articles" in target_table(_runs(), 10_000).notes[1]


def test_the_loop_and_all_ways_to_scan_are_run(cache):
    """One row each, in plain loops, with all pairs of a small corpus found."""
    runs = runs_on(60, rounds=1, jobs=2, peers=())
    rows = [
        dict(zip(table.columns, row, strict=True))
        for table in [whole_table(runs, 60, 1)]
        for row in table.rows
    ]

    assert [row["tool"].rpartition(", ")[2] for row in rows] == [
        "plain loop",
        "1 worker",
        "no kernel",
        "2 workers",
    ]
    assert rows[0]["/ plain loop"] == 1.0 < rows[1]["/ plain loop"]
    assert math.isnan(rows[0]["recall"])
    assert rows[1]["recall"] == 1.0
    assert list(cache.glob("invented-*-60.jsonl"))


def test_a_peer_is_run_on_the_same_file(cache, tmp_path, monkeypatch):
    """What a driver writes is scored against the families of the corpus."""
    driver = tmp_path / "run_fake.py"
    driver.write_text(
        "import json, pathlib, sys\n"
        "ids = [json.loads(line)['id'] for line in open(sys.argv[1])]\n"
        "pathlib.Path(sys.argv[2]).write_text(json.dumps({'clusters': [ids]}))\n"
    )
    command = [sys.executable, str(driver)]
    monkeypatch.setattr(whole, "install", lambda _peer: None)
    monkeypatch.setattr(whole.Peer, "python", property(lambda _peer: command[0]))
    monkeypatch.setattr(whole.Peer, "driver", property(lambda _peer: command[1]))

    *_, fake = runs_on(20, rounds=1, jobs=1, peers=["gaoya"])

    assert (fake.name, fake.score.recall) == ("gaoya", 1.0)
    assert fake.score.found + fake.score.wrong == 190


def test_a_peer_that_fails_has_no_row_and_says_why(cache, monkeypatch, capsys):
    """The others are still compared."""
    monkeypatch.setattr(whole, "install", lambda _peer: None)
    monkeypatch.setattr(whole.Peer, "python", property(lambda _peer: sys.executable))
    monkeypatch.setattr(whole.Peer, "driver", property(lambda _peer: "/nowhere.py"))

    assert len(runs_on(20, rounds=1, jobs=1, peers=["rensa"])) == 3
    assert "rensa: no figures" in capsys.readouterr().err


def test_time_is_charged_to_parts_of_the_package(cache, capsys):
    """Work is found where it is done, and the modules that pass it on are not parts."""
    assert stages.main([str(corpus.cached(400))]) == 0

    parts = json.loads(capsys.readouterr().out)
    assert {"text", "boilerplate", "describe"} & set(parts)
    assert not {"pipeline", "core"} & set(list(parts)[:3])
    assert list(parts.values()) == sorted(parts.values(), reverse=True)


def test_the_whole_bench_prints_tables_and_keeps_a_picture(cache, tmp_path, monkeypatch, capsys):
    """Without labelled sets it says so and measures the rest."""
    monkeypatch.setattr(speed, "_RESULTS", tmp_path)
    monkeypatch.setattr(speed, "_PICTURE", tmp_path / "speed.svg")
    options = ["--articles", "30", "--rounds", "1", "--jobs", "1", "--no-peers", "--write"]

    assert speed.main(options) == 0

    said = capsys.readouterr()
    assert "### Targets, on 30 articles" in said.out
    assert "no --data" in said.err
    assert {path.suffix for path in tmp_path.iterdir()} >= {".md", ".json", ".svg"}


def _step(articles, seconds, megabytes):
    return Step(articles, Cost(1, 1, 1, 10), Cost(seconds, seconds, seconds, megabytes))


def test_the_slope_of_what_grows_in_proportion_is_one():
    """Ten times the articles in ten times the time; memory that stays has no slope."""
    table = scale_table([_step(1000, 1.0, 64.0), _step(10_000, 10.0, 64.0)], jobs=1)
    last = dict(zip(table.columns, table.rows[-1], strict=True))

    assert last["slope of time"] == pytest.approx(1.0)
    assert last["slope of memory"] == pytest.approx(0.0)
    assert "1.00 times that of 1,000 articles; the limit is 1.3, met" in table.notes[-1]


def test_growth_beyond_the_limit_is_called_missed():
    """Time per article and memory have a verdict of their own."""
    table = scale_table([_step(1000, 1.0, 64.0), _step(10_000, 14.0, 9000.0)], jobs=1)

    assert [note.rpartition(", ")[2] for note in table.notes[2:]] == ["missed.", "missed."]


def test_sizes_are_measured_from_the_smallest_up(cache, monkeypatch, capsys):
    """The table has a row for each size that was asked for."""
    monkeypatch.setattr(scale, "_ROUNDS", ())
    assert scale.main(["--articles", "40", "20"]) == 0

    out = capsys.readouterr().out
    assert out.index("|       20 |") < out.index("|       40 |")


@pytest.mark.parametrize("name", CASES)
def test_a_case_shares_and_its_twin_is_as_long(name):
    """Twins differ from a case in what is shared, not in length."""
    case = CASES[name]
    twin = ordinary_twin(case)
    for number in (4, 6, 7):
        assert len(" ".join(twin(number)).split()) == len(" ".join(case(number)).split())

    shingles = [shingle_set(" ".join(make(number))) for make in (case, twin) for number in (6, 8)]
    assert shingles[0] & shingles[1]
    assert not shingles[2] & shingles[3]


def test_a_case_is_told_in_units_of_its_twin(cache, monkeypatch):
    """Twice the time is still within the limit, more is named."""
    costs = [[Cost(9, 2.5, 2, 50)], [Cost(9, 1.0, 1, 100)]]
    monkeypatch.setattr(skew, "in_turn", lambda *_: costs)

    table = skew_table(["identical articles"], 10)

    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert (row["time, ratio"], row["memory, ratio"], row["within 2"]) == (2.5, 0.5, "no")
    assert table.notes[1] == "Failed, or more than twice the ordinary: identical articles."


def test_a_case_that_fails_keeps_its_row(cache, monkeypatch, capsys):
    """The others are measured all the same, and the exit code tells."""

    def fail(*_arguments):
        raise ProcessError("scan ended with 2")

    monkeypatch.setattr(skew, "in_turn", fail)

    assert skew.main(["--articles", "20"]) == 1
    said = capsys.readouterr()
    assert said.out.count("| failed ") == len(CASES)
    assert "error: identical articles: scan ended with 2" in said.err


def test_a_real_case_runs(cache, capsys):
    """Both corpora are scanned by the command."""
    assert skew.main(["--articles", "20", "--case", "identical articles"]) == 0
    assert "| identical articles |" in capsys.readouterr().out


@pytest.mark.parametrize(("ratio", "code"), [(1.0, 0), (4.99, 0), (5.01, 1)])
def test_a_scan_that_is_a_quarter_slower_fails_the_check(
    tmp_path, monkeypatch, capsys, ratio, code
):
    """A little noise passes; what is worse is said with both figures."""
    monkeypatch.setattr(check, "_COMMITTED", tmp_path / "check.json")
    (tmp_path / "check.json").write_text('{"scan_to_plain_loop": 4.0}')
    monkeypatch.setattr(check, "measured_ratio", lambda _count: ratio)

    assert check.main([]) == code
    said = capsys.readouterr()
    assert f"{ratio:.2f} plain loops" in (said.err if code else said.out)


def test_the_check_compares_with_what_it_kept(cache, tmp_path, monkeypatch, capsys):
    """A figure that was just made is not worse than itself, give or take noise."""
    monkeypatch.setattr(check, "_COMMITTED", tmp_path / "check.json")
    monkeypatch.setattr(check, "ARTICLES", 30)
    monkeypatch.setattr(check, "_ROUNDS", 1)
    monkeypatch.setattr(check, "WORSE", 10.0)

    assert check.main([]) == 2
    assert "make one with --write" in capsys.readouterr().err
    assert check.main(["--write"]) == check.main([]) == 0
    assert json.loads((tmp_path / "check.json").read_text())["scan_to_plain_loop"] > 1


@pytest.mark.parametrize(
    ("module", "place", "arguments"),
    [
        (check, "measured_ratio", ["--write"]),
        (scale, "step_of", []),
        (speed, "profile_table", []),
    ],
)
def test_a_scan_that_fails_ends_a_measurement_with_2(monkeypatch, capsys, module, place, arguments):
    """A broken tool has no speed."""

    def fail(*_arguments):
        raise ProcessError("scan ended with 2")

    monkeypatch.setattr(module, place, fail)

    assert module.main(arguments) == 2
    assert "error: scan ended with 2" in capsys.readouterr().err
