"""Memory that a process gave back is used again, where the C library knows how."""

import os
import platform
import subprocess
import sys

import pytest

from dedupe_news.engines import memory as module
from dedupe_news.engines.memory import reuse_memory

_FAULTS = """
import resource
from threading import Thread
import numpy as np
from dedupe_news.engines.memory import reuse_memory

def fill():
    arrays = [np.empty(12 << 20, np.uint8) for _ in range(3)]
    for array in arrays:
        array.fill(1)

{call}
fill()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(2):
    {run}
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators are left alone")
@pytest.mark.parametrize("run", ["fill()", "one = Thread(target=fill); one.start(); one.join()"])
def test_memory_that_was_given_back_is_used_again(run):
    """The system empties some arrays of twelve megabytes once, whichever thread has them next."""
    env = {**os.environ, "NUMPY_MADVISE_HUGEPAGE": "0"}
    default, reused = (
        int(
            subprocess.check_output(
                [sys.executable, "-c", _FAULTS.format(call=call, run=run)], env=env
            )
        )
        for call in ("", "reuse_memory()")
    )

    assert reused < default / 5


def test_another_allocator_is_left_as_it_is(monkeypatch):
    """There is nothing to ask for it then."""
    monkeypatch.setattr(module.ctypes, "CDLL", object)

    reuse_memory()
