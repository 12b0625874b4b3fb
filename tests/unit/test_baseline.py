import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupe_news.baseline import SCHEMA, Accepted, Baseline
from dedupe_news.errors import ConfigError

names = st.text(max_size=6)
pairs = st.builds(
    Accepted.of,
    st.tuples(names, names),
    st.tuples(names, names),
    names,
)


def pair(one, other, reason=""):
    """Return a pair of articles, each given as digest and id, such as `1a`."""
    return Accepted.of((one[0], one), (other[0], other), reason)


def saved(path, baseline):
    """Return what a file says that a baseline was written to."""
    path.write_text(baseline.dumps(), "utf-8", newline="\n")
    return Baseline.load(path)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A file that may be overwritten."""
    return tmp_path_factory.mktemp("baseline") / "baseline.json"


@given(st.lists(pairs, max_size=8))
def test_what_is_written_is_read_again(place, accepted):
    """Whatever the names and reasons hold, and each pair once."""
    assert saved(place, Baseline(tuple(accepted))).pairs == tuple(sorted(set(accepted)))


@given(st.permutations([pair("1a", "2b"), pair("1c", "3d", "x"), pair("2e", "3f")]))
def test_the_file_does_not_depend_on_the_order_of_acceptance(accepted):
    """Nor is a pair written in two ways."""
    text = Baseline(tuple(accepted)).dumps()

    assert text == Baseline(tuple(sorted(accepted))).dumps()


def test_a_pair_is_one_line_and_the_last_line_is_always_the_same():
    """So that two branches that accept different pairs merge."""
    lines = Baseline((pair("2b", "1a", "why"), pair("3c", "1a"))).dumps().splitlines()

    assert lines[0] == "["
    assert [json.loads(line.rstrip(","))["right"] for line in lines[1:3]] == ["2b", "3c"]
    assert lines[3:] == ['{"schema": "' + SCHEMA + '"}', "]"]


def test_no_file_is_an_empty_baseline(tmp_path):
    """A project begins without one."""
    assert Baseline.load(tmp_path / "none.json") == Baseline()


ROW = {"left_digest": "1", "right_digest": "2", "left": "a", "right": "b"}
END = {"schema": SCHEMA}
BROKEN = [
    ("<<<<<<< ours", "is no JSON: "),
    ("{}", "does not end with the schema"),
    ("[]", "does not end with the schema"),
    (json.dumps([ROW]), "does not end with the schema"),
    (json.dumps([ROW, {"schema": "dedupe-news-baseline/9"}]), "does not end with the schema"),
    (json.dumps([ROW, 7, END]), "holds no accepted pair in line 3"),
    (json.dumps([{**ROW, "left": 7}, END]), "holds no accepted pair in line 2"),
    (json.dumps([{"left": "a"}, END]), "holds no accepted pair in line 2"),
]


@pytest.mark.parametrize(("text", "error"), BROKEN)
def test_what_is_no_baseline_is_refused(tmp_path, text, error):
    """With the file, the place and a way out."""
    path = tmp_path / "baseline.json"
    path.write_text(text, "utf-8")

    with pytest.raises(ConfigError, match=f"baseline.json {error}") as caught:
        Baseline.load(path)
    assert "accept what is then new again" in caught.value.hint


def test_a_file_that_is_no_text_is_refused(tmp_path):
    """It is said to be no baseline, and not taken for a fault of the program."""
    path = tmp_path / "baseline.json"
    path.write_bytes(b"[\xff]")

    with pytest.raises(ConfigError, match=r"baseline\.json is no JSON"):
        Baseline.load(path)


def test_a_reason_may_be_missing(tmp_path):
    """Not everybody gives one, and not every tool writes one."""
    path = tmp_path / "baseline.json"
    path.write_text(json.dumps([ROW, END]), "utf-8")

    assert Baseline.load(path).pairs == (Accepted("1", "2", "a", "b", ""),)


def test_a_pair_that_was_written_the_other_way_round_is_the_same(tmp_path):
    """People edit this file."""
    path = tmp_path / "baseline.json"
    turned = {"left_digest": "2", "right_digest": "1", "left": "b", "right": "a"}
    path.write_text(json.dumps([turned, END]), "utf-8")

    assert Baseline.load(path).pairs == (Accepted("1", "2", "a", "b", ""),)


def test_as_many_articles_of_a_wording_are_accepted_as_have_names():
    """Each article counts once, in however many pairs it stands."""
    baseline = Baseline((pair("1a", "1b"), pair("1a", "2c"), pair("1a", "1b", "again")))

    assert baseline.capacities() == {"1": 2, "2": 1}


def test_partners_are_told_in_the_order_of_the_digests():
    """Each pair leads from the smaller to the larger."""
    baseline = Baseline((pair("2b", "1a"), pair("1a", "3c")))

    assert baseline.partners() == {"1": {"2", "3"}}


def test_a_new_pair_takes_the_place_of_an_older_one_of_the_same_articles():
    """An article that was edited and accepted again is accepted as it is now."""
    old, kept = Accepted("1", "2", "a", "b", "old"), pair("3c", "4d")
    new = Accepted("1", "5", "b", "a", "new")

    assert set(Baseline((old, kept)).replaced([new]).pairs) == {kept, new}
    assert Baseline((old,)).of_ids() == {frozenset("ab"): old}
