"""What the exit code says of a run."""

from collections.abc import Container, Iterable
from enum import IntEnum

from dedupe_news.model import RELATIONS, Cluster

__all__ = ["FINDINGS", "Exit", "exit_code", "has_finding"]

FINDINGS = (*RELATIONS, "any")
"""What a run may be asked to fail on."""


class Exit(IntEnum):
    """The exit codes; scripts rely on them."""

    RAN = 0
    FOUND = 1
    NOT_RUN = 2
    INCOMPLETE = 3
    INTERRUPTED = 130


def has_finding(clusters: Iterable[Cluster], wanted: Container[str]) -> bool:
    """Return whether a variant has one of the wanted relations, or `any` is wanted."""
    return any(
        "any" in wanted or variant.relation in wanted
        for cluster in clusters
        for variant in cluster.variants
    )


def exit_code(*, found: bool, complete: bool) -> Exit:
    """Return the code: what is missing weighs more than what was found.

    Args:
        found: Whether there is a finding that the user asked to fail on.
        complete: Whether all was read and all was written.
    """
    if not complete:
        return Exit.INCOMPLETE
    return Exit.FOUND if found else Exit.RAN
