"""`accept`: say that articles may repeat each other, and why."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedupe_news.baseline import Baseline
from dedupe_news.cli import options
from dedupe_news.cli.config import configured
from dedupe_news.cli.corpus import at_root, baseline_option, index_option, keeping
from dedupe_news.cli.exits import Exit, exit_code
from dedupe_news.cli.output import written
from dedupe_news.cli.parameters import Command
from dedupe_news.cli.talk import say
from dedupe_news.errors import PathError, UsageError
from dedupe_news.render.safe import one_line

if TYPE_CHECKING:
    from dedupe_news.judgement import Finding

__all__ = ["accept"]


@click.command(cls=Command)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@configured
@options.option("--reason", default="", metavar="TEXT", help="Why both may be kept.")
@options.option("--all", "everything", is_flag=True, help="Accept all that a check finds now.")
@options.option("--prune", is_flag=True, help="Drop pairs of which an article is gone or edited.")
@options.option("--list", "listing", is_flag=True, help="List the accepted pairs.")
@baseline_option
@index_option
@options.matching
@options.reading
@options.walking
@options.jobs
@options.talking
@click.pass_context
def accept(context: click.Context, /, ids: tuple[str, ...], **typed: Any) -> Exit:  # noqa: ANN401 - checked by their types
    """Accept what check found, so that it does not fail again.

    ID is a cluster, as check names it, or an article: then its pairs alone are accepted. The
    baseline is a text file that belongs into git.
    """
    if not (ids or typed["everything"] or typed["prune"] or typed["listing"]):
        msg = "nothing to accept"
        raise UsageError(msg, hint="name clusters or articles, or give --all, --prune or --list")
    with at_root(context, quiet=not typed["verbose"]) as found:
        path = Path(typed["baseline"])
        baseline = Baseline.load(path)
        if typed["listing"]:
            lines = list(_lines(baseline))
            return exit_code(found=False, complete=written(lambda out: out.writelines(lines)))
        return _changed(path, baseline, ids, found.paths, typed)


def _changed(
    path: Path,
    baseline: Baseline,
    ids: Sequence[str],
    paths: Sequence[str],
    typed: options.Typed,
) -> Exit:
    """Write the baseline as it is to be, and say what came and what went."""
    from dedupe_news.gate import Focus, examine  # noqa: PLC0415 - numpy waits for a sound call
    from dedupe_news.index.followed import list_corpus  # noqa: PLC0415
    from dedupe_news.judgement import judge  # noqa: PLC0415

    before = set(baseline.pairs)
    with keeping({**typed, "diff": False}) as how:
        listing = list_corpus(paths, how.reading)
        examined = examine(listing, Focus(), how, Path(typed["index"]))
        if ids or typed["everything"]:
            findings = judge(examined, baseline).findings
            chosen = findings if typed["everything"] else _chosen(ids, findings)
            pairs = [replace(finding.pair, reason=typed["reason"]) for finding in chosen]
            baseline = baseline.replaced(pairs)
        if typed["prune"]:
            kept = [pair for pair in baseline.pairs if examined.present.issuperset(pair.digests)]
            baseline = Baseline(tuple(kept))
    after = set(baseline.pairs)
    if after != before:
        _write(path, baseline)
    say(f"{path}: +{len(after - before)} -{len(before - after)}")
    return Exit.RAN


def _chosen(ids: Sequence[str], findings: Sequence["Finding"]) -> list["Finding"]:
    """Return the findings that are meant.

    Raises:
        UsageError: If an id means none of them.
    """
    chosen: dict[int, Finding] = {}
    for id_ in ids:
        meant = {
            number: finding
            for number, finding in enumerate(findings)
            if finding.cluster.id == id_ or id_ in (finding.base.id, finding.variant.id)
        }
        if not meant:
            raise _unknown(id_, findings)
        chosen |= meant
    return list(chosen.values())


def _unknown(id_: str, findings: Sequence["Finding"]) -> UsageError:
    known = {finding.cluster.id for finding in findings}
    known |= {name for finding in findings for name in (finding.base.id, finding.variant.id)}
    near = get_close_matches(os.fspath(id_), sorted(known), n=1)
    msg = f"nothing new is called {id_!r}: it is unknown, or accepted already"
    return UsageError(
        msg, hint=f"did you mean {near[0]}?" if near else "dedupe-news check lists all"
    )


def _write(path: Path, baseline: Baseline) -> None:
    """Write the baseline under another name, and put it in its place when it is whole."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.write_text(baseline.dumps(), "utf-8", newline="\n")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        msg = f"{path} cannot be written: {error.strerror or error}"
        raise PathError(msg, hint="see whether the folder is there and you may write") from error


def _lines(baseline: Baseline) -> Iterator[str]:
    for pair in sorted(baseline.pairs):
        reason = f"  ({one_line(pair.reason)})" if pair.reason else ""
        yield f"{one_line(pair.left)}  {one_line(pair.right)}{reason}\n"
