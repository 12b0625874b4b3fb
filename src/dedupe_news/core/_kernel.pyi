from dedupe_news.core.hashing import UInt64s

def words(
    texts: list[str],
    table: object,
    mode: int,
    hashes: UInt64s,
    counts: object,
    spans: object = ...,
    /,
) -> tuple[int, int]: ...
def shingles(hashes: UInt64s, offsets: object, size: int, out: UInt64s, /) -> None: ...
def signatures(
    hashes: UInt64s, offsets: object, factors: object, summands: object, out: object, /
) -> None: ...
def band_keys(signatures: object, perms: int, bands: int, rows: int, out: UInt64s, /) -> None: ...
def digests(hashes: UInt64s, offsets: object, out: UInt64s, /) -> None: ...
def sets(values: UInt64s, offsets: object, out: UInt64s, counts: object, /) -> int: ...
def ascending(values: UInt64s, room: UInt64s, /) -> None: ...
def under(values: UInt64s, offsets: object, limits: UInt64s, counts: object, /) -> None: ...
def shared(
    values: UInt64s,
    left: object,
    left_end: object,
    right: object,
    right_end: object,
    out: object,
    /,
) -> None: ...
def aligned(
    words: UInt64s,
    left: object,
    left_end: object,
    right: object,
    right_end: object,
    needed: object,
    shortest: int,
    largest: int,
    out: object,
    /,
) -> None: ...
def shares(
    words: UInt64s,
    offsets: object,
    shingles: UInt64s,
    shingle_offsets: object,
    left: object,
    right: object,
    size: int,
    shortest: int,
    largest: int,
    out: object,
    /,
) -> None: ...
def weigh(
    hashes: UInt64s, numbers: object, values: UInt64s, offsets: object, out: object, /
) -> None: ...
def company(
    values: UInt64s, offsets: object, most: int, sizes: object, shared: object, /
) -> None: ...
def sifted(
    hashes: UInt64s,
    values: UInt64s,
    starts: object,
    lengths: object,
    wanted: bool,
    out: UInt64s,
    counts: object,
    /,
) -> int: ...
def rows(
    arrays: list[UInt64s],
    parts: object,
    starts: object,
    lengths: object,
    size: int,
    out: object,
    /,
) -> None: ...
def packed(
    values: UInt64s, offsets: object, bits: int, part_bits: int, part: int, out: UInt64s, /
) -> int: ...
def pairs(
    ranks: object,
    offsets: object,
    count: int,
    most: int,
    few: int,
    codes: UInt64s,
    shared: object,
    /,
) -> int: ...
def held(packed: UInt64s, bits: int, keys: UInt64s, sizes: object, /) -> tuple[int, int]: ...
def likes(
    words: UInt64s,
    offsets: object,
    parts: bytes,
    others: UInt64s,
    other_offsets: object,
    other_parts: bytes,
    size: int,
    most: int,
    limit: int,
    least: float,
    out: object,
    /,
) -> tuple[int, int]: ...
def places(hashes: UInt64s, values: UInt64s, out: object, /) -> int: ...
