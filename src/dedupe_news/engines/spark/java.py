"""The Java that Spark would start."""

import os
import re
import shutil
import subprocess

__all__ = ["java_version"]


def java_version() -> int:
    """Return the first part of the version of the Java that Spark would start; 0 if none."""
    home = os.environ.get("JAVA_HOME")
    program = f"{home}/bin/java" if home else shutil.which("java")
    try:
        told = subprocess.run([program or "java", "-version"], capture_output=True, check=True)  # noqa: S603 - as Spark does
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(rb'version "(?:1\.)?(\d+)', told.stderr + told.stdout)
    return int(found[1]) if found else 0
