"""The program as a shell meets it: what it writes where, and the code it leaves with."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
STORY = (
    "The harbour of Oster will stay open all winter, the council decided on Monday night.\n\n"
    "Two icebreakers were bought from a yard that had given up waiting for their owner.\n\n"
    "Fishermen had asked for them since the long frost of nine years ago."
)
REPRINT = f"{STORY}\n\nThe mayor will pay for the paint himself, he told this newspaper."
OTHER = "A goat won the village chess prize, mostly by eating the pieces of its opponents at once."


@pytest.fixture
def folder(tmp_path):
    """A folder with a report, its reprint, and a stranger."""
    for name, text in (("agency.txt", STORY), ("radio.txt", REPRINT), ("goat.txt", OTHER)):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def _environment(**extra):
    names = ("PATH", "HOME", "SYSTEMROOT", "COVERAGE_PROCESS_START")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return kept | {"PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"} | extra


def _command(*words):
    return [sys.executable, "-m", "dedupe_news", *words]


def run(folder, *words, stdin="", **environment):
    """Return the finished program, run in a folder."""
    return subprocess.run(
        _command(*words),
        cwd=folder,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=_environment(**environment),
        timeout=60,
        check=False,
    )


def shell(folder, line):
    """Return the finished shell line, in which `dedupe-news` is the program under test."""
    program = f"'{sys.executable}' -m dedupe_news"
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line.replace("dedupe-news", program)],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env=_environment(),
        timeout=60,
        check=False,
    )


def on_terminal(folder, *words, **environment):
    """Return what the program writes when stdout and stderr are a terminal."""
    ours, theirs = pty.openpty()
    variables = _environment(TERM="xterm", COLUMNS="80", **environment)
    with subprocess.Popen(
        _command(*words), cwd=folder, stdout=theirs, stderr=theirs, env=variables
    ) as program:
        os.close(theirs)
        seen = b""
        with suppress(OSError):  # the end of a terminal is an error on Linux
            while part := os.read(ours, 1 << 16):
                seen += part
    os.close(ours)
    return program.returncode, seen.decode("utf-8")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["scan"], 0),
        (["scan", "agency.txt", "goat.txt"], 0),
        (["scan", "--fail-on", "any"], 1),
        (["scan", "--fail-on", "reprint,update"], 1),
        (["scan", "--fail-on", "excerpt"], 0),
        (["scan", "goat.txt", "--fail-on", "any"], 0),
        (["scan", "--jobs", "2", "--limit", "0"], 0),
        (["diff", "agency.txt", "radio.txt"], 0),
        (["diff", "agency.txt", "radio.txt", "--exit-code"], 1),
        (["diff", "agency.txt", "goat.txt"], 0),
        (["explain", "agency.txt", "goat.txt"], 0),
        (["formats"], 0),
        (["--version"], 0),
        (["-v", "--version"], 0),
        (["--version", "-v"], 0),
        (["--help"], 0),
        (["scan", "-h"], 0),
        ([], 2),
        (["scan", "missing.txt"], 2),
        (["scan", "--width", "3"], 2),
        (["scan", "--min-containment", "0"], 2),
        (["scan", "--field", "nonsense=x"], 2),
        (["scan", "--keep", "prettiest"], 2),
        (["scan", "--across", "source", "--within", "2w", "--show-boilerplate"], 0),
        (["scan", "--across", "folder", "--fail-on", "any"], 0),
        (["scan", "--within", "30"], 2),
        (["scan", "--ignore-text", "(open"], 2),
        (["diff", "agency.txt", "agency.txt", "--exit-code"], 0),
        (["diff", "agency.txt", "radio.txt", "--exit-code", "--ignore-text", "The mayor.*"], 0),
        (["diff", "agency.txt"], 2),
        (["diff", "agency.txt", "missing.txt"], 2),
        (["explain", "agency.txt", "."], 2),
    ],
)
def test_the_exit_code_says_how_it_went(folder, words, code):
    """0 ran, 1 findings that were asked for, 2 not run."""
    done = run(folder, *words)

    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (["scan", "agenzy.txt"], "agenzy.txt", "agency.txt"),
        (["scan", "--ful"], "no such option '--ful'", "did you mean --full?"),
        (["scna"], "there is no command 'scna'", "did you mean scan?"),
        (["scan", "-f", "jsn"], "--format knows no 'jsn'", "did you mean json?"),
        (["scan", "--field", "txt=a"], "'txt'", "did you mean text?"),
        (["scan", "--encoding", "utf9"], "'utf9'", "did you mean utf"),
        (["diff", "agency.txt", "."], ". means 3 articles", "name one: agency.txt"),
        (["completion", "fsh"], "SHELL knows no 'fsh'", "did you mean fish?"),
        (["scan", "--across", "folders"], "--across knows no 'folders'", "did you mean folder?"),
        (["scan", "--within", "1 month"], "--within knows no span '1 month'", "12h, 30d, 2w"),
        (
            ["explain", "agency.txt", "goat.txt", "--ignore-text", "@no"],
            "cannot read no:",
            "behind @",
        ),
    ],
)
def test_an_error_names_the_thing_and_the_next_step(folder, words, error, hint):
    """Two lines on stderr, and nothing on stdout."""
    done = run(folder, *words)

    assert done.stdout == ""
    first, second = done.stderr.splitlines()
    assert first.startswith("error: ")
    assert error in first
    assert second.startswith("hint: ")
    assert hint in second


def test_the_report_is_on_stdout_and_nothing_else(folder):
    """A pipe gets the report, without colour, and stderr is silent when all is well."""
    done = run(folder, "scan")

    assert done.stderr == ""
    assert "Cluster " in done.stdout
    assert "+ The mayor will pay for the paint himself" in done.stdout
    assert "\x1b" not in done.stdout


def test_colour_can_be_asked_for_in_a_pipe(folder):
    """By option or environment; the option wins."""
    assert "\x1b[32m" in run(folder, "scan", "--color", "always", NO_COLOR="1").stdout
    assert "\x1b[32m" in run(folder, "scan", FORCE_COLOR="1").stdout
    assert "\x1b" not in run(folder, "scan", "--color", "never", FORCE_COLOR="1").stdout


def test_a_terminal_gets_colour_and_links(folder):
    """And NO_COLOR takes the colour away, not the links."""
    code, seen = on_terminal(folder, "scan")
    _, plain = on_terminal(folder, "scan", NO_COLOR="1")

    assert code == 0
    assert "\x1b[32m" in seen
    assert "\x1b]8;;file://" in seen
    assert "\x1b[32m" not in plain


def test_json_is_the_same_for_any_order_and_any_number_of_processes(folder):
    """Byte for byte."""
    names = ["agency.txt", "goat.txt", "radio.txt"]
    outputs = {
        run(folder, "scan", "-f", "json", "--jobs", jobs, *order, PYTHONHASHSEED=seed).stdout
        for jobs, order, seed in (("1", names, "1"), ("2", names[::-1], "2"))
    }

    assert len(outputs) == 1
    assert json.loads(outputs.pop())["summary"]["clusters"] == 1


def test_articles_are_read_from_stdin_when_asked(folder):
    """As JSON Lines; without the dash, stdin is left alone."""
    lines = "\n".join(json.dumps({"id": n, "text": t}) for n, t in (("a", STORY), ("b", REPRINT)))
    piped = run(folder, "scan", "-", "-f", "json", stdin=lines)
    unasked = run(folder, "scan", "goat.txt", "-f", "json", stdin=lines)

    assert json.loads(piped.stdout)["summary"]["clustered"] == 2
    assert json.loads(unasked.stdout)["summary"]["articles"] == 1


def test_fields_may_have_other_names(folder):
    """`--field text=story.body` reads what is nested."""
    rows = [{"story": {"body": text}} for text in (STORY, REPRINT)]
    (folder / "feed.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    done = run(folder, "scan", "feed.jsonl", "--field", "text=story.body", "-f", "json")

    assert json.loads(done.stdout)["summary"]["clustered"] == 2


def test_text_that_is_ignored_is_neither_shared_nor_added(folder):
    """Patterns of a file and of the command line count alike."""
    (folder / "patterns").write_text("# ours\n^The mayor .*\n", "utf-8")
    words = ["diff", "agency.txt", "radio.txt", "-f", "json"]
    for ignored in ("@patterns", "^The mayor .*"):
        report = json.loads(run(folder, *words, "--ignore-text", ignored).stdout)
        variant = report["clusters"][0]["variants"][0]

        assert variant["shape"] == "===%"
        assert (variant["counts"]["added"], variant["variant_in_base"]) == (0, 1.0)


def test_the_articles_of_diff_are_lettered_as_they_are_named(folder):
    """And one may be named twice."""
    names = ["goat.txt", "radio.txt", "agency.txt", "radio.txt"]
    report = json.loads(run(folder, "diff", *names, "-f", "json").stdout)

    members = [member["id"] for member in report["clusters"][0]["members"]]
    assert members == [*names[:3], "radio.txt~2"]


def test_the_environment_sets_options(folder):
    """And a wrong value says where it stands."""
    assert json.loads(run(folder, "scan", DEDUPE_NEWS_FORMAT="json").stdout)
    assert "set in the environment" in run(folder, "scan", DEDUPE_NEWS_FORMAT="jsn").stderr


@pytest.mark.parametrize("files", [[], ["photo.jpg", "sound.mp3"]])
def test_an_empty_scan_is_never_green(tmp_path, files):
    """A wrong path must not look like a clean corpus."""
    for name in files:
        (tmp_path / name).write_bytes(b"\x00\xff\x00")
    done = run(tmp_path, "scan")

    assert (done.returncode, done.stdout) == (2, "")
    assert "error: no article was found in ." in done.stderr
    assert "--allow-empty" in done.stderr
    assert run(tmp_path, "scan", "--allow-empty").returncode == 0


def test_an_empty_article_is_named_and_loses_nothing(folder):
    """It was read, so the run is complete."""
    (folder / "blank.txt").write_text(" \n\n", "utf-8")
    done = run(folder, "scan")

    assert done.returncode == 0
    assert "warning: 1 input took no part\n  blank.txt: " in done.stderr


def test_what_cannot_be_read_makes_the_run_incomplete(folder):
    """That wins over findings, unless it is accepted; the report is written all the same."""
    (folder / "bad.jsonl").write_text('{"text": "half', "utf-8")
    done = run(folder, "scan", "--fail-on", "any")

    assert done.returncode == 3
    assert "bad.jsonl" in done.stderr
    assert "Cluster " in done.stdout
    assert run(folder, "scan", "--fail-on", "any", "--skip-unreadable").returncode == 1
    assert run(folder, "scan", "--skip-unreadable").returncode == 0


def test_quiet_and_verbose(folder):
    """-q keeps to what may be lost, -v counts what was left out."""
    (folder / "bad.jsonl").write_text('{"text": "half', "utf-8")
    (folder / ".hidden.txt").write_text(STORY, "utf-8")

    assert run(folder, "scan", "-q").stderr == "warning: 1 input could not be read\n"
    assert "left out: 1 hidden" in run(folder, "scan", "-v").stderr


def test_a_traceback_is_for_those_who_ask(folder):
    """-v shows where an error arose."""
    assert "Traceback" not in run(folder, "scan", "missing.txt").stderr
    assert "Traceback" in run(folder, "scan", "missing.txt", "-v").stderr
    assert "Traceback" in run(folder, "-v", "scan", "missing.txt").stderr


@pytest.mark.parametrize("form", ["text", "jsonl"])
def test_a_reader_may_leave_early(folder, form):
    """`head` closes the pipe; nobody complains."""
    rows = [{"id": f"{n}", "text": f"{REPRINT} {n}. {n}."} for n in range(3000)]
    (folder / "many.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    done = shell(folder, f"dedupe-news scan many.jsonl -f {form} | head -1")

    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    "command", ["--help", "scan -h", "--version", "formats", "completion bash", "scan -f json"]
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk always full")
def test_output_that_cannot_be_written_is_an_error(folder, command):
    """A cut report must not pass for a whole one."""
    done = shell(folder, f"dedupe-news {command} > /dev/full")

    assert done.returncode == 3
    assert "error: stdout cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_closed_stdout_is_an_error(folder):
    """Nothing was delivered, so the run is not complete."""
    done = shell(folder, "dedupe-news scan >&-")

    assert done.returncode == 3
    assert "error: stdout is closed" in done.stderr


def _is_gone(group):
    """Return whether all processes of a group end within a few seconds."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_with_130_and_no_noise(folder, jobs):
    """Also while other processes work; none of them is left behind."""
    with subprocess.Popen(
        _command("scan", "-", "agency.txt", "radio.txt", "--jobs", jobs),
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=_environment(),
    ) as program:
        line = json.dumps({"text": STORY}).encode() + b"\n"
        program.stdin.write(line * 20_000)  # several batches, and then it waits for more
        program.stdin.flush()
        time.sleep(1.5)
        os.killpg(program.pid, signal.SIGINT)
        stderr = program.stderr.read().decode("utf-8")
        code = program.wait(timeout=30)

    assert (code, stderr) == (130, "interrupted\n")
    assert _is_gone(program.pid)


