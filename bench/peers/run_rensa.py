"""rensa: R-MinHash and its LSH, candidates verified by exact Jaccard."""

from collections.abc import Mapping

from driving import components, drive, jaccard, shingles
from rensa import RMinHash, RMinHashLSH

_NUM_PERM = 128


def find(texts: Mapping[str, str], threshold: float) -> list[list[str]]:
    """Return the components of pairs at or above the threshold."""
    sets = {one: found for one, text in texts.items() if (found := shingles(text))}
    ids = list(sets)
    signatures = RMinHash.from_token_sets(
        [list(found) for found in sets.values()], num_perm=_NUM_PERM, seed=1
    )
    index = RMinHashLSH(threshold=threshold, num_perm=_NUM_PERM, num_bands=_bands(threshold))
    index.insert_pairs(list(enumerate(signatures)))
    return components(
        (ids[left], ids[right])
        for left, others in enumerate(index.query_all(signatures))
        for right in others
        if left < right and jaccard(sets[ids[left]], sets[ids[right]]) >= threshold
    )


def _bands(threshold: float) -> int:
    """Return the number of bands, a divisor, whose curve is nearest the threshold."""
    divisors = (bands for bands in range(1, _NUM_PERM + 1) if _NUM_PERM % bands == 0)
    return min(divisors, key=lambda bands: abs((1 / bands) ** (bands / _NUM_PERM) - threshold))


if __name__ == "__main__":
    drive(find)
