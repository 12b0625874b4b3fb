"""Random histories of a repository: what a check finds is what a scan of its files finds."""

import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from invented import prose
from kept import examined, put, scanned, story, updated
from repositories import commit, git

PATHS = st.sampled_from([f"{folder}/{name}.txt" for folder in "ab" for name in range(6)])
TEXTS = st.builds(
    lambda parts, footer: story(*parts, footer=footer),
    st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True),
    st.sampled_from(("", "", prose(25, 980))),
)
BRANCHES = st.sampled_from(("one", "other"))


class Repositories(RuleBasedStateMachine):
    """Files come, go, change and move, are staged, unstaged, committed and left behind."""

    def __init__(self):
        super().__init__()
        self.before = Path.cwd()
        self.folder = tempfile.TemporaryDirectory()
        os.chdir(self.folder.name)

    @initialize(texts=st.lists(TEXTS, min_size=3, max_size=9), early=st.booleans())
    def begin(self, texts, early):
        """A repository that has been indexed, before its first commit or after it."""
        for number, text in enumerate(texts):
            put(f"a/{number}.txt", text)
        git("init", "--quiet", "--initial-branch", "one")
        git("add", "--all")
        if early:
            updated()
        commit()
        git("branch", "other")
        if not early:
            updated()

    @rule(path=PATHS, text=TEXTS)
    def write(self, path, text):
        """A file comes or changes on the disk."""
        put(path, text)

    @rule(path=PATHS)
    def remove(self, path):
        """A file goes from the disk, if it is there."""
        Path(path).unlink(missing_ok=True)

    @rule(path=PATHS, text=TEXTS)
    def stage(self, path, text):
        """A file comes or changes, and is staged."""
        put(path, text)
        git("add", path)

    @rule()
    def stage_all(self):
        """Whatever came, went or changed is staged."""
        git("add", "--all")

    @rule(path=PATHS)
    def announce(self, path):
        """A file is to be added, without what is in it."""
        if Path(path).exists():
            git("add", "--intent-to-add", path)

    @rule(path=PATHS)
    def forget(self, path):
        """A file stays on the disk, and is no part of the repository."""
        git("rm", "--quiet", "--cached", "--ignore-unmatch", path)

    @rule()
    def unstage(self):
        """Nothing is staged."""
        git("reset", "--quiet")

    @rule()
    def commit(self):
        """All is committed."""
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "--message", "more")

    @rule(branch=BRANCHES)
    def switch(self, branch):
        """The files of another branch take the place of these."""
        git("checkout", "--quiet", "--force", branch)

    @rule()
    def empty(self):
        """All files go, from the disk and the repository."""
        git("rm", "--quiet", "-r", "--force", "--ignore-unmatch", "a", "b")

    @rule()
    def update(self):
        """The index follows."""
        updated()

    @rule(path=PATHS, staged=st.booleans())
    def check(self, path, staged):
        """A check that is about a file finds whatever touches it."""
        _compare(staged, path)

    @rule(staged=st.booleans())
    def check_all(self, staged):
        """A check that is about all files brings the index up to date with what it looks at."""
        _compare(staged)

    def teardown(self):
        """Whatever has happened, both kinds of check find what there is."""
        try:
            for staged in (False, True):
                _compare(staged, "a/1.txt")
                _compare(staged)
        finally:
            os.chdir(self.before)
            self.folder.cleanup()


def _compare(staged, *paths):
    """Let a check and a scan look at the same files."""
    found, full = examined(*paths, staged=staged).report, _scanned_elsewhere(staged)
    about = [
        cluster
        for cluster in full.clusters
        if not paths or any(member.id in paths for member in cluster.members)
    ]

    assert list(found.clusters) == about
    assert found.skipped == full.skipped
    assert found.summary.articles == full.summary.articles


def _scanned_elsewhere(staged):
    """Return what a scan finds in a folder that holds what git holds, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        if staged:
            _unpack(git("write-tree").strip(), folder)
        else:
            for path in git("ls-files", "-z").split("\0")[:-1]:
                if Path(path).exists():
                    Path(folder, path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path, Path(folder, path))
        here = Path.cwd()
        os.chdir(folder)
        try:
            return scanned()
        finally:
            os.chdir(here)


def _unpack(tree, folder):
    """Write what would be committed: a file that is only announced is no part of it."""
    with tempfile.TemporaryDirectory() as beside:
        git("archive", "--output", f"{beside}/staged.tar", tree)
        shutil.unpack_archive(f"{beside}/staged.tar", folder, filter="data")


TestRepositories = Repositories.TestCase
TestRepositories.settings = settings(
    settings.get_profile(settings.get_current_profile_name()),
    max_examples=20,
    stateful_step_count=16,
)
