"""Whether to write colour: the one place that knows the order of the wishes."""

from collections.abc import Mapping

__all__ = ["COLORS", "color_wanted"]

COLORS = ("auto", "always", "never")


def color_wanted(choice: str, environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Return whether output is to have colour; the first wish that is there decides.

    Args:
        choice: What the option says, one of `COLORS`.
        environ: The environment variables.
        terminal: Whether the output is a terminal.

    Source: no-color.org, bixense.com/clicolors, force-color.org.
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if environ.get("CLICOLOR") == "0" or environ.get("TERM") == "dumb":
        return False
    return terminal
