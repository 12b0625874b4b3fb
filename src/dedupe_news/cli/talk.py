"""What is said to the person at the terminal, on stderr: errors, hints, what was left aside."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import click

from dedupe_news.errors import DedupeNewsError
from dedupe_news.model import Report, Skipped
from dedupe_news.render.safe import one_line

__all__ = [
    "HintedError",
    "error_lines",
    "left_out_phrases",
    "note_lines",
    "rule_lines",
    "say",
    "skip_lines",
    "source_lines",
    "usage_lines",
]

_SHOWN = 3  # skipped inputs that are named without -v
_LEFT_OUT = {
    "hidden": "hidden",
    "ignored": "ignored by .gitignore",
    "excluded": "excluded",
    "binary": "binary",
    "other-format": "of another format",
}

_PLACES = {
    click.core.ParameterSource.ENVIRONMENT: ", set in the environment",
    click.core.ParameterSource.DEFAULT_MAP: ", set in the configuration",
}


class HintedError(click.BadParameter):
    """A wrong value of an option, with the next step."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def say(*lines: str) -> None:
    """Write lines to stderr, each safe for a terminal."""
    for line in lines:
        click.echo(one_line(line), err=True)


def error_lines(error: DedupeNewsError) -> Iterator[str]:
    """Yield what went wrong, and what to type next."""
    yield f"error: {error}"
    if error.hint:
        yield f"hint: {error.hint}"


def usage_lines(error: click.ClickException) -> Iterator[str]:
    """Yield the same for a wrong call."""
    own = isinstance(error, HintedError | click.NoSuchOption)
    message = error.message if own else error.format_message()
    if not isinstance(error, HintedError):
        message = f"{message[:1].lower()}{message[1:]}".rstrip(".")
    yield f"error: {message}{_place(error)}"
    yield f"hint: {_usage_hint(error)}"


def note_lines(report: Report, *, quiet: bool, verbose: bool) -> Iterator[str]:
    """Yield which inputs took no part, and why, and which dates tell nothing.

    Args:
        report: Where they are listed.
        quiet: Whether to keep to one line, and to what may be lost.
        verbose: Whether to name all of them, and to count what was left out on purpose.
    """
    if quiet:
        unread = sum(skipped.unread for skipped in report.skipped)
        yield from [f"warning: {_inputs(unread)} could not be read"] * bool(unread)
        return
    if report.skipped:
        yield from skip_lines(report.skipped, verbose=verbose)
    if verbose and report.summary.left_out:
        yield f"left out: {', '.join(left_out_phrases(report.summary.left_out))}"
    yield from _date_lines(report)


def rule_lines(report: Report, rules: Sequence[str]) -> Iterator[str]:
    """Yield which rules for the base name a source that no article in a cluster is from."""
    named = [rule.removeprefix("source:") for rule in rules if rule.startswith("source:")]
    yield from source_lines(report, named)


def source_lines(report: Report, named: Sequence[str]) -> Iterator[str]:
    """Yield which of the sources that were named no article in a cluster is from."""
    if not named or not report.clusters:
        return
    members = [member for cluster in report.clusters for member in cluster.members]
    known = {member.source.casefold(): member.source for member in members if member.source}
    for name in named:
        folded = name.casefold()
        if folded in known:
            continue
        yield f"warning: no article in a cluster is from {name!r}"
        from difflib import get_close_matches  # noqa: PLC0415 - most names are right

        near = [one for one in sorted(known) if folded in one] or get_close_matches(folded, known)
        if near:
            yield f"    hint: did you mean {known[near[0]]!r}?"


def left_out_phrases(counts: Mapping[str, int]) -> list[str]:
    """Return what was passed over, such as `3 of another format`, by the names of the reasons."""
    return [
        f"{count:,} {_LEFT_OUT.get(reason, reason)}" for reason, count in sorted(counts.items())
    ]


def _date_lines(report: Report) -> Iterator[str]:
    """Yield how many dates in clusters look like some and decide nothing, with one of them."""
    dates = [member.date for cluster in report.clusters for member in cluster.members]
    if not any(dates):
        return
    from dedupe_news.core.dates import moment_of  # noqa: PLC0415 - many articles have none
    from dedupe_news.render.phrases import plural  # noqa: PLC0415

    unread = [date for date in dates if any(map(str.isdigit, date)) and not moment_of(date)]
    if unread:
        yield f"warning: {plural(len(unread), 'date')} not understood, and taken for unknown"
        yield f"  such as {unread[0]}"
        yield "    hint: write them like 2024-05-14 or 2024-05-14T09:12+02:00"


def skip_lines(skips: Sequence[Skipped], *, verbose: bool) -> Iterator[str]:
    """Yield which inputs took no part, and why; the first few unless all are wanted."""
    if not skips:
        return
    yield f"warning: {_inputs(len(skips))} took no part"
    shown = skips if verbose else skips[:_SHOWN]
    last_hint = ""
    for skipped in shown:
        yield f"  {skipped.id}: {skipped.message}"
        if skipped.hint and skipped.hint != last_hint:
            yield f"    hint: {skipped.hint}"
        last_hint = skipped.hint
    if len(shown) < len(skips):
        codes = Counter(skipped.code for skipped in skips[_SHOWN:])
        listed = ", ".join(f"{count:,} {code}" for code, count in sorted(codes.items()))
        yield f"  and {len(skips) - len(shown):,} more ({listed}); -v names all"


def _inputs(count: int) -> str:
    return f"{count:,} input{'' if count == 1 else 's'}"


def _place(error: click.ClickException) -> str:
    """Return where a wrong value stands, when it is not in the words that were typed."""
    context, param = getattr(error, "ctx", None), getattr(error, "param", None)
    if context and param and param.name:
        return _PLACES.get(context.get_parameter_source(param.name), "")
    return ""


def _elsewhere(error: click.ClickException) -> list[str]:
    """Return what an option is called here that other programs have."""
    if not isinstance(error, click.NoSuchOption) or not error.ctx:
        return []
    own = {param.name: param for param in error.ctx.command.params}
    if error.option_name == "--threshold" and "min_containment" in own:
        return ["--min-containment"]
    form = error.option_name.lstrip("-")
    known = getattr(own["form"].type, "choices", ()) if "form" in own else ()
    return [f"--format {form}"] if form in known else []


def _usage_hint(error: click.ClickException) -> str:
    if isinstance(error, HintedError):
        return error.hint
    near = _elsewhere(error) or getattr(error, "possibilities", None)
    if near:
        return f"did you mean {near[0]}?"
    context: click.Context | None = getattr(error, "ctx", None)
    if context is None:
        return "dedupe-news --help lists what there is"
    if isinstance(error, click.MissingParameter):
        return f"write {' '.join(context.get_usage().split()).removeprefix('Usage: ')}"
    return f"{context.command_path} --help lists what there is"
