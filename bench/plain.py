"""The plain loop: read every article of a JSON Lines file and find its words, and no more.

    python bench/plain.py FILE

The least that any tool in Python does; what a scan costs is told in units of this.
"""

import json
import re
import sys

__all__ = ["main"]

_words = re.compile(r"\w+").findall


def main(path: str) -> None:
    """Read the file once; what is found is thrown away."""
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib would be a start of its own
        for line in file:
            _words(json.loads(line)["text"].casefold())


if __name__ == "__main__":
    main(sys.argv[1])
