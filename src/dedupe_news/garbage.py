"""Cycles of objects: a run makes many objects, and hardly a cycle."""

import atexit
import gc

__all__ = ["SELDOM", "collect_seldom"]

SELDOM = 500_000
"""New objects after which cycles are looked for."""


def collect_seldom() -> None:
    """Have this process look for cycles seldom, and for none while it ends.

    What is left then goes with the process: nobody has to look through it. It is for a program to
    decide that, not for a library.
    """
    gc.set_threshold(SELDOM)
    atexit.register(gc.freeze)
