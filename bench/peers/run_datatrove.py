"""datatrove: its four MinHash stages in one process."""

import gzip
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
from datatrove.utils.hashing import HashConfig
from driving import drive, rows_for

_NUM_PERM = 112  # its default is 14 bands of 8


def find(texts: Mapping[str, str], threshold: float) -> list[list[str]]:
    """Return the clusters; datatrove verifies nothing, its bands are the threshold."""
    rows = rows_for(threshold, _NUM_PERM)
    config = MinhashConfig(
        n_grams=5,
        num_buckets=_NUM_PERM // rows,
        hashes_per_bucket=rows,
        hash_config=HashConfig(precision=64),
    )
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _write(home / "in", texts)
        _run_stages(home, config)
        return _clusters(home)


def _write(home: Path, texts: Mapping[str, str]) -> None:
    home.mkdir()
    lines = (json.dumps({"id": one, "text": text}) + "\n" for one, text in texts.items())
    with (home / "in.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(lines)


def _run_stages(home: Path, config: MinhashConfig) -> None:
    signatures, buckets, removed = str(home / "sig"), str(home / "buckets"), str(home / "rm")
    _run(home, 1, [_reader(home), MinhashDedupSignature(signatures, config=config)])
    _run(home, config.num_buckets, [MinhashDedupBuckets(signatures, buckets, config=config)])
    cluster = MinhashDedupCluster(
        buckets, removed, config=config, save_cluster_id=True, save_cluster_size=True
    )
    _run(home, 1, [cluster])
    keep = MinhashDedupFilter(
        removed,
        load_cluster_ids=True,
        load_cluster_sizes=True,
        exclusion_writer=JsonlWriter(str(home / "out" / "removed")),
    )
    _run(home, 1, [_reader(home), keep, JsonlWriter(str(home / "out" / "kept"))])


def _reader(home: Path) -> JsonlReader:
    return JsonlReader(str(home / "in"), text_key="text", id_key="id")


def _run(home: Path, tasks: int, steps: list[PipelineStep]) -> None:
    logs = str(home / "logs" / type(steps[-1]).__name__)
    LocalPipelineExecutor(pipeline=steps, tasks=tasks, workers=1, logging_dir=logs).run()


def _clusters(home: Path) -> list[list[str]]:
    members: dict[int, list[str]] = defaultdict(list)
    for path in (home / "out").rglob("*.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for row in map(json.loads, file):
                members[row["metadata"].get("minhash_cluster_id", -1)].append(row["id"])
    members.pop(-1, None)
    return [ids for ids in members.values() if len(ids) > 1]


if __name__ == "__main__":
    drive(find)