def test_a_locale_without_these_signs_gets_plain_ones(folder):
    """Nothing fails, and the layout stays."""
    done = run(folder, "scan", PYTHONUTF8="0", PYTHONIOENCODING="ascii")

    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "| reprint | 2 articles" in done.stdout


@pytest.mark.parametrize("name", ["bash", "zsh", "fish", "powershell"])
def test_each_shell_gets_its_completion_script(folder, name):
    """It asks the program for its commands."""
    done = run(folder, "completion", name)

    assert done.returncode == 0
    assert "_DEDUPE_NEWS_COMPLETE" in done.stdout


def test_the_program_completes_commands_options_and_values(folder):
    """What the script of the shell asks for."""

    def completed(words):
        line = {"_DEDUPE_NEWS_COMPLETE": "bash_complete", "COMP_WORDS": words}
        return run(folder, **line, COMP_CWORD=str(len(words.split()) - 1)).stdout

    assert completed("dedupe-news sc") == "plain,scan\n"
    assert "plain,--min-containment" in completed("dedupe-news scan --min")
    assert "plain,jsonl" in completed("dedupe-news scan --format js")


@pytest.mark.parametrize(
    "words", ["--help", "--version", "scan --help", "scan --ful", "formats -h"]
)
def test_nothing_heavy_is_loaded_before_a_call_is_sound(folder, words):
    """Help, version, completion and wrong calls answer at once."""
    code = (
        "import sys; from dedupe_news.__main__ import main; main(sys.argv[1:]); "
        "heavy = {'numpy', 'datasketch', 'rich', 'rapidfuzz', 'multiprocessing'}; "
        "sys.exit(10 + len(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words.split()],
        cwd=folder,
        capture_output=True,
        env=_environment(),
        check=False,
    )

    assert done.returncode == 10


