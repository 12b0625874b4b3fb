"""What the documentation says is true: commands run, tables are complete, links lead somewhere."""

import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_args

import click
import pytest

from dedupe_news import model
from dedupe_news.cli.app import app
from dedupe_news.sources import FORMATS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("samples/*.md")])


def _blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)


def _section(page: str, title: str) -> str:
    return re.split(rf"^## {re.escape(title)}\n", page, flags=re.MULTILINE)[1].split("\n## ")[0]


def _first_column(table: str) -> list[str]:
    rows = re.findall(r"^\| *([^|]+?) *\|", table, flags=re.MULTILINE)
    return [row.strip("`") for row in rows[2:]]  # below the head and its rule


def _shell(command: str) -> subprocess.CompletedProcess[str]:
    if "| jq" in command and not shutil.which("jq"):
        command = command.split("| jq", 1)[0]  # the reader's jq is not ours to install
    command = re.sub(r"(^|(?<=[|] ))dedupe-news", f"{sys.executable} -m dedupe_news", command)
    line = ["bash", "-c", f"set -o pipefail; {command}"]
    return subprocess.run(line, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


def _examples() -> list[str]:
    blocks = [block for page in (README, COMMANDS) for block in _blocks(page, "console")]
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.mark.parametrize("command", _examples())
def test_every_example_runs(command):
    """An example that fails, or prints nothing, would be the first thing a reader sees."""
    done = _shell(command)

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("code", _blocks(README, "python"))
def test_the_python_example_runs(code):
    """It can be pasted as it is."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )

    assert done.returncode == 0, done.stderr
    assert "samples/ministres-agence.txt reprint samples/ministres-tele.md" in done.stdout


def test_make_has_every_target_that_is_named_and_explains_each():
    """`make` alone lists all of them, and no file of the same name can stand in for one."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)[0].split())
    explained = set(re.findall(r"^([a-z0-9-]+):.*## ", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"^make ([a-z0-9]+)", "\n".join(_blocks(README, "sh")), re.MULTILINE))

    assert phony == explained
    assert named == {"run", "test"}
    assert named <= phony


def _commands(command: click.Command, name: str = "") -> dict[str, click.Command]:
    """Return all commands that do something, by the words with which they are called."""
    if not isinstance(command, click.Group):
        return {name.strip(): command}
    inner = (_commands(each, f"{name} {word}") for word, each in command.commands.items())
    return {word: each for found in inner for word, each in found.items()}


@pytest.mark.parametrize(("name", "command"), _commands(app).items())
def test_the_options_of_a_command_are_those_its_section_lists(name, command):
    """No option is missing, none is made up, and the short form stands beside the long one."""
    headed = re.split(r"^##+ (.*)\n", COMMANDS, flags=re.MULTILINE)
    [section] = [
        text for head, text in zip(headed[1::2], headed[2::2], strict=True) if f"`{name}`" in head
    ]
    known = {
        option
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in (*parameter.opts, *parameter.secondary_opts)
    }

    listed = re.findall(r"(?<![\w-])--?[a-z][a-z-]*", "\n".join(_first_cells(section)))

    assert set(listed) == known


def _first_cells(section: str) -> list[str]:
    return re.findall(r"^\| ([^|]*-[^|]*) \|", section, flags=re.MULTILINE)


def test_every_format_is_listed():
    """The page names each format that can be read, with its suffixes."""
    page = _section(COMMANDS, "Formats")

    missing = [
        suffix for each in FORMATS.values() for suffix in each.suffixes if f"`{suffix}`" not in page
    ]

    assert not missing


def test_the_glossary_explains_every_value_of_the_model():
    """A word that a report uses has a line of its own."""
    values = {name for name in model.__all__ if isinstance(getattr(model, name), type)}

    assert values <= set(_first_column(_section(GLOSSARY, "Things")))


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Changes", model.CHANGE_OPS),
        ("Relations", model.RELATIONS),
        ("Decisions", get_args(model.Decision)),
    ],
)
def test_the_glossary_and_the_model_use_the_same_words(title, words):
    """The tables are in the order of the model, with nothing missing and nothing more."""
    assert _first_column(_section(GLOSSARY, title)) == list(words)


def test_each_sample_has_a_line():
    """Whoever opens the folder learns what each file is there for."""
    files = {path.name for path in (ROOT / "samples").iterdir()} - {"README.md"}

    assert set(_first_column((ROOT / "samples" / "README.md").read_text("utf-8"))) == files


def test_the_samples_hold_the_clusters_that_their_page_promises():
    """Six clusters, and nothing else in them: reprints, an update and a brief."""
    done = _shell("dedupe-news scan samples/ --format json")
    clusters = {
        (cluster["base"], *((each["relation"], each["id"]) for each in cluster["variants"]))
        for cluster in json.loads(done.stdout)["clusters"]
    }

    assert clusters == {
        ("samples/library-report.md", ("excerpt", "samples/library-brief.txt")),
        ("samples/ministres-agence.txt", ("reprint", "samples/ministres-tele.md")),
        ("samples/np-ferry.txt", ("reprint", "samples/radiokust-ferry.txt")),
        ("samples/np-landslide-0640.txt", ("update", "samples/np-landslide-0745.txt")),
        ("samples/quarry-agency.txt", ("reprint", "samples/quarry-paper.txt")),
        ("samples/todai-tsushin.txt", ("reprint", "samples/todai-shinbun.txt")),
    }


def test_the_picture_shows_what_the_command_prints():
    """Word by word, colours apart: a picture from last year would be a lie."""
    svg = (ROOT / "docs" / "img" / "scan.svg").read_text("utf-8")
    shown = html.unescape(re.sub(r"<[^>]+>", "", svg)).replace("\N{NO-BREAK SPACE}", " ")

    command = "dedupe-news scan samples/np-ferry.txt samples/radiokust-ferry.txt --width 80"
    printed = _shell(f"{command} --color always").stdout
    plain = re.sub(r"\x1b\[[\d;]*m", "", printed)

    assert "".join(plain.split()) in "".join(shown.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_to_files_that_exist(page):
    """A page may be moved only together with the links to it."""
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))

    assert not [target for target in targets if not (page.parent / target).exists()]
