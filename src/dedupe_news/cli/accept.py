"""`accept`: say that articles may repeat each other, and why."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedupe_news.baseline import Baseline
from dedupe_news.cli import options
from dedupe_news.cli.config import Project, configured
from dedupe_news.cli.corpus import (
    asked_early,
    at_root,
    baseline_option,
    index_option,
    keeping,
    staged_option,
)
from dedupe_news.cli.exits import Exit, exit_code
from dedupe_news.cli.output import written
from dedupe_news.cli.parameters import Command
from dedupe_news.cli.talk import say
from dedupe_news.errors import PathError, UsageError
from dedupe_news.render.safe import one_line

if TYPE_CHECKING:
    from dedupe_news.gate import Examined
    from dedupe_news.index.listing import Listing
    from dedupe_news.index.store import Store
    from dedupe_news.judgement import Finding
    from dedupe_news.upkeep import Upkeep

__all__ = ["accept"]


@click.command(cls=Command)
@click.argument("ids", nargs=-1, metavar="[ID]...")
@configured
@options.option("--reason", default="", metavar="TEXT", help="Why both may be kept.")
@options.option("--all", "everything", is_flag=True, help="Accept all that a check finds now.")
@options.option("--prune", is_flag=True, help="Drop pairs of which an article is gone or edited.")
@options.option("--list", "listing", is_flag=True, help="List the accepted pairs.")
@staged_option
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
        with contextlib.ExitStack() as stack:
            after = _changed(stack, baseline, ids, found, {**typed, "diff": False})
        if after != baseline:
            _write(path, after)
        old, new = set(baseline.pairs), set(after.pairs)
        say(f"{path}: +{len(new - old)} -{len(old - new)}")
        return Exit.RAN


def _changed(
    stack: contextlib.ExitStack,
    baseline: Baseline,
    ids: Sequence[str],
    found: Project,
    typed: options.Typed,
) -> Baseline:
    """Return the baseline as it is to be."""
    index = Path(typed["index"])
    asked = asked_early(stack, found, index, staged=typed["staged"])
    how = stack.enter_context(keeping(typed))
    from dedupe_news.index.followed import look  # noqa: PLC0415 - numpy waits for a sound call

    listing, store = look(stack, found.paths, how.reading, index, asked)
    present = _Present(listing, store, how, index)
    if ids or typed["everything"]:
        chosen = present.new(baseline) if typed["everything"] else present.chosen(ids, baseline)
        pairs = [replace(finding.pair, reason=typed["reason"]) for finding in chosen]
        baseline = baseline.replaced(pairs)
    if typed["prune"]:
        digests = present.whole.present
        kept = [pair for pair in baseline.pairs if digests.issuperset(pair.digests)]
        baseline = Baseline(tuple(kept))
    return baseline


class _Present:
    """What a check would find now."""

    def __init__(
        self, listing: "Listing", store: "Store | None", how: "Upkeep", index: Path
    ) -> None:
        self._listing = listing
        self._store = store
        self._how = how
        self._index = index

    @cached_property
    def whole(self) -> "Examined":
        """What is found of the whole corpus."""
        return self._examined(None)

    def new(self, baseline: Baseline) -> Sequence["Finding"]:
        """Return what nobody has accepted yet."""
        from dedupe_news.judgement import judge  # noqa: PLC0415

        return judge(self.whole, baseline).findings

    def chosen(self, ids: Sequence[str], baseline: Baseline) -> list["Finding"]:
        """Return the new findings that are meant.

        What somebody accepts was told of a file that has changed, mostly: there it is looked
        for before the whole corpus is.

        Raises:
            UsageError: If an id means none of them.
        """
        from dedupe_news.judgement import judge  # noqa: PLC0415

        near = self._near(ids)
        findings: Sequence[Finding] = judge(near, baseline).findings if near else ()
        if not all(any(_is_meant(id_, finding) for finding in findings) for id_ in ids):
            findings = self.new(baseline)
        meant = {id_: [one for one in findings if _is_meant(id_, one)] for id_ in ids}
        for id_, some in meant.items():
            if not some:
                raise _unknown(id_, findings)
        return [one for one in findings if any(_is_meant(id_, one) for id_ in ids)]

    def _near(self, ids: Sequence[str]) -> "Examined | None":
        """Return the clusters of files that have changed or are named; all members count."""
        if self._store is None:
            return None
        named = self._listing.within([id_.partition("#")[0] for id_ in ids])
        files = frozenset(self._listing.touched(self._store) | named)
        return replace(self._examined(files), focus=None) if files else None

    def _examined(self, files: frozenset[str] | None) -> "Examined":
        from dedupe_news.gate import Focus, examine  # noqa: PLC0415

        return examine(self._listing, Focus(files), self._how, self._index, self._store)


def _is_meant(id_: str, finding: "Finding") -> bool:
    return id_ in (finding.cluster.id, finding.base.id, finding.variant.id)


def _unknown(id_: str, findings: Sequence["Finding"]) -> UsageError:
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way out

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
