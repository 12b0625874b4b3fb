"""Write the reference of the JSON report from its schema."""
# ruff: noqa: INP001 - a script, not part of a package

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent / "guide" / "json.md"
HEAD = """\
# The JSON report

`--format json` prints one document, `--format jsonl` the same cut into lines, each with its
`type`: `settings` (with the `schema`), `cluster`, `skipped`, `boilerplate`, and last `summary`.
The same articles and settings give the same bytes; there are no time stamps. This page is made
from the JSON Schema that the program ships and `dedupe-news report --schema` prints.

Positions start at 0. Shares and similarities are in [0, 1]. A key that is not marked as always
there may be absent.
"""


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), "utf-8")


def page() -> str:
    """Return the page."""
    schema = json.loads((files("dedupe_news") / "report.schema.json").read_text("utf-8"))
    parts = {"report": schema, **schema["$defs"]}
    tables = [
        "\n".join(_section(name, part))
        for name, part in parts.items()
        if part.get("type") == "object"
    ]
    return f"{HEAD}\n" + "\n".join(tables)


def _section(name: str, part: dict[str, Any]) -> Iterator[str]:
    yield f"## `{name}`"
    yield ""
    if "description" in part:
        yield f"{part['description']}"
        yield ""
    if "properties" not in part:
        yield f"Keys, each {_kind(part['additionalProperties'])}: "
        yield ", ".join(f"`{key}`" for key in part.get("required", [])) + "."
        yield ""
        return
    yield "| key | holds | always | meaning |"
    yield "|---|---|---|---|"
    for key, value in part["properties"].items():
        always = "yes" if key in part.get("required", []) else ""
        yield f"| `{key}` | {_kind(value)} | {always} | {value.get('description', '')} |"
    yield ""


def _kind(value: dict[str, Any]) -> str:
    """Return what a key holds, in a few words, as a link where it is an object of its own."""
    if "const" in value:
        return f"`{value['const']}`"
    if "enum" in value:
        return "one of " + ", ".join(f"`{word}`" for word in value["enum"])
    if "$ref" in value:
        return _named(value["$ref"].rsplit("/", 1)[-1])
    kind = value.get("type", "any value")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list: {_kind(value['items'])}" if value.get("items") else "list"
    return str(kind)


def _named(name: str) -> str:
    plain = {"count": "count from 0", "share": "share", "positions": "list of positions"}
    return plain.get(name, f"[{name}](#{name})")


if __name__ == "__main__":
    main()
