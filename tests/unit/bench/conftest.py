"""The scripts in `bench/` import each other by bare name, as they do when they are run."""

import json
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[3] / "bench"
sys.path[:0] = [str(BENCH), str(BENCH / "peers")]


@pytest.fixture(scope="session")
def invented():
    """Stories without end, of which the vocabulary takes a moment to invent."""
    from corpus import Invented  # noqa: PLC0415 - found only now

    return Invented(seed=5)


@pytest.fixture
def labelled_folder(tmp_path, invented):
    """A small labelled set of invented stories: two versions of one, and two others."""
    stories = [invented.story(number) for number in range(3)]
    stories.append((*stories[0], *invented.story(9)[:1]))
    home = tmp_path / "invented"
    home.mkdir()
    rows = [
        json.dumps({"id": f"a{number}", "text": "\n\n".join(story)})
        for number, story in enumerate(stories)
    ]
    (home / "articles.jsonl").write_text("\n".join(rows) + "\n")
    (home / "clusters.tsv").write_text("cluster\tid\nx\ta0\nx\ta3\n")
    states = [f"a0\ta3\t{place}\tsame" for place in range(len(stories[0]))]
    states.append(f"a0\ta3\t{len(stories[0])}\tnew")
    header = "older_id\tnewer_id\tparagraph_index_in_newer\tstate"
    (home / "paragraphs.tsv").write_text("\n".join([header, *states]) + "\n")
    return tmp_path
