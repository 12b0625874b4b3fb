"""A real cluster, a master and two workers of their own, of which one may be lost."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pyspark
import pytest

from dedupe_news.model import Article
from invented import prose
from stories import corpus

_PATIENCE = 240  # seconds, on a machine with much else to do


class Cluster:
    """A standalone master and its workers; only what was started here is ended here."""

    def __init__(self, folder):
        self._folder = folder
        self._processes = []
        self._port, self._page = _free_port(), _free_port()
        self.master = f"spark://127.0.0.1:{self._port}"
        self.start("Master", "--port", self._port, "--webui-port", self._page)
        self.workers = [
            self.start("Worker", "--cores", 1, "--memory", "1g", "--webui-port", 0, self.master)
            for _ in range(2)
        ]
        self._wait_for_workers()

    def start(self, role, *options):
        home = Path(pyspark.__file__).parent
        command = [home / "bin/spark-class", f"org.apache.spark.deploy.{role.lower()}.{role}"]
        place = ["--work-dir", self._folder / f"{len(self._processes)}"] if role == "Worker" else []
        with (self._folder / f"{role}-{len(self._processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [*map(str, [*command, "--host", "127.0.0.1", *place, *options])],
                stdout=log,
                stderr=log,
                env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home)},
            )
        self._processes.append(process)
        return process

    def kill(self, worker):
        """End a worker and what it started as a power cut would."""
        for pid in [*_below(worker.pid), worker.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        worker.wait()

    def close(self):
        for process in reversed(self._processes):
            if process.poll() is None:
                self.kill(process)

    def _wait_for_workers(self):
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                address = f"http://127.0.0.1:{self._page}/json/"
                with urllib.request.urlopen(address) as page:
                    alive = [each["state"] for each in json.load(page)["workers"]].count("ALIVE")
                if alive == 2:
                    return
            time.sleep(0.3)
        raise TimeoutError("the workers have not come up")


def _free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _below(pid):
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, thread.read_text("ascii").split()):
            yield from _below(child)
            yield child


@pytest.fixture(scope="module")
def articles(tmp_path_factory):
    """Return a file of articles and the report of one process on it."""
    items = [one for one in corpus() if isinstance(one, Article) and one.paragraphs]
    items += [Article(f"alone-{n}", (prose(60, 90_000 + n),)) for n in range(200)]
    path = tmp_path_factory.mktemp("news") / "articles.jsonl"
    records = (
        {"id": one.id, "paragraphs": one.paragraphs, "date": one.date, "source": one.source}
        for one in items
    )
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return path


@pytest.fixture
def cluster(tmp_path):
    """Return a cluster that ends with the test."""
    running = Cluster(tmp_path)
    yield running
    running.close()


def _scan(cluster, articles, kept):
    conf = {
        "spark.executor.memory": "700m",
        "spark.driver.memory": "700m",
        "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.dedupeNews.folder": str(kept),
        "spark.dedupeNews.lanes": "4",
        "spark.network.timeout": "60s",
        "spark.executor.heartbeatInterval": "5s",
    }
    options = [word for name, value in conf.items() for word in ("--spark-conf", f"{name}={value}")]
    command = ["scan", articles, "--engine", "spark", "--spark-master", cluster.master, *options]
    return subprocess.Popen(
        [sys.executable, "-m", "dedupe_news", *map(str, command), "--format", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _local(articles):
    run = subprocess.run(
        [sys.executable, "-m", "dedupe_news", "scan", str(articles), "--format", "json"],
        capture_output=True,
        check=True,
    )
    return run.stdout


def test_a_cluster_prints_the_same_bytes(cluster, articles, tmp_path):
    """Driver, workers and executors are processes of their own: nothing is shared by chance."""
    run = _scan(cluster, articles, tmp_path)
    out, err = run.communicate(timeout=4 * _PATIENCE)

    assert run.returncode == 0, err.decode()
    assert out == _local(articles)


def test_a_worker_that_is_lost_in_the_middle_changes_nothing(cluster, articles, tmp_path):
    """What it had made is made again, and the report is the same."""
    run = _scan(cluster, articles, tmp_path)
    _wait_for_kept_rows(cluster.workers[0], run)
    cluster.kill(cluster.workers[0])
    out, err = run.communicate(timeout=4 * _PATIENCE)

    assert run.returncode == 0, err.decode()
    assert out == _local(articles)


def _wait_for_kept_rows(worker, run):
    """Wait until an executor of a worker has begun to keep rows, which are then lost with it."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and run.poll() is None:
        if any(_blocks(pid) for pid in _below(worker.pid)):
            return
        time.sleep(0.2)
    raise TimeoutError("the worker has kept nothing")


def _blocks(pid):
    """Return whether a process has written cached blocks: its open folders tell."""
    with contextlib.suppress(OSError):
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        for entry in environment:
            if entry.startswith(b"SPARK_EXECUTOR_DIRS="):
                folders = entry.partition(b"=")[2].decode().split(":")
                return any(any(Path(folder).rglob("rdd_*")) for folder in folders)
    return False
