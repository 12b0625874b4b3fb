"""Other tools for near-duplicates, each in an environment of its own.

    python bench/peers/install.py [NAME]... [--list]

Their requirements contradict each other, and none of them is a requirement of ours. An
environment is made when it is first asked for, in `bench/.venvs`, which git does not see.
"""

import argparse
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PEERS", "Peer", "install", "main"]

_HERE = Path(__file__).parent
_ENVIRONMENTS = _HERE.parent / ".venvs"


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool to compare with.

    Attributes:
        name: As its makers write it.
        requirements: What to install, each with its version.
        usual: The threshold of its own examples or defaults.
        megabytes: About how much its environment takes.
    """

    name: str
    requirements: tuple[str, ...]
    usual: float
    megabytes: int

    @property
    def python(self) -> Path:
        """The interpreter of its environment."""
        return _ENVIRONMENTS / self.name / "bin" / "python"

    @property
    def driver(self) -> Path:
        """The script that runs it, by that interpreter."""
        return _HERE / f"run_{self.name.replace('-', '_')}.py"


PEERS = (
    Peer("datasketch", ("datasketch==2.0.0",), usual=0.7, megabytes=230),
    Peer("rensa", ("rensa==0.5.0",), usual=0.8, megabytes=30),
    Peer("gaoya", ("gaoya==0.2.2",), usual=0.5, megabytes=30),
    Peer("copydetect", ("copydetect==0.5.0",), usual=0.33, megabytes=200),
    Peer("datatrove", ("datatrove[io,processing]==0.10.1", "spacy"), usual=0.72, megabytes=800),
    Peer("text-dedup", ("text-dedup==0.4.0",), usual=0.7, megabytes=1300),
)
"""The peers, from the smallest to the largest to install."""


def install(peer: Peer) -> None:
    """Make the environment of a peer, unless it is there already.

    Args:
        peer: Which.

    Raises:
        subprocess.CalledProcessError: If its requirements cannot be installed.
    """
    complete = _ENVIRONMENTS / peer.name / "complete"  # written last: half an install is none
    if complete.is_file() and complete.read_text("utf-8") == "\n".join(peer.requirements):
        return
    _ENVIRONMENTS.mkdir(exist_ok=True)
    (_ENVIRONMENTS / ".gitignore").write_text("*\n", "utf-8")
    venv.create(_ENVIRONMENTS / peer.name, with_pip=True, clear=True)
    pip = [str(peer.python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, *peer.requirements], check=True)
    complete.write_text("\n".join(peer.requirements), "utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Install the named peers, or all, and return an exit code.

    Args:
        arguments: The command line; None takes the process's own.
    """
    names = [peer.name for peer in PEERS]
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--list", action="store_true", help="only say what there is")
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(names))
    if unknown:
        parser.error(f"no peer is called {', '.join(unknown)}; there are {', '.join(names)}")
    for peer in PEERS:
        if peer.name in (options.names or names):
            print(f"{peer.name}: {' '.join(peer.requirements)}, {peer.megabytes} MB", flush=True)
            if not options.list:
                install(peer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
