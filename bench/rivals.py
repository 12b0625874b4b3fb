"""Other tools on the same articles in the same run, at their usual threshold and their best."""

import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent / "peers"))

from driving import components
from install import PEERS, Peer, install

from dedupe_news import Article, Settings, scan
from labelled import LabelledSet, Pair
from metrics import PairScore, clustered_pairs, joined, score_pairs
from planted import scored_groups
from results import Cell, Table
from variants import Group

__all__ = ["Corpus", "Run", "rival_tables"]

_SWEEP = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
_OURS = "dedupe-news"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles, and which pairs of them belong together.

    Attributes:
        name: What it is called in a table.
        articles: What every tool gets.
        truth: Right pairs, and of what kind each is.
        unscored: Pairs that count neither for nor against a tool.
    """

    name: str
    articles: tuple[Article, ...]
    truth: Mapping[Pair, str]
    unscored: frozenset[Pair]

    def score(self, pairs: Collection[Pair]) -> PairScore:
        """Return how right the pairs are."""
        return score_pairs(pairs, self.truth, self.unscored)

    def recall(self, pairs: Collection[Pair], kind: str) -> float:
        """Return the share of the right pairs of one kind that are among the pairs."""
        wanted = {ids for ids, what in self.truth.items() if what == kind}
        return score_pairs(pairs, wanted, self.unscored).recall


@dataclass(frozen=True, slots=True)
class Run:
    """What one tool found at one threshold.

    Attributes:
        tool: Its name.
        threshold: What it was given.
        usual: Whether that is the threshold of its defaults or examples.
        seconds: From texts in memory to clusters.
        pairs: All pairs of articles in one cluster.
    """

    tool: str
    threshold: float
    usual: bool
    seconds: float
    pairs: frozenset[Pair]


def rival_tables(
    sets: Iterable[LabelledSet],
    groups: Sequence[Group],
    names: Collection[str] = (),
    most: int = 0,
) -> Iterator[Table]:
    """Yield one table for each labelled set, and two for the planted variants.

    Args:
        sets: Labelled sets.
        groups: Planted variants.
        names: Which peers to run; all when empty.
        most: About how many articles of each to take, since some peers compare all with all;
            0 takes all.
    """
    peers = [peer for peer in PEERS if (not names or peer.name in names) and _installed(peer)]
    for labelled in sets:
        corpus = _sample(labelled, most)
        yield _score_table(corpus, _all_runs(corpus, peers))
    planted = _planted(groups, most)
    runs = _all_runs(planted, peers)
    yield _score_table(planted, runs)
    yield _kind_table(planted, runs)


def _installed(peer: Peer) -> bool:
    """Return whether the peer can run; why it cannot goes to stderr."""
    try:
        install(peer)
    except subprocess.CalledProcessError as error:
        print(f"{peer.name}: not installed, {error}", file=sys.stderr)
        return False
    return True


def _sample(labelled: LabelledSet, most: int) -> Corpus:
    """Return about so many articles of a set; what belongs together is taken together."""
    related = components((*labelled.truth, *sorted(labelled.ignored)))
    grouped = {one for ids in related for one in ids}
    groups = [*related, *([one.id] for one in labelled.articles if one.id not in grouped)]
    Random(labelled.name).shuffle(groups)
    taken: set[str] = set()
    for ids in groups:
        if most and len(taken) >= most:
            break
        taken.update(ids)
    return Corpus(
        labelled.name,
        tuple(one for one in labelled.articles if one.id in taken),
        {ids: kind for ids, kind in labelled.truth.items() if taken.issuperset(ids)},
        labelled.ignored,
    )


def _planted(groups: Sequence[Group], most: int) -> Corpus:
    some = scored_groups(groups)
    if most:
        size = sum(len(group.articles) for group in some)
        share = min(1.0, most / max(size, 1))
        some = Random(len(some)).sample(some, round(share * len(some)))
    return Corpus(
        name="planted variants",
        articles=tuple(article for group in some for article in group.articles),
        truth={ids: group.kind for group in some for ids in group.together},
        unscored=frozenset(ids for group in some for ids in group.unscored),
    )


def _all_runs(corpus: Corpus, peers: Iterable[Peer]) -> list[Run]:
    return [*_own_runs(corpus), *(run for peer in peers for run in _peer_runs(corpus, peer))]


def _own_runs(corpus: Corpus) -> Iterator[Run]:
    usual = Settings().min_containment
    for threshold in sorted({*_SWEEP, usual}):
        settings = Settings(min_containment=threshold, diff=False)
        start = time.perf_counter()
        report = scan(corpus.articles, settings)
        seconds = time.perf_counter() - start
        yield Run(_OURS, threshold, threshold == usual, seconds, frozenset(joined(report)))


def _peer_runs(corpus: Corpus, peer: Peer) -> Iterator[Run]:
    """Yield what a peer finds at each threshold; if it fails, why goes to stderr."""
    thresholds = sorted({*_SWEEP, peer.usual})
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        rows = ({"id": one.id, "text": "\n\n".join(one.paragraphs)} for one in corpus.articles)
        given.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        command = [str(peer.python), str(peer.driver), str(given), str(found)]
        ended = subprocess.run(
            [*command, *map(str, thresholds)], capture_output=True, text=True, check=False
        )
        if ended.returncode:
            print(f"{peer.name} on {corpus.name} failed: {ended.stderr[-2000:]}", file=sys.stderr)
        for line in found.read_text(encoding="utf-8").splitlines() if found.exists() else ():
            row = json.loads(line)
            pairs = frozenset(clustered_pairs(row["clusters"]))
            usual = row["threshold"] == peer.usual
            yield Run(peer.name, row["threshold"], usual, row["seconds"], pairs)


def _score_table(corpus: Corpus, runs: Sequence[Run]) -> Table:
    rows = []
    for some in _by_tool(runs).values():
        best = _best(corpus, some)
        rows += [_score_row(corpus, run, "usual") for run in some if run.usual]
        rows.append(_score_row(corpus, best, "best"))
    return Table(
        title=f"Peers on {corpus.name}",
        columns=("tool", "threshold", "value", "precision", "recall", "F1", "seconds"),
        rows=tuple(rows),
        notes=(
            f"{len(corpus.articles):,} articles. Best: of the thresholds tried, by F1.",
            _where_we_lose(corpus, runs),
        ),
    )


def _kind_table(corpus: Corpus, runs: Sequence[Run]) -> Table:
    """Return the recall of each kind for each tool at its best, ours at its default."""
    chosen = {
        tool: next((run for run in some if run.usual and tool == _OURS), _best(corpus, some))
        for tool, some in _by_tool(runs).items()
    }
    rows = []
    for kind in dict.fromkeys(corpus.truth.values()):
        shares = [corpus.recall(run.pairs, kind) for run in chosen.values()]
        rows.append((kind, *shares, "yes" if max(shares) > shares[0] else ""))
    wrong = [corpus.score(run.pairs).wrong for run in chosen.values()]
    rows.append(("wrong pairs", *wrong, "yes" if min(wrong) < wrong[0] else ""))
    return Table(
        title=f"Peers on {corpus.name}: recall by kind",
        columns=("kind", *chosen, "we lose"),
        rows=tuple(rows),
        notes=(f"{_OURS} at its default, the others at their best threshold by F1.",),
    )


def _score_row(corpus: Corpus, run: Run, threshold: str) -> tuple[Cell, ...]:
    score = corpus.score(run.pairs)
    value = f"{run.threshold:.2f}"
    figures = (score.precision, score.recall, score.f1, run.seconds)
    return (run.tool, threshold, value, *figures)


def _where_we_lose(corpus: Corpus, runs: Iterable[Run]) -> str:
    """Return in which figure which peer, at which threshold, is better than our default."""
    tools = _by_tool(runs)
    own = next(run for run in tools.pop(_OURS) if run.usual)
    ours = corpus.score(own.pairs)
    found = []
    for tool, some in tools.items():
        best = _best(corpus, some)
        if corpus.score(best.pairs).f1 > ours.f1:
            found.append(f"{tool} at {best.threshold:.2f} has the higher F1")
        faster = [f"{run.threshold:.2f}" for run in some if run.seconds < own.seconds]
        if faster:
            found.append(f"{tool} is faster at {', '.join(faster)}")
    return f"Where we lose: {'; '.join(found) or 'nowhere'}."


def _best(corpus: Corpus, runs: Sequence[Run]) -> Run:
    scores = [corpus.score(run.pairs).f1 for run in runs]
    return max(zip(scores, runs, strict=True), key=lambda both: _known(both[0]))[1]


def _known(value: float) -> float:
    return -1.0 if math.isnan(value) else value


def _by_tool(runs: Iterable[Run]) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    for run in runs:
        found.setdefault(run.tool, []).append(run)
    return found
