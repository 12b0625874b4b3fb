"""datasketch: MinHashLSH, candidates verified by exact Jaccard."""

from collections.abc import Iterator, Mapping

from datasketch import MinHash, MinHashLSH
from driving import components, drive, jaccard, shingles


def find(texts: Mapping[str, str], threshold: float) -> list[list[str]]:
    """Return the components of pairs at or above the threshold."""
    sets = {one: found for one, text in texts.items() if (found := shingles(text))}
    encoded = ([shingle.encode() for shingle in found] for found in sets.values())
    signatures = zip(sets, MinHash.generator(encoded, num_perm=128), strict=True)
    index = MinHashLSH(threshold=threshold, num_perm=128)
    return components(_verified(signatures, index, sets, threshold))


def _verified(
    signatures: Iterator[tuple[str, MinHash]],
    index: MinHashLSH,
    sets: Mapping[str, frozenset[str]],
    threshold: float,
) -> Iterator[tuple[str, str]]:
    for one, signature in signatures:
        for other in index.query(signature):
            if jaccard(sets[one], sets[other]) >= threshold:
                yield one, other
        index.insert(one, signature)


if __name__ == "__main__":
    drive(find)