_SELDOM = (
    *("csv", "difflib", "email", "gzip", "importlib.metadata", "importlib.resources", "pathlib"),
    *("shutil", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "tomllib", "traceback"),
    *("concurrent.futures", "multiprocessing", "urllib", "datasketch", "jinja2", "numpy.ma"),
    *("numpy.random", "pathspec", "rich", "scipy", "dedupe_news.baseline", "dedupe_news.index"),
    *("dedupe_news.cli.check", "dedupe_news.core.explain", "dedupe_news.render.terminal"),
    *("dedupe_news.sources.json_files", "dedupe_news.sources.tables"),
)
"""What takes time to load, and is of no use for a scan of text files that prints JSON."""
_OF_A_DIFF = ("rapidfuzz", "dedupe_news.core.alignment")


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        ("scan --format json", _SELDOM),
        ("scan --format json --no-diff", (*_SELDOM, *_OF_A_DIFF)),
        ("diff agency.txt radio.txt", ("datasketch", "jinja2", "numpy.random", "pathlib", "scipy")),
    ],
)
def test_what_a_run_does_not_need_is_not_loaded(folder, words, unwanted):
    """Every start would pay for it, and so would every process that works."""
    code = (
        "import sys; from dedupe_news.__main__ import main; "
        "code = main(sys.argv[2:]); unwanted = set(sys.argv[1].split(',')) & set(sys.modules); "
        "print(code, *sorted(unwanted), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, ",".join(unwanted), *words.split()],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env=_environment() | {"COVERAGE_PROCESS_START": ""},  # which would load some of them
        check=False,
    )

    assert done.stderr == "0\n"


def test_hostile_articles_do_not_reach_the_terminal(folder):
    """Neither from the text nor from a file name."""
    for name in ("evil\x1b[2J.txt", "evil2.txt"):
        (folder / name).write_text(f"{STORY}\n\n{name} \x1b]0;owned\x07 [sic]", "utf-8")
    done = run(folder, "scan")

    assert not {"\x1b", "\x07"} & set(done.stdout + done.stderr)
    assert "[sic]" in done.stdout
