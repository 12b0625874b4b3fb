"""One session of Spark for all tests of a run: it takes ten seconds to start."""

import sys

import pytest

from dedupe_news.engines.spark.session import session

# few threads, little memory, no thorough compiling: these are tests
SETTINGS = {
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.python.worker.reuse": "true",
    "spark.sql.shuffle.partitions": "2",
}


@pytest.fixture(scope="session")
def spark():
    """Return a session on this machine, with two threads."""
    with session("local[2]", SETTINGS) as running:
        yield running


@pytest.fixture(scope="session")
def executable():
    """Return the program as it is installed."""
    return [sys.executable, "-m", "dedupe_news"]
