"""Reading: from paths to articles, in pieces that any process may load.

    options → walk → files → formats → (plain | json_lines | json_files | tables) → articles

`batches` is for a run, `read` for a few lines of Python, `in_batches` for articles that are in
memory already. What cannot be read is never lost: it comes as a `Skipped` row in its place.
"""

from dedupe_news.sources.batch import Batch, Item, Made, in_batches
from dedupe_news.sources.formats import FORMATS, Format
from dedupe_news.sources.given import require_article
from dedupe_news.sources.options import ReadOptions
from dedupe_news.sources.reading import batches, read
from dedupe_news.sources.records import FIELD_NAMES

__all__ = [
    "FIELD_NAMES",
    "FORMATS",
    "Batch",
    "Format",
    "Item",
    "Made",
    "ReadOptions",
    "batches",
    "in_batches",
    "read",
    "require_article",
]
