"""`scan`: read articles, cluster them, and show what each variant adds."""

import sys
from collections.abc import Sequence
from typing import Any

import click
from click.core import ParameterSource

from dedupe_news.cli import options
from dedupe_news.cli.cluster import SPARK, engine, folders_of, on_spark, write_folders
from dedupe_news.cli.config import configured, project
from dedupe_news.cli.exits import Exit, exit_code, has_finding
from dedupe_news.cli.output import ReaderLeftError, Stream, write_report
from dedupe_news.cli.parameters import Command
from dedupe_news.cli.progress import progress
from dedupe_news.cli.stats import Stopwatch
from dedupe_news.cli.talk import left_out_phrases, note_lines, rule_lines, say
from dedupe_news.cli.targets import Target, reserve
from dedupe_news.cli.values import size
from dedupe_news.errors import NoArticlesError
from dedupe_news.model import Report, Summary
from dedupe_news.settings import Settings

__all__ = ["scan"]


@click.command(cls=Command)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@configured
@options.showing
@options.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="N",
    show_default="all",
    help="Clusters to show, the largest first.",
)
@options.option(
    "--show-boilerplate",
    is_flag=True,
    help="List the passages that were left out; JSON always has them.",
)
@options.matching
@options.reading
@options.walking
@options.failing
@options.jobs
@options.option(
    "--memory",
    callback=size,
    metavar="SIZE",
    show_default="256M",
    help="Memory for texts, such as 500M or 2G; the others wait in a temporary file.",
)
@engine
@options.option("--stats", is_flag=True, help="Say on stderr what time and memory it took.")
@options.talking
@click.pass_context
def scan(context: click.Context, /, paths: tuple[str, ...], **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Find the variants among articles, and show what each one adds.

    PATH is a file, a folder, or - for JSON Lines on standard input; without any, what
    is configured is read, else the current folder. Nothing is changed on disk.
    """
    paths = paths or project(context).paths_from_here()
    folders, targets = folders_of(typed)
    typed = reserve({**typed, "targets": targets}, [path for path in paths if "://" not in path])
    if folders and not targets and not _is_given(context, "form"):
        return _into_folders(paths, typed, folders)
    settings = options.settings(typed)
    streams = typed["engine"] != SPARK and Stream.wanted(typed)
    stream = Stream(typed) if streams else None
    try:
        report = _report(paths, typed, settings, stream, folders)
    except ReaderLeftError:
        return Exit.RAN
    say(*note_lines(report, quiet=typed["quiet"], verbose=typed["verbose"]))
    if not typed["quiet"]:
        say(*rule_lines(report, settings.keep))
    if not report.summary.articles and not typed["allow_empty"]:
        raise _no_articles(paths, report.summary)
    whole = stream.end(report) if stream else write_report(report, typed)
    read = report.complete or typed["skip_unreadable"]
    return exit_code(found=has_finding(report.clusters, typed["fail_on"]), complete=whole and read)


def _report(
    paths: tuple[str, ...],
    typed: options.Typed,
    settings: Settings,
    stream: Stream | None,
    folders: Sequence[Target],
) -> Report:
    if "-" in paths and sys.stdin and sys.stdin.isatty() and not typed["quiet"]:
        say("reading JSON Lines from the terminal; end with Ctrl-D")
    with progress(quiet=typed["quiet"], paths=paths) as advance:
        watch = Stopwatch(advance)
        if typed["engine"] == SPARK:
            with on_spark(paths, typed) as found:
                report = found.report(watch.advance)
                write_folders(found, folders)
        else:
            report = _scanned(paths, typed, settings, stream, watch)
    if typed["stats"]:
        say(*watch.lines())
    return report


def _scanned(
    paths: tuple[str, ...],
    typed: options.Typed,
    settings: Settings,
    stream: Stream | None,
    watch: Stopwatch,
) -> Report:
    """Return the report of this machine."""
    reading = options.read_options(typed)
    from dedupe_news.engines.memory import reuse_memory  # noqa: PLC0415 - no numpy for --help
    from dedupe_news.pipeline import DEFAULT_MEMORY, scan_batches  # noqa: PLC0415
    from dedupe_news.sources import batches  # noqa: PLC0415

    reuse_memory()
    return scan_batches(
        batches(paths, reading),
        settings,
        jobs=typed["jobs"] or options.all_cores(),
        memory=typed["memory"] or DEFAULT_MEMORY,
        progress=watch.advance,
        listener=stream,
    )


def _into_folders(paths: tuple[str, ...], typed: options.Typed, folders: Sequence[Target]) -> Exit:
    """Have the cluster write what it finds, and say here only how much that is."""
    with progress(quiet=typed["quiet"]) as advance:
        watch = Stopwatch(advance)
        with on_spark(paths, typed) as found:
            found.work(watch.advance, in_lines=all(each.form == "jsonl" for each in folders))
            summary = found.summary
            if not summary.articles and not typed["allow_empty"]:
                raise _no_articles(paths, summary)
            write_folders(found, folders)
            unread = found.unread
    if typed["stats"]:
        say(*watch.lines())
    if not typed["quiet"]:
        where = ", ".join(folder.path for folder in folders)
        said = f"{summary.clusters:,} clusters among {summary.articles:,} articles"
        aside = f", {summary.skipped:,} skipped" if summary.skipped else ""
        say(f"{said}{aside}, written to {where}")
    return exit_code(found=False, complete=not unread or typed["skip_unreadable"])


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is not ParameterSource.DEFAULT


def _no_articles(paths: tuple[str, ...], summary: Summary) -> NoArticlesError:
    """Return the error that says what was seen instead of articles."""
    seen = left_out_phrases(summary.left_out)
    if summary.skipped:
        seen.append(f"{summary.skipped:,} skipped")
    listed = f" (seen: {', '.join(seen)})" if seen else ""
    where, hint = ", ".join(paths), "dedupe-news formats lists what can be read, convert the rest"
    if "other-format" in summary.left_out:
        hint += ", or name files of plain text one by one"
    if paths == ("-",):
        where, hint = "standard input", "it is read as JSON Lines; give other formats as files"
    msg = f"no article was found in {where}{listed}"
    return NoArticlesError(msg, hint=f"{hint}; --allow-empty accepts this")
