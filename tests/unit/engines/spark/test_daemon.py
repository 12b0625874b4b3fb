"""What Spark starts in the place of its own daemon."""

import importlib.util
import runpy
import sys

import pytest

from dedupe_news.engines.spark import daemon

ARCHIVE = "/opt/spark/python/lib/pyspark.zip"


@pytest.fixture
def started(monkeypatch):
    """Return what was run, with the path that it found."""
    runs = []
    monkeypatch.setattr(runpy, "run_module", lambda name, **_: runs.append((name, sys.path[:])))
    monkeypatch.setattr(sys, "path", [ARCHIVE, "/somewhere"])
    return runs


def test_an_installed_pyspark_goes_before_the_archive(monkeypatch, started):
    """It has been compiled, and the archive would be by each process anew."""
    monkeypatch.setattr(daemon, "find_spec", lambda _: object())
    daemon.main()

    assert started == [("pyspark.daemon", ["/somewhere"])]


def test_where_there_is_only_the_archive_it_stays(monkeypatch, started):
    """Spark's own installation has no other."""
    monkeypatch.setattr(daemon, "find_spec", lambda _: None)
    daemon.main()

    assert started == [("pyspark.daemon", [ARCHIVE, "/somewhere"])]


def test_spark_finds_the_daemon_by_its_name():
    """It is told a module, which it runs."""
    assert importlib.util.find_spec(daemon.MODULE) is not None
