"""`check`: the gate. Does a file nearly repeat anything in the corpus that is not accepted?"""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click
from click.core import ParameterSource

from dedupe_news.cli import options
from dedupe_news.cli.config import Project, configured
from dedupe_news.cli.corpus import (
    asked_early,
    at_root,
    baseline_option,
    index_option,
    keeping,
    no_articles,
    relative,
    require_known,
    show_files,
    show_files_option,
    staged_option,
)
from dedupe_news.cli.exits import Exit, exit_code, has_finding
from dedupe_news.cli.output import deliver, show, write_report
from dedupe_news.cli.parameters import Command
from dedupe_news.cli.talk import note_lines, say
from dedupe_news.cli.targets import reserve

if TYPE_CHECKING:
    from dedupe_news.gate import Focus
    from dedupe_news.index.listing import Listing
    from dedupe_news.index.store import Store
    from dedupe_news.judgement import Judgement
    from dedupe_news.render import Style
    from dedupe_news.upkeep import Upkeep

__all__ = ["check"]

_NAMED = 3  # files that are passed over


@click.command(cls=Command)
@click.argument("files", nargs=-1, metavar="[FILE]...")
@configured
@options.option("--since", metavar="REF", help="Look only at what is new since this commit of git.")
@staged_option
@options.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@options.option(
    "--use-index/--no-index",
    default=True,
    show_default=True,
    help="Use the index, if there is one, and bring it up to date.",
)
@baseline_option
@index_option
@show_files_option
@options.showing
@options.matching
@options.reading
@options.walking
@options.failing
@options.jobs
@options.talking
@click.pass_context
def check(context: click.Context, /, files: tuple[str, ...], **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Fail when FILE nearly repeats an article of the corpus, and nobody has accepted it.

    The corpus is what the configured paths hold; inside git, what is tracked there. Without
    FILE, all of it is checked. Says nothing when all is fine.
    """
    before = Path.cwd()
    targets = [target._replace(path=str(before / target.path)) for target in typed["targets"]]
    with contextlib.ExitStack() as stack:
        found = stack.enter_context(at_root(context, quiet=not typed["verbose"]))
        typed = reserve({**typed, "targets": targets}, found.paths)
        index = Path(typed["index"]) if typed["use_index"] else None
        asked = asked_early(stack, found, index, staged=typed["staged"])
        how = stack.enter_context(keeping(typed))
        focus = relative(files, found, before, on_disk=not typed["staged"])
        from dedupe_news.index.followed import look  # noqa: PLC0415 - only what is needed

        listing, store = look(stack, found.paths, how.reading, index, asked)
        if typed["show_files"]:
            return exit_code(found=False, complete=show_files(listing))
        if listing.is_empty and not typed["allow_empty"]:
            raise no_articles(found.paths, listing)
        inside = _focus(focus, found, listing, how, typed)
        nothing = inside.files is not None and not inside.files
        if nothing and typed["form"] == "text" and not targets:
            return Exit.RAN  # else somebody waits for a report that says so
        root = os.path.relpath(found.root.resolve(), before)
        way = {"root": "" if root == os.curdir else root, "again": _again(context, found, typed)}
        return _checked(inside, listing, store, how, {**typed, "index": index, **way})


def _checked(
    focus: "Focus",
    listing: "Listing",
    store: "Store | None",
    how: "Upkeep",
    typed: options.Typed,
) -> Exit:
    from dedupe_news.baseline import Baseline  # noqa: PLC0415
    from dedupe_news.gate import examine  # noqa: PLC0415
    from dedupe_news.judgement import judge  # noqa: PLC0415

    baseline = Baseline.load(Path(typed["baseline"]))
    examined = examine(listing, focus, how, typed["index"], store)
    if examined.notice and not typed["quiet"]:
        say(f"note: {examined.notice}")
    judgement = judge(examined, baseline)
    say(*note_lines(judgement.report, quiet=typed["quiet"], verbose=typed["verbose"]))
    whole = _write(judgement, typed)
    wanted = typed["fail_on"] or ("any",)
    failing = has_finding(judgement.report.clusters, wanted) and not typed["exit_zero"]
    read = judgement.report.complete or typed["skip_unreadable"]
    return exit_code(found=failing, complete=whole and read)


def _again(context: click.Context, found: Project, typed: options.Typed) -> list[str]:
    """Return what was typed that says which corpus is meant."""
    config = {name: context.get_parameter_source(name) for name in ("config", "isolated")}
    given = {name for name, source in config.items() if source is ParameterSource.COMMANDLINE}
    words = ["--isolated"] if "isolated" in given else []
    words += ["--config", found.file] if "config" in given and found.file else []
    return [*words, "--staged"] if typed["staged"] else words


def _focus(
    files: Sequence[str], found: Project, listing: "Listing", how: "Upkeep", typed: options.Typed
) -> "Focus":
    """Return which articles are checked: those of files that were named, or all that is new."""
    from dedupe_news.gate import Focus, focus_since  # noqa: PLC0415

    focus = Focus()
    if typed["since"]:
        focus = focus_since(typed["since"], found.paths, how, staged=typed["staged"])
    if not files:
        return focus
    if typed["staged"]:
        require_known(files, listing)
    named = listing.within(files)
    if not named or typed["verbose"]:
        _say_outside(files, listing, typed)
    known = focus.files
    return Focus(frozenset(named if known is None else named & known), focus.known)


def _say_outside(files: Sequence[str], listing: "Listing", typed: options.Typed) -> None:
    """Say which files are passed over; if it is all of them, unless a hook handed them over."""
    if typed["verbose"]:
        outside = [file for file in files if not listing.within([file])]
        if outside:
            say(f"not of the corpus: {len(outside):,} ({', '.join(outside[:_NAMED])})")
    elif not (typed["quiet"] or typed["staged"] or typed["since"]):
        more = ", …" if len(files) > _NAMED else ""
        say(
            f"note: nothing was checked, for this is not of the corpus: "
            f"{', '.join(files[:_NAMED])}{more}",
            "hint: --show-files lists what is; inside git, git add a file to have it checked",
        )


def _write(judgement: "Judgement", typed: options.Typed) -> bool:
    from dedupe_news.cli.findings import finding_lines  # noqa: PLC0415

    if typed["form"] != "text":
        return write_report(judgement.report, typed)
    delivered = deliver(judgement.report, typed)

    def write(out: TextIO, style: "Style") -> None:
        lines = finding_lines(judgement, style, root=typed["root"], again=typed["again"])
        out.writelines(f"{line}\n" for line in lines)

    return (not judgement.findings or show(write, typed)) and delivered
