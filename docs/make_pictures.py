"""Draw the pictures of the documentation from what the command really prints."""
# ruff: noqa: INP001 - a script, not part of a package

import contextlib
import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dedupe_news.__main__ import main as dedupe_news

PICTURES = {"scan.svg": "scan samples/np-ferry.txt samples/radiokust-ferry.txt"}
WIDTH = 80


def main() -> None:
    """Write every picture anew; run it from the folder that holds samples/ and docs/."""
    for name, arguments in PICTURES.items():
        (Path("docs/img") / name).write_text(picture(arguments), "utf-8")


def picture(arguments: str) -> str:
    """Return the terminal after one command, as an SVG image."""
    stdout = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stdout(stdout):
        dedupe_news([*arguments.split(), "--color", "always", "--width", str(WIDTH)])
    shown = stdout.buffer.getvalue().decode("utf-8")
    console = Console(record=True, width=WIDTH, file=io.StringIO(), highlight=False)
    console.print(Text.from_ansi(f"$ dedupe-news {arguments}\n\n{shown}"), end="")
    svg = console.export_svg(title="dedupe-news", unique_id="shot")
    return _without_foreign_fonts(svg)


def _without_foreign_fonts(svg: str) -> str:
    """Return the image without the fonts that every reader would fetch from another site."""
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    main()
