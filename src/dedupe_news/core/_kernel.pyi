from dedupe_news.core.hashing import UInt64s

def words(
    texts: list[str], table: object, mode: int, hashes: UInt64s, counts: object, /
) -> tuple[int, int]: ...
def shingles(hashes: UInt64s, offsets: object, size: int, out: UInt64s, /) -> None: ...
def signatures(
    hashes: UInt64s, offsets: object, factors: object, summands: object, out: object, /
) -> None: ...
def digests(hashes: UInt64s, offsets: object, out: UInt64s, /) -> None: ...
def shared(
    values: UInt64s,
    left: object,
    left_end: object,
    right: object,
    right_end: object,
    out: object,
    /,
) -> None: ...
def covered(own: UInt64s, among: UInt64s, size: int, mask: object, /) -> None: ...
