"""The forms in which a report can be shown, by name; each is loaded when it is asked for."""

from importlib import import_module

from dedupe_news.render.style import Renderer, Style

__all__ = ["FORMATS", "TEXT_FORMATS", "Renderer", "Style", "renderer"]

_MODULES = {
    "text": "terminal",
    "brief": "brief",
    "json": "json",
    "jsonl": "jsonl",
    "csv": "csv",
    "markdown": "markdown",
    "html": "html",
    "sarif": "sarif",
    "junit": "junit",
    "github": "github",
    "gitlab": "gitlab",
}
FORMATS = tuple(_MODULES)
"""Names of all forms."""
TEXT_FORMATS = ("text", "brief")
"""Those made for people: their talk, such as skipped inputs, goes elsewhere."""


def renderer(name: str) -> Renderer:
    """Return the function that writes a report in one form.

    Args:
        name: One of `FORMATS`.

    Raises:
        KeyError: If there is no such form.
    """
    module = import_module(f"dedupe_news.render.{_MODULES[name]}")
    function: Renderer = module.render
    return function
