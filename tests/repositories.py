"""Git repositories for tests, which know nothing of the settings of whoever runs them."""

import os
import subprocess

__all__ = ["commit", "git"]

_CONFIG = ("user.name=someone", "user.email=someone@example.org", "commit.gpgsign=false")


def git(*words):
    """Run git in the working folder, which must succeed, and return what it prints."""
    settings = [part for value in _CONFIG for part in ("-c", value)]
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *settings, *words], capture_output=True, encoding="utf-8", env=environ, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit():
    """Put the working folder into git as it is; it becomes a repository if it is none."""
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "more")
