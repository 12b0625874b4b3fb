"""text-dedup: its MinHash command, clusters read from the union-find that it saves."""

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from driving import drive


def find(texts: Mapping[str, str], threshold: float) -> list[list[str]]:
    """Return the clusters; the time holds the start of a process and its imports."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        ids = dict(enumerate(texts))
        lines = (
            json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts.values())
        )
        with (home / "in.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(lines)
        subprocess.run(
            _command(home, threshold),
            check=True,
            capture_output=True,
            cwd=home,
            env={**os.environ, "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1"},
        )
        return [[ids[one] for one in group] for group in _groups(home / "out" / "uf.pkl")]


def _command(home: Path, threshold: float) -> list[str]:
    options = {
        "path": "json",
        "data_files": home / "in.jsonl",
        "split": "train",
        "cache_dir": home / "cache",
        "output": home / "out",
        "column": "text",
        "idx_column": "id",
        "ngram": 5,
        "num_perm": 128,
        "threshold": threshold,
        "num_proc": 1,
        "min_length": 1,
        "hash_func": "xxh3",
    }
    pairs = (part for name, value in options.items() for part in (f"--{name}", str(value)))
    return [sys.executable, "-m", "text_dedup.minhash", *pairs, "--debug"]


def _groups(path: Path) -> list[list[int]]:
    with path.open("rb") as file:
        forest = pickle.load(file)
    groups: dict[int, list[int]] = defaultdict(list)
    for one in list(forest.parent):
        groups[forest.find(one)].append(one)
    return [ids for ids in groups.values() if len(ids) > 1]


if __name__ == "__main__":
    drive(find)
