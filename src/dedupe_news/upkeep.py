"""How an index is kept, and what of a corpus is compared."""

from dataclasses import dataclass

from dedupe_news.engines.local import Engine
from dedupe_news.finding import Progress, silent
from dedupe_news.settings import Settings
from dedupe_news.sources.options import ReadOptions

__all__ = ["Upkeep"]


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How an index is kept.

    Attributes:
        settings: What is looked for.
        reading: How files are read.
        engine: Where the work is done.
        progress: Called now and then with what has been done.
        patience: How many seconds to wait for another writer.
    """

    settings: Settings
    reading: ReadOptions
    engine: Engine
    progress: Progress = silent
    patience: float = 30.0
