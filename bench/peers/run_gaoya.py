"""gaoya: its MinHash index, candidates verified by exact Jaccard."""

from collections.abc import Mapping

import gaoya
from driving import components, drive, jaccard, rows_for, shingles

_NUM_PERM = 128


def find(texts: Mapping[str, str], threshold: float) -> list[list[str]]:
    """Return the components of pairs at or above the threshold."""
    ids = list(texts)
    sets = [shingles(text) for text in texts.values()]
    rows = rows_for(threshold, _NUM_PERM)
    index = gaoya.minhash.MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=threshold,
        num_bands=_NUM_PERM // rows,
        band_size=rows,
        num_hashes=_NUM_PERM // rows * rows,
        analyzer=lambda text: list(shingles(text)),
    )
    index.par_bulk_insert_docs(list(range(len(ids))), list(texts.values()))
    return components(
        (ids[left], ids[right])
        for left, others in enumerate(index.par_bulk_query(list(texts.values())))
        for right in others
        if left < right and jaccard(sets[left], sets[right]) >= threshold
    )


if __name__ == "__main__":
    drive(find)
