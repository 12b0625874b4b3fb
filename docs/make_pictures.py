"""Draw the pictures of the documentation from what the command really prints."""

import io
import re
import subprocess
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
PICTURES = {"scan.svg": "scan samples/np-ferry.txt samples/radiokust-ferry.txt"}
WIDTH = 80

# Without the fonts that rich would have every reader fetch from another site.
FORMAT = re.sub(r"\s*@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def main() -> None:
    """Write every picture anew."""
    for name, arguments in PICTURES.items():
        target = ROOT / "docs" / "img" / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(picture(arguments), "utf-8")


def picture(arguments: str) -> str:
    """Return the terminal after one command, as an SVG image."""
    command = [sys.executable, "-m", "dedupe_news", *arguments.split()]
    shown = subprocess.run(
        [*command, "--color", "always", "--width", str(WIDTH)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    console = Console(record=True, width=WIDTH, file=io.StringIO(), highlight=False)
    console.print(Text.from_ansi(f"$ dedupe-news {arguments}\n\n{shown.stdout}"), end="")
    title = f"dedupe-news {arguments.split()[0]}"
    return console.export_svg(title=title, code_format=FORMAT, unique_id="shot")


if __name__ == "__main__":
    main()
