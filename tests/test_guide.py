"""The guide tells the truth: what is made from the program is up to date, and examples run."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import click
import pytest

from dedupe_news.cli.app import app
from dedupe_news.model import RELATIONS
from dedupe_news.render import FORMATS

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))


def _blocks(language):
    fenced = re.compile(rf"^```{language}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    return [
        pytest.param(block, id=f"{page.stem}-{number}")
        for page in PAGES
        for number, block in enumerate(fenced.findall(page.read_text("utf-8")))
    ]


def _first_cells(page, cell):
    return re.findall(rf"^\| {cell} \|", (GUIDE / page).read_text("utf-8"), re.MULTILINE)


def _made(script):
    return runpy.run_path(str(ROOT / "docs" / script))["page"]()


@pytest.mark.parametrize(
    ("script", "page"),
    [("make_man.py", "docs/man/dedupe-news.1"), ("make_reference.py", "docs/guide/json.md")],
)
def test_what_is_made_from_the_program_is_up_to_date(script, page):
    """`make docs` writes both anew."""
    assert _made(script) == (ROOT / page).read_text("utf-8")


def test_the_pictures_of_the_method_are_what_its_functions_draw():
    """A curve from last year would be a lie."""
    figures = runpy.run_path(str(ROOT / "docs" / "make_figures.py"))["FIGURES"]

    assert {name: (ROOT / "docs/img" / name).read_text("utf-8") for name in figures} == {
        name: draw() for name, draw in figures.items()
    }


def test_the_man_page_has_every_option():
    """Of every command, also of those inside of groups."""
    page = (ROOT / "docs/man/dedupe-news.1").read_text("utf-8").replace("\\-", "-")

    missing = [
        option
        for command in _commands(app)
        for param in command.params
        if isinstance(param, click.Option) and not param.hidden
        for option in param.opts
        if option not in page
    ]
    assert not missing


def _commands(command):
    inner = command.commands.values() if isinstance(command, click.Group) else ()
    return [command] * (not inner) + [each for one in inner for each in _commands(one)]


@pytest.mark.parametrize("block", _blocks("console"))
def test_every_example_of_the_guide_runs(block, tmp_path):
    """In the folder that holds samples/, one after the other, and each prints something."""
    program = f"{sys.executable} -m dedupe_news"
    for line in block.replace("/tmp/", f"{tmp_path}/").splitlines():
        command = line.removeprefix("$ ").split(" | jq", 1)[0]
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command.replace('dedupe-news ', program + ' ')}"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()


@pytest.mark.parametrize("block", _blocks("python"))
def test_every_python_example_of_the_guide_runs(block):
    """It can be pasted as it is."""
    done = subprocess.run(
        [sys.executable, "-c", block],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_every_form_and_relation_is_explained():
    """The tables of the guide are complete, in the order of the program."""
    forms = _first_cells("reports.md", "(`.*?`)")
    relations = _first_cells("method.md", r"`(\w+)`")

    assert set(re.findall(r"\w+", " ".join(forms))) >= set(FORMATS)
    assert tuple(relations) == RELATIONS
