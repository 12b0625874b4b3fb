"""Random histories of a corpus: after each step the index says what a fresh scan says."""

import os
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from invented import prose
from kept import as_json, examined, indexed, put, scanned, story, updated

FOOTERS = ("", "", prose(25, 980), prose(40, 981))
PATHS = st.sampled_from([f"{folder}/{name}.txt" for folder in "ab" for name in range(12)])
TEXTS = st.builds(
    lambda parts, footer: story(*parts, footer=footer),
    st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True),
    st.sampled_from(FOOTERS),
)


class Histories(RuleBasedStateMachine):
    """Files come, go, change and move; the index follows now and then."""

    def __init__(self):
        super().__init__()
        self.before = Path.cwd()
        self.folder = tempfile.TemporaryDirectory()
        os.chdir(self.folder.name)

    def teardown(self):
        os.chdir(self.before)
        self.folder.cleanup()

    @initialize(texts=st.lists(TEXTS, min_size=4, max_size=14))
    def begin(self, texts):
        """A corpus that has been indexed."""
        for number, text in enumerate(texts):
            put(f"a/{number}.txt", text)
        updated()

    @rule(path=PATHS, text=TEXTS)
    def write(self, path, text):
        """A file comes or changes."""
        put(path, text)

    @rule(path=PATHS)
    def remove(self, path):
        """A file goes, if it is there."""
        Path(path).unlink(missing_ok=True)

    @rule(old=PATHS, new=PATHS)
    def move(self, old, new):
        """A file is renamed, over another if that is there."""
        if Path(old).exists():
            Path(new).parent.mkdir(exist_ok=True)
            Path(old).replace(new)

    @rule()
    def empty(self):
        """All files go."""
        for path in Path().rglob("*.txt"):
            path.unlink()

    @rule(path=PATHS)
    def check(self, path):
        """The findings of a check are those of a scan that touch its focus, all of them."""
        full = scanned()
        touching = [
            cluster
            for cluster in full.clusters
            if any(member.id == path for member in cluster.members)
        ]

        assert list(examined(path).report.clusters) == touching

    @invariant()
    def the_report_is_that_of_a_scan(self):
        """Byte for byte."""
        if Path("a").exists():
            updated()
            assert as_json(indexed()) == as_json(scanned())


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    settings.get_profile(settings.get_current_profile_name()),
    max_examples=12,
    stateful_step_count=10,
)
