"""Reports of earlier runs: read back, merged, narrowed down, ranked again.

text → documents → values → Report → merge → select → rank → render
"""

from dedupe_news.replay.merging import merge
from dedupe_news.replay.parsing import parse_report
from dedupe_news.replay.selecting import ORDERS, Wanted, rank, select

__all__ = ["ORDERS", "Wanted", "merge", "parse_report", "rank", "select"]
