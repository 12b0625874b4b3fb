"""`--pager` on a terminal: what the pager is given, and when there is none."""

import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
STORY = (
    "The harbour of Oster will stay open all winter, the council decided on Monday night.\n\n"
    "Two icebreakers were bought from a yard that had given up waiting for their owner.\n\n"
    "Fishermen had asked for them since the long frost of nine years ago."
)
FILES = {
    "in/agency.txt": STORY,
    "in/radio.txt": f"{STORY}\n\nThe mayor will pay for the paint himself, he told this newspaper.",
    "bin/pages": 'cat > paged; echo "$@" > words',
    "bin/less": 'cat > paged; echo "$LESS" > words',
    "bin/hasty": "head -c 10 > paged",
}
DIFF = ("diff", "in/agency.txt", "in/radio.txt")
ESCAPE = re.compile("\x1b")
LINK = re.compile("\x1b]8;;.*?\x1b\\\\")


@pytest.fixture
def folder(tmp_path):
    """A folder with a report and its reprint, and some pagers that keep what they are given."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "in").mkdir()
    for name, text in FILES.items():
        path = tmp_path / name
        path.write_text(text if path.suffix else f"#!/bin/sh\n{text}\n", "utf-8")
        path.chmod(0o755)
    return tmp_path


@pytest.fixture
def on_terminal(folder):
    """Return a function that runs the program on a terminal: its code, and what is seen there."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE")}
    usual = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(SOURCE),
        "PYTHONUTF8": "1",
        "TERM": "xterm",
        "PAGER": "pages",
    }

    def run(*words, command=("-m", "dedupe_news"), **environ):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [sys.executable, *command, *words],
            cwd=folder,
            env=kept | usual | environ,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        seen = b""
        with suppress(OSError), os.fdopen(ours, "rb", buffering=0) as screen:
            while part := screen.read(4096):
                seen += part
        return process.wait(60), seen.decode("utf-8").replace("\r\n", "\n")

    return run


def paged(folder):
    """Return what the pager was given; nothing if it was not started."""
    path = folder / "paged"
    return path.read_text("utf-8") if path.exists() else ""


@pytest.mark.parametrize(
    "words",
    [
        ("scan", "in"),
        ("scan", "in", "--format", "brief"),
        DIFF,
        ("report", "scan.json"),
    ],
)
def test_text_goes_through_the_pager_when_that_is_asked_for(on_terminal, folder, words):
    """All of it, and nothing to the screen."""
    on_terminal("scan", "in", "-o", "scan.json", "--quiet")
    plain = on_terminal(*words, "--color", "never", "--quiet")[1]
    code, seen = on_terminal(*words, "--pager", "--quiet")

    assert (code, seen) == (0, "")
    assert paged(folder).splitlines() == LINK.sub("", plain).splitlines()


def test_a_finding_of_the_gate_goes_through_it_too(on_terminal, folder):
    """And the exit code is that of the gate, not of the pager."""
    code, seen = on_terminal("check", "--pager", "--quiet")

    assert code == 1
    assert "near-duplicate" not in seen
    assert "1 new near-duplicate\n" in paged(folder)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--pager", "--no-pager"),
        ("--pager", "--format", "json"),
        ("--pager", "-o", "report.html"),
    ],
)
def test_nothing_else_is_paged(on_terminal, folder, words):
    """Neither unasked, nor data, nor what is for files."""
    code, seen = on_terminal("scan", "in", *words)

    assert code == 0
    assert "agency.txt" in seen
    assert paged(folder) == ""


def test_what_goes_to_no_terminal_is_not_paged(folder):
    """A pipe gets the text, as without the option."""
    done = subprocess.run(
        [sys.executable, "-m", "dedupe_news", *DIFF, "--pager"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PAGER": str(folder / "bin/pages")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0
    assert "radio.txt" in done.stdout
    assert paged(folder) == ""


@pytest.mark.parametrize(
    ("environ", "flags"),
    [({}, "-FRX"), ({"LESS": "R"}, "-R"), ({"LESS": "-SR"}, "-SR"), ({"LESS": "-S"}, "-S")],
)
def test_less_is_told_what_git_tells_it_unless_the_reader_has_flags(
    on_terminal, folder, environ, flags
):
    """Colour is there exactly if these flags let it through."""
    on_terminal(*DIFF, "--pager", **{"PAGER": ""} | environ)

    assert (folder / "words").read_text("utf-8") == f"{flags}\n"
    assert bool(ESCAPE.search(paged(folder))) == ("R" in flags)
    assert "\x1b]8" not in paged(folder)


@pytest.mark.parametrize(("choice", "colored"), [("auto", False), ("always", True)])
def test_a_pager_that_is_not_known_gets_colour_only_by_word(on_terminal, folder, choice, colored):
    """Its own words are handed on to it."""
    words = (*DIFF, "--pager", "--color", choice)
    on_terminal(*words, PAGER="pages 'two words' -x")

    assert (folder / "words").read_text("utf-8") == "two words -x\n"
    assert bool(ESCAPE.search(paged(folder))) is colored


def test_who_leaves_early_has_read_enough(on_terminal, folder):
    """No traceback, no error, and the code of a run that went through."""
    code, seen = on_terminal(
        "diff", "in/agency.txt", *["in/radio.txt"] * 300, "--pager", PAGER="hasty"
    )

    assert (code, seen) == (0, "")
    assert len(paged(folder)) == 10


@pytest.mark.parametrize("pager", ["no-such-pager", "'"])
def test_without_the_pager_the_text_is_shown_as_it_is(on_terminal, pager):
    """With its colour; and it is told why, for it was asked for."""
    code, seen = on_terminal(*DIFF, "--pager", PAGER=pager)

    assert code == 0
    assert f"warning: there is no pager {pager}\nhint: install it" in seen
    assert "\x1b[1m" in seen


def test_articles_from_a_pipe_are_paged_too(on_terminal, folder):
    """The keys are then those of the terminal itself."""
    (folder / "news.jsonl").write_text(
        "".join(f'{{"id": "{n}", "text": {f"{STORY} {n}"!r}}}\n' for n in "ab").replace("'", '"'),
        "utf-8",
    )
    program = f"{sys.executable} -m dedupe_news scan - --pager --quiet"
    take = "import fcntl, sys, termios, os; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
    start = f"{take} os.execlp('sh', 'sh', '-c', 'cat news.jsonl | {program}')"
    code, seen = on_terminal(command=("-c", start))

    assert (code, seen) == (0, "")
    assert "2 articles" in paged(folder)
